"""Products as sellers change them: stock under concurrency, slugs, approval, sales and ratings counted once."""

import asyncio
import random
from contextlib import suppress
from uuid import UUID

import pytest

from models.approval import decide_product, get_pending
from models.base import uuid7
from models.counts import count_ratings, count_sales
from models.database import Pool, transaction
from models.errors import Conflict, Forbidden, NotFound
from models.listing import get_listing
from models.moderation import decide_review
from models.product_input import NewProduct, ProductChange
from models.product_new import create_product
from models.product_write import change_product
from models.review import list_reviews, write_review
from models.settlement import settle
from models.slug import slugify, with_suffix
from models.stock import TooFew, Units, reserve
from tests.buying import variant_of
from tests.factories import make_product, make_seller, make_user
from tests.fulfilling import get_hold_of
from tests.oracle import BROKEN
from tests.ordering import charge, new_order


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Men's Café & Bar", "mens-cafe-bar"),
        ("  --Über_Größe  ", "uber-groe"),
        ("रसोई", "item"),
        ("iPhone 7 (128GB)", "iphone-7-128gb"),
        ("a" * 300, "a" * 80),
        ("long words " * 20, "long-words-long-words-long-words-long-words-long-words-long-words-long-words"),
    ],
)
def test_a_slug_is_plain_ascii_cut_between_words(text: str, slug: str) -> None:
    assert slugify(text) == slug


def test_a_suffix_follows_from_the_id() -> None:
    assert with_suffix("chair", UUID(int=7)) == with_suffix("chair", UUID(int=7))
    assert len(with_suffix("x" * 200, uuid7())) == 160


async def test_setting_stock_while_units_are_reserved_keeps_every_unit(database: Pool) -> None:
    seller_id, actor_id = await make_seller(), uuid7()
    product_id = await make_product(seller_id, stock=50)
    variant_id = await database.fetchval("SELECT id FROM variant")
    rng = random.Random(7)

    async def take() -> None:
        with suppress(TooFew):
            async with transaction() as connection:
                await reserve(connection, [Units(variant_id, 1)])
                await connection.execute(
                    "INSERT INTO stock_movement (variant_id, kind, reserved_change) VALUES ($1, 'reserved', 1)",
                    variant_id,
                )

    async def restock(units: int) -> None:
        await change_product(seller_id, product_id, ProductChange(stock=units), actor_id=actor_id)

    await asyncio.gather(*(restock(rng.randrange(60)) if n % 3 == 0 else take() for n in range(60)))
    await restock(5)
    on_hand, reserved = await database.fetchrow("SELECT on_hand, reserved FROM stock")
    assert on_hand - reserved == 5
    assert await database.fetch(BROKEN["I1: stock is the sum of its movements"]) == []


async def test_two_edits_at_once_both_count(database: Pool) -> None:
    seller_id, actor_id = await make_seller(), uuid7()
    product_id = await make_product(seller_id)
    changes = [ProductChange(name="Linen Kurta"), ProductChange(price_minor=500), ProductChange(description="Soft")]
    await asyncio.gather(*(change_product(seller_id, product_id, change, actor_id=actor_id) for change in changes))
    found = await get_listing(seller_id, product_id)
    assert (found.name, found.price_minor, found.description) == ("Linen Kurta", 500, "Soft")


async def test_products_of_one_name_made_at_once_get_slugs_of_their_own(database: Pool) -> None:
    seller_id, actor_id = await make_seller(), uuid7()
    making = [create_product(seller_id, NewProduct(name="Lamp", price_minor=1), actor_id=actor_id) for _ in range(8)]
    made = await asyncio.gather(*making)
    assert len({product.slug for product in made}) == 8
    assert "lamp" in {product.slug for product in made}


async def test_a_product_is_decided_once(database: Pool) -> None:
    product_id = await make_product(await make_seller(), state="pending")
    version, actor_id = (await get_pending(product_id)).version, uuid7()
    deciding = [
        decide_product(product_id, version=version, new=new, actor_id=actor_id)
        for new in ("active", "rejected", "active")
    ]
    outcomes = await asyncio.gather(*deciding, return_exceptions=True)
    assert sum(outcome is None for outcome in outcomes) == 1
    assert sum(isinstance(outcome, Conflict) for outcome in outcomes) == 2
    with pytest.raises(NotFound):
        await decide_product(uuid7(), version=version, new="active", actor_id=actor_id)


async def test_a_rating_is_counted_from_the_reviews_however_often(database: Pool) -> None:
    product_id = await make_product(await make_seller(), slug="lamp")
    asha, ravi = await make_user(), await make_user(name="Ravi Iyer")
    with pytest.raises(Forbidden):
        await write_review(asha, "lamp", rating=5, title="", text="")
    for user_id in (asha, ravi):
        await get_hold_of(user_id, product_id)
    written = [
        await write_review(asha, "lamp", rating=5, title=" Bright ", text="Good."),
        await write_review(ravi, "lamp", rating=2, title="", text=""),
    ]
    assert await list_reviews("lamp") == []
    for review_id in written:
        await decide_review(review_id, "published", actor_id=asha)
    with pytest.raises(Conflict):
        await write_review(ravi, "lamp", rating=3, title="", text="")
    with pytest.raises(NotFound):
        await write_review(ravi, "no-lamp", rating=3, title="", text="")
    for _ in range(2):
        await count_ratings(product_id)
        row = await database.fetchrow("SELECT rating_sum, rating_count FROM product")
        assert tuple(row) == (7, 2)
    assert await database.fetchval("SELECT count(*) FROM pgqueuer WHERE entrypoint = 'products.counts'") == 2
    assert [(r.author, r.title, r.verified) for r in await list_reviews("lamp")] == [
        ("Ravi", "", True),
        ("Asha", "Bright", True),
    ]


async def buy(product_id: UUID, units: int, *, paid: bool = True) -> None:
    order = await new_order(await variant_of(product_id), quantity=units)
    if paid:
        await settle(charge(order))


async def test_each_paid_order_is_counted_once_whoever_counts(database: Pool) -> None:
    product_id = await make_product(await make_seller(), stock=100, sales_count=100)
    for units in (1, 2, 3):
        await buy(product_id, units)
    await buy(product_id, 9, paid=False)
    counted = await asyncio.gather(*(count_sales(2) for _ in range(4)))
    while await count_sales(2):
        pass
    assert max(counted) <= 2
    assert await database.fetchval("SELECT sales_count FROM product") == 106
