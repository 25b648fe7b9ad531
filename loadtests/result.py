"""What a run of a suite measured, in one document: rows, time lines, processes, facts and verdicts.

Written as JSON beside the report; the report, the history and the comparison read nothing else.
"""

import math
import statistics
from collections.abc import Iterable, Iterator

import msgspec

from loadtests.budgets import Figure, Verdict
from loadtests.monitor import Sample
from loadtests.recording import Recording, Series, Slice

BATCHES = 10
QUANTILES = {"p50_ms": 0.5, "p95_ms": 0.95, "p99_ms": 0.99}
CACHED = frozenset({"hit", "stale"})


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One request, journey or probe. `noise` is the standard error of a figure, from parts of the run."""

    count: int
    errors: int
    per_s: float
    p50_ms: float
    p95_ms: float
    p99_ms: float
    max_ms: float
    mean_ms: float
    noise: dict[str, float] = {}

    @property
    def error_rate(self) -> float:
        return self.errors / self.count if self.count else 0.0


class Moment(msgspec.Struct, frozen=True, kw_only=True):
    """One time slice of all requests; None where nothing came."""

    at_s: float
    per_s: float
    errors_per_s: float
    p50_ms: float | None = None
    p95_ms: float | None = None
    p99_ms: float | None = None
    hit_ratio: float | None = None
    freshness_ms: float | None = None


class Ratio(msgspec.Struct, frozen=True, kw_only=True):
    """`measured` over `ceiling`, both of the same run; requests a second, or CPU microseconds a request."""

    what: str
    measured: float
    ceiling: float
    unit: str = "/s"

    @property
    def value(self) -> float:
        return self.measured / self.ceiling if self.ceiling else 0.0


class Result(msgspec.Struct, kw_only=True):
    """Times in seconds since the run began; `shape` says how people came. `stopped`: ended before its time."""

    id: str
    suite: str
    started_at: str
    commit: str
    machine: str
    host: str
    shape: str
    duration_s: float
    warm_up_s: float
    overall: Row
    requests: dict[str, Row]
    journeys: dict[str, Row]
    freshness: dict[str, Row]
    outside: dict[str, Row] = {}
    curve: list[tuple[float, float]] = []
    timeline: list[Moment] = []
    samples: list[Sample] = []
    facts: dict[str, float] = {}
    ratios: dict[str, Ratio] = {}
    failures: dict[str, int] = {}
    excuses: dict[str, str] = {}
    verdicts: list[Verdict] = []
    stopped: bool = False

    @property
    def kept(self) -> bool:
        return all(verdict.kept for verdict in self.verdicts)


def figures_of(result: Result) -> dict[Figure, float]:
    """Every figure that a budget can name."""
    found: dict[Figure, float] = {(name,): value for name, value in _figures(result.overall)}
    found[("requests_per_s",)] = result.overall.per_s
    tables = {"requests": result.requests, "journeys": result.journeys, "freshness": result.freshness}
    for table, rows in tables.items():
        for title, row in rows.items():
            found |= {(table, title, name): value for name, value in _figures(row)}
    found |= {("facts", name): value for name, value in result.facts.items()}
    return found | {("ratios", name): ratio.value for name, ratio in result.ratios.items()}


def excuses_of(result: Result) -> dict[Figure, str]:
    return {("facts", name): reason for name, reason in result.excuses.items()}


def _figures(row: Row) -> Iterator[tuple[str, float]]:
    for name in ("p50_ms", "p95_ms", "p99_ms", "max_ms", "per_s"):
        yield name, getattr(row, name)
    yield "error_rate", row.error_rate


def rows_of(recording: Recording, kind: str, *, seconds: float) -> dict[str, Row]:
    """Slowest p95 first; what came in the warm-up only has none."""
    rows = {name: row_of(series, seconds=seconds) for name, series in recording.series.get(kind, {}).items()}
    return dict(sorted(((name, row) for name, row in rows.items() if row.count), key=lambda item: -item[1].p95_ms))


def row_of(series: Series, *, seconds: float) -> Row:
    histogram = series.whole.histogram
    per_s = histogram.count / seconds
    return Row(
        count=histogram.count,
        errors=series.whole.errors,
        per_s=per_s,
        p50_ms=histogram.quantile(0.5),
        p95_ms=histogram.quantile(0.95),
        p99_ms=histogram.quantile(0.99),
        max_ms=histogram.max_ms,
        mean_ms=histogram.mean_ms,
        noise=_noise(series, per_s=per_s),
    )


def _noise(series: Series, *, per_s: float) -> dict[str, float]:
    """How far ten parts of the run lie apart (batch means); of counts at least what chance alone does to them."""
    slices = max(series.slices, default=0) + 1
    size = max(1, slices // BATCHES)
    parts = [_add(series, range(begin, begin + size)).histogram for begin in range(0, slices - size + 1, size)]
    known = [part for part in parts if part.count]
    if len(known) < 2:
        return {}
    count, errors = series.whole.histogram.count, series.whole.errors
    counted = [part.count for part in parts]
    spread = statistics.stdev(counted) / statistics.mean(counted) / math.sqrt(len(parts))
    found = {
        name: statistics.stdev([part.quantile(share) for part in known]) / math.sqrt(len(known))
        for name, share in QUANTILES.items()
    }
    if count:
        found["per_s"] = per_s * max(spread, 1 / math.sqrt(count))
        found["error_rate"] = math.sqrt(errors * (count - errors) / count**3)
    return found


def _add(series: Series, numbers: Iterable[int]) -> Slice:
    total = Slice()
    for number in numbers:
        if number in series.slices:
            total.merge(series.slices[number])
    return total


def timeline_of(recording: Recording, *, duration_s: float) -> list[Moment]:
    requests, probes = recording.all_of("requests"), recording.all_of("freshness")
    count = math.ceil(duration_s / recording.slice_s)
    return [_moment(recording, requests, probes, number) for number in range(count)]


def _moment(recording: Recording, requests: Series, probes: Series, number: int) -> Moment:
    found, probe = requests.slices.get(number, Slice()), probes.slices.get(number, Slice())
    histogram, states = found.histogram, recording.caches.get(number, {})
    hits, answers = sum(states.get(state, 0) for state in CACHED), sum(states.values())
    quantiles = [histogram.quantile(share) if histogram.count else None for share in (0.5, 0.95, 0.99)]
    return Moment(
        at_s=number * recording.slice_s,
        per_s=histogram.count / recording.slice_s,
        errors_per_s=found.errors / recording.slice_s,
        p50_ms=quantiles[0],
        p95_ms=quantiles[1],
        p99_ms=quantiles[2],
        hit_ratio=hits / answers if answers else None,
        freshness_ms=probe.histogram.quantile(0.95) if probe.histogram.count else None,
    )


def curve_of(recording: Recording) -> list[tuple[float, float]]:
    """Latency of all requests at shares that draw the tail: (share, ms)."""
    histogram = recording.all_of("requests").whole.histogram
    shares = [1 - 10 ** (-n / 12) for n in range(49)]
    return [(share, histogram.quantile(share)) for share in shares] if histogram.count else []


def hit_ratio_of(recording: Recording) -> float | None:
    """Answers out of the cache, of those that say; the warm-up included."""
    states: dict[str, int] = {}
    for found in recording.caches.values():
        for state, count in found.items():
            states[state] = states.get(state, 0) + count
    answers = sum(states.values())
    return sum(states.get(state, 0) for state in CACHED) / answers if answers else None
