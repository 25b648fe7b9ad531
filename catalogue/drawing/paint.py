"""Shades of one colour and the few SVG shapes that everything is drawn with, on a canvas of 400 by 400."""

from collections.abc import Callable
from typing import NamedTuple

WHITE, INK = "#ffffff", "#2b2d33"
METAL, METAL_DARK, METAL_LIGHT = "#b9c0c8", "#8b939d", "#dde2e7"
WOOD, WOOD_DARK, WOOD_LIGHT = "#b07d4f", "#85592f", "#cfa273"
LEAF, LEAF_DARK, LEAF_LIGHT = "#5f9a5b", "#3f7444", "#8cbf7f"
GLASS, SCREEN, PAPER = "#dcebf0", "#2f3640", "#fbf8f2"
GOLD = "#d9ab4a"
FLOOR = 322


class Paint(NamedTuple):
    """The product's colour and its shades; `accent` goes well beside it."""

    main: str
    dark: str
    deep: str
    light: str
    pale: str
    accent: str


Drawing = Callable[[Paint, int], str]
"""Draws a thing in a colour; the number picks one of a few compositions."""


def mix(one: str, other: str, share: float) -> str:
    """`share` of the other colour in the one, both as #rrggbb."""
    pairs = ((int(one[i : i + 2], 16), int(other[i : i + 2], 16)) for i in (1, 3, 5))
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def lightness(colour: str) -> float:
    """Perceived, from 0 (black) to 1 (white)."""
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return (0.299 * red + 0.587 * green + 0.114 * blue) / 255


def shades(colour: str) -> Paint:
    """Very dark and very light colours are shaded more gently, so that their shapes can still be told apart."""
    bright = lightness(colour)
    return Paint(
        main=colour,
        dark=mix(colour, "#1d1a2b", 0.22 if bright > 0.25 else 0.35),
        deep=mix(colour, "#1d1a2b", 0.42 if bright > 0.25 else 0.6),
        light=mix(colour, WHITE, 0.28 if bright < 0.8 else 0.55),
        pale=mix(colour, WHITE, 0.58 if bright < 0.8 else 0.8),
        accent="#e9b44c" if not _is_warm(colour) else "#3d8b8b",
    )


def _is_warm(colour: str) -> bool:
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return red > blue + 40 and red > green


def rect(x: float, y: float, w: float, h: float, fill: str, r: float = 0) -> str:
    corner = f' rx="{r:g}"' if r else ""
    return f'<rect x="{x:g}" y="{y:g}" width="{w:g}" height="{h:g}"{corner} fill="{fill}"/>'


def circle(x: float, y: float, r: float, fill: str) -> str:
    return f'<circle cx="{x:g}" cy="{y:g}" r="{r:g}" fill="{fill}"/>'


def ellipse(x: float, y: float, rx: float, ry: float, fill: str) -> str:
    return f'<ellipse cx="{x:g}" cy="{y:g}" rx="{rx:g}" ry="{ry:g}" fill="{fill}"/>'


def path(d: str, fill: str) -> str:
    return f'<path d="{d}" fill="{fill}"/>'


def line(d: str, colour: str, width: float = 6) -> str:
    """An open stroke with round ends."""
    return (
        f'<path d="{d}" fill="none" stroke="{colour}" stroke-width="{width:g}" stroke-linecap="round"'
        ' stroke-linejoin="round"/>'
    )


def ring(x: float, y: float, r: float, colour: str, width: float) -> str:
    return f'<circle cx="{x:g}" cy="{y:g}" r="{r:g}" fill="none" stroke="{colour}" stroke-width="{width:g}"/>'


def turned(degrees: float, *shapes: str, x: float = 200, y: float = 200) -> str:
    return f'<g transform="rotate({degrees:g} {x:g} {y:g})">{"".join(shapes)}</g>'


def faint(opacity: float, *shapes: str) -> str:
    return f'<g opacity="{opacity:g}">{"".join(shapes)}</g>'


def ground(width: float, *, x: float = 200, y: float = FLOOR) -> str:
    """The shadow below something that stands; `width` is half of it."""
    return f'<ellipse cx="{x:g}" cy="{y:g}" rx="{width:g}" ry="{max(width * 0.09, 6):g}" fill="#2a2440" opacity=".16"/>'


def drawn(*shapes: str) -> str:
    return "".join(shapes)
