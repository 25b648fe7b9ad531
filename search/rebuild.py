"""Rebuilds the index without a failed or shrunken search: fill another, replay what changed, swap, drop the old one.

The drainer keeps serving the old index meanwhile, and notes what it drained; only the last replay and the swap pause
it. Killed half way, the old index still answers, and the next sweep removes what is left over.
"""

import time
from collections import deque
from collections.abc import Awaitable, Callable, Collection
from typing import NamedTuple
from uuid import UUID

import structlog

from models.database import Connection
from search.admin import SearchAdmin
from search.client import SearchClient
from search.feed import demand_alive
from search.locks import BATCH, REBUILD, dedicated, holding, try_lock
from search.managed import read_managed
from search.pace import Pace
from search.source import count_sellable, read_documents, read_sellable_page
from search.stored import discard_between, keep_beside, write_both
from search.writer import Batch, send

MARK = "_rebuild_"
REPLAY_PAGE = 1_000
SMALL = 200
PAGE = 2_000
AHEAD = 16
"""Pages sent ahead: a batch of a few thousand products costs the engine twice as much for each as one of many."""

Progress = Callable[[int, int], None]
log = structlog.get_logger("search.rebuild")


class Busy(Exception):
    """Another rebuild is running."""


class Rebuilt(NamedTuple):
    """`replayed`: products that changed while the index was filled."""

    products: int
    replayed: int
    seconds: float


def unseen(done: int, total: int) -> None:
    """The default progress."""


async def rebuild(
    database_url: str,
    client: SearchClient,
    *,
    bump: Callable[[], Awaitable[bool]],
    progress: Progress = unseen,
    page: int = PAGE,
) -> Rebuilt:
    """`page`: products read at a time. Raises Busy, SearchDown, SearchRefused, TaskFailed; the old index is untouched
    then."""
    started = time.monotonic()
    async with dedicated(database_url) as connection:
        words = await read_managed(connection)
        admin = SearchAdmin(client, words)
        if not await try_lock(connection, REBUILD):
            raise Busy("Another rebuild is running; wait for it to end.")
        await _sweep(connection, client, admin)
        target = f"{client.index}{MARK}{int(time.time() * 1000)}"
        await admin.create(target)
        await connection.execute("CREATE TEMPORARY TABLE seen AS SELECT id FROM search_change")
        await connection.execute("INSERT INTO search_rebuild (index_uid) VALUES ($1)", target)
        products = await _fill(connection, client, target, progress, page)
        replayed = await _replay(connection, client, target, until=SMALL)
        async with holding(connection, BATCH):
            replayed += await _replay(connection, client, target, until=0)
            replaced = await _take_over(connection, client, admin, target)
            await connection.execute("DELETE FROM search_change WHERE id IN (SELECT id FROM seen)")
            await _forget(connection)
        if (taught := await read_managed(connection)) != words:  # while the index was filled
            await SearchAdmin(client, taught).apply_settings(client.index)
        await bump()
        if replaced:
            await admin.delete(target)
    return Rebuilt(products, replayed, time.monotonic() - started)


async def sweep(database_url: str, client: SearchClient) -> int:
    """Remove what a killed rebuild left; nothing while one is running. Returns how many indexes were removed."""
    async with dedicated(database_url) as connection:
        if not await try_lock(connection, REBUILD):
            return 0
        return await _sweep(connection, client, SearchAdmin(client))


async def _sweep(connection: Connection, client: SearchClient, admin: SearchAdmin) -> int:
    await _forget(connection)
    orphans = await admin.names(client.index + MARK)
    for orphan in orphans:
        await admin.delete(orphan)
        log.info("swept an unfinished index", index=orphan)
    return len(orphans)


async def _forget(connection: Connection) -> None:
    async with connection.transaction():
        await connection.execute("DELETE FROM search_rebuild")
        await connection.execute("DELETE FROM search_replay")


async def _fill(connection: Connection, client: SearchClient, target: str, progress: Progress, page: int) -> int:
    """Every sellable product in keyset pages, into the index and `product_search`; what is not sellable leaves both.

    While an index is served, a page at a time, so that edits never wait long behind one. Where there is none, nobody
    waits for anything but the end: pages are sent ahead, of which the engine makes batches as large as it likes.
    """
    served = await client.created_at(client.index) is not None
    floor, ceiling, ahead = (1_000, 8_000, 0) if served else (page, page, AHEAD)
    pace = Pace(start=page, floor=floor, ceiling=ceiling, target_s=2.5)
    total, done, sent = await count_sellable(connection), 0, deque[int]()
    after: UUID | None = None
    progress(0, total)
    while True:
        asked, started = pace.size, time.monotonic()
        ids = await read_sellable_page(connection, after, asked)
        last = ids[-1] if len(ids) == asked else None
        await discard_between(connection, after, last, kept=ids)
        if ids:
            batch = Batch.of(ids, await read_documents(connection, ids))
            sent += await keep_beside(connection, batch, send(client, target, batch))
        while sent and (last is None or len(sent) > ahead):
            await client.wait(sent.popleft())
        done += len(ids)
        progress(done, max(total, done))
        pace.took(len(ids), time.monotonic() - started)
        if last is None:
            return done
        after = last


async def _replay(connection: Connection, client: SearchClient, target: str, *, until: int) -> int:
    """Reread what the drainer noted, page by page, until at most `until` products are left."""
    replayed = 0
    while await connection.fetchval("SELECT count(*) FROM search_replay") > until:
        rows = await connection.fetch(
            """DELETE FROM search_replay WHERE product_id IN (SELECT product_id FROM search_replay LIMIT $1)
               RETURNING product_id""",
            REPLAY_PAGE,
        )
        await _write(connection, client, target, sorted(row["product_id"] for row in rows))
        replayed += len(rows)
    return replayed


async def _write(connection: Connection, client: SearchClient, target: str, ids: Collection[UUID]) -> None:
    if ids:
        batch = Batch.of(ids, await read_documents(connection, ids))
        await write_both(connection, client, target, batch)


async def _take_over(connection: Connection, client: SearchClient, admin: SearchAdmin, target: str) -> bool:
    """In one step, so that no search ever meets an empty index. Whether there was another, which is now `target`.

    Not where the connection is lost, and with it the pause of the drainer, whose batches `target` would lack.
    """
    missing = await client.created_at(client.index) is None
    await demand_alive(connection)
    if missing:
        await admin.rename(target, client.index)
        return False
    await admin.swap(client.index, target)
    return True
