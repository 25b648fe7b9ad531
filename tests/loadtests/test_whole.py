"""A catalogue that is not whole is not measured: products that are missing, or that the search does not find."""

import aiohttp
import pytest

from loadtests.whole import NotWhole, demand_whole
from models.database import Pool
from server.context import Context
from tests.factories import make_product, make_seller

PRODUCTS = 4


async def test_products_are_counted_and_the_search_has_each_that_is_on_sale(
    http: aiohttp.ClientSession, context: Context, database: Pool, worker: None
) -> None:
    shop = (context.settings.site.base_url, context.settings.database.url)
    seller_id = await make_seller()
    for number in range(PRODUCTS - 1):
        await make_product(seller_id, name=f"Lamp {number}")
    await make_product(seller_id, name="Lamp of last year", state="archived")
    await demand_whole(*shop, products=PRODUCTS)
    with pytest.raises(NotWhole, match="holds 4 products in place of 5"):
        await demand_whole(*shop, products=PRODUCTS + 1)
    await database.execute("UPDATE product SET state = 'active'; DELETE FROM search_change")  # the index is not told
    with pytest.raises(NotWhole, match=r"Of 4 products on sale the search of .* finds 3"):
        await demand_whole(*shop, products=PRODUCTS)
