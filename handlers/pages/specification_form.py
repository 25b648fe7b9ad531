"""Specifications on a seller's form: a row of fields for each, added and taken away without scripts too.

All rows are one field of what the form was filled with, told by a mark: they are saved as a whole. While a change waits
for the market, its rows are the ones that are gone on with. Rows are offered for what others of the category say of
themselves: one that is left without a value says nothing.
"""

import hashlib
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, NamedTuple

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
    list_usual,
    specified,
)

MORE, OFFER, DROP = "more-specifications", "offer-specifications", "drop-specification"
ROWS, MARK = "spec-", "specifications"
"""How the names of the rows' fields begin, and the name of what stands for all of them."""
ROWS_MAX = 100
BLANK, BLANK_MORE = 2, 10
OFFERED = 8
"""How many rows are offered at most: the others are named above them."""
PARTS = ("name", "value", "unit", "kind")
KINDS: dict[str, SpecificationKind] = {"text": "text", "number": "number", "boolean": "boolean"}
KIND_CHOICES = [("", "Auto"), ("text", "Text"), ("number", "Number"), ("boolean", "Yes or no")]


class Line(NamedTuple):
    """A row; `at` begins the names of its fields. `offered`: the name that it was offered with."""

    at: str
    name: str
    value: str
    unit: str
    kind: str
    offered: str = ""

    @property
    def says(self) -> bool:
        """Something that the form did not say by itself."""
        return bool(self.value or self.name not in ("", self.offered) or (self.unit and not self.offered))


def present_specifications(listing: Listing, change: WaitingChange | None) -> Sequence[ListedSpecification]:
    """Those that wait for the market, where some do."""
    waiting = change.wanted.specifications if change and change.state == "pending" else None
    return listing.specifications if waiting is None else waiting


def filled_lines(entries: Sequence[ListedSpecification]) -> dict[str, str]:
    """The fields as they are first shown, and their mark."""
    lines = [Line(_at(i), entry.name, _value(entry), entry.unit, entry.kind) for i, entry in enumerate(entries)]
    fields = {f"{line.at}{field}": getattr(line, field) for line in lines for field in PARTS}
    return {**fields, MARK: mark_of(fields)}


def mark_of(form: dict[str, str]) -> str:
    """The same for what is read as the same, nothing for no rows."""
    rows = [_read(row) for row in lines_in(form)]
    return hashlib.blake2b(msgspec.json.encode(rows), digest_size=8).hexdigest() if rows else ""


def lines_in(form: dict[str, str]) -> list[Line]:
    """Rows of which something is filled in."""
    fields = Line._fields[1:]
    rows = [Line(_at(i), *(form.get(f"{_at(i)}{field}", "").strip() for field in fields)) for i in range(ROWS_MAX)]
    return [row for row in rows if row.says]


async def specification_rows(form: dict[str, str], *, offers: bool = False) -> dict[str, Any]:
    """What seller/_specifications.html wants: the rows, and what others of the form's category say of themselves;
    `offers`: with rows for it, as by the button that asks for them.
    """
    rows, usual = lines_in(form), await list_usual(form.get("category", "").strip().removeprefix("/c/"))
    said = {row.name.casefold() for row in rows}
    others = [one for one in usual if one.name.casefold() not in said]
    offered = others[:OFFERED] if offers or OFFER in form else []
    return {
        "lines": _shown(rows, offered, BLANK_MORE if MORE in form else BLANK),
        "line_kinds": KIND_CHOICES,
        "usual": usual,
        "usual_words": [f"{one.name} ({one.unit})" if one.unit else one.name for one in others[len(offered) :]],
    }


def _shown(rows: list[Line], offered: list[UsualSpecification], blank: int) -> list[Line]:
    taken = {row.at for row in rows}
    free = iter([at for at in map(_at, range(ROWS_MAX)) if at not in taken])
    usual = [Line(at, one.name, "", one.unit, one.kind, one.name) for one, at in zip(offered, free, strict=False)]
    empty = [Line(at, "", "", "", "") for at, _ in zip(free, range(max(blank - len(usual), BLANK)), strict=False)]
    return [*rows, *usual, *empty]


def reshaped(form: dict[str, str]) -> dict[str, str] | None:
    """The form after a press on a button that brings or takes a row, None where another one was pressed."""
    if not {MORE, OFFER, DROP, MORE_VARIANTS} & form.keys():
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
        return row[1 : 1 + len(PARTS)]


def _value(entry: ListedSpecification) -> str:
    return f"{Decimal(repr(entry.value)).normalize():f}" if isinstance(entry.value, float) else entry.text
