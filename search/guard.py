"""Looks after the index for ever: a quick look every few seconds, a comparison now and then, leftovers swept, and one
that another release made is made anew.

A comparison that nothing calls for is spread out, a tenth of the time at work; one that is urgent makes haste.
At each look the worker gives back the memory that it no longer needs, whoever took it.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable

import structlog

from models.database import LOST
from search.admin import SearchAdmin
from search.buckets import BUCKETS
from search.client import SearchClient, SearchDown, SearchRefused, TaskFailed
from search.feed import ALIVE_S
from search.locks import dedicated, stopped
from search.memory import give_back
from search.rebuild import Busy, rebuild, sweep
from search.reconcile import reconcile
from search.terms import forgives_typos

LOOK_S = 10.0
COMPARE_S = 300.0
SLICE = BUCKETS // 16
PAUSES = 9  # as long as the work
TROUBLE = (Busy, SearchDown, SearchRefused, TaskFailed, *LOST)

# Documents that the index should hold, where no change is on its way.
QUIET_COUNT = """
SELECT count(*) FROM product_search WHERE NOT EXISTS (SELECT FROM search_change)
HAVING NOT EXISTS (SELECT FROM search_change)
"""

Bump = Callable[[], Awaitable[bool]]
log = structlog.get_logger("search.guard")


async def keep_true(
    database_url: str,
    client: SearchClient,
    stop: asyncio.Event,
    *,
    bump: Bump,
    look_s: float = LOOK_S,
    compare_s: float = COMPARE_S,
) -> None:
    """Until told to stop. An engine or a database that is down is looked for again at the next turn."""
    compared, told, turn, look = float("-inf"), False, 0, Look(database_url, client)
    while not stop.is_set():
        try:
            told = told or await _tell_of_typos(database_url)
            urgent = await look.wrong()
            if urgent or time.monotonic() - compared > compare_s:
                await sweep(database_url, client)
                await _renew(database_url, client, bump)
                leisure = Leisure(look, stop, look_s=look_s, urgent=urgent)
                if await reconcile(database_url, client, whole=slice_of(turn), breathe=leisure.pause) is not None:
                    compared, turn = time.monotonic(), turn + 1
        except TROUBLE as error:
            log.warning("the search index cannot be compared now", error=str(error))
        give_back()
        await stopped(stop, look_s)


class Leisure:
    """The pauses of one comparison: none once it is urgent, which is looked at every `look_s`, or told to stop."""

    def __init__(self, look: "Look", stop: asyncio.Event, *, look_s: float, urgent: bool) -> None:
        self._look = look
        self._stop = stop
        self._look_s = look_s
        self._urgent = urgent
        self._looked = time.monotonic()

    async def pause(self, worked_s: float) -> None:
        give_back()
        if self._urgent or await stopped(self._stop, worked_s * PAUSES):
            return
        if time.monotonic() - self._looked > self._look_s:
            self._urgent = await self._look.wrong()
            self._looked = time.monotonic()


def slice_of(turn: int) -> range:
    """The buckets whose documents are compared field by field: a sixteenth a turn, every one in sixteen turns."""
    first = turn * SLICE % BUCKETS
    return range(first, first + SLICE)


async def _renew(database_url: str, client: SearchClient, bump: Bump) -> None:
    """An index whose documents have another form, because another release made it, is made anew beside the old one."""
    if await client.created_at(client.index) is not None and await SearchAdmin(client).outdated(client.index):
        log.info("the search index is of another release: making it anew", index=client.index)
        done = await rebuild(database_url, client, bump=bump)
        log.info("made the search index anew", products=done.products, seconds=round(done.seconds, 1))


async def _tell_of_typos(database_url: str) -> bool:
    """Once, at the start: a server without pg_trgm forgives no typos while the engine is down."""
    async with dedicated(database_url) as connection:
        if not await forgives_typos(connection):
            log.warning("this PostgreSQL has no pg_trgm: while the search engine is down, typos find nothing")
    return True


class Look:
    """Whether the number of documents is what it should be. PostgreSQL, which counts for long, is asked only where the
    engine's own number is another one than when both agreed; one that is silent for `patience_s` is given up, for the
    next look is soon."""

    def __init__(self, database_url: str, client: SearchClient, *, patience_s: float = ALIVE_S) -> None:
        self._url = database_url
        self._client = client
        self._patience_s = patience_s
        self._agreed = -1

    async def wrong(self) -> bool:
        """At two looks, while nothing is on its way."""
        if await self._client.created_at(self._client.index) is None:
            return False
        if await self._client.count(self._client.index) == self._agreed:
            return False
        async with dedicated(self._url, patience_s=self._patience_s) as connection:
            for _ in range(2):
                wanted = await connection.fetchval(QUIET_COUNT)
                if wanted is None:
                    return False
                if wanted == await self._client.count(self._client.index):
                    self._agreed = wanted
                    return False
        return True
