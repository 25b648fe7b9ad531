"""What one run of a suite does: handed as a file to every load process, kept beside the result."""

from pathlib import Path
from typing import Literal

import msgspec

from loadtests.schedule import Stage

READY = "ready"
"""What a load process says when it waits for `begin_at`."""

Suite = Literal["shoppers", "checkout", "flash_sale", "sellers", "mixed", "soak", "spike"]


class Crowd(msgspec.Struct, frozen=True, kw_only=True):
    """Simulated people who draw their journeys by weight.

    With `stages` they arrive at planned times and `users` is how many can be under way at once (open loop); without,
    `users` repeat journeys for as long as the run lasts (closed loop).
    """

    journeys: dict[str, float]
    users: int
    stages: tuple[Stage, ...] = ()


class Login(msgspec.Struct, frozen=True):
    email: str
    password: str


class Target(msgspec.Struct, frozen=True):
    """A variant of the flash sale and how many units of it there are; `before` as many as there were."""

    product_id: str
    variant_id: str
    stock: int
    before: int


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """`begin_at` is the time.time() of second 0, known once all load processes are ready; `think_s` the mean pause
    between two actions of a person; `catalogue` the file of what is popular.

    After `duration_s` nobody begins a journey any more; those under way have `drain_s` to come to their end.
    """

    suite: Suite
    host: str
    gateway: str
    crowds: dict[str, Crowd]
    duration_s: float
    drain_s: float = 20.0
    warm_up_s: float = 0.0
    slice_s: float = 1.0
    think_s: float = 1.0
    spawn_rate: float = 20.0
    processes: int = 1
    seed: int = 1
    begin_at: float = 0.0
    catalogue: str = ""
    seller: Login | None = None
    targets: tuple[Target, ...] = ()
    barrier_at_s: float = 0.0

    @property
    def users(self) -> int:
        return sum(crowd.users for crowd in self.crowds.values())

    @property
    def end_s(self) -> float:
        return self.duration_s + self.drain_s


def slice_length(duration_s: float, *, most: int = 180) -> float:
    """Seconds of one time slice: whole ones, so that a run has `most` of them at most."""
    return float(max(1, -(-int(duration_s) // most)))


def read_plan(path: Path) -> Plan:
    return msgspec.json.decode(path.read_bytes(), type=Plan)
