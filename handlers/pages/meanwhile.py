"""A form that stands open while what it shows goes on changing: by sales, an import, another tab, the operator.

It carries in one field what it was filled with. What nobody altered in it follows the present state; what was altered
here and elsewhere is refused once, with the present value beside it, and kept when it is sent again.
"""

import hashlib
from collections.abc import Callable
from typing import NamedTuple

import msgspec

from handlers.pages.forms import read_money, read_units
from models.errors import FieldError, Invalid
from models.plain_text import plain_text
from web.filters import rupees

WAS = "was"
SHORT_MAX, TOLD_MAX = 60, 1_000
NUMBERS: dict[str, tuple[Callable[[str, str], int], Callable[[int], str]]] = {
    "price": (read_money, rupees),
    "mrp": (read_money, rupees),
    "stock": (read_units, str),
}
"""By the beginning of a field's name: how it is read, and written again."""


class Edit(NamedTuple):
    """`form`: what was typed, and of each field that was not altered the present value. `was`: what the form had been
    filled with, `now`: what it would be filled with; `moved`: fields that were altered here and elsewhere.
    """

    form: dict[str, str]
    was: dict[str, str]
    now: dict[str, str]
    moved: list[str]

    def alters(self, name: str) -> bool:
        return meaning(name, self.form.get(name, "")) != meaning(name, self.now.get(name, ""))

    def told(self) -> dict[str, str]:
        """The form once what moved is told: sent again, it wins."""
        return {**self.form, WAS: self.now[WAS]}


def carrying(form: dict[str, str], whole_of: Callable[[str], str] = str) -> dict[str, str]:
    """A form as it is first shown, with what it is filled with. `whole_of` names the field that stands for one which is
    only a part of it.
    """
    said = {name: meaning(name, text) for name, text in form.items() if text and whole_of(name) == name}
    return {**form, WAS: _encoded(said)}


def read_was(form: dict[str, str]) -> dict[str, str]:
    """Nothing where it is missing or not ours: whatever differs from the present has moved then, and is told."""
    try:
        return msgspec.json.decode(form.get(WAS, ""), type=dict[str, str])
    except msgspec.DecodeError:
        return {}


def rebased(sent: dict[str, str], now: dict[str, str], whole_of: Callable[[str], str] = str) -> Edit:
    """A form as it was sent onto what it would be filled with now; a field that was emptied is absent from `sent`."""
    was, moved, follow = read_was(sent), list[str](), set[str]()
    form = {**dict.fromkeys(now, ""), **sent}
    for name in {**now, **was}:
        if name == WAS or whole_of(name) != name:
            continue
        mine, theirs, old = meaning(name, sent.get(name, "")), meaning(name, now.get(name, "")), was.get(name, "")
        if mine == old:
            follow.add(name)
        elif theirs not in (old, mine):
            moved.append(name)
    form |= {name: now.get(name, "") for name in {**now, **sent} if whole_of(name) in follow}
    untold = {name: was.get(name, "") for name in moved}
    return Edit({**form, WAS: _encoded({**read_was(now), **untold})}, was, now, moved)


def changed_meanwhile(name: str, value: str) -> FieldError:
    short = value if len(value) <= TOLD_MAX else f"{value[:TOLD_MAX]}…"
    is_now = f"“{short}”" if short else "empty"
    return FieldError(name, f"changed meanwhile: it is {is_now} now. Save again to keep what you typed")


def meaning(name: str, text: str) -> str:
    """What is compared, so that ₹1,299 is the price 1299; a digest of what is long."""
    kind = name.partition("-")[0]
    if kind in NUMBERS:
        read, written = NUMBERS[kind]
        try:
            return written(read(name, text))
        except Invalid:
            return text.strip()[:SHORT_MAX]
    said = plain_text(text.replace("\r\n", "\n")) if name == "description" else " ".join(text.split())
    return said if len(said) <= SHORT_MAX else hashlib.blake2b(said.encode(), digest_size=16).hexdigest()


def _encoded(said: dict[str, str]) -> str:
    return msgspec.json.encode(said).decode()
