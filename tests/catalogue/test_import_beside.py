"""An import and a seller who changes the same products take turns: neither fails, and each leaves what it meant."""

import asyncio
from pathlib import Path

from catalogue.importing.run import Importer, Wishes
from catalogue.importing.source import Source
from models.database import Connection, Pool
from models.product_input import NewSpecification, ProductChange
from models.product_write import change_product
from tests.factories import make_product, make_seller
from tests.wait import until

PRODUCTS, ROUNDS = 30, 8
WAITING = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


async def test_both_write_specifications_and_prices_of_the_same_products_at_once(
    database: Pool, tmp_path: Path
) -> None:
    seller_id = await make_seller()
    slug = await database.fetchval("SELECT slug FROM seller")
    async with database.acquire() as connection:
        await load(connection, slug, tmp_path, 0)
        products = [row["id"] for row in await database.fetch("SELECT id FROM product ORDER BY sku")]

        async def sell() -> None:
            for turn in range(ROUNDS):
                given = [NewSpecification(name=name, value=f"Mine {turn}") for name in ("Material", "Mine")]
                change = ProductChange(specifications=given, price_minor=100 + turn)
                for product_id in products:
                    await change_product(seller_id, product_id, change, actor_id=seller_id)

        async def bring() -> None:
            for turn in range(1, ROUNDS):
                await load(connection, slug, tmp_path, turn)

        await asyncio.gather(sell(), bring())
    rows = await database.fetch(
        "SELECT string_agg(name || '=' || text, ' ' ORDER BY position) AS said FROM specification GROUP BY product_id"
    )
    assert len(rows) == PRODUCTS
    last = {f"Material=Mine {ROUNDS - 1} Mine=Mine {ROUNDS - 1}", f"Material=Theirs {ROUNDS - 1} Colour=Red"}
    assert {row["said"] for row in rows} <= last


async def test_what_a_seller_saves_while_an_import_is_about_to_write_stays(database: Pool, tmp_path: Path) -> None:
    """The file says nothing of brands; a row of texts is written whole."""
    seller_id = await make_seller()
    slug = await database.fetchval("SELECT slug FROM seller")
    product_id = await make_product(seller_id, sku="S-00", name="Old")
    read = "SELECT name, brand FROM product WHERE id = $1"
    async with database.acquire() as importing:
        async with database.acquire() as selling, selling.transaction():
            await selling.execute("SELECT FROM product WHERE id = $1 FOR NO KEY UPDATE", product_id)
            await selling.execute("UPDATE product SET brand = 'Okra' WHERE id = $1", product_id)
            bringing = asyncio.create_task(load(importing, slug, tmp_path, 1, products=1))
            await until(lambda: database.fetchval(WAITING))
        await bringing
    assert tuple(await database.fetchrow(read, product_id)) == ("Stool 0", "Okra")


async def load(connection: Connection, slug: str, folder: Path, turn: int, *, products: int = PRODUCTS) -> None:
    lines = [f"S-{n:02},Stool {n},{turn + 1},Theirs {turn},Red" for n in range(products)]
    file = folder / f"{turn}.csv"
    file.write_text("\n".join(["sku,name,price,Material,Colour", *lines]), "utf-8")
    source = Source(file)
    try:
        wishes = Wishes(path=file, seller=slug, errors_path=folder / "errors.csv")
        tally = await Importer(connection, wishes, shop_currency="INR").run(source, lambda _: None)
    finally:
        source.close()
    assert (tally.rows, tally.refused) == (products, 0)
