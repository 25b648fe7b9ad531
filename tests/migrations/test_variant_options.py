"""Variants that had the same options before there was a rule against it are told apart by their SKU; none is lost."""

from uuid import UUID, uuid4

import asyncpg
import msgspec

from migrations.runner import downgrade, migrate
from server.settings import Settings
from tests.address import on_database
from tests.migrations.test_rules import empty_database

__all__ = ["empty_database"]
SELLER = "INSERT INTO seller (id, slug, name, legal_name, state) VALUES ($1, 's', 's', 's', 'approved')"
PRODUCT = "INSERT INTO product (id, seller_id, sku, slug, name, state) VALUES ($1, $2, 'p', 'p', 'p', 'active')"
VARIANT = "INSERT INTO variant (id, product_id, sku, options, price_minor, state) VALUES ($1, $2, $3, $4, 1, $5)"


async def test_two_of_the_same_options_get_their_sku_as_one_more(settings: Settings, empty_database: str) -> None:
    owner_url = on_database(settings.database.owner_url, empty_database)
    app_url = on_database(settings.database.url, empty_database)
    await migrate(owner_url, app_url)
    assert (await downgrade(owner_url, "0037_left_shops"))[-1] == "0038_variant_options"
    connection = await asyncpg.connect(owner_url)
    try:
        seller_id, product_id = uuid4(), uuid4()
        await connection.execute(SELLER, seller_id)
        await connection.execute(PRODUCT, product_id, seller_id)
        for number, (sku, options, state) in enumerate(
            [
                ("A", "{}", "active"), ("B", "{}", "active"), ("C", '{"Size": "M"}', "active"),
                ("D", '{"Size": "M"}', "active"), ("E", '{"Size": "M"}', "archived"), ("F", "[1]", "active"),
            ]
        ):  # fmt: skip
            await connection.execute(VARIANT, UUID(int=number + 1), product_id, sku, options, state)
        await migrate(owner_url, app_url)
        rows = await connection.fetch("SELECT sku, options FROM variant ORDER BY sku")
    finally:
        await connection.close()
    assert {row["sku"]: msgspec.json.decode(row["options"]) for row in rows} == {
        "A": {}, "B": {"SKU": "B"}, "C": {"Size": "M"}, "D": {"Size": "M", "SKU": "D"}, "E": {"Size": "M"}, "F": [1],
    }  # fmt: skip
