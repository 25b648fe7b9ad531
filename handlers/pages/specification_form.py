"""Specifications on a seller's form: a row of fields for each, added and taken away without scripts too.

All rows are one field of what the form was filled with, told by a mark: they are saved as a whole. While a change waits
for the market, its rows are the ones that are gone on with.
"""

import hashlib
from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

import msgspec

from handlers.pages.variant_form import MORE as MORE_VARIANTS
from models.errors import FieldError, Invalid
from models.listing import Listing
from models.product_change import WaitingChange
from models.product_input import NewSpecification, SpecificationKind
from models.specifications import (
    ListedSpecification,
    UsualSpecification,
    demand_specifications,
    guess_kind,
    specified,
)

MORE, DROP = "more-specifications", "drop-specification"
ROWS, MARK = "spec-", "specifications"
"""How the names of the rows' fields begin, and the name of what stands for all of them."""
ROWS_MAX = 100
BLANK, BLANK_MORE = 2, 10
KINDS: dict[str, SpecificationKind] = {"text": "text", "number": "number", "boolean": "boolean"}
KIND_CHOICES = [("", "Auto"), ("text", "Text"), ("number", "Number"), ("boolean", "Yes or no")]


class Line(NamedTuple):
    """A row; `at` begins the names of its fields."""

    at: str
    name: str
    value: str
    unit: str
    kind: str


def present_specifications(listing: Listing, change: WaitingChange | None) -> Sequence[ListedSpecification]:
    """Those that wait for the market, where some do."""
    waiting = change.wanted.specifications if change and change.state == "pending" else None
    return listing.specifications if waiting is None else waiting


def filled_lines(entries: Sequence[ListedSpecification]) -> dict[str, str]:
    """The fields as they are first shown, and their mark."""
    lines = [Line(_at(i), entry.name, _value(entry), entry.unit, entry.kind) for i, entry in enumerate(entries)]
    fields = {f"{line.at}{field}": getattr(line, field) for line in lines for field in Line._fields[1:]}
    return {**fields, MARK: mark_of(fields)}


def mark_of(form: dict[str, str]) -> str:
    """The same for what is read as the same, nothing for no rows."""
    rows = [_read(row) for row in lines_in(form)]
    return hashlib.blake2b(msgspec.json.encode(rows), digest_size=8).hexdigest() if rows else ""


def lines_in(form: dict[str, str]) -> list[Line]:
    """Rows of which something is filled in."""
    rows = [
        Line(_at(i), *(form.get(f"{_at(i)}{field}", "").strip() for field in Line._fields[1:])) for i in range(ROWS_MAX)
    ]
    return [row for row in rows if row.name or row.value or row.unit]


def shown_lines(form: dict[str, str]) -> list[Line]:
    """Those, and some that are empty."""
    rows = lines_in(form)
    taken = {row.at for row in rows}
    free = [at for at in map(_at, range(ROWS_MAX)) if at not in taken]
    return [*rows, *(Line(at, "", "", "", "") for at in free[: BLANK_MORE if MORE in form else BLANK])]


def reshaped(form: dict[str, str]) -> dict[str, str] | None:
    """The form after a press on a button that brings or takes a row, None where another one was pressed."""
    if not {MORE, DROP, MORE_VARIANTS} & form.keys():
        return None
    gone = form.get(DROP, "-")
    return {name: "" if name.startswith(gone) else value for name, value in form.items()}


def words_of(form: dict[str, str]) -> str:
    """All rows in one line."""
    return "; ".join(f"{row.name}: {row.value} {row.unit}".strip() for row in lines_in(form))


def read_lines(form: dict[str, str], wrong: list[FieldError]) -> list[NewSpecification]:
    """What is wrong is added to `wrong`."""
    rows = lines_in(form)
    given = [_given(row) for row in rows]
    demand_specifications([(row.at, entry) for row, entry in zip(rows, given, strict=True)], wrong)
    return given


def usual_words(usual: list[UsualSpecification], entries: Sequence[ListedSpecification]) -> list[str]:
    """Those that the product does not have yet."""
    known = {entry.name.casefold() for entry in entries}
    return [f"{one.name} ({one.unit})" if one.unit else one.name for one in usual if one.name.casefold() not in known]


def _at(number: int) -> str:
    return f"{ROWS}{number}-"


def _given(row: Line) -> NewSpecification:
    kind = KINDS.get(row.kind) or guess_kind(row.value, row.unit)
    return NewSpecification(name=row.name, value=row.value, unit=row.unit, kind=kind)


def _read(row: Line) -> tuple[str | float | None, ...]:
    """As typed, where it cannot be read."""
    try:
        return specified(_given(row))
    except Invalid:
        return row[1:]


def _value(entry: ListedSpecification) -> str:
    return f"{Decimal(repr(entry.value)).normalize():f}" if isinstance(entry.value, float) else entry.text
