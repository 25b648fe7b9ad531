"""The summary of a run for a pull request or a note: verdicts and the main figures, as Markdown."""

from collections.abc import Iterator, Sequence

from loadtests.report.scale import short
from loadtests.result import Result, Row

NAMES = ("count", "/s", "errors", "p50 ms", "p95 ms", "p99 ms", "max ms")
COLUMNS = f"| name | {' | '.join(NAMES)} |\n| --- |{' ---: |' * len(NAMES)}"


def summary(results: Sequence[Result]) -> str:
    return "\n".join(line for result in results for line in _lines(result))


def _lines(result: Result) -> Iterator[str]:
    broken = [verdict for verdict in result.verdicts if not verdict.kept]
    kept = len(result.verdicts) - len(broken)
    yield f"## {result.suite}\n"
    yield f"{result.started_at}, commit {result.commit or 'unknown'}, {result.machine}. {result.shape}.\n"
    yield "Ended early, not judged.\n" if result.stopped else f"Budgets kept: {kept} of {len(result.verdicts)}.\n"
    yield from (f"- **{verdict.sentence}**" for verdict in broken)
    yield ("\n" if broken else "") + COLUMNS
    yield _row("all requests", result.overall)
    for kind, rows in (("", result.requests), ("journey ", result.journeys), ("freshness: ", result.freshness)):
        yield from (_row(f"{kind}{name}", row) for name, row in rows.items())
    yield ""
    if result.ratios:
        yield "| ratio | measured | ceiling | ratio |\n| --- | ---: | ---: | ---: |"
        for name, ratio in result.ratios.items():
            unit = ratio.unit
            yield f"| {name} | {short(ratio.measured)} {unit} | {short(ratio.ceiling)} {unit} | {ratio.value:.3g} |"
        yield ""
    if result.facts:
        yield ", ".join(f"{name.replace('_', ' ')} {short(value)}" for name, value in sorted(result.facts.items()))
        yield ""
    yield from (f"- {times} × {reason}" for reason, times in result.failures.items())
    yield ""


def _row(name: str, row: Row) -> str:
    cells = (row.count, short(row.per_s), row.errors, *map(short, (row.p50_ms, row.p95_ms, row.p99_ms, row.max_ms)))
    return f"| {name} | {' | '.join(map(str, cells))} |"
