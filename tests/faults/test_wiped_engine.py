"""A search engine that is killed and loses its data: shoppers are answered all the while, and it heals by itself."""

import asyncio
import os
import shutil
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

import devstack
from loadtests import processes
from models.database import pool
from search.admin import SearchAdmin
from search.reconcile import reconcile
from search.sync import Drainer
from server.context import Context
from server.settings import Settings, load_settings
from tests.factories import make_category, make_product, make_seller
from tests.search.conftest import running
from tests.wait import until

PRODUCTS = 30
SEARCH = "/api/v1/search"


@pytest.fixture
async def engine(tmp_path: Path) -> AsyncIterator[devstack.Stack]:
    """A Meilisearch of this test's own, in the folder `engine`; it is started again when it dies."""
    async with devstack.running(("meilisearch",), data=tmp_path / "engine") as stack:
        yield stack


@pytest.fixture
def settings(engine: devstack.Stack, environment: dict[str, str], tmp_path: Path) -> Settings:
    """Without limits: a shopper who never rests meets them."""
    theirs = {name: engine.env[name] for name in ("HAAT_SEARCH__URL", "HAAT_SEARCH__API_KEY")}
    return load_settings({**environment, **theirs, "HAAT_LIMITS__ENABLED": "false"}, tmp_path)


async def test_an_engine_that_lost_its_data_is_made_whole_while_shoppers_are_answered(
    context: Context, http: aiohttp.ClientSession, settings: Settings, tmp_path: Path
) -> None:
    """Every answer counts all lamps, with facets and without, whoever gave it; an edit made meanwhile is found."""
    seller, lamps = await make_seller(), await make_category("Lamps")
    products = [await make_product(seller, name=f"Lamp {n}", category_id=lamps) for n in range(PRODUCTS)]
    client, seen, over = context.search.client, set(), asyncio.Event()

    async def ask(q: str, **parameters: str) -> tuple[str, int]:
        async with http.get(SEARCH, params={"q": q, **parameters}) as response:
            body = await response.json()
            assert response.status == 200, body
            return body["engine"], body["total"]

    async def found_by_the_engine(q: str, count: int) -> bool:
        await context.redis.flushdb()
        return await ask(q) == ("meilisearch", count)

    async def shop_on() -> None:
        """Never the same question twice, so that the cache answers none."""
        number = 0
        while not over.is_set():
            number += 1
            page = {"per_page": str(number % 90 + 1), "price_max": str(5_000 + number)}
            seen.add(await ask("lamp", facets="none" if number % 2 else "brand", **page))

    async def answered_by_both() -> bool:
        return len(seen) > 1

    async with running(Drainer(settings.database.url, client, bump=context.cache.bump, poll_ms=5)):
        await until(lambda: found_by_the_engine("lamp", PRODUCTS), timeout_s=30)
        shopper = asyncio.create_task(shop_on())
        shutil.rmtree(tmp_path / "engine" / "meilisearch" / "data")
        os.kill(processes.running(tmp_path / "engine")["meilisearch"], signal.SIGKILL)
        await pool().execute("UPDATE product SET description = 'Terracotta' WHERE id = $1", products[0])
        await until(lambda: found_by_the_engine("terracotta", 1), timeout_s=60)
        await until(answered_by_both, timeout_s=60)
        over.set()
        await shopper
    assert seen == {("postgres", PRODUCTS), ("meilisearch", PRODUCTS)}
    assert await SearchAdmin(client).drifted(client.index) == []
    found = await reconcile(settings.database.url, client, deep=True)
    assert found is not None
    assert (found.compared, found.repaired) == (PRODUCTS, 0)
    assert not await pool().fetchval("SELECT EXISTS (SELECT FROM search_change)")
