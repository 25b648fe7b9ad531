"""What merchandising does to the results of one search, as data, and where its pins stand: pure, for both engines.

The order is: boosted products that match, in their own order, then all other matches; pins stand at their positions
among these. A pin need not match the words, only the filters. So every product is shown once, and totals hold.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple, TypeVar

import msgspec

T = TypeVar("T")


class Curation(msgspec.Struct, frozen=True, kw_only=True):
    """Products by id, brands by name. `pins` are (position from 1, product), each position once, in order."""

    pins: tuple[tuple[int, str], ...] = ()
    boosted: tuple[str, ...] = ()
    boosted_brands: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    hidden_brands: tuple[str, ...] = ()

    @property
    def arranges(self) -> bool:
        return bool(self.pins or self.boosted or self.boosted_brands)

    def only_hides(self) -> "Curation":
        """What is left of it where the shopper chose an order."""
        return Curation(hidden=self.hidden, hidden_brands=self.hidden_brands)


NOTHING = Curation()


class Ruled(NamedTuple):
    """One item of a rule."""

    action: str
    product_id: str
    brand: str
    position: int


def curation_of(items: Iterable[Ruled]) -> Curation:
    """Of several rules, the first that names a product or a brand decides; a pin whose place is taken moves down."""
    decided: dict[tuple[str, str], Ruled] = {}
    for item in items:
        decided.setdefault((item.product_id, item.brand.casefold()), item)
    pins: dict[int, str] = {}
    for item in decided.values():
        if item.action == "pin":
            position = item.position
            while position in pins:
                position += 1
            pins[position] = item.product_id

    def chosen(action: str, name: str) -> tuple[str, ...]:
        return tuple(getattr(item, name) for item in decided.values() if item.action == action and getattr(item, name))

    return Curation(
        pins=tuple(sorted(pins.items())),
        boosted=chosen("boost", "product_id"),
        boosted_brands=chosen("boost", "brand"),
        hidden=chosen("hide", "product_id"),
        hidden_brands=chosen("hide", "brand"),
    )


class Places(NamedTuple):
    """Indexes, from 0, at which the pins that were found stand among `others` further results."""

    slots: tuple[int, ...]
    others: int

    @classmethod
    def of(cls, positions: Sequence[int], others: int) -> "Places":
        """`positions` from 1, rising. Where there are too few results, the pins stand at their end."""
        return cls(tuple(min(position - 1, others + i) for i, position in enumerate(positions)), others)

    def window(self, first: int, size: int) -> tuple[int, int]:
        """Which of the others stand on the page of `size` results from `first` on: (offset, how many at most)."""
        before = sum(slot < first for slot in self.slots)
        within = sum(first <= slot < first + size for slot in self.slots)
        return first - before, size - within

    def page(self, first: int, size: int, pins: Sequence[T], others: Sequence[T]) -> list[T]:
        """The page, of all pins in the order of the slots and the others of its `window`."""
        standing = {slot: pin for slot, pin in zip(self.slots, pins, strict=True) if first <= slot < first + size}
        rest = iter(others)
        page: list[T] = []
        for index in range(first, first + size):
            shown = standing[index] if index in standing else next(rest, None)
            if shown is not None:
                page.append(shown)
        return page
