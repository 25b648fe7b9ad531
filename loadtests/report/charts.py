"""Which plots a result is worth: latency, throughput, tail, cache, SQL, processes, queues, freshness, connections."""

import math
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

from loadtests.budgets import Figure
from loadtests.facts import MEGABYTE, others_cpu
from loadtests.monitor import Sample
from loadtests.report.plot import Line, Plot, Point
from loadtests.result import Moment, Result

SHARES = ((0.0, "0"), (0.5, "50 %"), (0.9, "90 %"), (0.99, "99 %"), (0.999, "99.9 %"), (0.9999, "99.99 %"))
APPLICATION = "(application)"
KINDS = {
    "web (application)": ("web",),
    "worker (application)": ("worker",),
    "postgres": ("postgres", "replica"),
    "redis": ("redis",),
    "meilisearch": ("meilisearch",),
    "simulators": ("razorpay", "inbox", "oidc"),
    "load": ("load",),
}
"""What is drawn as one: processes are named web-1, web-2 and so on; the table of processes has each of them."""


def plots_of(result: Result) -> list[Plot]:
    """Those that have something to show."""
    found = [*_of_requests(result), *_of_answers(result), *_of_machine(result), *_of_books(result)]
    return [plot for plot in found if plot.drawable]


def _of_requests(result: Result) -> Iterator[Plot]:
    moments, warm = result.timeline, result.warm_up_s
    tails = (("p50", 0, _p50), ("p95", 1, _p95), ("p99", 2, _p99))
    yield Plot(
        title="Latency of all requests",
        unit="ms",
        note="from the planned start, on a logarithmic axis",
        lines=[Line(name, _points(moments, read), colour) for name, colour, read in tails],
        log=True,
        limit=_limit(result, ("p95_ms",)),
        limit_of="p95",
        shaded_until=warm,
    )
    yield Plot(
        title="Throughput and errors",
        unit="/s",
        lines=[
            Line("requests", _points(moments, lambda moment: moment.per_s), 0),
            Line("errors", _points(moments, lambda moment: moment.errors_per_s), 3),
        ],
        limit=_limit(result, ("requests_per_s",)),
        shaded_until=warm,
    )
    yield Plot(
        title="How the tail grows",
        unit="ms",
        note="latency that this share of requests did not exceed",
        lines=[Line("all requests", [(_nines(share), ms) for share, ms in result.curve], 0)],
        log=True,
        x_ticks=[(_nines(share), text) for share, text in SHARES],
        x_text=_share_text,
        x_title="share of the requests",
    )


def _of_answers(result: Result) -> Iterator[Plot]:
    moments, warm = result.timeline, result.warm_up_s
    hits: list[Point] = [(m.at_s, None if m.hit_ratio is None else m.hit_ratio * 100) for m in moments]
    yield Plot(title="Answers out of the cache", unit="%", lines=[Line("hits", hits, 0)], top=100, shaded_until=warm)
    yield Plot(
        title="SQL a request",
        unit="statements",
        note="the worker's among them",
        lines=[Line("statements", _statements(result), 0)],
        shaded_until=warm,
    )


def _of_machine(result: Result) -> Iterator[Plot]:
    samples, warm = result.samples, result.warm_up_s
    yield Plot(
        title="CPU by process",
        unit="cores",
        lines=[
            *(Line(kind, _sums(samples, kind, lambda sample: sample.cpu), n) for n, kind in enumerate(KINDS)),
            Line("other programs", [(sample.at_s, others_cpu(sample)) for sample in samples], len(KINDS)),
        ],
        stacked=True,
        shaded_until=warm,
    )
    memories = [line for number, kind in enumerate(KINDS) if (line := _memory(samples, kind, number)).values]
    yield Plot(
        title="Memory of the application",
        unit="MB",
        lines=[line for line in memories if line.name.endswith(APPLICATION)],
        stacked=True,
        limit=_limit(result, ("facts", "application_memory_mb")),
        shaded_until=warm,
    )
    yield Plot(
        title="Memory of the servers and of the load itself",
        unit="MB",
        lines=[line for line in memories if not line.name.endswith(APPLICATION)],
        shaded_until=warm,
    )


def _of_books(result: Result) -> Iterator[Plot]:
    samples, warm = result.samples, result.warm_up_s
    yield Plot(
        title="Waiting work",
        unit="rows",
        lines=[
            Line("jobs that are due", _gauge(samples, "jobs_due"), 0),
            Line("changes not yet indexed", _gauge(samples, "changes_waiting"), 1),
        ],
        shaded_until=warm,
    )
    yield Plot(
        title="How late the search index is",
        unit="ms",
        lines=[
            Line("commit to searchable, p95", _known(_gauge(samples, "index_lag_ms")), 0),
            Line("oldest waiting change", _gauge(samples, "oldest_change_ms"), 1),
            Line("edit to found, p95", _known(_points(result.timeline, lambda moment: moment.freshness_ms)), 2),
        ],
        shaded_until=warm,
    )
    yield Plot(
        title="Open to the database",
        unit="connections",
        lines=[Line("open", _gauge(samples, "connections"), 0)],
        shaded_until=warm,
    )


def _p50(moment: Moment) -> float | None:
    return moment.p50_ms


def _p95(moment: Moment) -> float | None:
    return moment.p95_ms


def _p99(moment: Moment) -> float | None:
    return moment.p99_ms


def _points(moments: Sequence[Moment], read: Callable[[Moment], float | None]) -> list[Point]:
    return [(moment.at_s, read(moment)) for moment in moments]


def _known(points: Sequence[Point]) -> list[Point]:
    """Of what is told now and then only: one line through what was told."""
    return [point for point in points if point[1] is not None]


def _gauge(samples: Sequence[Sample], name: str) -> list[Point]:
    return [(sample.at_s, sample.gauges.get(name)) for sample in samples]


def _sums(samples: Sequence[Sample], kind: str, read: Callable[[Sample], dict[str, float]]) -> list[Point]:
    """All processes of a kind together."""
    names = KINDS[kind]
    return [
        (sample.at_s, sum(value for name, value in read(sample).items() if name.partition("-")[0] in names))
        for sample in samples
    ]


def _statements(result: Result) -> list[Point]:
    """Statements a second, by the requests a second of the time slice in which they were counted."""
    moments, found = result.timeline, list[Point]()
    slice_s = moments[1].at_s - moments[0].at_s if len(moments) > 1 else 1.0
    for before, sample in pairwise(result.samples):
        number = int((before.at_s + sample.at_s) / 2 / slice_s)
        rate = sample.gauges.get("statements_per_s")
        asked = moments[number].per_s if 0 <= number < len(moments) else 0.0
        found.append((sample.at_s, rate / asked if asked and rate is not None else None))
    return found


def _memory(samples: Sequence[Sample], kind: str, colour: int) -> Line:
    points = _sums(samples, kind, lambda sample: {name: float(size) for name, size in sample.memory.items()})
    known: list[Point] = [(at, size / MEGABYTE) for at, size in points if size]
    return Line(kind, known, colour)


def _limit(result: Result, figure: Figure) -> float | None:
    return next((v.budget.limit for v in result.verdicts if v.budget.figure == figure), None)


def _nines(share: float) -> float:
    """The share on an axis where each nine takes as much room as the last: its odds against, in decades."""
    return -math.log10(1 - share)


def _share_text(nines: float) -> str:
    return f"{100 * (1 - 10**-nines):.4g} %"
