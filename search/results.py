"""Meilisearch's answers to a multi-search, decoded: hits, totals and counts as the engine wants them."""

from collections.abc import Sequence
from typing import Any

import msgspec

from search import plan, slots
from search.answer import Hit
from search.facets import Counts


class Formatted(msgspec.Struct):
    name: str = ""


class FoundHit(Hit, frozen=True, kw_only=True):
    formatted: Formatted | None = msgspec.field(default=None, name="_formatted")


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


def hit_of(hit: FoundHit) -> Hit:
    values: dict[str, Any] = {name: getattr(hit, name) for name in Hit.__struct_fields__}
    values["highlight"] = hit.formatted.name if hit.formatted else None
    return Hit(**values)


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
