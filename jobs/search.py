"""What the operator changed about the search, brought to the index and the cache; popular queries; what is too old."""

from functools import partial

import msgspec

from jobs.registry import job, scheduled
from models.database import pool
from models.errors import Unavailable
from models.search_log import count_popular, forget_old, list_popular
from search import tags
from search.admin import SearchAdmin
from search.client import SearchDown
from search.engine import Engine
from search.managed import read_managed
from search.query import Search, SearchQuery, normalise
from search.rescue import rescue
from server.cache import Body
from server.context import Context

WARMED = 20


@job("search.settings")
async def apply_settings(context: Context, _: dict[str, str]) -> None:
    """The present words, whichever job brings them; an index that is missing gets them when it is made."""
    client = context.search.client
    applied = None
    try:
        if await client.created_at(client.index) is None:
            return
        while applied != (wanted := await read_managed(pool())):  # whoever is last leaves what is true
            await SearchAdmin(client, wanted).apply_settings(client.index)
            applied = wanted
    except SearchDown as error:
        raise Unavailable("The search engine does not answer; look again.") from error
    if not await context.cache.bump():
        raise Unavailable("The cache does not answer; look again.")


@job("search.forget")
async def forget_answers(context: Context, _: dict[str, str]) -> None:
    if not await context.cache.forget():
        raise Unavailable("The cache does not answer; look again.")


@scheduled("*/5 * * * *")
async def count_popular_queries(context: Context) -> None:
    """What many ask for is suggested to others."""
    wanted = context.settings.analytics
    await count_popular(days=wanted.popular_days, least=wanted.popular_min)


@scheduled("17 * * * *")
async def forget_old_searches(context: Context) -> None:
    await forget_old(keep_days=context.settings.analytics.keep_days)


@scheduled("* * * * *")
async def warm_cache(context: Context) -> None:
    """The most popular searches are answered from the cache, one after the other: computed only where they are not."""
    for query in await list_popular(WARMED):
        wanted = normalise(SearchQuery(q=query))
        await context.cache.answer(wanted.key(), partial(_answer, context.search, wanted))


async def _answer(engine: Engine, wanted: Search) -> Body:
    found = await rescue(engine, wanted, await engine.search(wanted))
    return Body(msgspec.json.encode(found), not found.degraded, tags.of_search(wanted, found))
