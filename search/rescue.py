"""Help for a search that found nothing, too little or by another spelling: what was meant, which filter is in the way,
what others buy here. It asks further searches of the same engine, only where there is need."""

from collections.abc import Awaitable, Callable
from typing import Any

import msgspec

from search.answer import Instead, SearchAnswer, Without
from search.query import Search
from search.spelling import respelt

FILTERS_TRIED = 8
POPULAR = 8

Find = Callable[[Search], Awaitable[SearchAnswer]]


async def rescue(find: Find, search: Search, answer: SearchAnswer) -> SearchAnswer:
    """The answer with what helps; as it is where all is well, which costs nothing more than a look at its names."""
    meant = await _meant(find, search, answer) if search.q and search.page == 1 else None
    instead = await _instead(find, search) if not answer.total else None
    if meant is None and instead is None:
        return answer
    return msgspec.structs.replace(answer, did_you_mean=meant, instead=instead)


async def _meant(find: Find, search: Search, answer: SearchAnswer) -> str | None:
    """Another spelling that finds something with all its words."""
    text = await respelt(search.q, answer.hits if not answer.relaxed else ())
    if text is None or text == search.q:
        return None
    found = await find(_small(search, q=text))
    return text if found.total and not found.relaxed else None


async def _instead(find: Find, search: Search) -> Instead:
    without = []
    for group in sorted(search.chosen())[:FILTERS_TRIED]:
        total = (await find(_without(_small(search), group))).total
        if total:
            without.append(Without(filter=group, total=total))
    place = search.category
    popular = await find(Search(category=place, in_stock=True, facets=(), per_page=POPULAR))
    if place and not popular.total:
        place = ""
        popular = await find(Search(in_stock=True, facets=(), per_page=POPULAR))
    return Instead(without=tuple(without), category=place, popular=popular.hits)


def _without(search: Search, group: str) -> Search:
    """The search less what is chosen in one group."""
    cleared: dict[str, Any] = {
        "category": {"category": ""},
        "brand": {"brands": ()},
        "seller": {"sellers": ()},
        "price": {"price_min": None, "price_max": None},
        "rating": {"rating_min": None},
        "discount": {"discount_min": None},
        "in_stock": {"in_stock": False},
    }
    specs = tuple(spec for spec in search.specs if f"spec.{spec.key}" != group)
    return msgspec.structs.replace(search, **cleared.get(group, {"specs": specs}))


def _small(search: Search, **changes: str) -> Search:
    """Only whether there is anything."""
    return msgspec.structs.replace(search, page=1, per_page=1, facets=(), **changes)
