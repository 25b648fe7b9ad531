"""Whoever watches the drainer sees it also while it makes an index that is missing, which takes minutes."""

import asyncio
import time

from models.database import pool
from search.client import SearchClient
from search.sync import Drainer
from server.metrics import REGISTRY
from tests.factories import make_product, make_seller
from tests.search.conftest import running
from tests.search.rows import waiting
from tests.wait import until

told = REGISTRY.get_sample_value


class Held(SearchClient):
    """Takes the documents of a rebuild no sooner than `free`."""

    begun: asyncio.Event
    free: asyncio.Event

    async def put_documents(self, index: str, lines: bytes, *, partial: bool = False) -> int:
        self.begun.set()
        await self.free.wait()
        return await super().put_documents(index, lines, partial=partial)


async def test_while_an_index_is_made_the_drainer_tells_that_it_is_there_and_what_waits(
    settings, database, bumps, client
):
    product = await make_product(await make_seller(), name="Vase")
    held = Held(settings.search.url, settings.search.api_key, index=settings.search.index, timeout_ms=30_000)
    held.begun, held.free = asyncio.Event(), asyncio.Event()

    async def heard() -> bool:
        rows = await pool().fetchval("SELECT count(*) FROM search_change")
        seen = told("haat_search_heartbeat_timestamp_seconds") or 0
        return seen > changed and told("haat_search_waiting_rows") == rows

    async def drained() -> bool:
        return not await waiting()

    try:
        async with running(Drainer(settings.database.url, held, bump=bumps, poll_ms=5, look_s=0.05)):
            await asyncio.wait_for(held.begun.wait(), 30)
            await pool().execute("UPDATE product SET name = 'Urn' WHERE id = $1", product)
            changed = time.time()
            try:
                await until(heard)
            finally:
                held.free.set()
            await until(drained)
    finally:
        await held.close()
