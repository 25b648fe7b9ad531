"""A rebuild beside a shop that is searched and edited: no search fails or shrinks, no edit is lost, leftovers go."""

import asyncio
import os
import signal
import sys

import pytest

from models.database import pool
from search.admin import SearchAdmin
from search.locks import REBUILD, dedicated, try_lock
from search.rebuild import MARK, Busy, rebuild, sweep
from search.sync import Drainer
from tests.factories import make_product, make_seller
from tests.search.conftest import running
from tests.search.rows import waiting
from tests.wait import until

PRODUCTS = 300


@pytest.fixture
async def shelf(database, drain) -> list:
    seller = await make_seller()
    products = [await make_product(seller, name=f"Brick number {number}") for number in range(PRODUCTS)]
    await drain()
    return products


async def test_searches_and_edits_go_on_while_the_index_is_rebuilt(shelf, settings, client, ask, bumps):
    totals, edits, done = [], [], asyncio.Event()

    async def search() -> None:
        while not done.is_set():
            totals.append((await ask(q="brick", facets=("none",))).total)

    async def edit() -> None:
        while not done.is_set():
            product = shelf[len(edits) % PRODUCTS]
            edits.append(product)
            await pool().execute("UPDATE product SET brand = $2 WHERE id = $1", product, f"edit{len(edits)}")
            await asyncio.sleep(0.01)

    async with running(Drainer(settings.database.url, client, bump=bumps, poll_ms=5)):
        tasks = [asyncio.create_task(search()), asyncio.create_task(edit())]
        for _ in range(3):
            rebuilt = await rebuild(settings.database.url, client, bump=bumps)
            assert rebuilt.products == PRODUCTS
        done.set()
        await asyncio.gather(*tasks)

        async def drained() -> bool:
            return not await waiting()

        await until(drained, timeout_s=30)
    assert set(totals) == {PRODUCTS}
    last = {product: f"edit{number}" for number, product in enumerate(edits, start=1)}
    held = (await client.fetch_documents(client.index, limit=PRODUCTS)).results
    brands = {document["id"]: document["brand"] for document in held}
    assert {product for product, brand in last.items() if brands[str(product)] != brand} == set()
    assert await SearchAdmin(client).names(client.index + MARK) == []


async def test_what_was_drained_while_the_index_was_filled_is_replayed(
    shelf, settings, client, line, drainer, ask, bumps
):
    """The edit is drained after its page was copied, as the progress report of the fill shows."""
    loop = asyncio.get_running_loop()
    drained = []

    def edit_and_drain(done: int, total: int) -> None:
        if done == total:
            drained.append(loop.create_task(late_edit()))

    async def late_edit() -> None:
        await pool().execute("UPDATE product SET name = 'Keystone' WHERE id = $1", shelf[0])
        await drainer.drain_once(line)

    rebuilt = await rebuild(settings.database.url, client, bump=bumps, progress=edit_and_drain)
    await asyncio.gather(*drained)
    while await waiting():
        await drainer.drain_once(line)
    assert (await ask(q="keystone")).total == 1
    assert rebuilt.products == PRODUCTS


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE product SET state = 'archived' WHERE id = $1",
        "UPDATE variant SET state = 'archived' WHERE product_id = $1",
        "UPDATE seller SET state = 'suspended' FROM product p WHERE p.seller_id = seller.id AND p.id = $1",
    ],
)
async def test_what_is_not_for_sale_is_not_rebuilt_and_old_documents_go(
    shelf, settings, client, ask, bumps, drain, statement
):
    gone = await make_product(await make_seller(), name="Brick of another shop")
    await drain()
    await pool().execute(statement, gone)
    await pool().execute("DELETE FROM search_change")
    rebuilt = await rebuild(settings.database.url, client, bump=bumps)
    assert rebuilt.products == PRODUCTS
    assert (await ask(q="brick")).total == PRODUCTS
    assert await pool().fetchval("SELECT count(*) FROM product_search") == PRODUCTS


async def test_changes_that_the_rebuild_has_seen_are_not_carried_again(shelf, settings, client, bumps):
    await pool().execute("UPDATE product SET brand = 'Kiln'")
    assert len(await waiting()) == PRODUCTS
    await rebuild(settings.database.url, client, bump=bumps)
    assert await waiting() == []


async def test_a_second_rebuild_is_refused_while_one_runs(shelf, settings, client, bumps):
    async with dedicated(settings.database.url) as other:
        assert await try_lock(other, REBUILD)
        with pytest.raises(Busy):
            await rebuild(settings.database.url, client, bump=bumps)
        assert await sweep(settings.database.url, client) == 0


async def test_an_index_that_is_missing_is_made_by_the_drainer(shelf, settings, client, ask, bumps):
    """Whole from the first search that meets it; until then PostgreSQL answers."""
    totals, done = set(), asyncio.Event()

    async def search() -> None:
        while not done.is_set():
            client.breaker.succeeded()  # every search asks the engine
            answer = await ask(q="brick", facets=("none",))
            totals.add(answer.total)
            await asyncio.sleep(0)

    await SearchAdmin(client).delete(client.index)
    degraded = await ask(q="brick")
    assert (degraded.engine, degraded.total) == ("postgres", PRODUCTS)
    await pool().execute("UPDATE product SET name = 'Keystone' WHERE id = $1", shelf[0])

    async def back() -> bool:
        answer = await ask(q="keystone")
        return answer.engine == "meilisearch" and answer.total == 1

    watch = asyncio.create_task(search())
    async with running(Drainer(settings.database.url, client, bump=bumps, poll_ms=5)):
        await until(back)
    done.set()
    await watch
    assert totals <= {PRODUCTS, PRODUCTS - 1}
    assert (await ask()).total == PRODUCTS
    assert await SearchAdmin(client).names(client.index) == [client.index]


async def test_where_no_index_is_served_pages_are_sent_ahead_of_the_engine_and_none_is_left_out(
    shelf, settings, client, ask, bumps
):
    told = []
    await SearchAdmin(client).delete(client.index)
    rebuilt = await rebuild(
        settings.database.url, client, bump=bumps, page=7, progress=lambda done, _: told.append(done)
    )
    assert told == [*range(0, PRODUCTS, 7), PRODUCTS]
    assert rebuilt.products == (await ask()).total == PRODUCTS
    assert await pool().fetchval("SELECT count(*) FROM product_search") == PRODUCTS


async def test_a_rebuild_that_is_killed_half_way_leaves_old_results_throughout(
    shelf, settings, environment, client, ask, line, tmp_path
):
    """It stands still half way, all documents sent, at a row that somebody holds, until it is killed."""
    admin, totals, done = SearchAdmin(client), [], asyncio.Event()

    async def search() -> None:
        while not done.is_set():
            totals.append((await ask(q="brick", facets=("none",))).total)

    async def half_filled() -> bool:
        names = await admin.names(client.index + MARK)
        return bool(names) and await client.count(names[0]) > 0

    async with dedicated(settings.database.url) as holder, holder.transaction():
        await holder.execute("SELECT FROM product_search WHERE product_id = $1 FOR UPDATE", max(shelf))
        watch = asyncio.create_task(search())
        command = (sys.executable, "-m", "search", "reindex", "--data", str(tmp_path))
        reindex = await asyncio.create_subprocess_exec(*command, env={**os.environ, **environment})
        await until(half_filled, timeout_s=60)
        os.kill(reindex.pid, signal.SIGKILL)
        await reindex.wait()
    assert (await ask(q="brick", facets=("none",))).total == PRODUCTS
    done.set()
    await watch
    assert set(totals) == {PRODUCTS}

    async def swept() -> bool:
        return await sweep(settings.database.url, client) == 1  # once PostgreSQL has noticed the dead

    await until(swept, timeout_s=30)
    assert await admin.names(client.index + MARK) == []
    assert await line.fetchval("SELECT count(*) FROM search_rebuild") == 0
