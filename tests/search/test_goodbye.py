"""A line that looks alive though its server said goodbye, before or after something was asked over it."""

import asyncio
from urllib.parse import urlsplit

import pytest

from models.database import pool
from search.feed import ALIVE_S, ANY
from search.sync import Drainer
from tests.factories import make_product, make_seller
from tests.proxy import proxied
from tests.search.conftest import running
from tests.search.rows import waiting
from tests.wait import until


async def drained() -> bool:
    return not await waiting()


@pytest.mark.parametrize("when", ["asked after it", "asked before it came"])
async def test_a_drainer_whose_server_said_goodbye_but_did_not_hang_up_comes_back(
    settings, database, client, bumps, when
):
    async def resting() -> bool:
        """Between two looks: the next question is the one of no work."""
        return await pool().fetchval(
            """SELECT EXISTS (SELECT FROM pg_stat_activity WHERE application_name = 'haat search' AND state = 'idle'
                  AND datname = current_database() AND query = $1 AND now() - state_change > interval '0.3 s')""",
            ANY,
        )

    async def asked() -> bool:
        return proxy.swallowed > 0

    seller = await make_seller()
    url = urlsplit(settings.database.url)
    async with asyncio.timeout(90), proxied(str(url.hostname), url.port or 5432) as proxy:
        through = url._replace(netloc=f"{url.username}:{url.password}@127.0.0.1:{proxy.port}").geturl()
        async with running(Drainer(through, client, bump=bumps, poll_ms=1_000)):
            await make_product(seller, name="Vase")
            await until(drained)
            await until(resting)
            proxy.holds = True
            if when == "asked before it came":
                proxy.way = "blackhole"
                await until(asked)
            await pool().execute(
                """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                    WHERE application_name = 'haat search' AND datname = current_database()"""
            )
            await make_product(seller, name="Bowl")
            proxy.way = "pass"
            await until(drained, timeout_s=2 * ALIVE_S)
