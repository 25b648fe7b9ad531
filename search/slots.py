"""Specifications as the engine holds them: in a bounded number of fields, whatever sellers write, with exact answers.

What is commonly specified keeps a field of its own, typed. All else shares slots, chosen by a hash of its key: lists of
texts that begin with the mark of their key, so that no value is taken for another key's. Numbers are digits that sort
as the numbers do: a range of numbers is a range of texts. The names of all these fields change with the form, so that a
search never asks an index of another form and takes its silence for an answer: it is refused.
"""

import hashlib
import math
import struct
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from search.document import Document, SpecValue

SLOTS = 48
END_SLOTS = 8
OWN = frozenset(tomllib.loads((Path(__file__).parent / "data" / "specifications.toml").read_text("utf-8"))["own"])
_FORM = hashlib.blake2b(f"4 {sorted(OWN)} {SLOTS} {END_SLOTS}".encode(), digest_size=3).hexdigest()

SPEC = f"spec_{_FORM}"
"""By key, what has a field of its own."""
REST = f"rest_{_FORM}"
"""By slot, all else: a mark and `=` and a text, or a mark and `#` and the digits of a number."""
ENDS = f"ends_{_FORM}"
"""By slot, the numbers of REST in rising and, under another mark, in falling order."""
NAMED = f"named_{_FORM}"
"""Five texts that together name a product, of 512 each. Each edit goes through every different value of every field
that can be filtered or sorted by: with an id for each product, half of them would be ids."""
CREATED = ("created_day", "created_minute")
"""When, likewise in two numbers of few values: days since 1970 and minutes of the day."""
END_FIELDS = tuple(f"{ENDS}.{slot:02}" for slot in range(END_SLOTS))

MARK = 12
"""How many characters a mark has."""
_SIGN, _ALL = 1 << 63, (1 << 64) - 1


class Known(NamedTuple):
    """How many products have each value of one specification, and its lowest and highest number."""

    values: dict[str, int]
    ends: tuple[float, float] | None


def fold(document: Document) -> dict[str, Any]:
    """The document as the engine holds it."""
    held = msgspec.structs.asdict(document)
    own: dict[str, SpecValue] = {}
    rest: dict[str, list[str]] = {}
    ends: dict[str, list[str]] = {}
    for key, value in held.pop("spec").items():
        if key in OWN:
            own[key] = value
            continue
        rest.setdefault(f"{_hash(key) % SLOTS:02}", []).extend(_written(key, value))
        if isinstance(value, float):
            both = (mark(key) + digits(value), high_mark(key) + digits(-value))
            ends.setdefault(f"{_hash(key) % END_SLOTS:02}", []).extend(both)
    created = dict(zip(CREATED, divmod(held.pop("created_at") // 60, 24 * 60), strict=True))
    return {**held, **created, SPEC: own, REST: rest, ENDS: ends, NAMED: named(held["id"])}


def named(product_id: str) -> list[str]:
    """45 bits of a hash of the id, in five parts."""
    bits = int.from_bytes(hashlib.blake2b(product_id.encode(), digest_size=6).digest())
    return [f"{place}{bits >> 9 * place & 511:03x}" for place in range(5)]


def shares(key: str) -> bool:
    """Whether a specification shares a slot; none does without a key."""
    return bool(key) and key not in OWN


def field_of(key: str) -> str:
    """The attribute that holds the values of a specification."""
    return f"{SPEC}.{key}" if key in OWN else f"{REST}.{_hash(key) % SLOTS:02}"


def ends_of(key: str) -> str:
    """The attribute of a shared specification's numbers."""
    return END_FIELDS[_hash(key) % END_SLOTS]


def mark(key: str) -> str:
    """What every value of a shared specification begins with."""
    return f"{_hash(key):0{MARK}x}"


def high_mark(key: str) -> str:
    """What its negated numbers begin with."""
    return mark(f"{key} ")  # no key ends so


def forms(key: str, text: str) -> Iterator[str]:
    """As what a slot may hold a chosen value: a text, a number."""
    yield f"{mark(key)}={text}"
    if (number := _number(text)) is not None:
        yield f"{mark(key)}#{digits(number)}"


def between(key: str, low: float | None, high: float | None) -> tuple[str, str]:
    """The first and the last text of a range of numbers, both within it; None is open."""
    first, last = -math.inf if low is None else low, math.inf if high is None else high
    return f"{mark(key)}#{digits(first)}", f"{mark(key)}#{digits(last)}"


def read(key: str, listed: Mapping[str, int]) -> Known:
    """Of a slot's counts those of one specification, as its own field would tell them."""
    values: dict[str, int] = {}
    numbers = []
    begins = mark(key)
    for text, count in listed.items():
        if not text.startswith(begins):
            continue
        own = text[MARK:]
        if own.startswith("#"):
            numbers.append(number := number_of(own[1:]))
            own = f"={_shown(number)}"
        values[own[1:]] = values.get(own[1:], 0) + count
    return Known(values, (min(numbers), max(numbers)) if numbers else None)


def ends_in(low: Iterable[str], high: Iterable[str]) -> tuple[float, float]:
    """The lowest and the highest number, from the first that rise and the first that fall."""
    return number_of(min(low)[MARK:]), 0.0 - number_of(min(high)[MARK:])


def digits(number: float) -> str:
    """Sixteen digits that sort as the numbers do."""
    (bits,) = struct.unpack(">Q", struct.pack(">d", number + 0.0))  # there is one nought only
    return f"{bits ^ (_ALL if bits & _SIGN else _SIGN):016x}"


def number_of(text: str) -> float:
    """The number of such digits."""
    bits = int(text, 16)
    number: float
    (number,) = struct.unpack(">d", struct.pack(">Q", bits ^ (_SIGN if bits & _SIGN else _ALL)))
    return number


@lru_cache(20_000)
def _hash(key: str) -> int:
    return int.from_bytes(hashlib.blake2b(key.encode(), digest_size=6).digest())


def _written(key: str, value: SpecValue) -> Iterator[str]:
    if isinstance(value, bool):
        yield f"{mark(key)}={'true' if value else 'false'}"
    elif isinstance(value, float):
        yield f"{mark(key)}#{digits(value)}"
    else:
        for text in [value] if isinstance(value, str) else value:
            if text := text.strip():
                yield f"{mark(key)}={text}"


def _number(text: str) -> float | None:
    """What an engine takes for a number."""
    try:
        number = float(text) if text.isascii() and "_" not in text else math.nan
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _shown(number: float) -> str:
    """In full, as the engine writes the numbers of a field of their own: 5, 12.5."""
    return f"{Decimal(repr(number)).normalize():f}"
