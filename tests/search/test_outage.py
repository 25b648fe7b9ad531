"""Meilisearch slow, refusing or gone: PostgreSQL answers, soon, and Meilisearch again when it is back."""

import asyncio
import socket
import time
from collections.abc import AsyncIterator

import asyncpg
import pytest
from structlog.testing import capture_logs

from models.database import pool
from search import fallback
from search.client import SearchClient, SearchDown
from search.counting import Hurried, OutOfTime
from search.engine import Engine
from search.guard import keep_true
from search.query import SearchQuery, normalise
from tests.address import on_database
from tests.conftest import free_port
from tests.factories import make_category, make_product, make_seller
from tests.wait import until


@pytest.fixture
async def shop(database, drain) -> None:
    lamps = await make_category("Lamps")
    seller = await make_seller()
    for name in ("Brass Lamp", "Clay Lamp"):
        await make_product(seller, name=name, category_id=lamps)
    await drain()


@pytest.fixture
async def silent(port) -> AsyncIterator[SearchClient]:
    """A client of an engine that accepts connections and never answers."""
    with socket.create_server(("127.0.0.1", port)):
        opened = SearchClient(f"http://127.0.0.1:{port}", "", index="none", timeout_ms=100)
        yield opened
        await opened.close()


async def test_an_engine_that_never_answers_is_asked_no_more(shop, silent):
    async def noticed() -> bool:
        return silent.breaker.open

    engine = Engine(silent, facets_ttl_s=0)
    wanted = normalise(SearchQuery(q="lamp"))
    for _ in range(3):
        found = await engine.search(wanted)
        assert (found.engine, found.degraded, found.total) == ("postgres", True, 2)
    await until(noticed)
    assert (await engine.search(wanted)).total == 2


async def test_the_engine_is_used_again_when_it_is_back(shop, engine):
    for _ in range(3):
        engine.client.breaker.failed()
    assert (await engine.search(normalise(SearchQuery(q="lamp")))).degraded
    engine.client.breaker._retry_at = 0.0
    await engine.search(normalise(SearchQuery(q="lamp")))  # the probe; whoever is faster answers

    async def closed() -> bool:
        return not engine.client.breaker.open

    await until(closed)
    assert not (await engine.search(normalise(SearchQuery(q="lamp")))).degraded


async def test_suggestions_survive_too(shop, silent, engine):
    for chosen, name in ((engine, "meilisearch"), (Engine(silent, facets_ttl_s=0), "postgres")):
        found = await chosen.suggest("  LAm ")
        assert found.engine == name
        assert {product.name for product in found.products} == {"Brass Lamp", "Clay Lamp"}
        assert [category.slug for category in found.categories] == ["lamps"]
        assert found.products[0].highlight.count("<mark>") == 1
        assert (await chosen.suggest("")).products == ()


async def test_suggestions_have_all_words_or_where_nothing_has_all_of_them_the_first(shop, engine):
    async def suggested(text: str) -> set[str]:
        return {product.name for product in (await engine.suggest(text)).products}

    assert await suggested("lamp bra") == {"Brass Lamp"}
    assert await suggested("lamp rocket") == {"Brass Lamp", "Clay Lamp"}
    assert await suggested("rocket lamp") == await suggested("rocket") == set()


async def test_without_trigrams_the_fallback_answers_without_typos_which_the_worker_says_at_its_start(
    shop, stack, database_name, settings, bumps, silent
):
    engine = Engine(silent, facets_ttl_s=0)
    misspelt = normalise(SearchQuery(q="braas"))
    assert [hit.name for hit in (await engine.search(misspelt)).hits] == ["Brass Lamp"]
    superuser = await asyncpg.connect(on_database(stack["HAAT_SUPERUSER_URL"], database_name))
    await superuser.execute("DROP EXTENSION pg_trgm CASCADE")
    await superuser.close()
    assert (await engine.search(misspelt)).total == 0
    assert (await engine.search(normalise(SearchQuery(q="brass")))).total == 1
    stop, refusing = asyncio.Event(), SearchClient(f"http://127.0.0.1:{free_port()}", "", index="none", timeout_ms=100)

    async def told() -> bool:
        return sum("pg_trgm" in line["event"] for line in said) == 1

    with capture_logs() as said:
        guard = asyncio.create_task(keep_true(settings.database.url, refusing, stop, bump=bumps, look_s=0.01))
        await until(told)
        stop.set()
        await guard
    assert await told()


async def test_a_small_category_is_counted_among_hundreds_that_are_fuller(shop):
    await pool().execute(
        """UPDATE product_search SET document = jsonb_set(document, '{categories}', (
                  SELECT jsonb_agg(CASE WHEN n > 0 THEN 'c' || n WHEN name LIKE 'brass%' THEN 'small' ELSE 'c0' END)
                    FROM generate_series(0, 300) AS n))"""
    )
    _, found = await fallback.search(normalise(SearchQuery(category="small")))
    assert (found.total, found.counts.values["category"]["small"]) == (1, 1)


async def test_statements_in_a_hurry_end_in_time_together(database):
    began = time.perf_counter()
    async with pool().acquire() as connection:
        for limit_s in (0.1, 0.0):
            with pytest.raises(OutOfTime):
                async with connection.transaction():
                    await Hurried(connection, limit_s).fetch("SELECT pg_sleep(60)")
        assert await connection.fetchval("SELECT 1") == 1
    assert time.perf_counter() - began < 30


async def test_a_client_names_what_failed(silent):
    with pytest.raises(SearchDown, match="multi-search"):
        await silent.multi_search(b"{}", dict)
    assert not await silent.healthy()
