"""The suites: who comes, what they do, and how many of them, unless the command line says otherwise."""

from collections.abc import Callable
from typing import get_args

import msgspec

from loadtests.plan import Crowd, Login, Plan, Suite, slice_length
from loadtests.schedule import Stage, spike

NAMES: tuple[Suite, ...] = get_args(Suite)
SELLER = Login("seller@haat.example", "haat-demo-2026")

SHORT_S: dict[Suite, float] = {
    "shoppers": 25, "checkout": 25, "flash_sale": 15, "sellers": 20, "mixed": 40, "soak": 20, "spike": 30,
}  # fmt: skip
"""Seconds of each where all of them run, three minutes together; of the flash sale, seconds after its barrier."""

SHOPPING = {"browse": 4.0, "search": 5.0, "cart": 1.0}
DAY = {"browse": 30.0, "search": 60.0, "cart": 8.0, "buy": 2.0}
EDIT_VISITS_PER_S = 1.0
"""Each visit of a seller is two edits: a new name and the old one again."""
FLASH_WAIT_S = 3.0
"""Between the last one who fills a cart and the barrier."""
SPIKE_TIMES = 10.0


class Shape(msgspec.Struct, frozen=True, kw_only=True):
    """`rate`: journeys a second that arrive whatever the shop does; 0: `users` come again and again."""

    users: int
    rate: float = 0.0
    duration_s: float = 60.0
    think_s: float = 1.0
    warm_up_s: float = 5.0


SHAPES: dict[Suite, Shape] = {
    "shoppers": Shape(users=60),
    "checkout": Shape(users=100, rate=8.0, think_s=0.3),
    "flash_sale": Shape(users=200, duration_s=15.0, warm_up_s=0.0),
    "sellers": Shape(users=20, rate=EDIT_VISITS_PER_S),
    "mixed": Shape(users=400, rate=28.0, duration_s=300.0, warm_up_s=75.0),
    "soak": Shape(users=200, rate=14.0, duration_s=1800.0, warm_up_s=30.0),
    "spike": Shape(users=1_000, rate=2.0, duration_s=90.0),
}


class Wishes(msgspec.Struct, frozen=True, kw_only=True):
    """What the command line asks for; None is the suite's own shape."""

    host: str
    gateway: str
    users: int | None = None
    rate: float | None = None
    duration_s: float | None = None
    think_s: float | None = None
    spawn_rate: float | None = None
    processes: int = 1
    seed: int = 1
    seller: Login = SELLER
    popularity: str = ""


def plan_of(suite: Suite, wishes: Wishes) -> Plan:
    shape = SHAPES[suite]
    users = shape.users if wishes.users is None else wishes.users
    rate = shape.rate if wishes.rate is None else wishes.rate
    spawn_rate = wishes.spawn_rate or max(20.0, users / 2)
    duration_s = shape.duration_s if wishes.duration_s is None else wishes.duration_s
    barrier_at_s = 0.0
    if suite == "flash_sale":
        barrier_at_s = users / spawn_rate + FLASH_WAIT_S
        duration_s += barrier_at_s
    return Plan(
        suite=suite,
        host=wishes.host,
        gateway=wishes.gateway,
        crowds=CROWDS[suite](users, rate, duration_s),
        duration_s=duration_s,
        warm_up_s=min(shape.warm_up_s, duration_s / 4),
        slice_s=slice_length(duration_s),
        think_s=shape.think_s if wishes.think_s is None else wishes.think_s,
        spawn_rate=spawn_rate,
        processes=wishes.processes,
        seed=wishes.seed,
        catalogue=wishes.popularity,
        seller=wishes.seller,
        barrier_at_s=barrier_at_s,
    )


def arriving(journeys: dict[str, float], users: int, rate: float) -> Crowd:
    return Crowd(journeys=journeys, users=users, stages=(Stage(0, rate),) if rate else ())


def with_sellers(shoppers: Crowd) -> dict[str, Crowd]:
    return {"shoppers": shoppers, "sellers": arriving({"edit": 1}, 10, EDIT_VISITS_PER_S)}


CROWDS: dict[Suite, Callable[[int, float, float], dict[str, Crowd]]] = {
    "shoppers": lambda users, rate, _: {"shoppers": arriving(SHOPPING, users, rate)},
    "checkout": lambda users, rate, _: {"buyers": arriving({"buy": 1}, users, rate)},
    "flash_sale": lambda users, _, __: {"crowd": Crowd(journeys={"flash": 1}, users=users)},
    "sellers": lambda users, rate, _: {"sellers": arriving({"edit": 1}, users, rate)},
    "mixed": lambda users, rate, _: with_sellers(arriving(DAY, users, rate)),
    "soak": lambda users, rate, _: with_sellers(arriving(DAY, users, rate)),
    "spike": lambda users, rate, duration_s: {
        "shoppers": Crowd(journeys=DAY, users=users, stages=spike(rate, duration_s, times=SPIKE_TIMES))
    },
}


def shape_sentence(plan: Plan) -> str:
    """How people come, for the report."""
    said = []
    for name, crowd in plan.crowds.items():
        rates = " then ".join(f"{stage.per_s:g}" for stage in crowd.stages)
        places = f"{crowd.users} at once"
        said.append(f"{name}: {rates} journeys/s, at most {places}" if rates else f"{name}: {places}")
    return "; ".join(said)
