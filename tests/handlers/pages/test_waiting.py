"""A change that waits for the market, as its seller finds it on the product's page and takes it back."""

from uuid import UUID

import pytest

from models.base import uuid7
from models.database import Pool
from models.pictures import add_picture
from models.product_input import ProductChange
from models.product_write import change_product
from tests.factories import make_product
from tests.handlers.pages.visitor import Visitor


@pytest.fixture
async def product(seller: UUID, database: Pool) -> UUID:
    """On sale, of a seller whom the market does not trust."""
    await database.execute("UPDATE seller SET trusted = false")
    return await make_product(seller, name="Kurta", sku="KURTA", stock=4)


async def test_who_takes_a_change_back_reads_whether_pictures_went_with_it(
    visitor: Visitor, seller: UUID, product: UUID
) -> None:
    path = f"/seller/products/{product}"
    change = ProductChange(name="Linen Kurta")
    await change_product(seller, product, change, actor_id=seller)
    assert (await visitor.post(f"{path}/change/withdraw")).location == path
    told = (await visitor.get(path)).text
    assert ("Taken back" in told, "pictures that waited" in told) == (True, False)
    await change_product(seller, product, change, actor_id=seller)
    await add_picture(seller, product, uuid7(), key="b.webp", actor_id=seller)
    assert (await visitor.post(f"{path}/change/withdraw")).location == path
    assert "pictures that waited are gone" in (await visitor.get(path)).text
