"""Specifications, typed: a number with its unit, yes or no, or text; as sellers send them and as imports read them.

What a product has of them is written as a whole, in the order given, by whoever holds the product's row.
"""

import math
import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple, TypeAlias
from uuid import UUID

import msgspec

from models.base import uuid7
from models.database import Connection, pool
from models.errors import FieldError, Invalid
from models.legible import is_legible, looks
from models.product_input import (
    SPECIFICATION_NAME_MAX,
    SPECIFICATION_TEXT_MAX,
    SPECIFICATION_UNIT_MAX,
    SPECIFICATIONS_MAX,
    NewSpecification,
    SpecificationKind,
)

DIGITS_MAX = 15
YES, NO = {"yes", "true"}, {"no", "false"}
KINDS: dict[type, SpecificationKind] = {bool: "boolean", float: "number", str: "text"}
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
NUMBER = re.compile(
    r"(?P<number>[-+]?(?:\d{1,3}(?:,\d{2,3})*,\d{3}|\d+)(?:\.\d+)?)[\s-]*(?P<unit>[a-zA-Z%°\"″]{0,11})\.?"
)
"""Three digits stand behind the last comma: in 1,50 it may stand for a point."""

USUAL_AMONG, USUAL_SHOWN = 300, 30
USUAL = """
SELECT x.name, mode() WITHIN GROUP (ORDER BY x.kind) AS kind, mode() WITHIN GROUP (ORDER BY x.unit) AS unit
  FROM (SELECT p.id FROM product p JOIN category c ON c.id = p.category_id
         WHERE c.slug = $1 AND p.state = 'active' LIMIT $2) AS sample
  JOIN specification x ON x.product_id = sample.id
 GROUP BY x.name ORDER BY count(*) DESC, x.name LIMIT $3
"""
INSERT = """
INSERT INTO specification (id, product_id, name, kind, text, number, unit, position)
SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::float8[], $7::text[], $8::int[])
"""


Value: TypeAlias = str | float | bool


class Specification(NamedTuple):
    """As it is stored: `number` is None for a text, 1 or 0 for a boolean; `text` is what people read."""

    name: str
    kind: str
    text: str
    number: float | None
    unit: str


class ListedSpecification(msgspec.Struct, frozen=True, kw_only=True):
    """`value` is a text, a number or a boolean, as `kind` says; `text` is what people read."""

    name: str
    kind: str
    value: Value
    unit: str
    text: str


class UsualSpecification(NamedTuple):
    """What others of a category say of themselves."""

    name: str
    kind: str
    unit: str


def typed(name: str, text: str) -> Specification:
    """Of a text alone."""
    if text.lower() in YES | NO:
        return _boolean(name, text.lower() in YES)
    match = NUMBER.fullmatch(text)
    unit = known_unit(match["unit"]) if match else None
    if match is None or unit is None or _is_code(match["number"]):
        return Specification(name, "text", text, None, "")
    return _number(name, float(match["number"].replace(",", "")), unit)


def demand_specifications(
    given: Sequence[tuple[str, NewSpecification]], wrong: list[FieldError]
) -> list[Specification]:
    """Each with the beginning of its fields' names; what is wrong is added to `wrong`. No two may have one name."""
    found: dict[str, Specification] = {}
    for at, entry in given:
        try:
            specification = specified(entry)
        except Invalid as error:
            wrong += [FieldError(f"{at}{field.field}", field.detail) for field in error.fields]
            continue
        if (seen := looks(specification.name)) in found:
            wrong.append(FieldError(f"{at}name", "is there twice; keep one of them"))
        found[seen] = specification
    if len(given) > SPECIFICATIONS_MAX:
        wrong.append(FieldError(f"{given[-1][0]}name", f"is one too many; a product has {SPECIFICATIONS_MAX} at most"))
    return list(found.values())


def specified(given: NewSpecification) -> Specification:
    """Raises Invalid with `name`, `value` or `unit`."""
    name, unit = (" ".join(text.split()) for text in (given.name, given.unit))
    if not is_legible(name) or len(name) > SPECIFICATION_NAME_MAX:
        raise Invalid.field("name", f"wants a name with letters in it, of up to {SPECIFICATION_NAME_MAX} characters")
    kind = given.kind or KINDS[type(given.value)]
    if unit and kind != "number":
        raise Invalid.field("unit", "goes with a number; leave it empty")
    if len(unit) > SPECIFICATION_UNIT_MAX:
        raise Invalid.field("unit", f"wants at most {SPECIFICATION_UNIT_MAX} characters")
    if kind == "number":
        return _number(name, *_measured(given.value, known_unit(unit) or unit))
    if kind == "boolean":
        return _boolean(name, _decided(given.value))
    return Specification(name, "text", _line(given.value), None, "")


def guess_kind(value: str, unit: str) -> SpecificationKind:
    """Of what somebody typed and says no more of."""
    return "number" if unit.strip() else typed("", " ".join(value.split())).kind  # type: ignore[return-value]


def known_unit(text: str) -> str | None:
    """None for an unknown one. The case of a single letter counts: 4G is no weight."""
    if not text or text in SYMBOLS:
        return text
    return UNITS.get(text.lower())


def listed(specification: Specification) -> ListedSpecification:
    name, kind, text, number, unit = specification
    value = text if number is None else number > 0 if kind == "boolean" else number
    return ListedSpecification(name=name, kind=kind, value=value, unit=unit, text=text)


def stored(entry: ListedSpecification) -> Specification:
    number = None if isinstance(entry.value, str) else float(entry.value)
    return Specification(entry.name, entry.kind, entry.text, number, entry.unit)


async def write_specifications(connection: Connection, found: Mapping[UUID, Sequence[Specification]]) -> None:
    """In the place of those that the products have. The caller holds their rows, so that two writers take turns."""
    await connection.execute("DELETE FROM specification WHERE product_id = ANY($1)", list(found))
    rows = [
        (uuid7(), owner, *entry, position) for owner, entries in found.items() for position, entry in enumerate(entries)
    ]
    if rows:
        await connection.execute(INSERT, *map(list, zip(*rows, strict=True)))


async def list_usual(category: str | None) -> list[UsualSpecification]:
    """Those of a category's products on sale, the commonest first."""
    rows = await pool().fetch(USUAL, category, USUAL_AMONG, USUAL_SHOWN) if category else []
    return [UsualSpecification(**row) for row in rows]


def _number(name: str, number: float, unit: str) -> Specification:
    return Specification(name, "number", f"{number:.15g} {unit}".strip(), number, unit)


def _boolean(name: str, yes: bool) -> Specification:  # noqa: FBT001 (it is the value)
    return Specification(name, "boolean", "Yes" if yes else "No", float(yes), "")


def _measured(value: Value, unit: str) -> tuple[float, str]:
    """A number with its unit, which may stand behind it."""
    if isinstance(value, float):
        if abs(value) < 10**DIGITS_MAX:
            return value + 0.0, unit
        raise Invalid.field("value", f"wants a number of up to {DIGITS_MAX} digits")
    match = NUMBER.fullmatch(" ".join(value.split())) if isinstance(value, str) else None
    behind = known_unit(match["unit"]) if match else None
    number = float(match["number"].replace(",", "")) if match else math.inf
    if behind is None or abs(number) >= 10**DIGITS_MAX or (behind and unit not in ("", behind)):
        raise Invalid.field("value", "wants a number, such as 12, 1.5 or 1,500")
    return number + 0.0, unit or behind


def _decided(value: Value) -> bool:
    if isinstance(value, bool):
        return value
    if not isinstance(value, str) or value.strip().lower() not in YES | NO:
        raise Invalid.field("value", "wants yes or no")
    return value.strip().lower() in YES


def _line(value: Value) -> str:
    text = " ".join(value.split()) if isinstance(value, str) else ""
    if not looks(text) or len(text) > SPECIFICATION_TEXT_MAX:
        raise Invalid.field("value", f"wants a text of up to {SPECIFICATION_TEXT_MAX} characters")
    return text


def _is_code(digits: str) -> bool:
    """A bar code or part number is no quantity."""
    return len(digits) > DIGITS_MAX or (digits.startswith("0") and len(digits) > 1 and digits[1] != ".")
