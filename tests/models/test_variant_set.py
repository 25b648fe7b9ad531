"""Variants as sellers change them: told apart by their options, one always on sale, readable where they were bought."""

import asyncio
from uuid import UUID

import asyncpg
import msgspec
import pytest

from models.base import uuid7
from models.cart_view import read_cart
from models.database import Pool
from models.errors import Conflict, Invalid
from models.listing import Listing
from models.order_view import read_order
from models.product_input import NewVariant, ProductChange, VariantChange
from models.product_write import change_product
from models.settlement import settle
from tests.factories import make_product, make_seller
from tests.oracle import BROKEN
from tests.ordering import KEYRING, TERMS, charge, fill, guest, new_order, place, stock_of
from tests.wait import until


class Stall:
    """A seller's product, changed by whoever owns it."""

    def __init__(self, seller_id: UUID, product_id: UUID) -> None:
        self.seller_id, self.product_id = seller_id, product_id

    async def change(self, *changes: VariantChange, new: tuple[NewVariant, ...] = ()) -> Listing:
        change = ProductChange(variants=list(changes), new_variants=list(new))
        return await change_product(self.seller_id, self.product_id, change, actor_id=self.seller_id)


@pytest.fixture
async def stall(database: Pool) -> Stall:
    """Of three sizes: {} is the first one's, then 1 and 2."""
    seller_id = await make_seller()
    product_id = await make_product(seller_id, sku="KURTA", variants=3)
    await database.execute("""UPDATE variant SET options = '{"Size": "0"}' WHERE options = '{}'""")
    return Stall(seller_id, product_id)


async def ids(database: Pool) -> list[UUID]:
    return [row["id"] for row in await database.fetch("SELECT id FROM variant ORDER BY position")]


def size(text: str, **more: int) -> NewVariant:
    return NewVariant(options={"Size": text}, price_minor=more.get("price_minor", 500), stock=more.get("stock", 0))


async def test_variants_are_added_altered_and_retired_at_once_and_the_trail_tells(stall: Stall, database: Pool) -> None:
    first, second, third = await ids(database)
    await database.execute("UPDATE stock SET reserved = 4 WHERE variant_id = $1", second)
    made = await stall.change(
        VariantChange(id=first, sku="K-S", options={" Size ": "S", "Colour": " Deep  Teal"}, price_minor=700),
        VariantChange(id=second, stock=1),
        VariantChange(id=third, status="archived"),
        new=(size("XL", stock=7), NewVariant(options={"Size": "2"}, sku="K-2", price_minor=9, list_price_minor=10)),
    )
    assert [(v.sku, v.options, v.price_minor, v.list_price_minor, v.stock, v.status) for v in made.variants] == [
        ("K-S", {"Size": "S", "Colour": "Deep Teal"}, 700, None, 10, "active"),
        (made.variants[1].sku, {"Size": "1"}, 129_900, None, 1, "active"),
        (made.variants[2].sku, {"Size": "2"}, 129_900, None, 10, "archived"),
        ("KURTA-xl", {"Size": "XL"}, 500, None, 7, "active"),
        ("K-2", {"Size": "2"}, 9, 10, 0, "active"),
    ]
    assert await stock_of(second) == (5, 4), "units of running orders stay theirs"
    assert await database.fetch(BROKEN["I1: stock is the sum of its movements"]) != [], "reserved by hand above"
    entry = await database.fetchrow("SELECT * FROM audit_entry")
    before, after = (msgspec.json.decode(entry[side])["variants"] for side in ("before", "after"))
    assert [line.get("status") for line in before] == [None, None, "active"]
    assert [line.get("sku") for line in after] == ["K-S", None, None, "KURTA-xl", "K-2"]
    assert after[2]["status"] == "archived"
    with pytest.raises(Invalid) as refused:
        await stall.change(VariantChange(id=third, status="active"))
    assert [field.field for field in refused.value.fields] == ["variants[0].options"]
    await stall.change(VariantChange(id=third, status="active", options={"Size": "22"}))
    assert await stall.change(VariantChange(id=third, status="active")) == await stall.change()


async def test_what_variants_cannot_be_together_is_refused_by_its_field(stall: Stall, database: Pool) -> None:
    first, second, third = await ids(database)
    sku = await database.fetchval("SELECT sku FROM variant WHERE id = $1", second)
    retire = [VariantChange(id=one, status="archived") for one in (first, second, third)]
    for changes, new, field in (
        ([VariantChange(id=first, options={"size": "1"})], (), "variants[0].options"),
        ([VariantChange(id=first, options={})], (), "variants[0].options"),
        ([VariantChange(id=first, options={"Size": " "})], (), "variants[0].options"),
        ([VariantChange(id=first, options={"Size": "S", "size": "M"})], (), "variants[0].options"),
        ([VariantChange(id=first, options={"Size": "\u200b"})], (), "variants[0].options"),
        ([VariantChange(id=first, options={"\u3164": "S"})], (), "variants[0].options"),
        ([VariantChange(id=first, options={"Size": "1\u200b"})], (), "variants[0].options"),
        ([VariantChange(id=first, options={"Si\u00adze": "\uff11"})], (), "variants[0].options"),
        ([VariantChange(id=first, options={"Size": "S", "Size\ufeff": "M"})], (), "variants[0].options"),
        ([VariantChange(id=first, sku="\u2060")], (), "variants[0].sku"),
        ([VariantChange(id=second), VariantChange(id=first, sku=sku)], (), "variants[0].sku"),
        ([VariantChange(id=first, sku="  ")], (), "variants[0].sku"),
        ([], (size("S"), size("s")), "new_variants[1].options"),
        ([], (NewVariant(options={}, price_minor=1),), "new_variants[0].options"),
        (
            [],
            (NewVariant(options={"Size": "S"}, price_minor=2, list_price_minor=1),),
            "new_variants[0].list_price_minor",
        ),
        ([], (NewVariant(options={"Size": "S"}, price_minor=2, sku=sku),), "new_variants[0].sku"),
        ([], (NewVariant(options={"Size": "S"}, price_minor=2, sku="\u200b"),), "new_variants[0].sku"),
        (retire, (), "variants[0].status"),
    ):
        with pytest.raises(Invalid) as refused:
            await stall.change(*changes, new=new)
        assert field in [wrong.field for wrong in refused.value.fields], (field, refused.value.fields)
    assert await database.fetchval("SELECT count(*) FROM variant WHERE state = 'active'") == 3
    assert await database.fetchval("SELECT count(*) FROM audit_entry") == 0


async def test_joiners_inside_words_are_kept(stall: Stall, database: Pool) -> None:
    first, *_ = await ids(database)
    colour = {"\u0930\u0902\u0917": "\u0930\u0915\u094d\u200d\u0924"}
    made = await stall.change(VariantChange(id=first, options=colour))
    assert made.variants[0].options == colour


async def test_two_sizes_change_places_in_one_change(stall: Stall, database: Pool) -> None:
    first, second, third = await ids(database)
    made = await stall.change(
        VariantChange(id=first, options={"Size": "1"}), VariantChange(id=second, options={"Size": "0"})
    )
    assert [v.options["Size"] for v in made.variants] == ["1", "0", "2"]
    await stall.change(VariantChange(id=third, status="archived"), new=(size("2"),))


async def test_skus_change_places_and_move_along_in_one_change(stall: Stall, database: Pool) -> None:
    first, second, third = await ids(database)
    a, b, c = (v.sku for v in (await stall.change()).variants)
    made = await stall.change(VariantChange(id=first, sku=b), VariantChange(id=second, sku=a))
    assert [v.sku for v in made.variants] == [b, a, c]
    along = [VariantChange(id=one, sku=sku) for one, sku in ((first, a), (second, c), (third, "KURTA-4"))]
    made = await stall.change(*along, new=(NewVariant(options={"Size": "XL"}, sku=b, price_minor=1),))
    assert [v.sku for v in made.variants] == [a, c, "KURTA-4", b]
    with pytest.raises(asyncpg.UniqueViolationError):
        await database.execute("UPDATE variant SET sku = $1 WHERE id = $2", b, first)


async def test_of_several_who_add_the_same_or_retire_the_last_ones_at_once_one_succeeds(
    stall: Stall, database: Pool
) -> None:
    adding = [stall.change(new=(size("XL", stock=3),)) for _ in range(5)]
    made = await asyncio.gather(*adding, return_exceptions=True)
    assert sum(isinstance(one, Listing) for one in made) == 1
    assert {type(one) for one in made} == {Listing, Invalid}
    retiring = [stall.change(VariantChange(id=one, status="archived")) for one in await ids(database)]
    made = await asyncio.gather(*retiring, return_exceptions=True)
    assert sum(isinstance(one, Listing) for one in made) == 3
    assert await database.fetchval("SELECT count(*) FROM variant WHERE state = 'active'") == 1
    assert await database.fetch(BROKEN["I1: stock is the sum of its movements"]) == []


async def test_the_database_keeps_options_apart_whoever_writes(stall: Stall, database: Pool) -> None:
    add = "INSERT INTO variant (id, product_id, sku, options, price_minor, state) VALUES ($1, $2, $3, $4, 1, $5)"
    await database.execute(add, uuid7(), stall.product_id, "gone", '{"Size": "1"}', "archived")
    with pytest.raises(asyncpg.ExclusionViolationError):
        await database.execute(add, uuid7(), stall.product_id, "again", '{"Size": "1"}', "active")


async def test_a_retired_variant_stays_readable_in_carts_and_orders_and_is_sold_no_more(
    stall: Stall, database: Pool
) -> None:
    first, *_ = await ids(database)
    sku = await database.fetchval("SELECT sku FROM variant WHERE id = $1", first)
    order = await new_order(first, quantity=2)
    shopper = guest()
    await fill(shopper, first)
    await stall.change(VariantChange(id=first, sku="NEW", options={"Size": "New"}, status="archived", stock=0))
    (item,) = (await read_cart(shopper, TERMS)).items
    assert (item.options, item.problem) == ({"Size": "New"}, "unavailable")
    with pytest.raises(Conflict, match="no longer sold"):
        await place(shopper)
    with pytest.raises(Invalid):
        await fill(guest(), first)
    await settle(charge(order))
    (line,) = (await read_order(order.order_id, keyring=KEYRING)).lines
    assert (line.sku, line.options, line.quantity) == (sku, {"Size": "0"}, 2)
    assert await stock_of(first) == (0, 0), "what was ordered before was sold, and no unit more"


async def test_an_order_that_is_being_placed_and_a_new_sku_wait_for_one_another_in_one_direction_only(
    stall: Stall, database: Pool
) -> None:
    """An order refers to the variant first and to the product later: neither may be in the other's way both times."""
    first, *_ = await ids(database)
    async with database.acquire() as ordering, ordering.transaction():
        await ordering.execute("SELECT FROM variant WHERE id = $1 FOR KEY SHARE", first)
        changing = asyncio.create_task(stall.change(VariantChange(id=first, sku="NEW")))
        waits = (
            "SELECT count(*) > 0 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        await until(lambda: database.fetchval(waits))
        await ordering.execute("SELECT FROM product WHERE id = $1 FOR KEY SHARE", stall.product_id)
    assert (await changing).variants[0].sku == "NEW"
