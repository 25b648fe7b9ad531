"""What appears in several drawings: legs, books, steam, lamp light and the view on a screen."""

from catalogue.drawing.paint import WHITE, WOOD_DARK, Paint, circle, drawn, faint, line, path, rect

FLOOR = 320
GLOW = "#fff2c2"
SKY, SUN, HILL = "#8fc3e0", "#fbe9a8", "#6f9a86"
BOOKS = ("#c8663f", "#3d8b8b", "#e9b44c", "#6f3560", "#9db08a", "#22335c")
TILES = ("#e2574c", "#f0a43c", "#58b368", "#4aa3df", "#9b6bd3", "#e9c94b")
"""Colours of the apps on a phone."""


def legs(*places: float, top: float = 292, colour: str = WOOD_DARK) -> str:
    """Tapering legs down to the floor, one at each place."""
    return drawn(*(path(f"M{x - 6:g} {top:g}h12l-3 {FLOOR - top:g}h-6z", colour) for x in places))


def books(x: float, floor: float, count: int, start: int = 0) -> str:
    """A row of books; `start` shuffles their colours and heights."""
    heights = [34 + (i * 7 + start) % 12 for i in range(count)]
    return drawn(*(rect(x + i * 13, floor - h, 11, h, BOOKS[(i + start) % 6], 2) for i, h in enumerate(heights)))


def steam(*places: float, top: float = 80) -> str:
    return faint(0.85, *(line(f"M{x:g} {top + 56:g}q-12-15 0-28t0-28", WHITE, 7) for x in places))


def landscape(x: float, y: float, w: float, h: float, p: Paint) -> str:
    """Sky, sun and two hills, the nearer one in the product's colour: what screens show."""
    far = f"q{w * 0.25:g}-{h * 0.22:g} {w * 0.5:g}-{h * 0.04:g}t{w * 0.5:g}-{h * 0.06:g}"
    near = f"q{w * 0.3:g}-{h * 0.12:g} {w * 0.6:g} 0t{w * 0.4:g}-{h * 0.02:g}"
    return drawn(
        rect(x, y, w, h, SKY, 4),
        circle(x + w * 0.72, y + h * 0.28, min(w, h) * 0.12, SUN),
        path(f"M{x:g} {y + h:g}V{y + h * 0.66:g}{far}V{y + h:g}z", HILL),
        path(f"M{x:g} {y + h:g}V{y + h * 0.82:g}{near}V{y + h:g}z", p.dark),
    )
