"""The freshness probe on a running shop: it finds every edit, puts prices and names back, and says when one is late."""

import aiohttp
import asyncpg
import pytest

from loadtests.freshness import Plan, Probe, ProbeError, percentile
from loadtests.probe import figures, report
from loadtests.watch import shows
from models.database import Pool
from models.sign_in import register
from server.context import Context
from tests.factories import make_product, make_seller
from tests.wait import until

OFFERS = "SELECT p.name, v.price_minor FROM product p JOIN variant v ON v.product_id = p.id ORDER BY p.name"
LOGIN = {"email": "seller@example.com", "password": "a long enough password"}


async def open_shop(context: Context, database: Pool, products: int) -> None:
    password_hash = await context.passwords.hash(LOGIN["password"])
    async with database.acquire() as connection:
        user_id = await register(
            connection, context.keyring, email=LOGIN["email"], name="Asha", password_hash=password_hash, role="seller"
        )
    seller_id = await make_seller(user_id=user_id)
    for number in range(products):
        await make_product(seller_id, name=f"Kurta of {'abcdefgh'[number]} cotton", price_minor=50_000 + number)


async def probe(http: aiohttp.ClientSession, **plan: object) -> Probe:
    made = Probe(Plan(**{"host": "", **LOGIN, "edits": 6, "rate": 10.0, **plan}), http, say=lambda _: None)
    await made.run()
    return made


@pytest.mark.parametrize("field", ["price", "mixed"])
async def test_every_edit_is_found_and_undone(
    http: aiohttp.ClientSession, context: Context, database: Pool, worker: None, field: str
) -> None:
    await open_shop(context, database, 8)
    await until(lambda: searchable(http, 8))
    before = await database.fetch(OFFERS)
    done = await probe(http, field=field)
    assert done.late == []
    assert len(done.latencies_ms) == 6
    assert await database.fetch(OFFERS) == before
    assert await database.fetchval("SELECT count(*) FROM audit_entry WHERE action = 'product.changed'") >= 10


async def test_a_bulk_change_is_found_whole_beside_searches_and_undone(
    http: aiohttp.ClientSession, context: Context, database: Pool, worker: None
) -> None:
    await open_shop(context, database, 8)
    await until(lambda: searchable(http, 8))
    before = await database.fetch(OFFERS)
    settings = context.settings
    done = await probe(
        http,
        host=settings.site.base_url,
        database_url=settings.database.url,
        edits=2,
        bulk=6,
        searches_per_s=30.0,
    )
    found = report(done)
    assert (found["bulk"]["products"], found["searches"]["failed"]) == (6, 0)
    assert 0 < found["bulk"]["all_ms"] < 10_000
    assert found["bulk"]["edits_meanwhile"] >= 1
    assert found["searches"]["count"] >= 1
    assert await database.fetch(OFFERS) == before
    async with http.get("/api/v1/search", params={"sort": "newest", "facets": "none", "per_page": "100"}) as response:
        shown = sorted(hit["price_minor"] for hit in (await response.json())["hits"])
    assert shown == sorted(row["price_minor"] for row in before), "whoever measures next sees what was put back"


async def test_a_bulk_change_wants_as_many_products_as_the_search_shows(
    http: aiohttp.ClientSession, context: Context, database: Pool, worker: None
) -> None:
    await open_shop(context, database, 3)
    await until(lambda: searchable(http, 3))
    with pytest.raises(ProbeError, match="shows 1 products"):
        await probe(http, edits=2, bulk=5, database_url=context.settings.database.url)


async def searchable(http: aiohttp.ClientSession, products: int) -> bool:
    async with http.get("/api/v1/search") as response:
        return response.status == 200 and (await response.json())["total"] == products


async def test_an_edit_that_never_shows_is_late(
    http: aiohttp.ClientSession, context: Context, database: Pool, owner: asyncpg.Connection, worker: None
) -> None:
    await open_shop(context, database, 2)
    await until(lambda: searchable(http, 2))
    await owner.execute("ALTER TABLE variant DISABLE TRIGGER variant_search_update")
    done = await probe(http, edits=1, timeout_s=0.5)
    assert (len(done.late), done.latencies_ms) == (1, [])


async def test_a_seller_without_products_cannot_be_probed(
    http: aiohttp.ClientSession, context: Context, database: Pool, worker: None
) -> None:
    await open_shop(context, database, 0)
    with pytest.raises(ProbeError, match="no product"):
        await probe(http)


def test_figures_are_nearest_ranks() -> None:
    values = [float(value) for value in range(1, 201)]
    assert figures(values) == {"edits": 200, "p50": 100.0, "p95": 190.0, "p99": 198.0, "max": 200.0}
    assert percentile([], 0.5) == 0.0
    assert figures([]) == {"edits": 0, "p50": 0.0, "p95": 0.0, "p99": 0.0, "max": 0.0}


def test_an_answer_shows_an_edit_only_with_the_new_value() -> None:
    hit = {"id": "a", "price_minor": 5, "name": "Lamp"}
    assert shows(hit, {"price_minor": 5})
    assert not shows(hit, {"price_minor": 6})
    assert not shows(None, {})
