"""The small language of the data files: "Loveseat {Seats=2}", "140..230/5 cm", "yes 40%", "Queen * 1.2 {Length=2 m}".

Everything is parsed once into tuples, so that making a product is picking from tuples.
"""

import re
from collections.abc import Collection
from typing import NamedTuple

_SETS = re.compile(r"\s*\{(.*)\}\s*$")
_RANGE = re.compile(r"^(-?[\d.]+)\.\.(-?[\d.]+)(?:/([\d.]+))?(?: (.+))?$")
_NUMBER = re.compile(r"^(\d+(?:\.\d+)?)(?: (\S.*))?$")
_NUMBERS = re.compile(r"^(\d+(?:\.\d+)?(?:\|\d+(?:\.\d+)?)*)(?: ([^|\d]\S*(?: \S+)?))?$")
_CHANCE = re.compile(r"^yes (\d+)%$")
_FACTOR = re.compile(r"^(.*?) \* ([\d.]+)$")
_CAPITALISED = re.compile(r"^[A-Z][a-zà-ÿ'’]+$")
_MASS = re.compile(r"^([\d.]+) (g|kg|ml|L)$")
_GRAMS = {"g": 1.0, "kg": 1000.0, "ml": 1.0, "L": 1000.0}
_UNIT_MAX = 16
VIEW = "view"


class Value(NamedTuple):
    """A typed specification: `kind` is number, text or boolean; `text` is what people read."""

    kind: str
    text: str
    number: float | None = None
    unit: str = ""


YES = Value("boolean", "Yes", 1.0)
NO = Value("boolean", "No", 0.0)

Settings = tuple[tuple[str, Value | None], ...]
"""Specifications that a word brings with it; None takes one away."""


class Phrase(NamedTuple):
    """Words of a name; `lower` is how they read within a sentence, `views` which compositions of a picture show it."""

    text: str
    lower: str
    sets: Settings = ()
    views: tuple[int, ...] = ()


class Feature(NamedTuple):
    """`name` stands in a name ("with Drawers"), `sentence` in the description."""

    name: str
    sentence: str
    sets: Settings


class Size(NamedTuple):
    """A size multiplies the price by `factor`; `grams` is the net weight where the size is one."""

    text: str
    factor: float
    grams: float | None
    sets: Settings


def value(text: str) -> Value:
    """One value: yes and no are booleans, "45 cm" is a number with its unit, anything else is text."""
    if text in ("yes", "no"):
        return YES if text == "yes" else NO
    match = _NUMBER.match(text)
    if match and len(match[2] or "") <= _UNIT_MAX:
        return Value("number", text, float(match[1]), match[2] or "")
    return Value("text", text)


def values(text: str) -> tuple[Value, ...]:
    """All values that a grammar such as "140..230/5 cm", "2|3 GB", "Matte|Gloss" or "yes 40%" stands for."""
    if match := _CHANCE.match(text):
        yes = round(int(match[1]) / 5)
        return (YES,) * yes + (NO,) * (20 - yes)
    if match := _RANGE.match(text):
        low, high, step = float(match[1]), float(match[2]), float(match[3] or 1)
        unit = match[4] or ""
        count = round((high - low) / step)
        return tuple(_number(low + i * step, unit) for i in range(count + 1) if low + i * step <= high)
    if match := _NUMBERS.match(text):
        return tuple(_number(float(number), match[2] or "") for number in match[1].split("|"))
    return tuple(value(choice) for choice in text.split("|"))


def _number(number: float, unit: str) -> Value:
    return Value("number", f"{number:g} {unit}".rstrip(), number, unit)


def settings(text: str) -> Settings:
    """ "Seats=2; Arms=" sets the one and takes the other away."""
    pairs = (item.split("=", 1) for item in text.split(";") if item.strip())
    return tuple((key.strip(), value(given.strip()) if given.strip() else None) for key, given in pairs)


def phrase(text: str, proper: Collection[str]) -> Phrase:
    match = _SETS.search(text)
    words = text[: match.start()] if match else text
    found = dict(settings(match[1])) if match else {}
    views = found.pop(VIEW, None)
    numbers = tuple(int(number) for number in views.text.split("/")) if views else ()
    return Phrase(words, lower(words, proper), tuple(found.items()), numbers)


def feature(text: str) -> Feature:
    name, sentence, sets = (part.strip() for part in text.split(" | "))
    return Feature(name, sentence, settings(sets))


def size(text: str) -> Size:
    match = _SETS.search(text)
    sets = settings(match[1]) if match else ()
    factor = _FACTOR.match(text[: match.start()] if match else text)
    if factor is None:
        raise ValueError(f"a size without a price factor: {text}")
    mass = _MASS.match(factor[1])
    return Size(factor[1], float(factor[2]), float(mass[1]) * _GRAMS[mass[2]] if mass else None, sets)


def lower(text: str, proper: Collection[str]) -> str:
    """As within a sentence: "5-Drawer LED Chest" becomes "5-drawer LED chest"; proper names stay."""
    return " ".join(
        word if word in proper else "-".join(_lower_part(part, proper) for part in word.split("-"))
        for word in text.split(" ")
    )


def _lower_part(part: str, proper: Collection[str]) -> str:
    return part.lower() if part not in proper and _CAPITALISED.match(part) else part


def with_article(text: str) -> str:
    """ "modern" becomes "a modern", "all-weather" becomes "an all-weather"."""
    sounds_like_consonant = text.lower().startswith(("uni", "uv", "eu", "one", "us"))
    return f"{'an' if text[:1].lower() in 'aeiou' and not sounds_like_consonant else 'a'} {text}"
