"""Values of columns that the shop has no field for, typed: a number with its unit, yes or no, or text."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from catalogue.importing.columns import SPECIFICATION_NAME_MAX, specification_name
from catalogue.importing.text import clean_line

TEXT_MAX = 300
DIGITS_MAX = 15
EMPTY = {"", "n/a", "na", "nan", "none", "null", "-", "--"}
YES, NO = {"yes", "true"}, {"no", "false"}
SYMBOLS = frozenset(
    ["KB", "MB", "GB", "TB", "Hz", "kHz", "MHz", "GHz", "mAh", "Ah", "Wh", "W", "kW", "V", "A", "MP", "px", "dpi",
     "ppi", "fps", "mm", "cm", "m", "km", "in", "ft", "yd", "mg", "g", "kg", "lb", "oz", "ml", "l", "L", "cl", "gal",
     "s", "min", "h", "days", "months", "years", "%", "°C", "°F", "dB", "rpm", "psi", "lm", "nits", "K"]
)  # fmt: skip
WORDS = {
    "in": ("inch", "inches", '"', "″"),
    "ft": ("foot", "feet"),
    "lb": ("lbs", "pound", "pounds"),
    "oz": ("ounce", "ounces"),
    "g": ("gram", "grams", "gm", "gms"),
    "kg": ("kgs", "kilogram", "kilograms"),
    "l": ("litre", "litres", "liter", "liters", "ltr"),
    "h": ("hour", "hours", "hrs", "hr"),
    "min": ("minute", "minutes", "mins"),
    "s": ("second", "seconds", "sec"),
    "days": ("day",),
    "months": ("month",),
    "years": ("year",),
    "W": ("watt", "watts"),
    "V": ("volt", "volts"),
    "MP": ("megapixel", "megapixels"),
}
UNITS = {symbol.lower(): symbol for symbol in SYMBOLS if len(symbol) > 1}
UNITS |= {word: unit for unit, words in WORDS.items() for word in words}
NUMBER = re.compile(r"(?P<number>[-+]?(?:\d{1,3}(?:,\d{2,3})+|\d+)(?:\.\d+)?)[\s-]*(?P<unit>[a-zA-Z%°\"″]{0,11})\.?")
ADDRESS = re.compile(r"https?://\S+")


class Specification(NamedTuple):
    name: str
    kind: str
    text: str
    number: float | None
    unit: str


def read_specifications(name: str, value: object) -> Iterator[Specification | str]:
    """The specifications of one column, or a notice of what was left out. An object gives one for each of its keys."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if not isinstance(inner, dict):
                yield from read_specifications(specification_name(str(key))[:SPECIFICATION_NAME_MAX], inner)
        return
    text = _text(value)
    if not name or text.lower() in EMPTY or ADDRESS.fullmatch(text):
        return
    if len(text) > TEXT_MAX:
        yield f"texts longer than {TEXT_MAX} characters were no specification and were left out"
        return
    yield typed(name, text)


def typed(name: str, text: str) -> Specification:
    if text.lower() in YES | NO:
        yes = text.lower() in YES
        return Specification(name, "boolean", "Yes" if yes else "No", float(yes), "")
    match = NUMBER.fullmatch(text)
    unit = _unit(match["unit"]) if match else None
    if match is None or unit is None or _is_code(match["number"]):
        return Specification(name, "text", text, None, "")
    number = float(match["number"].replace(",", ""))
    return Specification(name, "number", f"{number:.15g} {unit}".strip(), number, unit)


def _unit(text: str) -> str | None:
    """None for an unknown one. The case of a single letter counts: 4G is no weight."""
    if not text or text in SYMBOLS:
        return text
    return UNITS.get(text.lower())


def _is_code(digits: str) -> bool:
    """A bar code or part number is no quantity."""
    return len(digits) > DIGITS_MAX or (digits.startswith("0") and len(digits) > 1 and digits[1] != ".")


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(text for text in map(_text, value) if text)
    if isinstance(value, float):
        return f"{value:.10g}"
    return clean_line(str(value))
