"""Ratios to ceilings of the same run: what a request costs beside the least that it could cost on this machine.

Absolute times drift from machine to machine and from hour to hour; ratios of readings that take turns do not.
"""

from collections.abc import Awaitable, Callable, Sequence

import msgspec

from loadtests import processes
from loadtests.hammer import Hammered, hammer
from loadtests.histogram import Histogram
from loadtests.result import Row
from loadtests.straight import straight
from loadtests.till import Till, check_out

CONNECTIONS = 16
QUEUES = 6
WARM_S = 20.0
TRIES = 4


class RatioError(Exception):
    """A ratio cannot be told: the message says what went wrong."""


class Probe(msgspec.Struct, frozen=True, kw_only=True):
    """Requests to one server, and the processes whose CPU time they cost. With a `till`: whole checkouts.

    `warm` requests are made before each turn, so that they are in the cache whatever the turns in between did.
    `through_aiohttp`: posted by that client, as a program would, in place of the bare loop.
    """

    name: str
    url: str
    pids: Sequence[int]
    requests: Sequence[bytes] = ()
    till: Till | None = None
    warm: int = 0
    connections: int = CONNECTIONS
    through_aiohttp: bool = False


class Reading(msgspec.Struct):
    """All turns of one probe, of which the best one counts: what else the machine does can only make one worse."""

    rates: list[float] = []
    cpu_us: list[float] = []
    histogram: Histogram = msgspec.field(default_factory=Histogram)
    sent: int = 0
    seconds: float = 0.0

    @property
    def rate(self) -> float:
        return max(self.rates)

    @property
    def cpu(self) -> float:
        """Microseconds a request."""
        return min(self.cpu_us)

    def row(self) -> Row:
        quantile = self.histogram.quantile
        return Row(
            count=self.histogram.count,
            errors=0,
            per_s=self.rate,
            p50_ms=quantile(0.5),
            p95_ms=quantile(0.95),
            p99_ms=quantile(0.99),
            max_ms=self.histogram.max_ms,
            mean_ms=self.histogram.mean_ms,
        )


async def measure(
    probes: Sequence[Probe], *, rounds: int, seconds: float, settle: Callable[[], Awaitable[None]]
) -> dict[str, Reading]:
    """Every probe has a turn in each round, so that a slow minute of the machine is shared by all.

    `settle` is awaited before each turn: what one turn left to be done later is no cost of the next.
    """
    readings = {probe.name: Reading() for probe in probes}
    for _ in range(rounds):
        for probe in probes:
            await settle()
            await _take_turn(probe, readings[probe.name], seconds=seconds, settle=settle)
    return readings


async def _take_turn(probe: Probe, reading: Reading, *, seconds: float, settle: Callable[[], Awaitable[None]]) -> None:
    """A turn in which something was refused is made again, TRIES times in all: a busy machine is no defect."""
    for left in reversed(range(TRIES)):
        try:
            await _turn(probe, reading, seconds=seconds)
        except RatioError:
            if not left:
                raise
            await settle()
        else:
            return


async def _turn(probe: Probe, reading: Reading, *, seconds: float) -> None:
    connections = probe.connections
    if probe.warm:
        await hammer(probe.url, probe.requests, seconds=WARM_S, connections=connections, most=probe.warm)
    before = processes.cpu_seconds(probe.pids)
    skip = reading.sent
    if probe.till:
        bought = await check_out(probe.till, queues=QUEUES, seconds=seconds, skip=skip)
        histogram, took_s = bought.journeys, bought.seconds
    else:
        send = straight if probe.through_aiohttp else hammer
        hammered = await send(probe.url, probe.requests, seconds=seconds, connections=connections, skip=skip)
        reading.sent += hammered.histogram.count
        _demand_answers(probe, hammered)
        histogram, took_s = hammered.histogram, hammered.seconds
    if not histogram.count:
        raise RatioError(f"{probe.name}: nothing was answered in {seconds:.0f} s.")
    reading.cpu_us.append((processes.cpu_seconds(probe.pids) - before) * 1e6 / histogram.count)
    reading.rates.append(histogram.count / took_s)
    reading.histogram.merge(histogram)
    reading.sent += histogram.count if probe.till else 0
    reading.seconds += took_s


def _demand_answers(probe: Probe, hammered: Hammered) -> None:
    if hammered.refused:
        said = ", ".join(f"{count} × {reason}" for reason, count in hammered.refused.items())
        raise RatioError(f"{probe.name}: of {hammered.histogram.count} requests were refused: {said}.")
