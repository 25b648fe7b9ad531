"""PostgreSQL throws the drainer out again and again, in the middle of its work: no edit is lost, none is half done."""

from models.database import pool
from search.reconcile import reconcile
from search.sync import Drainer
from server.context import Context
from tests.factories import make_product, make_seller
from tests.search.conftest import running
from tests.wait import until

THROW_OUT = """
SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
 WHERE application_name = 'haat search' AND datname = current_database()
"""
PRODUCTS, ROUNDS = 12, 4


async def test_no_edit_is_lost_when_the_drainer_loses_its_database(context: Context) -> None:
    """Thrown out once right behind the edits, else when a batch of them has reached PostgreSQL's own documents."""
    seller = await make_seller()
    products = [await make_product(seller, name=f"Vase {n}") for n in range(PRODUCTS)]
    client, url = context.search.client, context.settings.database.url
    written = "SELECT EXISTS (SELECT FROM product_search WHERE document->>'name' LIKE $1)"

    async def in_the_middle() -> bool:
        return await pool().fetchval(written, f"%edit {number}")

    async def drained() -> bool:
        return not await pool().fetchval("SELECT EXISTS (SELECT FROM search_change)")

    thrown = 0
    async with running(Drainer(url, client, bump=context.cache.bump, poll_ms=5)):
        await until(drained)
        for number in range(ROUNDS):
            for place, product in enumerate(products):
                await pool().execute(
                    "UPDATE product SET name = $2 WHERE id = $1", product, f"Urn {place} edit {number}"
                )
            if number:
                await until(in_the_middle, poll_s=0.001)
            thrown += await pool().fetchval(THROW_OUT)
        await until(drained, timeout_s=30)
    assert thrown >= 2
    found = await reconcile(url, client, deep=True)
    assert found is not None
    assert (found.compared, found.repaired) == (PRODUCTS, 0)
    names = {document["name"] for document in (await client.fetch_documents(client.index, limit=PRODUCTS)).results}
    assert names == {f"Urn {place} edit {ROUNDS - 1}" for place in range(PRODUCTS)}
