"""The search while a server that it needs is down, slow, cut off or emptied: shoppers are answered, and it heals."""

import time
from functools import partial

import pytest

from models.database import pool
from tests.faults.conftest import DELAY_S
from tests.search.conftest import running
from tests.wait import until

SEARCH = "/api/v1/search"
BOUND_S = DELAY_S / 3
"""Generous for a busy machine: without the breaker, or without a time-out, one waits thrice as long or for ever."""


async def ask(http, **parameters):
    """The answer, how it was cached, and the seconds that it took."""
    started = time.perf_counter()
    async with http.get(SEARCH, params={"q": "lamp", **parameters}) as response:
        body = await response.json()
        assert response.status == 200, body
        return body, response.headers["X-Cache"], time.perf_counter() - started


async def kept(http) -> bool:
    return (await ask(http))[1] == "hit"


@pytest.mark.parametrize("way", ["refuse", "blackhole", "delay", "reset", "cut"])
async def test_a_broken_engine_leaves_the_same_shop_in_time_and_is_used_again(shop, http, lines, way):
    well, *_ = await ask(http)
    await lines.engine.become(way)
    for page in range(2, 8):
        broken, cached, took_s = await ask(http, page=str(page), sort="newest")
        assert (broken["engine"], broken["degraded"], broken["total"], cached) == ("postgres", True, 2, "miss")
        assert [facet["name"] for facet in broken["facets"]] == [facet["name"] for facet in well["facets"]]
        assert took_s < BOUND_S
    async with http.get(f"{SEARCH}/suggest", params={"q": "bra"}) as response:
        assert [product["name"] for product in (await response.json())["products"]] == ["Brass Lamp"]
    await lines.engine.become("pass")

    async def back() -> bool:
        return (await ask(http, sort="rating"))[0]["engine"] == "meilisearch"

    await until(back)


@pytest.mark.parametrize("way", ["refuse", "blackhole", "delay", "reset", "cut"])
async def test_without_redis_people_search_and_browse_on(shop, http, lines, way):
    await ask(http)
    await lines.redis.become(way)
    for page in range(1, 7):
        found, cached, took_s = await ask(http, page=str(page))
        assert (found["engine"], found["total"], cached) == ("meilisearch", 2, "bypass")
        assert took_s < BOUND_S
    for path in ("/", "/c/lamps", "/search?q=brass"):
        started = time.perf_counter()
        async with http.get(path) as response:
            assert response.status == 200, path
        assert time.perf_counter() - started < BOUND_S, path
    await lines.redis.become("pass")
    await until(partial(kept, http))


async def test_a_redis_that_is_emptied_costs_a_miss_and_never_shows_an_old_price(shop, http, redis, drainer):
    for query in range(20):
        await ask(http, per_page=str(query + 1))
    await until(partial(kept, http))
    await redis.flushall()

    async def missed() -> bool:
        return (await ask(http))[1] == "miss"

    await until(missed)  # for a moment the process's own copy serves
    await until(partial(kept, http))
    await redis.flushall()
    await pool().execute("UPDATE variant SET price_minor = 77700")

    async def shown() -> bool:
        return {hit["price_minor"] for hit in (await ask(http))[0]["hits"]} == {77_700}

    async with running(drainer):
        await until(shown)


async def test_edits_made_while_the_engine_is_away_are_found_when_it_is_back(shop, http, lines, drainer):
    async with running(drainer):
        await lines.engine.become("refuse")
        await pool().execute("UPDATE product SET name = 'Terracotta Lamp' WHERE name = 'Clay Lamp'")

        async def found_by(engine: str) -> bool:
            found, *_ = await ask(http, q="terracotta")
            return (found["engine"], found["total"]) == (engine, 1)

        await until(lambda: found_by("postgres"))
        await lines.engine.become("pass")
        await until(lambda: found_by("meilisearch"), timeout_s=20)
