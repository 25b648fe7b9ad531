"""From a committed change to a search that finds it: nothing lost, nothing hidden found, rows kept on failure."""

import asyncpg
import pytest

from models.database import pool, transaction
from search.client import SearchClient
from search.feed import read_changes
from search.locks import DRAINER, dedicated, try_lock
from search.sync import Drainer
from tests.factories import make_category, make_product, make_seller, make_variant
from tests.search.conftest import running
from tests.search.rows import forget_changes, link, make_specification, waiting
from tests.wait import until


async def test_a_new_product_is_found(database, drain, ask):
    product = await make_product(await make_seller(), name="Terracotta Planter")
    await drain()
    found = await ask(q="terracotta")
    assert [hit.id for hit in found.hits] == [str(product)]
    assert found.engine == "meilisearch"
    assert await waiting() == []


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE product SET name = 'Moonstone Vase' WHERE id = $1", "moonstone"),
        ("UPDATE product SET description = 'Blown by mouth' WHERE id = $1", "blown"),
        ("UPDATE variant SET sku = 'VAS-8812' WHERE product_id = $1", "vas-8812"),
        (
            "UPDATE seller SET name = 'Zubin Glassworks' FROM product p WHERE p.seller_id = seller.id AND p.id = $1",
            "zubin",
        ),
    ],
)
async def test_an_edit_by_raw_sql_is_found(database, drain, ask, statement, words):
    product = await make_product(await make_seller(), name="Vase")
    await drain()
    assert (await ask(q=words)).total == 0
    await pool().execute(statement, product)
    await drain()
    assert [hit.id for hit in (await ask(q=words)).hits] == [str(product)]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE product SET state = 'archived' WHERE id = $1",
        "UPDATE seller SET state = 'suspended' FROM product p WHERE p.seller_id = seller.id AND p.id = $1",
        "UPDATE variant SET state = 'archived' WHERE product_id = $1",
        "DELETE FROM product WHERE id = $1",
    ],
)
async def test_what_is_no_longer_for_sale_leaves_the_index_and_postgresql(database, drain, ask, owner, statement):
    product = await make_product(await make_seller(), name="Vase")
    await drain()
    assert (await ask(q="vase")).total == 1
    await owner.execute("DELETE FROM stock_movement")
    await owner.execute(statement, product)
    await drain()
    assert (await ask(q="vase")).total == 0
    assert await pool().fetchval("SELECT count(*) FROM product_search") == 0


async def test_what_comes_back_is_found_again(database, drain, ask):
    product = await make_product(await make_seller(state="suspended"), name="Vase")
    await drain()
    assert (await ask(q="vase")).total == 0
    await pool().execute("UPDATE seller SET state = 'approved'")
    await drain()
    assert [hit.id for hit in (await ask(q="vase")).hits] == [str(product)]


async def test_a_change_of_a_category_reaches_products_below_and_behind_links(database, drain, ask):
    root = await make_category("Home")
    lamps = await make_category("Lamps", parent_id=root)
    festive = await make_category("Festive")
    await make_product(await make_seller(), name="Diya", category_id=lamps)
    await drain()
    assert (await ask(category="festive")).total == 0
    await link(festive, lamps)
    await drain()
    assert (await ask(category="festive")).total == 1
    await pool().execute("UPDATE category SET slug = 'festival', path = 'festival' WHERE id = $1", festive)
    await drain()
    assert (await ask(category="festival")).total == 1
    assert (await ask(category="home")).total == 1


async def test_many_changes_of_a_product_are_one_document(database, drain, line):
    product = await make_product(await make_seller(), name="Vase")
    for number in range(20):
        await pool().execute("UPDATE product SET name = $2 WHERE id = $1", product, f"Vase {number}")
    (change,) = await read_changes(line, bulk=False, limit=100, without=[])
    assert len(change.rows) >= 20
    assert change.full


async def test_a_row_that_commits_late_with_a_low_number_is_not_lost(database, settings, drain, drainer, line, ask):
    seller = await make_seller()
    early, late = await make_product(seller, name="Vase"), await make_product(seller, name="Bowl")
    await drain()
    slow = await asyncpg.connect(settings.database.url)
    try:
        open_transaction = slow.transaction()
        await open_transaction.start()
        await slow.execute("UPDATE product SET name = 'Urn' WHERE id = $1", early)  # takes the lower number
        await pool().execute("UPDATE product SET name = 'Dish' WHERE id = $1", late)
        await drainer.drain_once(line)
        assert (await ask(q="dish")).total == 1
        await open_transaction.commit()
    finally:
        await slow.close()
    await drain()
    assert (await ask(q="urn")).total == 1


async def test_a_change_that_commits_while_its_batch_is_in_flight_is_carried_again(
    database, drain, drainer, line, bumps
):
    """The rows that were read are deleted by their numbers, not everything of the product."""
    product = await make_product(await make_seller(), name="Vase")
    await drain()
    await pool().execute("UPDATE product SET name = 'Urn' WHERE id = $1", product)

    async def edit_meanwhile(_: object) -> bool:
        await pool().execute("UPDATE product SET name = 'Jar' WHERE id = $1", product)
        return True

    drainer._bump = edit_meanwhile
    await drainer.drain_once(line)
    assert await waiting() == [product]


async def test_the_cache_moves_on_before_the_rows_are_forgotten(database, drain, drainer, line):
    await make_product(await make_seller(), name="Vase")
    seen = []

    async def look(_: object) -> bool:
        seen.append(await pool().fetchval("SELECT count(*) FROM search_change"))
        return True

    drainer._bump = look
    await drain()
    await make_product(await make_seller(), name="Bowl")
    await drain()
    assert seen[-1] > 0


async def test_a_bump_that_did_not_reach_the_cache_is_tried_again(settings, client, database):
    tried = []

    async def bump(tags: object = None, /) -> bool:
        tried.append(tags)
        return len(tried) > 3

    async def enough() -> bool:
        return len(tried) > 3

    async with running(Drainer(settings.database.url, client, bump=bump, poll_ms=5)):
        await make_product(await make_seller(), name="Vase")
        await until(enough)


async def test_a_refused_document_keeps_its_rows_and_does_not_hold_up_others(
    database, drain, drainer, line, ask, client
):
    seller = await make_seller()
    good = await make_product(seller, name="Bowl")
    bad = await make_product(seller, name="Vase")
    await drain()
    real, client.put_documents = client.put_documents, None

    async def refuse(index, lines, *, partial=False):
        return await real(index, lines.replace(f'"id":"{bad}"'.encode(), b'"id":"no id of ours!"'), partial=partial)

    client.put_documents = refuse
    for product, name in ((good, "Dish"), (bad, "Urn")):
        await pool().execute("UPDATE product SET name = $2 WHERE id = $1", product, name)

    async def good_is_through():
        await drainer.drain_once(line)
        return await waiting() == [bad]

    assert await until(good_is_through)
    assert (await ask(q="dish")).total == 1
    client.put_documents = real

    async def bad_is_through():
        await drainer.drain_once(line)
        return await waiting() == []

    assert await until(bad_is_through)
    assert (await ask(q="urn")).total == 1


async def test_while_the_engine_is_down_rows_stay_and_postgresql_is_kept_fresh(
    settings, database, drain, line, bumps, port
):
    seller = await make_seller()
    products = [await make_product(seller, name=f"Vase {number}") for number in range(3)]
    nowhere = SearchClient(f"http://127.0.0.1:{port}", "", index="none", timeout_ms=200)
    down = Drainer(settings.database.url, nowhere, bump=bumps)
    assert await down.drain_once(line) == 0
    assert await waiting() == sorted(products)
    assert await pool().fetchval("SELECT count(*) FROM product_search") == 3
    await pool().execute("UPDATE product SET name = 'Urn' WHERE id = $1", products[1])
    await down.drain_once(line)
    names = [row["name"] for row in await pool().fetch("SELECT name FROM product_search ORDER BY name")]
    assert names == ["urn", "vase 0", "vase 2"]
    await nowhere.close()
    await drain()
    assert await waiting() == []


async def test_bulk_price_changes_are_sent_in_part_and_only_for_known_documents(database, drain, drainer, line, client):
    seller = await make_seller()
    known = await make_product(seller, name="Vase")
    await drain()
    await pool().execute("UPDATE product_search SET updated_at = now() + interval '2 minutes'")  # past the clock skew
    unknown = await make_product(seller, name="Bowl")
    await forget_changes()
    sent = []
    real = client.put_documents

    async def record(index, lines, *, partial=False):
        sent.append((partial, lines))
        return await real(index, lines, partial=partial)

    client.put_documents = record
    async with transaction() as connection:
        await connection.execute("UPDATE variant SET price_minor = 5000")
        await connection.execute("UPDATE search_change SET bulk = true")
    await drain()
    assert [(partial, str(known).encode() in lines, str(unknown).encode() in lines) for partial, lines in sent] == [
        (False, False, True),
        (True, True, False),
    ]
    documents = (await client.fetch_documents(client.index, limit=10)).results
    assert {(document["name"], document["price_minor"]) for document in documents} == {("Vase", 5000), ("Bowl", 5000)}


async def test_a_full_change_wins_over_a_partial_one_of_the_same_product(database, drain, line):
    product = await make_product(await make_seller(), name="Vase")
    await forget_changes()
    await pool().execute("UPDATE variant SET price_minor = 5000")
    (change,) = await read_changes(line, bulk=False, limit=10, without=[])
    assert not change.full
    await make_variant(product, position=3)
    (change,) = await read_changes(line, bulk=False, limit=10, without=[])
    assert change.full


async def test_a_specification_that_holds_no_finite_number_does_not_stop_the_feed(database, drain, ask):
    product = await make_product(await make_seller(), name="Vase")
    await make_specification(product, "Height", "very", number=float("nan"))
    await pool().execute("UPDATE variant SET options = '[1, 2]'")
    await drain()
    assert (await ask(q="vase")).total == 1


async def test_an_empty_shop_has_an_index_too(settings, database, client, bumps, ask):
    async def answered_by_the_engine() -> bool:
        return (await ask(q="anything")).engine == "meilisearch"

    async with running(Drainer(settings.database.url, client, bump=bumps, poll_ms=5)):
        await until(answered_by_the_engine)


async def drained() -> bool:
    return not await waiting()


async def connections() -> int:
    count: int = await pool().fetchval(
        """SELECT count(*) FROM pg_stat_activity
            WHERE application_name = 'haat search' AND datname = current_database()"""
    )
    return count


async def test_of_two_drainers_one_waits_and_takes_over(settings, database, client, bumps):
    async def both() -> bool:
        return await connections() == 2

    async with dedicated(settings.database.url) as holder:
        assert await try_lock(holder, DRAINER)
        async with running(Drainer(settings.database.url, client, bump=bumps, poll_ms=5)):
            await make_product(await make_seller(), name="Vase")
            await until(both)
            assert len(await waiting()) == 1
            await holder.close()
            await until(drained)


async def test_a_drainer_that_loses_its_connection_comes_back(settings, database, client, bumps):
    seller = await make_seller()
    async with running(Drainer(settings.database.url, client, bump=bumps, poll_ms=5)):
        await make_product(seller, name="Vase")
        await until(drained)
        assert await pool().fetchval(
            """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                WHERE application_name = 'haat search' AND datname = current_database()"""
        )
        await make_product(seller, name="Bowl")
        await until(drained)


async def test_the_words_of_postgresql_follow_the_texts_and_stay_with_the_price(database, drain):
    product = await make_product(await make_seller(), name="Vase")
    await drain()
    for statement in (
        "UPDATE variant SET price_minor = 4200 WHERE product_id = $1",
        "UPDATE product SET sales_count = 7 WHERE id = $1",
        "UPDATE product SET name = 'Moonstone Urn' WHERE id = $1",
        "UPDATE stock SET on_hand = 0 FROM variant v WHERE v.id = variant_id AND v.product_id = $1",
    ):
        await pool().execute(statement, product)
        await drain()
        assert await pool().fetchval("SELECT bool_and(words = haat_search_vector(document)) FROM product_search")
    row = await pool().fetchrow("SELECT name, price_minor, sales_count, in_stock FROM product_search")
    assert tuple(row) == ("moonstone urn", 4_200, 7, False)


async def test_what_was_touched_is_told_only_while_nothing_failed_since_the_last_time(
    database, client, drain, drainer, line, bumps
):
    seller = await make_seller()
    for name in ("Vase", "Bowl", "Tray"):
        await make_product(seller, name=name)
        await drain()
    assert bumps.tags[-1]
    nowhere = SearchClient("http://127.0.0.1:9", "", index=client.index, timeout_ms=100)
    drainer._client, working = nowhere, drainer._client
    await make_product(seller, name="Jar")
    assert await drainer.drain_once(line) == 0
    drainer._client, drainer._down_s = working, 0.0
    await drain()
    assert bumps.tags[-1] is None
    await make_product(seller, name="Cup")
    await drain()
    assert bumps.tags[-1]

    told = bumps.count

    async def again() -> bool:
        return bumps.count > told

    async with running(drainer):  # with a connection of its own: another may have drained before it
        await make_product(seller, name="Urn")
        await until(again)
    assert bumps.tags[told] is None
