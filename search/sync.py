"""The drainer: carries every change that the feed names into `product_search` and the index, and only then forgets it.

One drainer at a time, under an advisory lock on a connection of its own; one batch in flight; edits before bulk, in
turns. A batch that fails keeps its rows. While Meilisearch is down, PostgreSQL's own documents are still kept fresh.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Collection, Mapping
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

import asyncpg
import msgspec
import structlog

from models.database import LOST, Connection
from search import metrics
from search.client import SearchClient, SearchDown, SearchRefused, TaskFailed
from search.feed import Change, anything_waits, delete_changes, enqueue_products, queue_age, read_after, read_changes
from search.locks import BATCH, DRAINER, dedicated, holding, lock_or_stop, stopped
from search.managed import read_managed
from search.pace import Pace, Suspects
from search.rebuild import Busy, rebuild
from search.rules import read_pinned
from search.source import read_documents
from search.stored import keep, read_told, stored_since, write_both
from search.tags import NOT_FOR_SALE, Told, read, touched
from search.writer import Batch

Tags = Collection[int]
SKEW = timedelta(seconds=60)
BACKOFF_MAX_S = 2.0
MEANWHILE = 1_000
LOOK_S = 5.0
FLOOD_ROWS = 50_000
TOLD_MAX = 200
"""A batch of more products touches everything."""
REFUSALS = (TaskFailed, SearchRefused, msgspec.MsgspecError, asyncpg.DataError)

log = structlog.get_logger("search.sync")


class Bump(Protocol):
    """Moves the cache's generation on and says whether it could; without tags everything may have changed."""

    def __call__(self, tags: Tags | None = None, /) -> Awaitable[bool]: ...


class Missing(Exception):
    """There is no index of ours."""


class Drainer:
    """`bump` is tried again until it could. What was touched is told only while nothing has failed since the last one:
    after a failure nobody knows what the index was like, nor does a drainer that has just begun.
    """

    def __init__(
        self, database_url: str, client: SearchClient, *, bump: Bump, poll_ms: int = 50, look_s: float = LOOK_S
    ) -> None:
        self._url = database_url
        self._client = client
        self._bump = bump
        self._poll_s = poll_ms / 1000
        self._look_s = look_s
        self._edits = Pace(start=1_000, floor=1_000, ceiling=1_000, target_s=1.0)
        self._bulk = Pace(start=1_000, floor=1_000, ceiling=4_000, target_s=1.5)
        self._flood = Pace(start=10_000, floor=5_000, ceiling=20_000, target_s=10.0)
        self._waiting = 0
        self._suspects = Suspects()
        self._bump_due = False
        self._sure = False
        self._down_s = 0.0
        self._stored_up_to = 0
        self._unconfirmed: set[UUID] = set()

    async def run(self, stop: asyncio.Event) -> None:
        """Drain until told to stop; the batch in flight is finished. A lost database is connected to again."""
        while not stop.is_set():
            try:
                async with dedicated(self._url) as connection:
                    await self._send_again(connection)
                    if await lock_or_stop(connection, DRAINER, stop):
                        await self._drain(connection, stop)
            except LOST as error:
                log.warning("the drainer lost its database", error=repr(error))
                await stopped(stop, 1.0)

    async def drain_once(self, connection: Connection) -> int:
        """One batch of edits, then one of bulk. Returns how many products were written."""
        return await self._lane(connection, bulk=False) + await self._lane(connection, bulk=True)

    async def _drain(self, connection: Connection, stop: asyncio.Event) -> None:
        looked, self._sure = float("-inf"), False  # another may have drained meanwhile, and died
        while not stop.is_set():
            metrics.HEARTBEAT.set_to_current_time()
            if time.monotonic() - looked > self._look_s:
                looked = time.monotonic()
                await self._look(connection)
                await self._prepare(connection)
            drained = await self.drain_once(connection) if await anything_waits(connection) else 0
            if self._bump_due:
                await self._move_on()
            if self._down_s or not drained:
                await stopped(stop, self._down_s or self._poll_s)

    async def _look(self, connection: Connection) -> None:
        """What waits, told with the heartbeat."""
        self._waiting, age_s = await queue_age(connection)
        metrics.HEARTBEAT.set_to_current_time()
        metrics.WAITING.set(self._waiting)
        metrics.AGE.set(age_s)

    @asynccontextmanager
    async def _looking(self, connection: Connection) -> AsyncIterator[None]:
        """Goes on looking during the block, which takes minutes and leaves the connection alone."""
        ended = asyncio.Event()

        async def look() -> None:
            while not await stopped(ended, self._look_s):
                await self._look(connection)

        looks = asyncio.create_task(look())
        try:
            yield
        finally:
            ended.set()
            await looks

    async def _send_again(self, connection: Connection) -> None:
        """Of what was sent when the line broke nobody knows whether another drainer had sent something newer before."""
        if self._unconfirmed:
            await enqueue_products(connection, self._unconfirmed, bulk=len(self._unconfirmed) > TOLD_MAX)
            self._unconfirmed.clear()

    async def _lane(self, connection: Connection, *, bulk: bool) -> int:
        pace = self._pace(bulk=bulk)
        started, sure = time.monotonic(), self._sure
        changes = await read_changes(connection, bulk=bulk, limit=pace.size, without=self._suspects.held())
        if not changes:
            return 0
        self._sure = False  # until it is done
        try:
            async with holding(connection, BATCH):
                await self._carry(connection, changes, bulk=bulk, sure=sure)
        except Missing:
            await self._restore(connection)
            return 0
        except SearchDown as error:
            await self._wait_for_engine(connection, changes, error)
            return 0
        except REFUSALS as error:
            self._isolate(changes, pace, error)
            return 0
        self._down_s, self._stored_up_to, self._sure = 0.0, 0, True
        pace.took(len(changes), time.monotonic() - started)
        return len(changes)

    def _pace(self, *, bulk: bool) -> Pace:
        """A catalogue that is loaded whole goes in large batches: being done soon serves it; edits wait longer."""
        if not bulk:
            return self._edits
        return self._flood if self._waiting > FLOOD_ROWS else self._bulk

    async def _carry(self, connection: Connection, changes: list[Change], *, bulk: bool, sure: bool) -> None:
        """Reread, write to PostgreSQL and the index side by side, wait, bump, and only then delete the rows."""
        made = await self._client.created_at(self._client.index)
        if made is None:
            raise Missing
        wanted = [change.product_id for change in changes]
        partial = await self._partial(connection, changes, made) if bulk else set()
        before = await read_told(connection, wanted) if sure and len(wanted) <= TOLD_MAX else None
        batch = Batch.of(wanted, await read_documents(connection, wanted))
        self._unconfirmed.update(wanted)
        await write_both(connection, self._client, self._client.index, batch, partial=partial)
        await self._move_on(None if before is None else await _touched(connection, changes, before, batch))
        now = await delete_changes(connection, changes)
        self._unconfirmed.difference_update(wanted)
        for change in changes:
            self._suspects.release(change.product_id)
        self._observe(changes, now, bulk=bulk)

    async def _prepare(self, connection: Connection) -> None:
        """An index that is missing is made also while nothing changes: the shop is new, or the engine lost its data."""
        try:
            missing = await self._client.created_at(self._client.index) is None
        except (SearchDown, SearchRefused) as error:
            log.warning("the search index cannot be looked at yet", error=str(error))
        else:
            if missing:
                await self._restore(connection)

    async def _restore(self, connection: Connection) -> None:
        """Make the index that is missing, whole before the first search meets it: until then PostgreSQL answers."""
        try:
            async with self._looking(connection):
                done = await rebuild(self._url, self._client, bump=self._move_on)
        except (Busy, SearchDown, *REFUSALS) as error:
            log.warning("the search index cannot be made yet", error=str(error))
        else:
            log.info("made the search index", products=done.products, seconds=round(done.seconds, 1))

    async def _move_on(self, tags: Tags | None = None) -> bool:
        """Of a bump that is due from before nobody remembers the tags."""
        self._bump_due = not await self._bump(None if self._bump_due else tags)
        return not self._bump_due

    async def _partial(self, connection: Connection, changes: list[Change], made: datetime) -> set[UUID]:
        """Products whose whole document is surely in this very index, and of which only price, stock or counts changed.

        A partial update of an unknown id would create a crippled document.
        """
        return await stored_since(connection, [c.product_id for c in changes if not c.full], made + SKEW)

    async def _wait_for_engine(self, connection: Connection, changes: list[Change], error: SearchDown) -> None:
        """Back off; meanwhile PostgreSQL, which answers in the engine's place, gets all changes."""
        if not self._down_s:
            log.warning("the search engine does not answer: changes wait", error=str(error))
            self._stored_up_to = min(row for change in changes for row in change.rows) - 1
        metrics.FAILURES.inc()
        self._down_s = min(max(self._down_s * 2, 0.1), BACKOFF_MAX_S)
        further, self._stored_up_to = await read_after(connection, self._stored_up_to, MEANWHILE)
        if further:
            await keep(connection, Batch.of(further, await read_documents(connection, further)))

    def _isolate(self, changes: Collection[Change], pace: Pace, error: Exception) -> None:
        metrics.FAILURES.inc()
        log.error("a batch was refused: its rows are kept", products=len(changes), error=str(error))
        if len(changes) == 1:
            self._suspects.hold(next(iter(changes)).product_id)
        else:
            pace.failed(len(changes))

    def _observe(self, changes: Collection[Change], now: datetime, *, bulk: bool) -> None:
        lane = "bulk" if bulk else "edit"
        metrics.BATCH.labels(lane).observe(len(changes))
        lag = metrics.LAG.labels(lane)
        for change in changes:
            lag.observe(max(0.0, (now - change.since).total_seconds()))


async def _touched(
    connection: Connection, changes: Collection[Change], before: Mapping[UUID, Told], batch: Batch
) -> Tags:
    managed = (await read_managed(connection)).synonyms()
    pinned = await read_pinned(connection, batch.encoded)
    found: set[int] = set()
    for change in changes:
        key, encoded = change.product_id, batch.encoded.get(change.product_id)
        was, after = before.get(key, NOT_FOR_SALE), read(encoded) if encoded else NOT_FOR_SALE
        found |= touched(was, after, whole=change.full, managed=managed, pinned=pinned.get(key, ()))
    return found
