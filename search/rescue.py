"""Help for a search that found nothing, too little or by another spelling: what was meant, which filter is in the way,
what others buy here. All of it is one further question to the same engine, asked only where there is need.

Where only fewer words would find anything, whatever the filters, up to RELAXED_TRIED of them are tried one by one.
"""

import asyncio
from collections.abc import Sequence
from typing import Protocol

import msgspec
import structlog

from models.database import LOST
from search.answer import Instead, SearchAnswer, Without
from search.found import Found
from search.query import Search
from search.spelling import respelt, unseen

FILTERS_TRIED = 8
RELAXED_TRIED = 3
POPULAR = 8
RESPELT_S = 0.5

log = structlog.get_logger("search")


class Engine(Protocol):
    async def search(self, search: Search, /) -> SearchAnswer: ...

    async def several(self, searches: Sequence[Search], /) -> list[Found]: ...


async def rescue(engine: Engine, search: Search, answer: SearchAnswer) -> SearchAnswer:
    """The answer with what helps; as it is where all is well, which costs nothing more than a look at its names."""
    meant = await _respelt(search, answer) if search.q and search.page == 1 else None
    groups = [] if answer.total else sorted(search.chosen())[:FILTERS_TRIED]
    places = [] if answer.total else list(dict.fromkeys((search.category, "")))
    tries = [_small(search, q=meant)] if meant else []
    tries += [_small(search).without(group) for group in groups]
    tries += [Search(category=place, in_stock=True, facets=(), per_page=POPULAR) for place in places]
    if not tries:
        return answer
    found = await engine.several(tries)
    if meant and not found.pop(0).total:
        meant = None
    if answer.total:
        return msgspec.structs.replace(answer, did_you_mean=meant)
    totals = [one.total for one in found[: len(groups)]]
    if groups and not any(totals) and " " in search.q:
        tried = (engine.search(_small(search).without(group)) for group in groups[:RELAXED_TRIED])
        totals = [one.total for one in await asyncio.gather(*tried)]
    return msgspec.structs.replace(
        answer, did_you_mean=meant, instead=_instead(groups, totals, places, found[len(groups) :])
    )


async def _respelt(search: Search, answer: SearchAnswer) -> str | None:
    """Another spelling, which may find something or not; none where PostgreSQL takes long or is away."""
    hits = answer.hits if not answer.relaxed else ()
    if not unseen(search.q, hits):
        return None
    try:
        async with asyncio.timeout(RESPELT_S):
            text = await respelt(search.q, hits)
    except (TimeoutError, *LOST) as error:
        log.warning("no other spelling could be looked for", error=repr(error))
        return None
    return text if text != search.q else None


def _instead(groups: Sequence[str], totals: Sequence[int], places: Sequence[str], popular: Sequence[Found]) -> Instead:
    """What sells in the category; everywhere where it has nothing."""
    shown = next((place for place, found in enumerate(popular) if found.total), len(places) - 1)
    ways = zip(groups, totals, strict=False)
    return Instead(
        without=tuple(Without(filter=group, total=total) for group, total in ways if total),
        category=places[shown],
        popular=popular[shown].hits,
    )


def _small(search: Search, **changes: str) -> Search:
    """Only whether there is anything."""
    return msgspec.structs.replace(search, page=1, per_page=1, facets=(), **changes)
