"""Counts of specifications that share a slot whose list was cut: asked again, each by its mark alone.

An engine lists the commonest values of a field only, whosesoever they are. Where a list is full, one further question
to each specification brings its own commonest values; where these fill a list as well, two more its lowest and highest
number. So a shared slot answers as a field of its own does; it is dearer where many values meet.
"""

import asyncio
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from search import plan, slots
from search.client import SearchClient
from search.facets import Counts
from search.index import MAX_FACET_VALUES
from search.results import Result
from search.slots import Known


async def complete(
    client: SearchClient, facets: Sequence[plan.Facets], results: Sequence[Result], counts: Counts
) -> None:
    """Adds to `counts` what full lists may lack. Raises SearchDown, SearchRefused."""
    if not (cut := list(_cut(facets, results))):
        return
    found = await asyncio.gather(*(_ask(client, query, plan.spec_of(group)) for query, group in cut))
    for (_, group), known in zip(cut, found, strict=True):
        counts.learn(group, known)


def _cut(facets: Sequence[plan.Facets], results: Sequence[Result]) -> Iterator[tuple[dict[str, Any], str]]:
    """The groups of which a full list may not tell all, each with its query."""
    for facet, result in zip(facets, results, strict=True):
        for group in facet.groups:
            listed = result.facet_distribution.get(plan.attribute_of(group), {})
            if slots.shares(plan.spec_of(group)) and len(listed) >= MAX_FACET_VALUES:
                yield facet.query, group


async def _ask(client: SearchClient, query: dict[str, Any], key: str) -> Known:
    listed = await _listed(client, query, slots.field_of(key), slots.mark(key))
    known = slots.read(key, listed)
    if known.ends is None or len(listed) < MAX_FACET_VALUES:
        return known
    low, high = await asyncio.gather(
        *(_listed(client, query, slots.ends_of(key), mark) for mark in (slots.mark(key), slots.high_mark(key)))
    )
    return Known(known.values, slots.ends_in(low, high))


async def _listed(client: SearchClient, query: dict[str, Any], field: str, mark: str) -> dict[str, int]:
    """The values of a field that begin with a mark, counted among what the query finds."""
    asked: dict[str, Any] = {name: query[name] for name in query.keys() & {"q", "filter", "matchingStrategy"}}
    asked |= {"facetName": field, "facetQuery": mark, "exhaustiveFacetCount": True}
    hits = await client.facet_search(msgspec.json.encode(asked))
    return {hit.value: hit.count for hit in hits if hit.value.startswith(mark)}
