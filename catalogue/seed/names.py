"""Names of products as a shop writes them: brand, range, kind and what sets this one apart. No serial numbers."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from catalogue.seed.phrases import Feature, Phrase, Value
from catalogue.seed.shelves import Data, Kind

NONE = Phrase("", "")
FEATURE_IN_NAME = 0.35
MATERIAL_LAST = 0.2
STYLE_ONLY, MATERIAL_ONLY = 0.3, 0.55
_BEFORE_VOWEL = re.compile(r"\bA (?=[AEIO])")


class Parts(NamedTuple):
    brand: str
    series: str
    noun: Phrase
    style: Phrase
    material: Phrase
    motif: Phrase
    feature: Feature


def compose(
    kind: Kind, parts: Parts, *, specs: Mapping[str, Value], tails: Sequence[str], rand: Callable[[], float]
) -> str:
    """`tails` are the size and the colour, where this product has one of each."""
    noun = parts.noun.text
    if parts.motif.text and parts.motif.text not in noun:
        noun = f"{parts.motif.text} {noun}"
    style = "" if parts.style.text in noun else parts.style.text
    material = parts.material.text
    if material.rpartition(" ")[2] in noun:
        material = ""
    draw, ending = rand(), ""
    if rand() < FEATURE_IN_NAME and _adds_to(noun, parts.feature):
        ending = f" {parts.feature.name}"
    elif material and draw < MATERIAL_LAST:
        ending, material = f" in {material}", ""
    if style and draw < STYLE_ONLY:
        material = ""
    elif material and draw < MATERIAL_ONLY:
        style = ""
    words = [parts.brand, parts.series, style, material, noun]
    name = " ".join(word for word in words if word) + ending
    if kind.layout == "tech":
        return _with_figures(name, specs, tails)
    return ", ".join((name, *tails))


def _adds_to(noun: str, feature: Feature) -> bool:
    """Whether the feature says something that the noun does not."""
    said = feature.name.split(" ", 1)[1]
    return said not in noun and not any(joiner in noun for joiner in (" with ", " and ", " in "))


def _with_figures(name: str, specs: Mapping[str, Value], tails: Sequence[str]) -> str:
    """ "Orvanta Nova Pro Smartphone (8 GB RAM, 128 GB, Graphite)"."""
    memory = [f"{specs['RAM'].text} RAM"] if "RAM" in specs else []
    inside = ", ".join([*memory, *tails])
    return f"{name} ({inside})" if inside else name


class Title(NamedTuple):
    name: str
    author: str
    place: str


def book_title(
    kind: Kind, noun: str, *, text: Data, first: Sequence[str], last: Sequence[str], rand: Callable[[], float]
) -> Title:
    """A book's name with its invented author: "The Silent Bridge of Cuttack: A Memoir by Meera Iyer"."""

    def pick(options: Sequence[str]) -> str:
        return options[int(rand() * len(options))]

    titles = text["titles"]
    place, author = pick(titles["place"]), f"{pick(first)} {pick(last)}"
    title = pick(kind.titles).format(
        adj=pick(titles["adj"]),
        thing=pick(titles["thing"]),
        other=pick(titles["thing"]),
        number=pick(titles["number"]),
        place=place,
    )
    title = _BEFORE_VOWEL.sub("An ", title)
    return Title(f"{title}: {noun} by {author}", author, place)
