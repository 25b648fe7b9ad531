"""What a load process writes down: one series for each request, journey and freshness probe, whole and by time slice.

A latency belongs to the slice of its planned start, so that a stall shows where it began. The warm-up is drawn, not
judged: it enters the slices but not the whole.
"""

from collections.abc import Iterable

import msgspec

from loadtests.histogram import Histogram

KINDS = ("requests", "journeys", "freshness")


class Slice(msgspec.Struct):
    histogram: Histogram = msgspec.field(default_factory=Histogram)
    errors: int = 0

    def add(self, ms: float, *, ok: bool) -> None:
        self.histogram.add(ms)
        self.errors += not ok

    def merge(self, other: "Slice") -> None:
        self.histogram.merge(other.histogram)
        self.errors += other.errors


class Series(msgspec.Struct):
    whole: Slice = msgspec.field(default_factory=Slice)
    slices: dict[int, Slice] = {}

    def add(self, ms: float, *, ok: bool, number: int, warm: bool) -> None:
        if warm:
            self.whole.add(ms, ok=ok)
        self.slice(number).add(ms, ok=ok)

    def slice(self, number: int) -> Slice:
        return self.slices.setdefault(number, Slice())

    def merge(self, other: "Series") -> None:
        self.whole.merge(other.whole)
        for number, slice_ in other.slices.items():
            self.slice(number).merge(slice_)


class Recording(msgspec.Struct):
    """`caches` counts X-Cache values, `failures` says what went wrong and how often. `stopped_at_s`: when the run was
    ended before its time.
    """

    slice_s: float
    warm_up_s: float = 0.0
    series: dict[str, dict[str, Series]] = {}
    caches: dict[int, dict[str, int]] = {}
    failures: dict[str, int] = {}
    facts: dict[str, float] = {}
    stopped_at_s: float | None = None

    def add(self, kind: str, name: str, ms: float, *, at_s: float, ok: bool = True) -> None:
        """`at_s` is the planned start, in seconds since the run began."""
        series = self.series.setdefault(kind, {}).setdefault(name, Series())
        series.add(ms, ok=ok, number=self.slice_of(at_s), warm=at_s >= self.warm_up_s)

    def slice_of(self, at_s: float) -> int:
        return max(0, int(at_s / self.slice_s))

    def fail(self, reason: str) -> None:
        self.failures[reason] = self.failures.get(reason, 0) + 1

    def cache(self, state: str, *, at_s: float) -> None:
        """`state` is what X-Cache said; empty where nothing did."""
        if not state:
            return
        states = self.caches.setdefault(self.slice_of(at_s), {})
        states[state] = states.get(state, 0) + 1

    def count(self, fact: str, by: float = 1.0) -> None:
        self.facts[fact] = self.facts.get(fact, 0.0) + by

    def merge(self, other: "Recording") -> None:
        for kind, named in other.series.items():
            for name, series in named.items():
                self.series.setdefault(kind, {}).setdefault(name, Series()).merge(series)
        for number, states in other.caches.items():
            mine = self.caches.setdefault(number, {})
            for state, times in states.items():
                mine[state] = mine.get(state, 0) + times
        for reason, times in other.failures.items():
            self.failures[reason] = self.failures.get(reason, 0) + times
        for fact, value in other.facts.items():
            self.count(fact, value)
        if other.stopped_at_s is not None:
            self.stopped_at_s = max(other.stopped_at_s, self.stopped_at_s or 0.0)

    def all_of(self, kind: str) -> Series:
        """Every series of a kind added up."""
        total = Series()
        for series in self.series.get(kind, {}).values():
            total.merge(series)
        return total


def merged(recordings: Iterable[Recording], *, slice_s: float, warm_up_s: float) -> Recording:
    total = Recording(slice_s=slice_s, warm_up_s=warm_up_s)
    for recording in recordings:
        total.merge(recording)
    return total
