"""Searches are logged beside the requests, without anybody in them; clicks, popular queries and statistics follow."""

from typing import Any

import aiohttp
import pytest

from jobs.search import count_popular_queries, forget_old_searches, warm_cache
from models.database import Pool
from models.search_log import Searched, hide_query, show_query, write_searches
from models.search_stats import get_search_stats
from server.context import Context
from server.query_log import QueryLog
from tests.factories import log_in_as, make_product, make_seller, make_user
from tests.handlers.pages.visitor import slug_of
from tests.wait import until

SEARCH, CLICKS = "/api/v1/search", "/api/v1/search/clicks"


@pytest.fixture
async def shop(worker: None, http: aiohttp.ClientSession, database: Pool) -> str:
    """A lamp that search knows. Returns its slug."""
    slug = await slug_of(await make_product(await make_seller(), name="Brass Lamp"))

    async def known() -> bool:
        answer = await ask(http, "")
        return answer["total"] == 1 and not answer["degraded"]

    await until(known)
    return slug


async def ask(http: aiohttp.ClientSession, q: str, *, caller: str = "10.9.0.1", **more: str) -> dict[str, Any]:
    async with http.get(SEARCH, params={"q": q, **more}, headers={"X-Forwarded-For": caller}) as response:
        assert response.status == 200
        return await response.json()


async def logged(context: Context, database: Pool) -> list[tuple[Any, ...]]:
    await context.queries.flush(everything=True)
    return [
        tuple(row) for row in await database.fetch("SELECT query, results, cached FROM search_query_log ORDER BY id")
    ]


async def test_every_search_is_logged_also_from_the_cache_and_from_the_page(
    shop: str, http: aiohttp.ClientSession, context: Context, database: Pool
) -> None:
    answer = await ask(http, "Lamp")
    await ask(http, "lamp", caller="10.9.0.2")
    async with http.get("/search?q=lamp", headers={"X-Forwarded-For": "10.9.0.3"}) as page:
        assert f'data-search="{answer["id"]}" data-total="1"' in await page.text()
    async with http.get(SEARCH, params={"q": "zzxqj"}, headers={"If-None-Match": '"x"'}) as response:
        assert response.status == 200
    found = await logged(context, database)
    assert sorted((query, results) for query, results, _ in found) == [("lamp", 1)] * 3 + [("zzxqj", 0)]
    assert {cached for query, _, cached in found if query == "lamp"} == {False, True}
    ids = await database.fetch("SELECT DISTINCT search_id FROM search_query_log WHERE query = 'lamp'")
    assert [row["search_id"] for row in ids] == [answer["id"]]


async def test_what_is_typed_on_the_way_is_one_search(
    shop: str, http: aiohttp.ClientSession, context: Context, database: Pool
) -> None:
    for typed in ("l", "la", "lam", "lampq", "lamp", "lamp", "vase"):
        await ask(http, typed)
    assert [query for query, *_ in await logged(context, database)] == ["lamp", "vase"]


async def test_what_filters_left_nothing_of_is_no_search_that_found_nothing_and_stays_popular(
    shop: str, http: aiohttp.ClientSession, context: Context, database: Pool
) -> None:
    for number in range(context.settings.analytics.popular_min):
        await ask(http, "lamp", caller=f"10.9.2.{number}")
    await ask(http, "zzxqj")
    for most in ("1", "2"):  # of somebody who saw the lamps a moment ago
        await ask(http, "lamp", caller="10.9.2.0", price_max=most)
    await context.queries.flush(everything=True)
    stats = await get_search_stats(days=1)
    assert (stats.searches, stats.empty, stats.days[-1].empty) == (7, 1, 1)
    assert {top.query: top.searches for top in stats.top} == {"lamp": 6, "zzxqj": 1}
    assert [query.query for query in stats.without_results] == ["zzxqj"]
    await count_popular_queries(context)
    rows = await database.fetch("SELECT query, searches FROM popular_query")
    assert [tuple(row) for row in rows] == [("lamp", 5)]


PERSONAL = ("asha@example.in", "call 98450 12345", "+91-98450-12345", "4111 1111 1111 1111", "x" * 101,
    "order 20261125001")  # fmt: skip


async def test_nothing_that_looks_personal_is_logged(
    shop: str, http: aiohttp.ClientSession, context: Context, database: Pool
) -> None:
    for number, personal in enumerate(PERSONAL):
        await ask(http, personal, caller=f"10.9.1.{number}")
    await ask(http, 'lamp 16 gb 41"', caller="10.9.0.2")
    assert [query for query, *_ in await logged(context, database)] == ['lamp 16 gb 41"']


async def test_pages_and_browsing_are_no_searches(
    shop: str, http: aiohttp.ClientSession, context: Context, database: Pool
) -> None:
    await ask(http, "")
    await ask(http, "lamp", page="2")
    assert await logged(context, database) == []


async def test_clicks_count_where_the_search_the_place_and_the_product_are_real(
    shop: str, http: aiohttp.ClientSession, context: Context, database: Pool
) -> None:
    answer = await ask(http, "lamp")
    await context.queries.flush(everything=True)
    real = {"search_id": answer["id"], "position": 1, "slug": shop}
    for click in (real, {**real, "position": 2}, {**real, "slug": "nothing"}, {**real, "search_id": "0" * 32}):
        async with http.post(CLICKS, json=click) as response:
            assert response.status == 204
    await context.queries.flush(everything=True)
    assert [tuple(row) for row in await database.fetch("SELECT query, position FROM search_click")] == [("lamp", 1)]
    for wrong, field in (
        ({"position": 0}, "position"),
        ({"position": 10**9}, "position"),
        ({"search_id": "x"}, "search_id"),
        ({"slug": ""}, "slug"),
        ({"user": "asha"}, "user"),
    ):
        async with http.post(CLICKS, json={**real, **wrong}) as response:
            assert response.status == 422
            assert (await response.json())["errors"][0]["field"] == field
    stats = await get_search_stats(days=7)
    (top,) = stats.top
    assert (top.query, top.searches, top.results, top.clicks, top.position) == ("lamp", 1, 1, 1, 1.0)
    assert stats.latency_ms is not None
    assert 0 < stats.latency_ms[0] <= stats.latency_ms[2] < 5_000


async def test_the_buffer_is_written_by_itself_and_bounded(database: Pool) -> None:
    log = QueryLog(one_in=1, flush_s=0.01, settled_s=0.01)
    answer = b'{"id":"' + b"0" * 32 + b'","query":"x","total":3,"engine":"meilisearch"}'
    for number in range(6_000):
        log.note_search(f"caller {number}", "lamp", answer, cached=True, took_s=0.001)

    count = "SELECT count(*) FROM search_query_log WHERE results = 3"

    async def written() -> bool:
        return await database.fetchval(count) == 5_000

    await until(written)
    await log.close()
    assert await database.fetchval(count) == 5_000


async def test_of_a_sample_each_row_counts_for_many(database: Pool) -> None:
    log = QueryLog(one_in=10)
    answer = b'{"id":"' + b"0" * 32 + b'","query":"x","total":3,"engine":"meilisearch"}'
    for number in range(3_000):
        log.note_search(f"caller {number}", "lamp", answer, cached=True, took_s=0.001)
    await log.close()
    stats = await get_search_stats(days=1)
    assert await database.fetchval("SELECT count(*) FROM search_query_log") < 600
    assert 2_000 < stats.searches < 4_000


async def test_a_day_begins_at_midnight_in_india(database: Pool) -> None:
    midnight = "date_trunc('day', now() AT TIME ZONE 'Asia/Kolkata') AT TIME ZONE 'Asia/Kolkata'"
    await write_searches(
        [Searched(query, "0" * 32, 0, "meilisearch", False, 1.5) for query in ("old", "new")], weight=1
    )
    await database.execute(f"UPDATE search_query_log SET created_at = {midnight} WHERE query = 'new'")
    await database.execute(f"UPDATE search_query_log SET created_at = {midnight} - interval '1 s' WHERE query = 'old'")
    days = (await get_search_stats(days=3)).days
    assert [(day.searches, day.empty) for day in days] == [(0, 0), (1, 1), (1, 1)]
    assert days[-1].day == await database.fetchval("SELECT (now() AT TIME ZONE 'Asia/Kolkata')::date")


async def make_popular(context: Context, *, least: int = 5) -> None:
    """Of the lamps with a wick nothing was found at last, of those with a hood nothing at first."""
    searches = [("brass lamp", 9, 5), ("lamp shade", 7, 3), ("lamp oil", 4, 3), ("lamp zzz", 20, 0), ("vase", 30, 2),
        ("lamp wick", 8, 3), ("lamp wick", 1, 0), ("lamp hood", 1, 0), ("lamp hood", 5, 3)]  # fmt: skip
    for query, count, results in searches:
        await write_searches([Searched(query, "0" * 32, results, "meilisearch", False, 1.5)] * count, weight=1)
    assert context.settings.analytics.popular_min == least
    await count_popular_queries(context)


async def test_popular_queries_are_suggested_unless_hidden(context: Context, database: Pool) -> None:
    await make_popular(context)
    engine, actor_id = context.search, await make_user(context.settings, role="admin")

    async def suggested() -> tuple[str, ...]:
        return (await engine.suggest("lam")).queries

    assert await suggested() == ("brass lamp", "lamp shade", "lamp hood")
    await hide_query("brass lamp", actor_id=actor_id)
    await count_popular_queries(context)

    async def gone() -> bool:
        return await suggested() == ("lamp shade", "lamp hood")

    await until(gone)
    await show_query("brass lamp", actor_id=actor_id)
    trail = await database.fetch("SELECT action FROM audit_entry ORDER BY id")
    assert [row["action"] for row in trail] == ["query.hidden", "query.shown"]


async def test_popular_searches_are_warm_before_anybody_asks(
    shop: str, http: aiohttp.ClientSession, context: Context, database: Pool
) -> None:
    await make_popular(context)

    async def warm() -> bool:
        await context.cache.bump()  # so that what was asked before is of no use
        await warm_cache(context)
        async with http.get(SEARCH, params={"q": "brass lamp"}) as response:
            return response.headers["X-Cache"] == "hit"

    await until(warm)
    async with http.get(SEARCH, params={"q": "vase"}) as response:
        assert (await response.json())["instead"], "what finds nothing any more is warmed with what helps"


async def test_what_is_old_is_forgotten(context: Context, database: Pool) -> None:
    await make_popular(context)
    await database.execute("UPDATE search_query_log SET created_at = now() - interval '91 days' WHERE query = 'vase'")
    await forget_old_searches(context)
    assert await database.fetchval("SELECT count(*) FROM search_query_log WHERE query = 'vase'") == 0
    assert await database.fetchval("SELECT count(*) FROM search_query_log") == 55


async def test_only_the_operator_sees_the_statistics(http: aiohttp.ClientSession, context: Context) -> None:
    path = "/api/v1/admin/search"
    for role, status in ((None, 401), ("seller", 403), ("admin", 200)):
        headers = await log_in_as(context.settings, await make_user(context.settings, role=role)) if role else {}
        for name in ("statistics", "hidden-queries"):
            async with http.get(f"{path}/{name}", headers=headers) as response:
                assert response.status == status
    body = {"query": "Rude  WORDS"}
    async with http.post(f"{path}/hidden-queries", headers=headers, json=body) as response:
        assert response.status == 204
    async with http.get(f"{path}/hidden-queries", headers=headers) as response:
        assert (await response.json())["items"] == ["rude words"]
    for expected in (204, 404):
        async with http.delete(f"{path}/hidden-queries", headers=headers, params=body) as response:
            assert response.status == expected
    async with http.get(f"{path}/statistics", headers=headers, params={"days": 91}) as response:
        assert response.status == 422
