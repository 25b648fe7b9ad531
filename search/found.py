"""What an engine found, before the facets get their labels."""

from typing import NamedTuple

from search.answer import Hit
from search.facets import Counts


class Found(NamedTuple):
    hits: tuple[Hit, ...]
    total: int
    counts: Counts
    relaxed: bool
    dropped: tuple[str, ...] = ()
