"""Two lanes: a bulk change of thousands never holds up a single edit, and is itself carried to its end."""

from models.database import pool
from search.pace import Pace
from search.sync import Drainer
from tests.factories import make_product, make_seller
from tests.search.conftest import running
from tests.search.rows import waiting
from tests.wait import until

BULK, BATCH = 3_000, 500
STOCK_UP = """
WITH made AS (
    INSERT INTO product (id, seller_id, sku, slug, name, state)
    SELECT gen_random_uuid(), $1, 'BRICK-' || n, 'brick-' || n, 'Brick ' || n, 'active' FROM generate_series(1, $2) n
    RETURNING id, sku
), offered AS (
    INSERT INTO variant (id, product_id, sku, price_minor, position) SELECT gen_random_uuid(), id, sku, 900, 0 FROM made
    RETURNING id
)
INSERT INTO stock (variant_id, on_hand) SELECT id, 5 FROM offered
"""


async def test_an_edit_overtakes_a_bulk_of_thousands_that_is_on_its_way(settings, database, client, bumps, ask, drain):
    """The triggers choose the lanes, the drainer takes them in turns: the edit waits for the batch in flight alone."""
    seller = await make_seller()
    edited = await make_product(seller, name="Vase")
    await drain()
    await pool().execute(STOCK_UP, seller, BULK)
    assert await pool().fetchval("SELECT bool_and(bulk) FROM search_change")
    drainer = Drainer(settings.database.url, client, bump=bumps, poll_ms=5)
    drainer._bulk = Pace(start=BATCH, floor=BATCH, ceiling=BATCH, target_s=60.0)

    async def begun() -> bool:
        return 0 < len(await waiting()) < BULK

    async def found() -> bool:
        return (await ask(q="urn", facets=("none",))).total == 1

    async def drained() -> bool:
        return not await waiting()

    async with running(drainer):
        await until(begun, timeout_s=60)
        await pool().execute("UPDATE product SET name = 'Urn' WHERE id = $1", edited)
        before = len(await waiting())
        await until(found, timeout_s=60)
        left = len(await waiting())
        assert left >= before - 1 - 3 * BATCH, "few batches of bulk went first"
        assert left > 0
        await until(drained, timeout_s=60)
    assert (await ask(q="brick", facets=("none",))).total == BULK
    assert await pool().fetchval("SELECT count(*) FROM product_search") == BULK + 1
