"""What the door costs: CPU that asking who calls and taking from a bucket add, and how others wait while people log in.

CPU is the difference of two answers of one app that take turns; the waiting is of a JSON route that is asked steadily
while people log in, each time counted from the moment at which it was due.
"""

import asyncio
import contextlib
import itertools
import os
import sys
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any

import aiohttp
import msgspec

from loadtests import people, processes
from loadtests.conduct import ROOT
from loadtests.fresh import free_port
from loadtests.hammer import encode, hammer
from loadtests.histogram import Histogram

LOG_INS_PER_S, ASKS_PER_S = 10, 50
PEOPLE = itertools.cycle(
    {"email": f"{who}@haat.example", "password": "haat-demo-2026"} for who in ("shopper", "seller")
)
"""In turn: each has ten tries at a time, counted before they are judged, and a slow machine judges late."""
READY_TIMEOUT_S = 60.0
CONNECTIONS = 8
ROUTE = "/api/v1/categories"


class DoorError(Exception):
    """The door could not be measured; the message says why."""


class TurnedAway(DoorError):
    """A crowd of log-ins beyond what the cores can hash."""


class Door(msgspec.Struct, frozen=True, kw_only=True):
    """CPU in microseconds a request; `calm` is the JSON route with nobody logging in."""

    open_us: float
    door_us: float
    calm_p99_ms: float
    busy_p99_ms: float
    log_ins_per_s: float
    turned_away_per_s: float

    @property
    def added_us(self) -> float:
        return self.door_us - self.open_us

    def lines(self) -> list[str]:
        calm, rate = f"{self.calm_p99_ms:.1f} without", f"{self.log_ins_per_s:.1f} log-ins a second"
        if self.turned_away_per_s:
            rate += f" and {self.turned_away_per_s:.1f} turned away"
        return [
            f"authentication and limits add {self.added_us:.0f} us of CPU to a request ({self.open_us:.0f} without)",
            f"a JSON route has p99 {self.busy_p99_ms:.1f} ms at {rate} ({calm})",
        ]


class Waited(msgspec.Struct):
    """`route` is of the JSON route; log-ins were let in, or turned away since there were too many at once."""

    route: Histogram = msgspec.field(default_factory=Histogram)
    log_ins: int = 0
    turned_away: int = 0
    seconds: float = 0.0


async def measure_door(host: str, data: Path, *, rounds: int, seconds: float) -> Door:
    """On a stack with the demo's log-ins. Raises DoorError."""
    async with aiohttp.ClientSession(host) as client:
        token = await _log_in(client)
        open_us, door_us = await _cpu(data, token, rounds=rounds, seconds=seconds)
        await _ask(client)
        calm = await wait_beside(client, 0, seconds=seconds * rounds)
        busy = await wait_beside(client, LOG_INS_PER_S, seconds=seconds * rounds)
    return Door(
        open_us=open_us,
        door_us=door_us,
        calm_p99_ms=calm.route.quantile(0.99),
        busy_p99_ms=busy.route.quantile(0.99),
        log_ins_per_s=busy.log_ins / busy.seconds,
        turned_away_per_s=busy.turned_away / busy.seconds,
    )


async def _cpu(data: Path, token: str, *, rounds: int, seconds: float) -> tuple[float, float]:
    """The best turn of each: what else the machine does can only make one worse."""
    found: dict[str, list[float]] = {"open": [], "door": []}
    async with _serving(data) as (url, pid):
        headers = {"Authorization": f"Bearer {token}"}
        for _, name in itertools.product(range(rounds + 1), found):
            request = encode("GET", f"{url}/api/v1/{name}", headers if name == "door" else {})
            before = processes.cpu_seconds([pid])
            done = await hammer(url, [request], seconds=seconds, connections=CONNECTIONS)
            if done.refused or not done.histogram.count:
                raise DoorError(f"/{name} was refused: {done.refused}.")
            found[name].append((processes.cpu_seconds([pid]) - before) * 1e6 / done.histogram.count)
    return min(found["open"][1:]), min(found["door"][1:])


@contextlib.asynccontextmanager
async def _serving(data: Path) -> AsyncIterator[tuple[str, int]]:
    """The two answers as one process; its bucket is too large to end, but is taken from all the same."""
    port = free_port()
    env = {**os.environ, "HAAT_DATA": str(data), "HAAT_LIMITS__READ": "100000000/60"}
    command = (sys.executable, "-m", "loadtests.door_app", "--port", str(port))
    process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, env=env, stderr=asyncio.subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + READY_TIMEOUT_S
        while not processes.listens(process.pid, port):
            if time.monotonic() > deadline or process.returncode is not None:
                raise DoorError("The app of the two answers did not start.")
            await asyncio.sleep(0.05)
        yield f"http://127.0.0.1:{port}", process.pid
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


async def wait_beside(client: aiohttp.ClientSession, log_ins_per_s: int, *, seconds: float) -> Waited:
    """How long the JSON route took while people logged in. Raises DoorError for any answer that is not one of these."""
    waited, began = Waited(), time.perf_counter()

    async def asked(due: float) -> None:
        await _ask(client)
        waited.route.add((time.perf_counter() - due) * 1000)

    async def entered(_: float) -> None:
        try:
            await _log_in(client)
        except TurnedAway:
            waited.turned_away += 1
        else:
            waited.log_ins += 1

    try:
        await asyncio.gather(
            _steadily(asked, _moments(began, ASKS_PER_S, seconds)),
            _steadily(entered, _moments(began, log_ins_per_s, seconds)),
        )
    except ExceptionGroup as group:
        raise group.exceptions[0] from None
    waited.seconds = time.perf_counter() - began
    return waited


def _moments(began: float, per_s: int, seconds: float) -> Iterator[float]:
    return (began + number / per_s for number in range(int(per_s * seconds)))


async def _steadily(do: Callable[[float], Coroutine[Any, Any, None]], moments: Iterator[float]) -> None:
    """Each at its moment, whether or not the last one is done."""
    async with asyncio.TaskGroup() as group:
        for due in moments:
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            group.create_task(do(due))


async def _ask(client: aiohttp.ClientSession) -> None:
    async with client.get(ROUTE, headers={"X-Forwarded-For": people.address()}) as response:
        await response.read()
        if response.status != 200:
            raise DoorError(f"{ROUTE} answers {response.status}.")


async def _log_in(client: aiohttp.ClientSession) -> str:
    headers = {"X-Forwarded-For": people.address()}
    async with client.post("/api/v1/auth/login", json=next(PEOPLE), headers=headers) as response:
        if response.status in {429, 503}:
            raise TurnedAway("The demo's people have no more tries at the moment: try again in a minute.")
        if response.status != 200:
            raise DoorError(
                f"A log-in of the demo answers {response.status}: this wants a stack with the demo's people."
            )
        token: str = (await response.json())["access_token"]
        return token
