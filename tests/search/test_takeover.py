"""Whose line to PostgreSQL broke while it wrote: what it sends after its successor must not stay in the index."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime

import pytest

from models.database import LOST, pool
from search.client import SearchClient
from search.locks import DRAINER, REBUILD, dedicated, lock_or_stop
from search.rebuild import rebuild
from search.sync import Drainer
from tests.factories import make_product, make_seller
from tests.search.conftest import running
from tests.search.rows import waiting
from tests.wait import until


class Late(SearchClient):
    """Its first documents are on their way for as long as `meanwhile` takes; then the engine has indexed them."""

    meanwhile: Callable[[], Awaitable[None]] | None = None
    arrived: asyncio.Event

    async def put_documents(self, index: str, lines: bytes, *, partial: bool = False) -> int:
        if self.meanwhile is None:
            return await super().put_documents(index, lines, partial=partial)
        meanwhile, self.meanwhile = self.meanwhile, None
        await meanwhile()
        task = await super().put_documents(index, lines, partial=partial)
        await self.wait(task)
        self.arrived.set()
        return task


class Cut(SearchClient):
    """Before it says that there is an index for the second time, when one is to take its place, `meanwhile` happens."""

    meanwhile: Callable[[], Awaitable[None]]
    told = 0

    async def created_at(self, index: str) -> datetime | None:
        self.told += 1
        if self.told == 2:
            await self.meanwhile()
        return await super().created_at(index)


async def break_line(lock: int) -> None:
    """Of whoever holds the lock."""
    assert await pool().fetchval(
        """SELECT bool_and(pg_terminate_backend(pid)) FROM pg_locks WHERE locktype = 'advisory' AND objid = $1
              AND database = (SELECT oid FROM pg_database WHERE datname = current_database())""",
        lock,
    )


async def test_an_old_batch_that_arrives_after_its_successors_new_one_is_mended(
    settings, database, client, drain, drainer, bumps, ask
):
    product = await make_product(await make_seller(), name="Vase")
    await drain()
    late = Late(settings.search.url, settings.search.api_key, index=settings.search.index, timeout_ms=30_000)
    late.arrived = asyncio.Event()

    async def successor() -> None:
        await break_line(DRAINER)
        await pool().execute("UPDATE product SET name = 'Bowl' WHERE id = $1", product)
        async with dedicated(settings.database.url) as connection:
            assert await lock_or_stop(connection, DRAINER, asyncio.Event(), poll_s=0.01)
            while await waiting():
                await drainer.drain_once(connection)
        assert (await ask(q="bowl")).total == 1

    async def mended() -> bool:
        return [hit.name for hit in (await ask(q="bowl")).hits] == ["Bowl"] and not (await ask(q="jug")).total

    try:
        late.meanwhile = successor
        await pool().execute("UPDATE product SET name = 'Jug' WHERE id = $1", product)
        async with running(Drainer(settings.database.url, late, bump=bumps, poll_ms=5)):
            await asyncio.wait_for(late.arrived.wait(), 30)
            await until(mended)
    finally:
        await late.close()


async def test_a_rebuild_whose_line_broke_puts_no_index_in_place_that_lacks_what_was_drained_since(
    settings, database, client, drain, ask, bumps
):
    product = await make_product(await make_seller(), name="Vase")
    await drain()
    cut = Cut(settings.search.url, settings.search.api_key, index=settings.search.index, timeout_ms=30_000)

    async def edit_and_drain() -> None:
        await break_line(REBUILD)
        await pool().execute("UPDATE product SET name = 'Bowl' WHERE id = $1", product)
        await drain()

    cut.meanwhile = edit_and_drain
    try:
        with pytest.raises(LOST):
            await rebuild(settings.database.url, cut, bump=bumps)
    finally:
        await cut.close()
    assert [hit.name for hit in (await ask(q="bowl")).hits] == ["Bowl"]
