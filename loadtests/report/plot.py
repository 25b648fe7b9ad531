"""Line and area plots as SVG, drawn here so that a report stands alone: axes, a budget line, values on hover."""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import msgspec
from markupsafe import Markup, escape

from loadtests.report.scale import Scale, duration, log_ticks, short, ticks, time_ticks

WIDTH, HEIGHT = 640, 262
LEFT, RIGHT, TOP, BOTTOM = 46, 30, 10, 46
COLOURS = 8
HEADROOM = 1.1
"""Of the limit, for its name."""
SHADE_NAMED = 70
"""Narrower than that, what is not judged has no name in it."""

Point = tuple[float, float | None]


class Line(NamedTuple):
    """`colour` is one of COLOURS of the style sheet."""

    name: str
    points: Sequence[Point]
    colour: int = 0

    @property
    def values(self) -> list[float]:
        return [y for _, y in self.points if y is not None]


class Plot(msgspec.Struct, kw_only=True, frozen=True):
    """`limit` is drawn as the budget of `limit_of`; what lies before `shaded_until` is not judged. x is in seconds, or
    named. `dots` marks each point, where they are few.
    """

    title: str
    unit: str
    lines: Sequence[Line]
    note: str = ""
    stacked: bool = False
    log: bool = False
    limit: float | None = None
    limit_of: str = ""
    shaded_until: float = 0.0
    x_title: str = "minutes and seconds since the run began"
    dots: bool = False
    x_ticks: Sequence[tuple[float, str]] = ()
    x_text: Callable[[float], str] = duration
    top: float = 0.0

    @property
    def drawable(self) -> bool:
        return any(line.values for line in self.lines)

    def svg(self) -> Markup:
        return Markup("").join(_draw(self))


class _Frame(NamedTuple):
    plot: Plot
    lines: Sequence[Line]
    x: Scale
    y: Scale
    y_ticks: Sequence[float]


def _draw(plot: Plot) -> Iterator[Markup]:
    frame = _frame(plot)
    yield Markup('<svg viewBox="0 0 {} {}" role="img" aria-label="{}">').format(WIDTH, HEIGHT, plot.title)
    yield from _axes(frame)
    for number, line in enumerate(frame.lines):
        below = frame.lines[number - 1] if number else None
        yield _area(frame, line, below) if plot.stacked else _path(frame, line) + _dots(frame, line)
    yield from _limit(frame)
    yield from _hover(frame)
    yield Markup("</svg>")


def _frame(plot: Plot) -> _Frame:
    lines = _stack(plot.lines) if plot.stacked else plot.lines
    xs = [x for line in lines for x, _ in line.points] + [x for x, _ in plot.x_ticks]
    values = [y for line in lines for y in line.values] + [(plot.limit or 0.0) * HEADROOM, plot.top]
    y_ticks = log_ticks(min(value for value in values if value > 0), max(values)) if plot.log else ticks(max(values))
    x = Scale(min(xs) if plot.x_ticks else 0.0, max(xs), LEFT, WIDTH - RIGHT)
    return _Frame(plot, lines, x, Scale(y_ticks[0], y_ticks[-1], HEIGHT - BOTTOM, TOP, plot.log), y_ticks)


def _stack(lines: Sequence[Line]) -> list[Line]:
    """Each line on top of those before it."""
    sums: dict[float, float] = {}
    stacked = []
    for line in lines:
        for x, y in line.points:
            sums[x] = sums.get(x, 0.0) + (y or 0.0)
        stacked.append(line._replace(points=[(x, sums[x]) for x, _ in line.points]))
    return stacked


def _axes(frame: _Frame) -> Iterator[Markup]:
    plot, x, y = frame.plot, frame.x, frame.y
    if plot.shaded_until > x.low:
        shade = Markup('<rect class="shade" x="{}" y="{}" width="{:.1f}" height="{}"/>')
        width = x(plot.shaded_until) - LEFT
        yield shade.format(LEFT, TOP, width, HEIGHT - TOP - BOTTOM)
        if width >= SHADE_NAMED:
            yield Markup('<text class="tick x" x="{:.1f}" y="{}">warm-up</text>').format(LEFT + width / 2, TOP + 16)
    for value in frame.y_ticks:
        row = Markup('<path class="grid" d="M{} {:.1f}H{}"/><text class="tick" x="{}" y="{:.1f}">{}</text>')
        yield row.format(LEFT, y(value), WIDTH - RIGHT, LEFT - 6, y(value) + 4, short(value))
    for value, text in plot.x_ticks or [(value, plot.x_text(value)) for value in time_ticks(x.high)]:
        yield Markup('<text class="tick x" x="{:.1f}" y="{}">{}</text>').format(x(value), HEIGHT - BOTTOM + 18, text)
    middle = (LEFT + WIDTH - RIGHT) / 2
    yield Markup('<text class="tick x title" x="{:.1f}" y="{}">{}</text>').format(middle, HEIGHT - 6, plot.x_title)


def _path(frame: _Frame, line: Line) -> Markup:
    parts, drawing = [], False
    for at, value in line.points:
        if value is not None:
            parts.append(f"{'L' if drawing else 'M'}{frame.x(at):.1f} {frame.y(value):.1f}")
        drawing = value is not None
    return Markup('<path class="line c{}" d="{}"/>').format(line.colour % COLOURS, "".join(parts))


def _dots(frame: _Frame, line: Line) -> Markup:
    """Points that stand alone, for no line leads to them; all of them where the plot wants dots."""
    values = [None, *(value for _, value in line.points), None]
    dot = Markup('<circle class="dot c{}" cx="{:.1f}" cy="{:.1f}" r="2.5"/>')
    return Markup("").join(
        dot.format(line.colour % COLOURS, frame.x(at), frame.y(value))
        for (at, value), before, after in zip(line.points, values, values[2:], strict=False)
        if value is not None and (frame.plot.dots or (before is None and after is None))
    )


def _area(frame: _Frame, line: Line, below: Line | None) -> Markup:
    bottom = frame.y(frame.y.low)
    over = [f"{frame.x(at):.1f} {frame.y(value or 0):.1f}" for at, value in line.points]
    floor = below.points if below else [(at, None) for at, _ in line.points]
    under = [f"{frame.x(at):.1f} {frame.y(v) if v is not None else bottom:.1f}" for at, v in reversed(floor)]
    return Markup('<path class="area c{}" d="M{}Z"/>').format(line.colour % COLOURS, "L".join(over + under))


def _limit(frame: _Frame) -> Iterator[Markup]:
    if frame.plot.limit is not None:
        at = frame.y(frame.plot.limit)
        name = f"budget of {frame.plot.limit_of}" if frame.plot.limit_of else "budget"
        shape = Markup('<path class="limit" d="M{} {:.1f}H{}"/><text class="limit" x="{}" y="{:.1f}">{} {}</text>')
        under = at - 5 if at - 5 > TOP + 8 else at + 13
        yield shape.format(LEFT, at, WIDTH - RIGHT, WIDTH - RIGHT - 4, under, name, short(frame.plot.limit))


def _hover(frame: _Frame) -> Iterator[Markup]:
    """One invisible column for each x, whose title lists all values there."""
    plot = frame.plot
    found: dict[float, list[str]] = {}
    for line in plot.lines:
        for at, value in line.points:
            if value is not None:
                found.setdefault(at, []).append(f"{line.name}: {short(value)} {plot.unit}")
    xs = sorted(found)
    width = (WIDTH - LEFT - RIGHT) / max(1, len(xs))
    for at in xs:
        text = "\n".join([plot.x_text(at), *found[at]])
        shape = Markup('<rect class="hover" x="{:.1f}" y="{}" width="{:.1f}" height="{}"><title>{}</title></rect>')
        yield shape.format(frame.x(at) - width / 2, TOP, width, HEIGHT - TOP - BOTTOM, escape(text))
