"""A shop that still works its way through a long queue is waited for; one that stands still is given up."""

import asyncio

import pytest
from aiohttp import web

from loadtests.quiet import NeverQuiet, until_quiet
from models.database import Pool
from server.settings import Settings
from tests.loadtests.servers import serving

TIMEOUT_S = 4.0


async def answered(_: web.Request) -> web.Response:
    return web.json_response({"degraded": False})


async def test_patience_ends_when_nothing_has_moved_and_not_before(settings: Settings, database: Pool) -> None:
    await database.execute("INSERT INTO search_change (product_id) SELECT gen_random_uuid() FROM generate_series(1, 9)")
    loop = asyncio.get_running_loop()

    async def work() -> float:
        began = loop.time()
        for _ in range(8):
            await asyncio.sleep(TIMEOUT_S / 7)
            await database.execute("DELETE FROM search_change WHERE id = (SELECT min(id) FROM search_change)")
        return loop.time() - began

    async with serving(answered) as host:
        working = asyncio.create_task(work())
        with pytest.raises(NeverQuiet, match="1 jobs and changes have waited"):
            await until_quiet(host, settings.database.url, timeout_s=TIMEOUT_S)
        assert await working > TIMEOUT_S
        await database.execute("DELETE FROM search_change")
        await until_quiet(host, settings.database.url, timeout_s=TIMEOUT_S)
