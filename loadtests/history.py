"""Every run appends one line to a file; two runs are compared figure by figure, with how much of it may be noise."""

import math
import statistics
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from loadtests.conduct import CHANGED
from loadtests.result import Result, Row, figures_of

FILE = "history.jsonl"
SIGMAS = 3.0
"""A difference beyond three standard errors is clear: of a hundred figures none should be so by chance."""
UNKNOWN_NOISE = 0.1
"""Of a figure that was measured once only: a tenth of it, what two equal runs easily differ by."""
BETTER_HIGHER = ("per_s", "hit_ratio", "sold")
SHOWN = 5
NEUTRAL = ("max_ms", "sold", "stock", "refused", "placed", "paid", "left_sold_out")


class HistoryError(Exception):
    """The runs to compare cannot be found, or are of different suites."""


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """`noise` is the standard error of a figure, where the run itself tells it."""

    id: str
    suite: str
    started_at: str
    commit: str
    machine: str
    shape: str
    figures: dict[str, float]
    noise: dict[str, float] = {}
    duration_s: float = 0.0


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """`noise` is SIGMAS standard errors of the difference."""

    figure: str
    before: float
    after: float
    noise: float

    @property
    def change(self) -> float | None:
        return self.after / self.before - 1 if self.before else None

    @property
    def verdict(self) -> str:
        if abs(self.after - self.before) <= self.noise or self.figure.endswith(NEUTRAL):
            return ""
        rose = self.after > self.before
        return "better" if rose == (self.figure.endswith(BETTER_HIGHER) or self._is_rate_ratio) else "worse"

    @property
    def _is_rate_ratio(self) -> bool:
        return self.figure.startswith("ratios") and not self.figure.endswith("_cpu")


def entry_of(result: Result) -> Entry:
    figures = {" ".join(figure): value for figure, value in figures_of(result).items()}
    noise = dict(_noises(result))
    return Entry(
        id=result.id,
        suite=result.suite,
        started_at=result.started_at,
        commit=result.commit,
        machine=result.machine,
        shape=result.shape,
        figures=figures,
        noise=noise,
        duration_s=result.duration_s,
    )


def _noises(result: Result) -> Iterator[tuple[str, float]]:
    rows: dict[str, Row] = {"": result.overall}
    for table in ("requests", "journeys", "freshness"):
        rows |= {f"{table} {name} ": row for name, row in getattr(result, table).items()}
    if "per_s" in result.overall.noise:
        yield "requests_per_s", result.overall.noise["per_s"]
    for prefix, row in rows.items():
        yield from ((f"{prefix}{figure}", error) for figure, error in row.noise.items())


def append(path: Path, results: Sequence[Result]) -> None:
    """In one write; a line that was cut off by a crash stays one line."""
    kept = path.read_bytes() if path.is_file() else b""
    begun = bool(kept) and not kept.endswith(b"\n")
    lines = b"".join(msgspec.json.encode(entry_of(result)) + b"\n" for result in results)
    with path.open("ab") as file:
        file.write(b"\n" + lines if begun else lines)


def read(path: Path) -> list[Entry]:
    """Oldest first. Raises HistoryError."""
    if not path.is_file():
        raise HistoryError(f"{path} does not exist: no run has been kept there.")
    return list(_entries(path))


def _entries(path: Path) -> Iterator[Entry]:
    for number, line in enumerate(path.read_bytes().splitlines(), 1):
        try:
            yield msgspec.json.decode(line, type=Entry)
        except msgspec.DecodeError as error:
            raise HistoryError(f"{path}:{number} is no run ({error}): remove the line.") from error


def find(entries: Sequence[Entry], name: str) -> Entry:
    """The entry of that id, or the only one whose id begins so. Raises HistoryError."""
    found = [entry for entry in entries if entry.id == name] or [
        entry for entry in entries if entry.id.startswith(name)
    ]
    if len(found) == 1:
        return found[0]
    last = ", ".join(entry.id for entry in (found or entries)[-SHOWN:])
    if found:
        raise HistoryError(f"{len(found)} runs begin with {name!r}, the last ones are {last}: write more of the id.")
    raise HistoryError(f"No run is called {name!r}; the last ones are {last}.")


def listing(entries: Sequence[Entry]) -> str:
    """A line for each run, the latest last."""
    return "\n".join(
        f"{entry.id:<34}  {entry.started_at[:16]}  {entry.commit:<11}  {entry.duration_s:>5.0f} s  {entry.shape}"
        for entry in entries
    )


def compare(before: Entry, after: Entry, others: Sequence[Entry] = ()) -> list[Difference]:
    """What both measured. `others` are further runs, whose spread at equal commit and shape tells the noise too."""
    others = [other for other in others if other.id not in (before.id, after.id)]
    if before.suite != after.suite:
        raise HistoryError(f"{before.id} is a run of {before.suite}, {after.id} one of {after.suite}.")
    if before.id == after.id:
        raise HistoryError(f"{before.id} is one run: compare takes two.")
    return [
        Difference(
            figure=figure,
            before=value,
            after=after.figures[figure],
            noise=SIGMAS * math.hypot(*(_error(entry, figure, others) for entry in (before, after))),
        )
        for figure, value in before.figures.items()
        if figure in after.figures
    ]


def _error(entry: Entry, figure: str, others: Sequence[Entry]) -> float:
    """The larger of what the run and its repetitions tell; code that no commit names is repeated by no run."""
    alike = (entry.suite, entry.commit, entry.machine, entry.shape)
    named = entry.commit and not entry.commit.endswith(CHANGED)
    again = [
        other.figures[figure]
        for other in others
        if named and (other.suite, other.commit, other.machine, other.shape) == alike and figure in other.figures
    ]
    own = entry.noise.get(figure, abs(entry.figures[figure]) * UNKNOWN_NOISE / SIGMAS)
    return max(own, statistics.stdev(again)) if len(again) > 1 else own


def unlike(before: Entry, after: Entry) -> list[str]:
    """A sentence for each condition that differs: what changes with it says nothing of the shop."""
    pairs = {
        "machine": (before.machine, after.machine),
        "people": (before.shape, after.shape),
    }
    if before.duration_s and after.duration_s:  # runs of old do not tell
        pairs["duration"] = (f"{before.duration_s:.0f} s", f"{after.duration_s:.0f} s")
    return [f"Not alike: {name} {one} before, {other} after." for name, (one, other) in pairs.items() if one != other]


def table(before: Entry, after: Entry, differences: Sequence[Difference]) -> str:
    """Lines of text, the clear differences first."""
    ordered = sorted(differences, key=lambda difference: not difference.verdict)
    width = max((len(difference.figure) for difference in ordered), default=6)
    head = f"{'figure':<{width}}  {'before':>10}  {'after':>10}  {'change':>8}  {'noise':>9}"
    lines = [f"before: {before.id} ({before.commit})", f"after:  {after.id} ({after.commit})", *unlike(before, after)]
    lines += ["", head]
    for d in ordered:
        change = f"{d.change:+.1%}" if d.change is not None else ""
        numbers = f"{d.before:>10.4g}  {d.after:>10.4g}  {change:>8}  ±{d.noise:>8.3g}"
        lines.append(f"{d.figure:<{width}}  {numbers}  {d.verdict}".rstrip())
    return "\n".join(lines)
