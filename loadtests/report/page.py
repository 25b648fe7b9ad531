"""One HTML page for the results of a run: verdicts first, then plots, then tables. No script, nothing to fetch."""

import math
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from loadtests.budgets import Verdict
from loadtests.facts import MEGABYTE
from loadtests.report.charts import plots_of
from loadtests.report.scale import duration, short
from loadtests.result import Result, Row

FOLDER = Path(__file__).parent
TILES = {
    "hit_ratio": ("cache hits", "%"),
    "degraded_answers": ("searches by the fallback", ""),
    "statements_per_request": ("SQL statements / request", ""),
    "web_cpu_ms_per_request": ("web CPU / request", "ms"),
    "application_memory_mb": ("application memory", "MB"),
    "other_programs_cores": ("other programs", "cores"),
    "sold": ("units sold", ""),
    "oversold": ("units oversold", ""),
}
BAD_OVER = {"oversold": 0.0, "degraded_answers": 0.0, "other_programs_cores": 0.2}
FACT_NAMES = {"hit_ratio": "share of answers out of the cache"}


PROCESS_HEAD = ("cores, mean", "cores, most", "MB at first", "MB at last", "MB, most")


class Tile(NamedTuple):
    name: str
    value: str
    unit: str = ""
    bad: bool = False


def page(results: Sequence[Result], *, title: str = "Load report") -> str:
    environment = Environment(loader=FileSystemLoader(FOLDER), autoescape=True, undefined=StrictUndefined)
    environment.filters |= {"short": short, "duration": duration}
    environment.globals |= {"tiles": tiles_of, "plots": plots_of, "bar": bar, "used": used, "facts": facts_of}
    environment.globals |= {"processes": processes_of, "PROCESS_HEAD": PROCESS_HEAD}
    style = Markup((FOLDER / "style.css").read_text("utf-8"))  # noqa: S704 - our own file
    broken = [verdict for result in results for verdict in result.verdicts if not verdict.kept]
    judged = sum(len(result.verdicts) for result in results)
    template = environment.get_template("page.html")
    return template.render(results=results, title=title, style=style, broken=broken, judged=judged)


def tiles_of(result: Result) -> list[Tile]:
    """The figures to look at first."""
    row = result.overall
    tiles = [Tile("requests", short(row.per_s), "/s")] if row.count else []
    if row.count:
        tiles += [Tile(name, short(getattr(row, f"{name}_ms")), "ms") for name in ("p50", "p95", "p99")]
        tiles.append(Tile("errors", f"{row.error_rate:.2%}", bad=row.errors > 0))
    for journey in result.journeys:
        tiles.append(Tile(f"journeys: {journey}", short(result.journeys[journey].per_s), "/s"))
    for probe, found in result.freshness.items():
        tiles.append(Tile(f"{probe} to found, p99", short(found.p99_ms), "ms"))
    for fact, (name, unit) in TILES.items():
        if fact in result.facts:
            value = result.facts[fact]
            text = f"{value:.0%}" if unit == "%" else short(value)
            tiles.append(Tile(name, text, "" if unit == "%" else unit, bad=value > BAD_OVER.get(fact, math.inf)))
    return tiles


def facts_of(result: Result) -> dict[str, str]:
    """What no tile shows."""
    return {
        FACT_NAMES.get(name, name.replace("_", " ")): short(value)
        for name, value in sorted(result.facts.items())
        if name not in TILES
    }


def processes_of(result: Result) -> dict[str, tuple[float, ...]]:
    """Each process in the time that is judged; as PROCESS_HEAD says."""
    found: dict[str, tuple[float, ...]] = {}
    judged = [sample for sample in result.samples if sample.at_s >= result.warm_up_s]
    for name in sorted({name for sample in judged for name in sample.cpu.keys() & sample.memory.keys()}):
        cpu = [sample.cpu[name] for sample in judged if name in sample.cpu]
        memory = [sample.memory[name] / MEGABYTE for sample in judged if name in sample.memory]
        found[name] = (sum(cpu) / len(cpu), max(cpu), memory[0], memory[-1], max(memory))
    return found


def bar(row: Row, slowest_ms: float) -> Markup:
    """p50, p95 and p99 as one bar, each beside the slowest of the table."""
    shares = [100 * value / slowest_ms if slowest_ms else 0 for value in (row.p50_ms, row.p95_ms, row.p99_ms)]
    widths = [shares[0], shares[1] - shares[0], shares[2] - shares[1]]
    parts = [Markup('<i class="q{}" style="width:{:.1f}%"></i>').format(n, max(0.0, w)) for n, w in enumerate(widths)]
    return Markup('<span class="bar">{}</span>').format(Markup("").join(parts))


def used(verdict: Verdict) -> float:
    """How much of a budget is used, in percent; over 100 is broken."""
    measured, limit = verdict.measured, verdict.budget.limit
    if measured is None:
        return 0.0
    part, whole = (limit, measured) if verdict.budget.minimum else (measured, limit)
    if whole == 0:
        return 0.0 if part == 0 else 200.0
    return 100 * part / whole
