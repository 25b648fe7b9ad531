"""Passwords that are tried first: a list of words, and what people make of one (digits after it, 4 for a, twice over).

The list is `data/common_passwords.txt`: words of passwords that every published leak is full of, and India's own.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from models.errors import Invalid

LENGTH_MIN, LENGTH_MAX = 8, 256
LIST = Path(__file__).parent / "data" / "common_passwords.txt"
LETTERS_FOR = str.maketrans("@4301!$57+8", "aaeoiissttb")
ROWS = (
    "qwertyuiop", "asdfghjkl", "zxcvbnm", "1234567890", "abcdefghijklmnopqrstuvwxyz", "1qaz2wsx3edc4rfv5tgb6yhn7ujm",
    "1q2w3e4r5t6y7u8i9o0p", "qazwsxedcrfvtgbyhnujm",
)  # fmt: skip
RUN, DIGITS = 4, 10
FILLING = re.compile(r"[\W\d_]+")
AROUND = re.compile(r"^[\W\d_]+|[\W\d_]+$")


def demand_uncommon(password: str, *, field: str = "password", personal: Iterable[str] = ()) -> None:
    """`personal` are words that an attacker knows too, such as the mail address. Raises Invalid naming the field."""
    if not LENGTH_MIN <= len(password) <= LENGTH_MAX:
        raise Invalid.field(field, f"wants {LENGTH_MIN} to {LENGTH_MAX} characters", code="password")
    if is_common(password) or _is_personal(_fold(password), personal):
        raise Invalid.field(field, "is one of the first that anybody would try; choose another", code="password_common")


def is_common(password: str) -> bool:
    folded = _fold(password)
    spelt = (folded, folded.translate(LETTERS_FOR), AROUND.sub("", folded).translate(LETTERS_FOR))
    return any(_is_known(text) for text in spelt) or _is_walk(folded)


@cache
def words() -> frozenset[str]:
    lines = (line.partition("#")[0].split() for line in LIST.read_text("utf-8").splitlines())
    return frozenset(word for line in lines for word in line)


def _is_known(text: str) -> bool:
    """The whole, or what is left of it without digits and signs, is a listed word, or two of them."""
    bare = FILLING.sub("", text) or text
    return text in words() or bare in words() or _is_made_of_two(bare)


def _is_made_of_two(text: str) -> bool:
    """`passwordadmin`, `lovelove`."""
    known = words()
    return any(text[:cut] in known and text[cut:] in known for cut in range(3, len(text) - 2))


def _is_walk(text: str) -> bool:
    """A key held down, a few characters repeated, a row of the keyboard, a date or other digits in order."""
    plain = FILLING.sub("", text) or text
    if _repeats(text) or _repeats(plain) or (text.isdecimal() and len(text) <= DIGITS):
        return True
    rest = text
    for run in _runs():
        rest = rest.replace(run, "")
    return len(rest) <= len(text) // 4


@cache
def _runs() -> tuple[str, ...]:
    """Neighbours on the keyboard and in the alphabet, both ways, longest first."""
    rows = [way for row in ROWS for way in (row, row[::-1])]
    found = {row[start:end] for row in rows for start in range(len(row)) for end in range(start + RUN, len(row) + 1)}
    return tuple(sorted(found, key=len, reverse=True))


def _repeats(text: str) -> bool:
    sizes = range(1, min(RUN, len(text) // 2) + 1)
    return any(text == text[:size] * (len(text) // size) for size in sizes if len(text) % size == 0)


def _is_personal(folded: str, personal: Iterable[str]) -> bool:
    bare = FILLING.sub("", folded)
    known = {FILLING.sub("", part) for word in personal for part in (_fold(word), _fold(word).partition("@")[0])}
    return bool(bare) and bare in known


def _fold(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()
