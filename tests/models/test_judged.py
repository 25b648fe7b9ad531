"""A decision of the operator holds for what was read: whatever is rewritten meanwhile, nothing unseen goes on sale."""

import asyncio
from collections.abc import Awaitable, Callable
from uuid import UUID

import pytest

from models.approval import decide_product, get_pending
from models.base import uuid7
from models.change_queue import decide_change, get_change, list_changes
from models.database import Pool, pool
from models.errors import Conflict
from models.listing import get_listing
from models.pictures import add_picture, remove_picture, replace_key
from models.product_input import NewSpecification, NewVariant, ProductChange, VariantChange
from models.product_write import change_product
from tests.factories import insert, make_category, make_product, make_seller
from tests.search.rows import make_specification
from tests.wait import until

BLOCKED = "SELECT count(*) = 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
DECIDED = "SELECT count(*) FROM audit_entry WHERE action IN ('product.approved', 'product.rejected')"
CHANGES: dict[str, Callable[[UUID], ProductChange]] = {
    "name": lambda _: ProductChange(name="Another Kurta"),
    "slug": lambda _: ProductChange(slug="another-kurta"),
    "brand": lambda _: ProductChange(brand="Rolex"),
    "description": lambda _: ProductChange(description="Something else"),
    "category": lambda _: ProductChange(category="kurtas"),
    "HSN code": lambda _: ProductChange(hsn_code="6205"),
    "country": lambda _: ProductChange(country_of_origin="VN"),
    "specifications": lambda _: ProductChange(specifications=[NewSpecification(name="Fabric", value="Silk")]),
    "price": lambda _: ProductChange(price_minor=1),
    "MRP": lambda _: ProductChange(list_price_minor=500_000),
    "options": lambda one: ProductChange(variants=[VariantChange(id=one, options={"Size": "Call 98450 12345"})]),
    "SKU": lambda one: ProductChange(variants=[VariantChange(id=one, sku="X-1")]),
    "a variant taken off sale": lambda one: ProductChange(variants=[VariantChange(id=one, status="archived")]),
    "a new variant": lambda _: ProductChange(new_variants=[NewVariant(options={"Size": "XL"}, price_minor=5)]),
}


async def waiting_product() -> tuple[UUID, UUID]:
    """Of two variants, with a specification and a picture. Returns the ids of its seller and its own."""
    seller_id = await make_seller(trusted=False)
    product_id = await make_product(seller_id, state="pending", variants=2)
    await pool().execute('UPDATE variant SET options = \'{"Size": "M"}\' WHERE position = 0')
    await make_specification(product_id, "Fabric", "Cotton")
    await insert("product_image", product_id=product_id, key="a.webp", position=0)
    await make_category("Kurtas")
    return seller_id, product_id


async def refuses(decision: Awaitable[None]) -> bool:
    with pytest.raises(Conflict) as refused:
        await decision
    return refused.value.code == "product_changed"


@pytest.mark.parametrize("what", CHANGES)
async def test_a_product_that_was_rewritten_is_not_decided_by_who_saw_the_old_one(database: Pool, what: str) -> None:
    seller_id, product_id = await waiting_product()
    seen = await get_pending(product_id)
    second = await database.fetchval("SELECT id FROM variant WHERE position = 1")
    await change_product(seller_id, product_id, CHANGES[what](second), actor_id=seller_id)
    for new in ("active", "rejected"):
        assert await refuses(decide_product(product_id, version=seen.version, new=new, actor_id=uuid7()))
    assert not await database.fetchval(DECIDED)
    now = await get_pending(product_id)
    await decide_product(product_id, version=now.version, new="active", actor_id=uuid7())
    assert (await get_listing(seller_id, product_id)).status == "active"


async def test_neither_is_one_whose_pictures_were_changed(database: Pool) -> None:
    seller_id, product_id = await waiting_product()
    seen = await get_pending(product_id)
    added = uuid7()
    await add_picture(seller_id, product_id, added, key="b.webp", actor_id=seller_id)
    assert await refuses(decide_product(product_id, version=seen.version, new="active", actor_id=uuid7()))
    two = await get_pending(product_id)
    await remove_picture(seller_id, product_id, added, actor_id=seller_id)
    assert await refuses(decide_product(product_id, version=two.version, new="active", actor_id=uuid7()))
    assert (await get_pending(product_id)).version == seen.version, "it is what was seen again"


async def test_stock_and_the_shops_own_copy_of_a_picture_are_no_other_product(database: Pool) -> None:
    seller_id, product_id = await waiting_product()
    seen = await get_pending(product_id)
    variant_id = await database.fetchval("SELECT id FROM variant WHERE position = 0")
    stocked = ProductChange(variants=[VariantChange(id=variant_id, stock=3)])
    await change_product(seller_id, product_id, stocked, actor_id=seller_id)
    image_id = await database.fetchval("SELECT id FROM product_image")
    await replace_key(image_id, old="a.webp", new="products/a.webp")
    await decide_product(product_id, version=seen.version, new="active", actor_id=uuid7())
    assert (await get_listing(seller_id, product_id)).status == "active"


async def test_a_decision_that_waits_for_a_seller_who_is_writing_sees_what_was_written(database: Pool) -> None:
    _, product_id = await waiting_product()
    seen = await get_pending(product_id)
    async with database.acquire() as writing, writing.transaction():
        await writing.execute("SELECT FROM product WHERE id = $1 FOR NO KEY UPDATE", product_id)
        await writing.execute("UPDATE specification SET text = 'Plastic'")
        deciding = asyncio.create_task(decide_product(product_id, version=seen.version, new="active", actor_id=uuid7()))
        await until(lambda: database.fetchval(BLOCKED))
    assert await refuses(deciding)
    assert (await get_pending(product_id)).specifications == ["Fabric: Plastic"]


async def changed_product() -> tuple[UUID, UUID]:
    """On sale, with a change of its name that waits. Returns the ids of its seller and its own."""
    seller_id = await make_seller(trusted=False)
    product_id = await make_product(seller_id, variants=2)
    await pool().execute('UPDATE variant SET options = \'{"Size": "M"}\' WHERE position = 0')
    await make_specification(product_id, "Fabric", "Cotton")
    await change_product(seller_id, product_id, ProductChange(name="Linen Kurta"), actor_id=seller_id)
    return seller_id, product_id


@pytest.mark.parametrize(
    "more",
    [
        ProductChange(name="Call 98450 12345"),
        ProductChange(brand="Rolex"),
        ProductChange(specifications=[NewSpecification(name="Fabric", value="Silk")]),
        ProductChange(new_variants=[NewVariant(options={"Size": "XL"}, price_minor=5)]),
    ],
    ids=["the same field", "another one", "specifications", "a new variant"],
)
async def test_a_change_that_was_changed_is_not_decided_by_who_saw_the_old_one(
    database: Pool, more: ProductChange
) -> None:
    seller_id, product_id = await changed_product()
    ((seen,), _) = await list_changes()
    await change_product(seller_id, product_id, more, actor_id=seller_id)
    for approve in (True, False):
        assert await refuses(decide_change(seen.id, version=seen.version, approve=approve, actor_id=uuid7()))
    assert (await get_listing(seller_id, product_id)).name == "Cotton Kurta"
    now = await get_change(seen.id)
    assert now.created_at == seen.created_at, "it keeps its place in the queue"
    await decide_change(now.id, version=now.version, approve=True, actor_id=uuid7())


async def test_neither_is_one_with_another_picture(database: Pool) -> None:
    seller_id, product_id = await changed_product()
    ((seen,), _) = await list_changes()
    await add_picture(seller_id, product_id, uuid7(), key="b.webp", actor_id=seller_id)
    assert await refuses(decide_change(seen.id, version=seen.version, approve=True, actor_id=uuid7()))
    assert (await get_listing(seller_id, product_id)).images == []


async def test_neither_is_one_whose_live_product_was_written_meanwhile(database: Pool) -> None:
    seller_id, product_id = await changed_product()
    ((seen,), _) = await list_changes()
    async with database.acquire() as writing, writing.transaction():
        await writing.execute("SELECT FROM product WHERE id = $1 FOR NO KEY UPDATE", product_id)
        await writing.execute("UPDATE specification SET text = 'Silk'")
        deciding = asyncio.create_task(decide_change(seen.id, version=seen.version, approve=True, actor_id=uuid7()))
        await until(lambda: database.fetchval(BLOCKED))
    assert await refuses(deciding)
    assert (await get_listing(seller_id, product_id)).name == "Cotton Kurta"


@pytest.mark.parametrize(
    "more",
    [
        lambda one: VariantChange(id=one, options={"Size": "Call 98450 12345"}),
        lambda one: VariantChange(id=one, sku="X-1"),
        lambda one: VariantChange(id=one, status="archived"),
    ],
    ids=["options", "SKU", "retired"],
)
async def test_neither_is_one_whose_variants_are_called_otherwise_or_retired(
    database: Pool, more: Callable[[UUID], VariantChange]
) -> None:
    seller_id, product_id = await changed_product()
    ((seen,), _) = await list_changes()
    second = await database.fetchval("SELECT id FROM variant WHERE position = 1")
    await change_product(seller_id, product_id, ProductChange(variants=[more(second)]), actor_id=seller_id)
    for approve in (True, False):
        assert await refuses(decide_change(seen.id, version=seen.version, approve=approve, actor_id=uuid7()))


async def test_price_and_stock_of_a_live_product_are_no_other_change(database: Pool) -> None:
    seller_id, product_id = await changed_product()
    ((seen,), _) = await list_changes()
    second = await database.fetchval("SELECT id FROM variant WHERE position = 1")
    sold = ProductChange(price_minor=7, variants=[VariantChange(id=second, stock=3)])
    await change_product(seller_id, product_id, sold, actor_id=seller_id)
    await decide_change(seen.id, version=seen.version, approve=True, actor_id=uuid7())
    assert (await get_listing(seller_id, product_id)).name == "Linen Kurta"
