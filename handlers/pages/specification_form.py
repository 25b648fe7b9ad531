"""Specifications on a seller's form: a row of fields for each, added and taken away without scripts too.

The form carries a mark of the rows that it was made with: what was not altered is not sent on, so that an import which
changed them meanwhile is not undone by a new price.
"""

import hashlib
from decimal import Decimal
from typing import NamedTuple

import msgspec

from handlers.pages.variant_form import MORE as MORE_VARIANTS
from models.errors import FieldError
from models.listing import Listing
from models.product_input import NewSpecification, SpecificationKind
from models.specifications import ListedSpecification, UsualSpecification, demand_specifications, guess_kind

MORE, DROP, WAS = "more-specifications", "drop-specification", "was-specifications"
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


def filled_lines(listing: Listing) -> dict[str, str]:
    """The fields as they are first shown."""
    lines = [
        Line(_at(i), entry.name, _value(entry), entry.unit, entry.kind)
        for i, entry in enumerate(listing.specifications)
    ]
    fields = {f"{line.at}{field}": getattr(line, field) for line in lines for field in Line._fields[1:]}
    return {**fields, WAS: _mark(lines)}


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


def read_lines(form: dict[str, str], wrong: list[FieldError]) -> list[NewSpecification] | None:
    """None where no row was altered; what is wrong is added to `wrong`."""
    rows = lines_in(form)
    if not form.get(WAS) or _mark(rows) == form[WAS]:
        return None
    given = [
        NewSpecification(
            name=row.name, value=row.value, unit=row.unit, kind=KINDS.get(row.kind) or guess_kind(row.value, row.unit)
        )
        for row in rows
    ]
    demand_specifications([(row.at, entry) for row, entry in zip(rows, given, strict=True)], wrong)
    return given


def usual_words(usual: list[UsualSpecification], listing: Listing) -> list[str]:
    """Those that the product does not have yet."""
    known = {entry.name.casefold() for entry in listing.specifications}
    return [f"{one.name} ({one.unit})" if one.unit else one.name for one in usual if one.name.casefold() not in known]


def _at(number: int) -> str:
    return f"spec-{number}-"


def _mark(rows: list[Line]) -> str:
    return hashlib.blake2b(msgspec.json.encode([row[1:] for row in rows]), digest_size=8).hexdigest()


def _value(entry: ListedSpecification) -> str:
    return f"{Decimal(repr(entry.value)).normalize():f}" if isinstance(entry.value, float) else entry.text
