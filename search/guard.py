"""Looks after the index for ever: a quick look every few seconds, a comparison now and then, leftovers swept."""

import asyncio
import time

import structlog

from models.database import LOST
from search.client import SearchClient, SearchDown, SearchRefused, TaskFailed
from search.fallback import forgives_typos
from search.locks import dedicated, stopped
from search.rebuild import sweep
from search.reconcile import reconcile

LOOK_S = 10.0
COMPARE_S = 300.0
TROUBLE = (SearchDown, SearchRefused, TaskFailed, *LOST)

# Documents that the index should hold, where no change is on its way.
QUIET_COUNT = """
SELECT count(*) FROM product_search WHERE NOT EXISTS (SELECT FROM search_change)
HAVING NOT EXISTS (SELECT FROM search_change)
"""

log = structlog.get_logger("search.guard")


async def keep_true(database_url: str, client: SearchClient, stop: asyncio.Event, *, look_s: float = LOOK_S) -> None:
    """Until told to stop. An engine or a database that is down is looked for again at the next turn."""
    compared, told = float("-inf"), False
    while not stop.is_set():
        try:
            told = told or await _tell_of_typos(database_url)
            due = time.monotonic() - compared > COMPARE_S
            if due or await looks_wrong(database_url, client):
                await sweep(database_url, client)
                if await reconcile(database_url, client) is not None:
                    compared = time.monotonic()
        except TROUBLE as error:
            log.warning("the search index cannot be compared now", error=str(error))
        await stopped(stop, look_s)


async def _tell_of_typos(database_url: str) -> bool:
    """Once, at the start: a server without pg_trgm forgives no typos while the engine is down."""
    async with dedicated(database_url) as connection:
        if not await forgives_typos(connection):
            log.warning("this PostgreSQL has no pg_trgm: while the search engine is down, typos find nothing")
    return True


async def looks_wrong(database_url: str, client: SearchClient) -> bool:
    """The number of documents is not what it should be while nothing is on its way."""
    if await client.created_at(client.index) is None:
        return False
    async with dedicated(database_url) as connection:
        wanted = await connection.fetchval(QUIET_COUNT)
    return wanted is not None and wanted != await client.count(client.index)
