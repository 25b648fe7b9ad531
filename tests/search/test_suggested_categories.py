"""Suggested categories lead somewhere: none is offered in which a shopper would see nothing."""

from models.database import pool
from tests.factories import make_category, make_product, make_seller
from tests.wait import until


async def test_a_category_is_suggested_only_while_something_in_it_is_for_sale(database, drain, engine):
    async def offers(slugs: set[str]) -> bool:
        return {category.slug for category in (await engine.suggest("lamp")).categories} == slugs

    above = await make_category("Lamps and Lights")
    product = await make_product(
        await make_seller(), name="Clay Pot", category_id=await make_category("Lamps", parent_id=above)
    )
    await make_category("Lamp Oil")
    await make_product(
        await make_seller(), name="Paper Shade", category_id=await make_category("Lampshades"), state="draft"
    )
    await drain()
    await until(lambda: offers({"lamps", "lamps-and-lights"}))
    await pool().execute(
        "UPDATE seller SET state = 'suspended' FROM product p WHERE p.seller_id = seller.id AND p.id = $1", product
    )
    await drain()
    await until(lambda: offers(set()))
