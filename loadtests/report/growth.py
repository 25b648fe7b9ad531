"""How cost grows, to look at: a table of figures, and plots of cost by catalogue size on log axes."""

import math
from collections.abc import Sequence
from pathlib import Path

import msgspec
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from loadtests.report.plot import Line, Plot
from loadtests.report.scale import short

FOLDER = Path(__file__).parent
COSTS = {
    "uncached_search": "search, uncached",
    "uncached_search_facets": "search with facets, uncached",
    "cached_search": "search, cached",
    "cached_product": "product JSON, cached",
    "page_uncached": "product page, uncached",
    "checkout": "whole checkout",
}


class Point(msgspec.Struct, frozen=True, kw_only=True):
    """One size with so many web processes: answers and checkouts a second, and each one's cost in Redis GETs.

    Edits in ms until found. `ready_s`: until the seeded shop answers; `drain_s`: until the search has all of it; both
    are None where it was kept from an earlier run.
    """

    products: int
    workers: int
    edit_p50_ms: float
    edit_p99_ms: float
    per_s: dict[str, float]
    cost: dict[str, float]
    ready_s: float | None = None
    drain_s: float | None = None


def page(points: Sequence[Point], *, measured: str) -> str:
    """`measured`: when, of which commit and on what."""
    environment = Environment(loader=FileSystemLoader(FOLDER), autoescape=True, undefined=StrictUndefined)
    style = Markup((FOLDER / "style.css").read_text("utf-8"))  # noqa: S704 - our own file
    plots = [plot for plot in plots_of(points) if plot.drawable]
    template = environment.get_template("growth.html")
    return template.render(plots=plots, head=HEAD, rows=rows_of(points), measured=measured, style=style)


HEAD = (
    "products", "web", "ready s", "indexed s later", "edit found p50 ms", "p99 ms",
    *(f"{what}, per s" for what in COSTS.values()),
)  # fmt: skip


def rows_of(points: Sequence[Point]) -> list[list[str]]:
    return [
        [
            f"{point.products:,}", str(point.workers), _seconds(point.ready_s), _seconds(point.drain_s),
            f"{point.edit_p50_ms:.0f}", f"{point.edit_p99_ms:.0f}",
            *(short(point.per_s[name]) if name in point.per_s else "" for name in COSTS),
        ]
        for point in points
    ]  # fmt: skip


def table(points: Sequence[Point]) -> str:
    """As Markdown."""
    lines = [HEAD, ["---:"] * len(HEAD), *rows_of(points)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def plots_of(points: Sequence[Point]) -> list[Plot]:
    sizes = sorted({point.products for point in points})
    ticks = [(math.log10(size), f"{size:,}") for size in sizes]
    found = []
    for workers in sorted({point.workers for point in points}):
        mine = sorted((point for point in points if point.workers == workers), key=lambda point: point.products)
        lines = [
            Line(what, [(math.log10(point.products), point.cost.get(name)) for point in mine], number)
            for number, (name, what) in enumerate(COSTS.items())
        ]
        title = f"Cost of one answer, {workers} web process{'es' * (workers > 1)}"
        found.append(_plot(title, "Redis GETs", lines, ticks))
        edits = [
            Line("p50", [(math.log10(point.products), point.edit_p50_ms) for point in mine], 0),
            Line("p99", [(math.log10(point.products), point.edit_p99_ms) for point in mine], 1),
        ]
        title = f"An edit until it is found, {workers} web process{'es' * (workers > 1)}"
        found.append(_plot(title, "ms", edits, ticks))
    return found


def _plot(title: str, unit: str, lines: Sequence[Line], ticks: Sequence[tuple[float, str]]) -> Plot:
    return Plot(
        title=title, unit=unit, lines=lines, log=True, x_ticks=ticks, x_text=_size, x_title="products", dots=True
    )


def _seconds(value: float | None) -> str:
    return "" if value is None else f"{value:.0f}"


def _size(x: float) -> str:
    return f"{round(10**x, -2):,.0f} products"
