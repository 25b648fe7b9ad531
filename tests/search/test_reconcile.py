"""The index is broken by hand, in every way that we know; it heals by itself and says what was wrong."""

import asyncio

import msgspec
import pytest

from models.database import pool
from search.admin import SearchAdmin
from search.guard import keep_true, looks_wrong
from search.reconcile import reconcile
from search.sync import Drainer
from tests.factories import make_product, make_seller
from tests.search.conftest import running
from tests.wait import until


@pytest.fixture
async def shelf(database, drain) -> list:
    seller = await make_seller()
    products = [await make_product(seller, name=f"Brick number {number}") for number in range(20)]
    await drain()
    return products


async def put(client, **document) -> None:
    await client.wait(await client.put_documents(client.index, msgspec.json.encode(document)))


async def patch(client, **document) -> None:
    await client.wait(await client.put_documents(client.index, msgspec.json.encode(document), partial=True))


async def truth(settings, client) -> bool:
    found = await reconcile(settings.database.url, client, deep=True)
    return found is not None and not found.repaired and found.compared == 20


async def test_an_index_that_is_right_is_left_alone(shelf, settings, client):
    for deep in (False, True):
        found = await reconcile(settings.database.url, client, deep=deep)
        assert (found.compared, found.repaired, found.drifted) == (20, 0, [])


async def test_missing_extra_stale_and_foreign_documents_are_found_and_repaired(shelf, settings, client, drain):
    await client.wait(await client.delete_documents(client.index, [str(shelf[0]), str(shelf[1])]))
    await patch(client, id=str(shelf[2]), version="older", price_minor=1)
    await put(client, id="01890000-0000-7000-8000-000000000000", name="Ghost", version="x")
    await put(client, id="not-of-ours", name="Foreign")
    found = await reconcile(settings.database.url, client)
    assert (found.missing, found.extra, found.different, found.foreign) == (2, 1, 1, 1)
    await drain()
    assert await truth(settings, client)


async def test_a_wrong_field_under_the_right_version_is_found_by_the_deep_comparison(shelf, settings, client, drain):
    await patch(client, id=str(shelf[2]), price_minor=1)
    assert (await reconcile(settings.database.url, client)).repaired == 0
    assert (await reconcile(settings.database.url, client, deep=True)).different == 1
    await drain()
    assert await truth(settings, client)


async def test_documents_that_postgresql_lost_or_kept_too_long_are_found(shelf, settings, client, drain):
    await pool().execute("DELETE FROM product_search WHERE product_id = $1", shelf[0])
    await pool().execute("UPDATE product SET state = 'archived' WHERE id = $1", shelf[1])
    await pool().execute("DELETE FROM search_change")
    found = await reconcile(settings.database.url, client)
    assert (found.missing, found.extra, found.different) == (0, 1, 1)
    await drain()
    assert (await reconcile(settings.database.url, client, deep=True)).repaired == 0
    assert await pool().fetchval("SELECT count(*) FROM product_search") == 19


async def test_a_change_on_its_way_is_no_difference(shelf, settings, client):
    await pool().execute("UPDATE product SET name = 'Urn' WHERE id = $1", shelf[0])
    await pool().execute(
        "UPDATE product_search SET document = jsonb_set(document, '{version}', '\"new\"') WHERE product_id = $1",
        shelf[0],
    )
    assert (await reconcile(settings.database.url, client)).repaired == 0


async def test_settings_that_drifted_are_applied_again(shelf, settings, client, ask):
    admin = SearchAdmin(client)
    await asyncio.to_thread(
        lambda: admin._client.wait_for_task(admin._client.index(client.index).reset_filterable_attributes().task_uid)
    )
    assert (await ask(brand=("x",))).engine == "postgres"
    found = await reconcile(settings.database.url, client)
    assert found.drifted == ["filterableAttributes"]
    client.breaker.succeeded()
    assert (await ask(brand=("x",))).engine == "meilisearch"


async def test_an_index_emptied_by_somebody_heals_without_anyone_asking(shelf, settings, client, bumps, ask):
    admin = SearchAdmin(client)
    await asyncio.to_thread(
        lambda: admin._client.wait_for_task(admin._client.index(client.index).delete_all_documents().task_uid)
    )
    assert await looks_wrong(settings.database.url, client)
    stop = asyncio.Event()

    async def whole() -> bool:
        return (await ask(q="brick")).total == 20

    async with running(Drainer(settings.database.url, client, bump=bumps, poll_ms=5)):
        guard = asyncio.create_task(keep_true(settings.database.url, client, stop, look_s=0.05))
        await until(whole)
        stop.set()
        await guard
    assert await truth(settings, client)
