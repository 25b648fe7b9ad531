"""Puts a page together where merchandising pins or boosts: from Meilisearch's answers to `plan.arranged_queries`."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol, TypeVar

from search.curation import Places
from search.query import Search


class Hit(Protocol):
    @property
    def id(self) -> str: ...


H = TypeVar("H", bound=Hit)


class Lanes(NamedTuple):
    """How many boosted and other matches there are, and where the pins that were found stand among them."""

    boosted: int
    rest: int
    places: Places

    @classmethod
    def of(cls, search: Search, pins: Sequence[Hit], boosted: int, rest: int) -> "Lanes":
        found = {pin.id for pin in pins}
        positions = [position for position, product in search.curation.pins if product in found]
        return cls(boosted, rest, Places.of(positions, boosted + rest))

    @property
    def total(self) -> int:
        return self.boosted + self.rest + len(self.places.slots)

    def rest_window(self, search: Search) -> tuple[int, int]:
        """Which of the other matches stand on the page: (offset, how many at most)."""
        offset, count = self.places.window((search.page - 1) * search.per_page, search.per_page)
        from_boosted = min(max(self.boosted - offset, 0), count)
        return max(offset - self.boosted, 0), count - from_boosted


def fetched_from(search: Search) -> int:
    """The offset of the windows that `plan.arranged_queries` asks for."""
    return max(0, (search.page - 1) * search.per_page - len(search.curation.pins))


def page_of(search: Search, lanes: Lanes, pins: Sequence[H], boosted: Sequence[H], rest: Sequence[H]) -> list[H]:
    """`boosted` from `fetched_from` on, `rest` exactly its window."""
    first, size = (search.page - 1) * search.per_page, search.per_page
    offset, count = lanes.places.window(first, size)
    start = offset - fetched_from(search)
    others = [*boosted[start : start + min(max(lanes.boosted - offset, 0), count)], *rest]
    order = {product: position for position, product in search.curation.pins}
    return lanes.places.page(first, size, sorted(pins, key=lambda pin: order[pin.id]), others[:count])
