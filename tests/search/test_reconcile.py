"""The index is broken by hand, in every way that we know; it heals by itself and says what was wrong."""

import asyncio
import time
from collections import Counter
from datetime import UTC, datetime
from functools import partial
from urllib.parse import urlsplit

import msgspec
import pytest

from catalogue.seed.ids import Ids
from models.base import uuid7
from models.database import pool
from models.overview import get_overview
from search.admin import SearchAdmin
from search.buckets import BUCKETS, Buckets, bucket_of, read_hashed, read_hashes
from search.guard import PAUSES, Leisure, Look, keep_true, slice_of
from search.locks import dedicated
from search.reconcile import reconcile
from search.sync import Drainer
from server.metrics import REGISTRY
from tests.factories import make_product, make_seller
from tests.proxy import proxied
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


async def test_both_sides_hash_alike_and_only_a_bucket_that_differs_is_read(shelf, client, line):
    held, wanted = Buckets(), {}
    async for bucket, hashed in read_hashed(line, range(BUCKETS)):
        assert {bucket_of(key) for key in hashed} == {bucket}
        wanted |= hashed
    rows = await line.fetch("SELECT product_id, document ->> 'version' AS version FROM product_search")
    assert sorted(wanted) == sorted(shelf) == sorted(row["product_id"] for row in rows)
    for row in rows:
        held.add(row["product_id"], row["version"])
        held.add(row["product_id"], row["version"])
    assert held.different(await read_hashes(line)) == []
    assert held.within(range(BUCKETS)) == wanted
    await pool().execute(
        "UPDATE product_search SET document = jsonb_set(document, '{version}', '\"new\"') WHERE product_id = $1",
        shelf[3],
    )
    assert held.different(await read_hashes(line)) == [bucket_of(shelf[3])]
    assert shelf[3] in held.within([bucket_of(shelf[3])])


def test_real_and_seeded_ids_are_spread_over_all_buckets():
    seeded = Ids.of(42)
    for ids in ([uuid7() for _ in range(20_000)], [seeded.product(index) for index in range(20_000)]):
        held = Counter(map(bucket_of, ids))
        assert len(held) == BUCKETS
        assert max(held.values()) < 3 * 20_000 / BUCKETS


async def test_a_wrong_field_heals_without_anyone_asking(shelf, settings, client, bumps):
    """Under its right version, so that only the turn of its bucket finds it: not the first turn, yet soon."""
    wrong = min((product for product in shelf if bucket_of(product) not in slice_of(0)), key=bucket_of)
    await patch(client, id=str(wrong), price_minor=1)
    stop = asyncio.Event()

    async def right() -> bool:
        (held,) = (await client.fetch_documents(client.index, limit=1, ids=[str(wrong)])).results
        return held["price_minor"] != 1

    async with running(Drainer(settings.database.url, client, bump=bumps, poll_ms=5)):
        guard = asyncio.create_task(
            keep_true(settings.database.url, client, stop, bump=bumps, look_s=0.01, compare_s=0)
        )
        await until(right, timeout_s=60)
        stop.set()
        await guard
    assert await pool().fetchval("SELECT count(*) FROM audit_entry WHERE action = 'search.repaired'") == 1


def test_every_bucket_has_its_turn():
    assert sorted(bucket for turn in range(16) for bucket in slice_of(turn)) == list(range(BUCKETS))
    assert slice_of(16) == slice_of(0)


async def test_the_operator_sees_how_much_was_put_right(shelf, settings, client):
    counted = partial(REGISTRY.get_sample_value, "haat_search_repaired_total", {"how": "missing"})
    before = counted()
    await client.wait(await client.delete_documents(client.index, [str(shelf[0]), str(shelf[1])]))
    await reconcile(settings.database.url, client)
    await pool().execute("DELETE FROM search_change")
    await reconcile(settings.database.url, client)
    assert counted() - (before or 0) == 4
    numbers = await get_overview(since=datetime.now(UTC), currency="INR")
    assert numbers.search_repaired == 4


async def test_documents_that_postgresql_lost_or_kept_too_long_are_found(shelf, settings, client, drain):
    await pool().execute("DELETE FROM product_search WHERE product_id = $1", shelf[0])
    await pool().execute("UPDATE product SET state = 'archived' WHERE id = $1", shelf[1])
    await pool().execute("DELETE FROM search_change")
    found = await reconcile(settings.database.url, client)
    assert (found.missing, found.extra, found.different) == (0, 1, 1)
    await drain()
    assert (await reconcile(settings.database.url, client, deep=True)).repaired == 0
    assert await pool().fetchval("SELECT count(*) FROM product_search") == 19


async def test_a_comparison_takes_its_leisure_until_documents_are_missing(shelf, settings, client):
    url, stop = settings.database.url, asyncio.Event()
    leisure = Leisure(Look(url, client), stop, look_s=0, urgent=False)
    found = await reconcile(url, client, whole=range(BUCKETS), breathe=leisure.pause)
    assert found.fieldwise == 20
    started = time.monotonic()
    await leisure.pause(0.02)
    assert time.monotonic() - started >= 0.02 * PAUSES
    await client.wait(await client.delete_documents(client.index, [str(shelf[0])]))
    await leisure.pause(0.0)
    started = time.monotonic()
    await leisure.pause(60.0)
    assert time.monotonic() - started < 60


async def test_a_look_asks_postgresql_only_where_the_engine_has_another_number_and_soon_gives_it_up(
    shelf, settings, client
):
    url = urlsplit(settings.database.url)
    async with asyncio.timeout(60), proxied(str(url.hostname), url.port or 5432) as proxy:
        through = url._replace(netloc=f"{url.username}:{url.password}@127.0.0.1:{proxy.port}").geturl()
        look = Look(through, client, patience_s=3)
        assert not await look.wrong()
        async with dedicated(through, patience_s=3) as connection:
            await proxy.become("blackhole")
            assert not await look.wrong()
            with pytest.raises(TimeoutError):
                await connection.fetchval("SELECT 1")
            await client.wait(await client.delete_documents(client.index, [str(shelf[0])]))
            with pytest.raises(TimeoutError):
                await look.wrong()
        await proxy.become("pass")
        assert await look.wrong()


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
    admin, look = SearchAdmin(client), Look(settings.database.url, client)
    assert not await look.wrong()
    await asyncio.to_thread(
        lambda: admin._client.wait_for_task(admin._client.index(client.index).delete_all_documents().task_uid)
    )
    assert await look.wrong()
    stop = asyncio.Event()

    async def whole() -> bool:
        return (await ask(q="brick")).total == 20

    async with running(Drainer(settings.database.url, client, bump=bumps, poll_ms=5)):
        guard = asyncio.create_task(keep_true(settings.database.url, client, stop, bump=bumps, look_s=0.05))
        await until(whole)
        stop.set()
        await guard
    assert await truth(settings, client)
