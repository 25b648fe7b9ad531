"""Meilisearch's answers to a multi-search, decoded: hits, totals and counts as the engine wants them."""

from collections.abc import Sequence

import msgspec

from search import plan, slots
from search.answer import Hit
from search.facets import Counts


class Formatted(msgspec.Struct):
    name: str = ""


class FoundHit(Hit, frozen=True, kw_only=True):
    """A hit as soon as it is decoded, for there are many of them: what is unset is not encoded again."""

    formatted: Formatted | msgspec.UnsetType = msgspec.field(default=msgspec.UNSET, name="_formatted")

    def __post_init__(self) -> None:
        if self.formatted is not msgspec.UNSET:
            msgspec.structs.force_setattr(self, "highlight", self.formatted.name)
            msgspec.structs.force_setattr(self, "formatted", msgspec.UNSET)


class Ends(msgspec.Struct):
    min: float
    max: float


class Result(msgspec.Struct, rename="camel"):
    hits: list[FoundHit]
    total_hits: int = 0
    facet_distribution: dict[str, dict[str, int]] = {}
    facet_stats: dict[str, Ends] = {}


class Results(msgspec.Struct):
    results: list[Result]


class Product(msgspec.Struct):
    slug: str
    name: str
    image: str
    price_minor: int
    currency: str
    formatted: Formatted = msgspec.field(name="_formatted")


class Products(msgspec.Struct):
    hits: list[Product]


class SuggestedResults(msgspec.Struct):
    results: list[Products]


def counts_of(facets: Sequence[plan.Facets], results: Sequence[Result]) -> Counts:
    counts = Counts({}, {})
    for facet, result in zip(facets, results, strict=True):
        for group in facet.groups:
            listed = result.facet_distribution.get(plan.attribute_of(group))
            if slots.shares(key := plan.spec_of(group)):
                counts.learn(group, slots.read(key, listed or {}))
                continue
            if listed:
                counts.add(group, listed)
            if stats := result.facet_stats.get(plan.ENDS.get(group, plan.attribute_of(group))):
                counts.ends[group] = (stats.min, stats.max)
    return counts
