"""Forms into the same strict structs as the API's bodies, and domain errors back to the fields they speak of."""

import re
from collections.abc import Callable
from typing import TypeVar

import msgspec
from sanic.request import RequestParameters

from models.errors import DomainError, FieldError, Invalid
from server.decode import decode_query

S = TypeVar("S", bound=msgspec.Struct)
MONEY = re.compile(r"(?:₹|rs\.?)?\s*([0-9,]+)(?:\.([0-9]{1,2}))?", re.IGNORECASE)
WHOLE = re.compile(r"[0-9]{1,3}(?:,[0-9]{2,3})*,[0-9]{3}|[0-9]+")
"""Three digits stand behind the last comma: 1,5 or 99,50 is no grouping, and may mean a fraction."""
MINOR_MAX, UNITS_MAX, DIGITS_MAX = 100_000_000_000, 1_000_000, 12


def read_form(form: dict[str, str], kind: type[S]) -> S:
    """Raises Invalid naming the field."""
    return decode_query(
        RequestParameters({name: [value if "password" in name else value.strip()] for name, value in form.items()}),
        kind,
    )


def errors_of(error: DomainError) -> dict[str, str]:
    """Sentences by field, the last part of its path; "" is for what belongs to no field."""
    if not error.fields:
        return {"": error.detail}
    return {field.field.rsplit(".", 1)[-1]: _sentence(field.detail) for field in error.fields}


def read_whole(text: str) -> int | None:
    """1299, 1,299 or 1,29,999; None for what is no whole number, or has more digits than any of ours."""
    text = text.strip()
    digits = text.replace(",", "").lstrip("0") or "0"
    return int(digits) if len(digits) <= DIGITS_MAX and WHOLE.fullmatch(text) else None


def read_money(field: str, text: str) -> int:
    """Minor units from what a person types: 1299, 1,299.50, ₹1,299. Raises Invalid."""
    match = MONEY.fullmatch(text.strip())
    whole = read_whole(match[1]) if match else None
    minor = whole * 100 + int((match[2] or "0").ljust(2, "0")) if match and whole is not None else 0
    if not 0 < minor <= MINOR_MAX:
        raise Invalid(
            f"{field}: not a price", fields=[FieldError(field, "write a price such as 1299, 1,299 or 1299.50")]
        )
    return minor


def read_units(field: str, text: str) -> int:
    """A free quantity. Raises Invalid."""
    units = read_whole(text)
    if units is None or units > UNITS_MAX:
        told = "write a whole number from 0 to 10,00,000, such as 1500 or 1,500"
        raise Invalid(f"{field}: not a quantity", fields=[FieldError(field, told)])
    return units


def read_number(
    read: Callable[[str, str], int], field: str, form: dict[str, str], wrong: list[FieldError]
) -> int | None:
    """By `read_money` or `read_units`. None where the form has no such field, or it is wrong, which is added."""
    if field not in form:
        return None
    try:
        return read(field, form[field])
    except Invalid as error:
        wrong.extend(error.fields)
        return None


def _sentence(detail: str) -> str:
    """A domain error speaks of the field ("wants six digits"); the form speaks to a person."""
    detail = detail.replace("wants ", "please give ", 1) if detail.startswith("wants ") else detail
    return f"{detail[:1].upper()}{detail[1:].removesuffix('.')}."
