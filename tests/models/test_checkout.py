"""Placing orders: the same key gives the same order, the price is the one that was shown, no unit is promised twice."""

import asyncio
from collections import Counter
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from models.base import first_uuid7
from models.basket import Shopper
from models.cart import add_item
from models.checkout import NewOrder, forget_keys
from models.closing import cancel_order, expire_order
from models.errors import Conflict, Invalid, OutOfStock
from tests.factories import make_user
from tests.ordering import (
    ASHA,
    count,
    end_hold,
    fill,
    guest,
    new_order,
    order_state,
    outcome,
    place,
    stock_of,
    wish,
)
from tests.wait import until

pytestmark = pytest.mark.usefixtures("sound")


async def test_the_same_key_gives_the_same_order(variant):
    chair, shopper = await variant(), guest()
    await fill(shopper, chair)
    asked = wish()
    placed = await place(shopper, asked)
    assert await place(shopper, asked) == placed.order_id
    assert (await count("orders"), await stock_of(chair)) == (1, (10, 1))


async def test_the_same_key_twice_at_once_makes_one_order(variant):
    chair, shopper = await variant(), guest()
    await fill(shopper, chair)
    asked = wish()
    seen = Counter(await asyncio.gather(*(outcome(place(shopper, asked)) for _ in range(20))))
    assert seen["placed"] == 1
    assert seen["placed"] + seen["replayed"] + seen["in_flight"] == 20
    assert (await count("orders"), await stock_of(chair)) == (1, (10, 1))


async def test_a_twin_in_flight_is_told_to_wait(variant, database):
    chair, shopper = await variant(), guest()
    await fill(shopper, chair)
    asked = wish()
    async with database.acquire() as other, other.transaction():
        await other.execute("SELECT id FROM cart FOR UPDATE")
        first = asyncio.create_task(place(shopper, asked))
        await until(lambda: database.fetchval("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"))
        assert await outcome(place(shopper, asked)) == "in_flight"
    assert isinstance(await first, NewOrder)


async def test_the_same_key_with_another_body_is_refused(variant):
    shopper = guest()
    await fill(shopper, await variant())
    asked = wish()
    await place(shopper, asked)
    other = msgspec.structs.replace(ASHA, email="other@example.in")
    assert await outcome(place(shopper, wish(asked.key, contact=other))) == "key_reused"


async def test_a_key_of_yesterday_is_refused_and_forgotten_in_the_end(variant, database):
    """It gives its order for 24 hours; then it is refused for a month, and nothing is written; then it is new."""
    asked, shopper, chair = wish(), guest(), await variant(stock=3)
    await fill(shopper, chair)
    order_id = (await place(shopper, asked)).order_id
    long_ago = first_uuid7(datetime(2020, 1, 1, tzinfo=UTC))
    placed = "UPDATE idempotency_key SET id = $1, created_at = now() - $2::interval"
    await database.execute(placed, long_ago, timedelta(hours=23, minutes=59))
    assert await place(shopper, asked) == order_id
    for age in (timedelta(hours=24, minutes=1), timedelta(days=29)):
        await database.execute(placed, long_ago, age)
        await forget_keys()
        with pytest.raises(Invalid, match="more than 24 hours ago") as refused:
            await place(shopper, asked)
        assert (refused.value.code, refused.value.fields[0].field) == ("key_expired", "Idempotency-Key")
        assert (await count("orders"), await stock_of(chair)) == (1, (3, 1))
    await database.execute(placed, long_ago, timedelta(days=31))
    await database.execute("UPDATE orders SET created_at = now() - interval '31 days'")
    await cancel_order(order_id)
    await forget_keys()
    assert await count("idempotency_key") == 0
    assert await outcome(place(shopper, asked)) == "placed"
    await forget_keys()
    assert await count("idempotency_key") == 1


async def test_the_same_key_of_two_shoppers_makes_two_orders(variant):
    chair = await variant()
    for shopper in (guest(), guest(), Shopper(await make_user())):
        await fill(shopper, chair)
        assert await outcome(place(shopper, wish("k"))) == "placed"
    assert await count("orders") == 3


async def test_a_second_tab_resumes_the_same_order_and_may_correct_the_address(variant, database):
    chair, shopper = await variant(stock=1), guest()
    await fill(shopper, chair)
    placed = await place(shopper)
    corrected = msgspec.structs.replace(ASHA, delivery=msgspec.structs.replace(ASHA.delivery, pin_code="560001"))
    assert await place(shopper, wish(contact=corrected)) == placed.order_id
    assert await database.fetchval("SELECT pin_code FROM orders") == "560001"
    assert (await count("orders"), await stock_of(chair)) == (1, (1, 1))


async def test_an_address_that_is_corrected_to_another_state_corrects_the_taxes(variant, database):
    chair, shopper = await variant(price_minor=118_000, gst_bps=1800), guest()
    await database.execute("UPDATE seller SET region = 'Karnataka'")
    await fill(shopper, chair)
    placed = await place(shopper)
    taxes = "SELECT l.cgst_minor, l.sgst_minor, l.igst_minor, o.tax_minor FROM order_line l, orders o"
    assert tuple(await database.fetchrow(taxes)) == (9_000, 9_000, 0, 18_000)
    for region, expected in (("Maharashtra", (0, 0, 18_000, 18_000)), ("Karnataka", (9_000, 9_000, 0, 18_000))):
        there = msgspec.structs.replace(ASHA.delivery, region=region)
        assert await place(shopper, wish(contact=msgspec.structs.replace(ASHA, delivery=there))) == placed.order_id
        assert tuple(await database.fetchrow(taxes)) == expected


async def test_a_second_tab_with_another_cart_or_price_is_sent_to_the_first_order(variant, database):
    chair, shopper = await variant(), guest()
    await fill(shopper, chair)
    placed = await place(shopper)
    await database.execute("UPDATE variant SET price_minor = price_minor + 1")
    with pytest.raises(Conflict, match=placed.claim.receipt) as refused:
        await place(shopper)
    await database.execute("UPDATE variant SET price_minor = price_minor - 1")
    await fill(shopper, chair)
    with pytest.raises(Conflict, match=placed.claim.receipt):
        await place(shopper)
    assert refused.value.code == "pending_order"


async def test_many_tabs_at_once_make_one_order(variant):
    chair, shopper = await variant(), guest()
    await fill(shopper, chair)
    seen = Counter(await asyncio.gather(*(outcome(place(shopper)) for _ in range(10))))
    assert seen == {"placed": 1, "replayed": 9}
    assert (await count("orders"), await stock_of(chair)) == (1, (10, 1))


async def test_an_order_that_outlived_its_hold_gives_way(variant):
    chair, shopper = await variant(stock=1), guest()
    first = await new_order(chair, shopper=shopper)
    await end_hold(first.order_id)
    second = await place(shopper)
    assert isinstance(second, NewOrder)
    assert (await order_state(first), await order_state(second)) == ("expired", "pending")
    assert await stock_of(chair) == (1, 1)


async def test_out_of_stock_names_the_lines_and_what_is_left_and_writes_nothing(variant):
    chair, lamp, shopper = await variant(stock=2, name="Chair"), await variant(stock=9), guest()
    await fill(shopper, chair, lamp, quantity=3)
    with pytest.raises(OutOfStock) as refused:
        await place(shopper)
    assert [field.detail for field in refused.value.fields] == ["2 of Chair left, 3 wanted"]
    assert (await count("orders"), await count("stock_movement WHERE kind <> 'stocked'")) == (0, 0)


async def test_stock_that_goes_while_the_order_is_written_is_noticed(variant, database):
    """The read saw one unit; by the time of the write somebody else has it."""
    chair, first, second = await variant(stock=1, name="Chair"), guest(), guest()
    await fill(first, chair)
    await fill(second, chair)
    async with database.acquire() as connection, connection.transaction():
        await connection.execute("SELECT * FROM stock FOR UPDATE")
        late = asyncio.create_task(place(second))
        await until(lambda: database.fetchval("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"))
        await connection.execute("UPDATE stock SET on_hand = 0")
        await connection.execute(
            "INSERT INTO stock_movement (variant_id, kind, on_hand_change) VALUES ($1, 'lost', -1)", chair
        )
    with pytest.raises(OutOfStock) as refused:
        await late
    assert [field.detail for field in refused.value.fields] == ["0 of Chair left, 1 wanted"]
    assert (await count("orders"), await count("idempotency_key"), await count("pgqueuer")) == (0, 0, 0)


async def test_the_last_unit_goes_to_one_of_many(variant):
    chair = await variant(stock=1)
    shoppers = [guest() for _ in range(25)]
    for shopper in shoppers:
        await fill(shopper, chair)
    seen = Counter(await asyncio.gather(*(outcome(place(shopper)) for shopper in shoppers)))
    assert seen == {"placed": 1, "out_of_stock": 24}
    assert await stock_of(chair) == (1, 1)


async def test_carts_in_opposite_order_do_not_deadlock(variant):
    things = [await variant(stock=100) for _ in range(6)]
    shoppers = [guest() for _ in range(24)]
    for i, shopper in enumerate(shoppers):
        await fill(shopper, *(things if i % 2 else reversed(things)))
    seen = Counter(await asyncio.gather(*(outcome(place(shopper)) for shopper in shoppers)))
    assert seen == {"placed": 24}


async def test_a_price_that_changed_is_not_charged_silently(variant, database):
    chair, shopper = await variant(price_minor=100_000), guest()
    await fill(shopper, chair)
    await database.execute("UPDATE variant SET price_minor = 120000")
    assert await outcome(place(shopper)) == "price_changed"
    assert await outcome(place(shopper, wish(total_seen_minor=100_000))) == "price_changed"
    assert await outcome(place(shopper, wish(total_seen_minor=120_000))) == "placed"


@pytest.mark.parametrize("seen", [0, -1, 1, 2**62])
async def test_a_total_that_was_tampered_with_is_refused(variant, seen):
    shopper = guest()
    await fill(shopper, await variant())
    assert await outcome(place(shopper, wish(total_seen_minor=seen))) == "price_changed"
    assert await count("orders") == 0


async def test_an_empty_cart_cannot_be_ordered(database):
    with pytest.raises(Invalid) as refused:
        await place(guest())
    assert refused.value.code == "empty_cart"


async def test_what_was_withdrawn_since_is_named(variant, database):
    shopper = guest()
    await fill(shopper, await variant(name="Chair"))
    await database.execute("UPDATE product SET state = 'archived'")
    with pytest.raises(Conflict, match="Chair is no longer sold") as refused:
        await place(shopper)
    assert refused.value.code == "not_for_sale"


async def test_an_order_says_what_was_bought_as_it_was(variant, database):
    chair, shopper = await variant(name="Chair", price_minor=10_000, hsn_code="9999", gst_bps=1200), guest()
    await fill(shopper, chair, quantity=2)
    await place(shopper)
    await database.execute("UPDATE product SET name = 'Stool', gst_bps = 0")
    line = await database.fetchrow("SELECT * FROM order_line")
    assert (line["name"], line["hsn_code"], line["gst_bps"], line["commission_bps"]) == ("Chair", "9999", 1200, 1000)
    assert (line["quantity"], line["unit_price_minor"], line["shipping_minor"]) == (2, 10_000, 4_900)
    assert (line["total_minor"], line["tax_minor"]) == (24_900, 2_668)


async def test_personal_data_is_not_readable_in_the_database(variant, database):
    await new_order(await variant())
    row = await database.fetchrow("SELECT * FROM orders")
    stored = " ".join(str(value) for value in row.values())
    for secret in ("asha@example.in", "9876543210", "2nd Cross", "Asha Rao"):
        assert secret not in stored


async def test_an_expired_order_frees_its_units_once(variant):
    chair = await variant(stock=2)
    order = await new_order(chair, quantity=2)
    assert not await expire_order(order.order_id)
    await end_hold(order.order_id)
    assert await asyncio.gather(*(expire_order(order.order_id) for _ in range(5))) == [True] * 5
    assert (await order_state(order), await stock_of(chair)) == ("expired", (2, 0))


async def test_what_lies_in_the_cart_is_not_reserved(variant):
    chair = await variant(stock=1)
    await add_item(guest(), chair, quantity=1, quantity_max=10)
    assert await stock_of(chair) == (1, 0)
