"""An import and a seller who changes the same products take turns: neither fails, and each leaves what it meant."""

import asyncio
from pathlib import Path

from catalogue.importing.run import Importer, Wishes
from catalogue.importing.source import Source
from models.database import Connection, Pool
from models.product_input import NewSpecification, ProductChange
from models.product_write import change_product
from tests.factories import make_seller

PRODUCTS, ROUNDS = 30, 8


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


async def load(connection: Connection, slug: str, folder: Path, turn: int) -> None:
    lines = [f"S-{n:02},Stool {n},{turn + 1},Theirs {turn},Red" for n in range(PRODUCTS)]
    file = folder / f"{turn}.csv"
    file.write_text("\n".join(["sku,name,price,Material,Colour", *lines]), "utf-8")
    source = Source(file)
    try:
        wishes = Wishes(path=file, seller=slug, errors_path=folder / "errors.csv")
        tally = await Importer(connection, wishes, shop_currency="INR").run(source, lambda _: None)
    finally:
        source.close()
    assert (tally.rows, tally.refused) == (PRODUCTS, 0)
