"""Pictures of demo products, drawn on request: the same archetype, colour and seed always make the same SVG.

Keys look like `demo/sofa-teal-3.svg`. 100,000 products need no files, and the same few thousand pictures cache well.
"""

import re

from catalogue.colours import COLOURS
from catalogue.drawing import ARCHETYPES
from catalogue.drawing.paint import Paint, circle, lightness, mix, path, rect, shades

_KEY = re.compile(r"(?:demo/)?([a-z]+)-([a-z-]+)-([0-5])\.svg")
_BY_SLUG = {name.lower().replace(" ", "-"): name for name in COLOURS}
_SKIES = ("#fdf6ec", "#eef4f7", "#f4f1fa", "#eff6ef", "#fbf0ee", "#f3f3f0")
_EVENINGS = ("#8fa9b5", "#a58f9f", "#8c9cb8", "#8aa694", "#b59a8c", "#94a0a8")
"""For things so pale that they would be lost against the sky."""
_PALE = 0.86
COMPOSITIONS = 6


def draw(archetype: str, colour: str, seed: int) -> str:
    """An SVG document of 400 by 400. `colour` is a name of COLOURS or its slug; raises KeyError for unknown ones."""
    name = colour if colour in COLOURS else _BY_SLUG[colour]
    paint, view = shades(COLOURS[name]), seed % COMPOSITIONS
    thing = ARCHETYPES[archetype](paint, view)
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 400" role="img">'
        f"<title>{archetype} in {name.lower()}</title>{_background(paint, view)}{thing}</svg>"
    )


def find_picture(key: str) -> str | None:
    """The picture of a key such as `demo/sofa-teal-3.svg`, with or without the folder; None where it names none."""
    match = _KEY.fullmatch(key)
    if match is None or match[1] not in ARCHETYPES or match[2] not in _BY_SLUG:
        return None
    return draw(match[1], match[2], int(match[3]))


def _background(paint: Paint, view: int) -> str:
    sky = mix(_SKIES[view], paint.pale, 0.12)
    if lightness(paint.main) > _PALE:
        sky = mix(sky, _EVENINGS[view], 0.55)
    tint = mix(sky, paint.accent, 0.17)
    stage = {
        0: circle(200, 190, 150, tint),
        1: path("M66 322V190a134 134 0 0 1 268 0v132z", tint),
        2: rect(0, 262, 400, 138, tint),
        3: path("M0 290Q110 210 210 262T400 236V400H0z", tint),
        4: circle(292, 108, 62, tint) + rect(0, 300, 400, 100, mix(sky, tint, 0.7)),
        5: path("M64 150q40-110 150-92t118 116t-74 142t-146-6t-48-160z", tint),
    }[view]
    return rect(0, 0, 400, 400, sky) + stage
