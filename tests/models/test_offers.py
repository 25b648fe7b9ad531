"""Coupons and gift cards of orders: taken with the order, given back when it ends, never beyond their limits."""

import asyncio
import itertools
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from models.basket import Shopper
from models.cancellation import cancel_for_buyer
from models.cart_view import read_cart
from models.checkout import NewOrder
from models.closing import cancel_order, expire_order
from models.database import pool
from models.errors import Conflict, FieldError
from models.gateway_check import compare, list_differences
from models.repayment import refund_by_operator
from models.settlement import settle
from tests.factories import make_user
from tests.offering import balance_of, make_coupon, make_gift_card, make_rate, put_on_cart, uses_of
from tests.ordering import (
    ASHA,
    KEYRING,
    TERMS,
    charge,
    count,
    end_hold,
    fill,
    guest,
    jobs_named,
    new_order,
    order_state,
    place,
    wish,
)  # fmt: skip

pytestmark = pytest.mark.usefixtures("sound")
MANY = 30
_numbers = itertools.count()


async def shop_with(variant_id, *, coupon=None, card=None, shopper=None) -> Shopper:
    shopper = shopper or guest()
    await fill(shopper, variant_id)
    await put_on_cart(shopper, coupon=coupon, card=card)
    return shopper


def different() -> str:
    """A buyer of their own: limits count buyers by their mail address."""
    return f"buyer-{next(_numbers)}@example.in"


def wish_of(email: str):
    return wish(contact=msgspec.structs.replace(ASHA, email=email))


async def test_an_order_costs_what_the_cart_said_and_keeps_who_bears_what(variant, database):
    shopper = await shop_with(await variant(price_minor=118_000, hsn_code="9999"), coupon=await make_coupon())
    cart = await read_cart(shopper, TERMS)
    order = await place(shopper, wish(total_seen_minor=108_000))
    assert (cart.total_minor, cart.discount_minor, order.price.total_minor) == (108_000, 10_000, 108_000)
    line = await database.fetchrow("SELECT * FROM order_line")
    assert (line["platform_discount_minor"], line["seller_discount_minor"]) == (10_000, 0)
    assert (line["taxable_minor"], line["igst_minor"], line["tax_minor"]) == (100_000, 18_000, 18_000)


async def test_many_at_once_never_use_a_coupon_beyond_its_limit(variant):
    lamp, coupon = await variant(stock=MANY), await make_coupon(total_limit=10)
    shoppers = [await shop_with(lamp, coupon=coupon) for _ in range(MANY)]
    done = await asyncio.gather(*(place(s, wish_of(different())) for s in shoppers), return_exceptions=True)
    assert sum(isinstance(one, NewOrder) for one in done) == 10
    assert [one.code for one in done if isinstance(one, Conflict)] == ["coupon"] * (MANY - 10)
    assert await uses_of(coupon) == (10, 10)
    assert await count("orders") == 10


async def test_one_buyer_uses_a_coupon_as_often_as_allowed_logged_in_or_not(variant):
    lamp, coupon = await variant(), await make_coupon(buyer_limit=2)
    shoppers = [await shop_with(lamp, coupon=coupon) for _ in range(5)]
    done = await asyncio.gather(*(place(shopper) for shopper in shoppers), return_exceptions=True)
    assert sum(isinstance(one, NewOrder) for one in done) == 2
    assert await uses_of(coupon) == (2, 2)


async def test_many_at_once_never_take_more_than_a_gift_card_holds(variant):
    lamp, card = await variant(price_minor=100_000, stock=MANY), await make_gift_card(balance_minor=35_000)
    shoppers = [await shop_with(lamp, card=card) for _ in range(MANY)]
    done = await asyncio.gather(*(place(shopper) for shopper in shoppers), return_exceptions=True)
    paid = sum(one.quote.gift_card_minor for one in done if isinstance(one, NewOrder))
    left, moved = await balance_of(card)
    assert (left, moved) == (35_000 - paid, 35_000 - paid)
    assert left >= 0
    assert {one.code for one in done if not isinstance(one, NewOrder)} <= {"gift_card"}


@pytest.mark.parametrize("ending", ["expired", "cancelled"])
async def test_an_order_that_ends_unpaid_gives_back_what_it_took(variant, ending):
    coupon, card = await make_coupon(total_limit=1), await make_gift_card(balance_minor=5_000)
    order = await place(await shop_with(await variant(), coupon=coupon, card=card))
    assert (await uses_of(coupon), await balance_of(card)) == ((1, 1), (0, 0))
    if ending == "expired":
        await end_hold(order.order_id)
        await expire_order(order.order_id)
    else:
        await cancel_order(order.order_id)
    assert (await uses_of(coupon), await balance_of(card)) == ((0, 0), (5_000, 5_000))
    assert isinstance(await place(await shop_with(await variant(), coupon=coupon)), NewOrder)


async def test_coming_back_to_a_pending_order_resumes_it_though_it_holds_the_last_use(variant):
    coupon, card = await make_coupon(total_limit=1), await make_gift_card(balance_minor=5_000)
    shopper = await shop_with(await variant(), coupon=coupon, card=card)
    order = await place(shopper)
    assert (await read_cart(shopper, TERMS)).total_minor == order.price.total_minor
    assert await place(shopper) == order.order_id


async def test_the_gateway_collects_what_the_gift_card_does_not_pay(variant, database):
    card = await make_gift_card(balance_minor=20_000)
    shopper = guest()
    await fill(shopper, await variant(price_minor=100_000))
    await put_on_cart(shopper, card=card)
    order = await new_order(shopper=shopper)
    assert (order.claim.amount_minor, order.price.total_minor) == (80_000, 100_000)
    assert await settle(charge(order, amount_minor=80_000, fee_minor=0)) == "paid"
    booked = await database.fetchval("SELECT sum(amount_minor) FROM ledger_entry WHERE account = 'gift_card'")
    assert booked == 0, "what was owed to the card's holder has been paid"
    assert (await read_cart(shopper, TERMS)).gift_cards == []


async def test_a_gift_card_that_pays_all_leaves_nothing_for_the_gateway(variant, database, context):
    card = await make_gift_card(balance_minor=200_000)
    placed = await place(await shop_with(await variant(price_minor=100_000), card=card))
    assert await database.fetchval("SELECT state FROM orders WHERE id = $1", placed) == "paid"
    assert await balance_of(card) == (100_000, 100_000)
    assert await database.fetchval("SELECT count(*) FROM shipment") == 1
    now = datetime.now(UTC)
    await database.execute("UPDATE payment SET captured_at = $1", now - timedelta(hours=2))
    await cancel_for_buyer(placed)
    await database.execute("UPDATE refund SET processed_at = $1", now - timedelta(hours=2))
    await compare(context.gateway, now - timedelta(days=2), now)
    assert all(ours is None for _, _, ours, *_ in await list_differences()), "the gateway has never heard of it"


async def test_a_gift_card_leaves_what_the_gateway_can_collect(variant):
    cards = [await make_gift_card(f"CARD-{n}", balance_minor=held) for n, held in enumerate((99_930, 30))]
    shopper = await shop_with(await variant(price_minor=100_000), card=cards[0])
    await put_on_cart(shopper, card=cards[1])
    placed = await place(shopper)
    assert placed.claim.amount_minor == 100
    assert [await balance_of(card) for card in cards] == [(30, 30), (30, 30)]


@pytest.mark.parametrize("borne_by", ["seller", "platform"])
async def test_what_a_coupon_pays_in_full_is_sold_and_taken_back_in_the_books(variant, database, borne_by):
    free, dear, shopper = await variant(price_minor=100_000), await variant(price_minor=50_000), guest()
    await make_rate("national", 0, free_over_minor=0)
    owner = await database.fetchval(
        "SELECT p.seller_id FROM product p JOIN variant v ON v.product_id = p.id WHERE v.id = $1", free
    )
    own = {"seller_id": owner, "kind": "percent", "value": 10_000, "borne_by": borne_by}
    await fill(shopper, free, dear)
    await put_on_cart(shopper, coupon=await make_coupon(**own))
    order = await new_order(shopper=shopper)
    assert await settle(charge(order)) == "paid"
    await put_on_cart(await shop_with(free, shopper=shopper), coupon=await make_coupon("AGAIN", **own))
    gift = await place(shopper)
    for order_id, lines in ((order.order_id, (dear, free)), (gift, (free,))):
        assert await database.fetchval("SELECT state FROM orders WHERE id = $1", order_id) == "paid"
        for variant_id in lines:
            parcel = await database.fetchval(
                "SELECT x.shipment_id FROM shipment_line x JOIN order_line l ON l.id = x.order_line_id"
                " WHERE l.order_id = $1 AND l.variant_id = $2", order_id, variant_id,
            )  # fmt: skip
            await cancel_for_buyer(order_id, parcel)
            left = variant_id != lines[-1]
            state = await database.fetchval("SELECT state FROM orders WHERE id = $1", order_id)
            assert state == ("partly_refunded" if left else "refunded")
    owed = "SELECT account FROM ledger_entry GROUP BY account HAVING sum(amount_minor) <> 0"
    assert {row["account"] for row in await database.fetch(owed)} == {"buyer", "gateway", "gateway_fee"}
    assert await jobs_named("mail.order_refunded") == 1


async def test_what_gift_cards_paid_goes_back_onto_them_once_and_the_books_owe_it_again(variant, database):
    """Two units are refunded at once, and each of them twice, while others spend from the same card."""
    actor, lamp = await make_user(role="admin"), await variant(price_minor=50_000, stock=50)
    cards = [await make_gift_card(f"CARD-{n}", balance_minor=20_000) for n in range(2)]
    shopper = guest()
    await fill(shopper, lamp, quantity=2)
    for card in cards:
        await put_on_cart(shopper, card=card)
    order = await new_order(shopper=shopper)
    assert await settle(charge(order, amount_minor=60_000, fee_minor=0)) == "paid"
    assert [await balance_of(card) for card in cards] == [(0, 0), (0, 0)]
    line = await database.fetchval("SELECT id FROM order_line WHERE order_id = $1", order.order_id)

    async def give_back(key: str) -> None:
        await refund_by_operator(order.order_id, {line: 1}, with_shipping=True, reason="x", key=key, actor_id=actor)

    spenders = [await shop_with(lamp, card=cards[0]) for _ in range(8)]
    await asyncio.gather(*(give_back(key) for key in "abab"), *(place(one) for one in spenders), return_exceptions=True)
    rows = await database.fetch("SELECT amount_minor, gift_card_minor FROM refund ORDER BY id")
    assert [tuple(row) for row in rows] == [(50_000, 0), (10_000, 40_000)]
    spent = await database.fetchval(
        "SELECT -coalesce(sum(amount_minor), 0) FROM gift_card_movement WHERE order_id <> $1", order.order_id
    )
    assert sum([(await balance_of(card))[0] for card in cards]) == 40_000 - spent
    assert await order_state(order) == "refunded"
    assert await database.fetchval("SELECT sum(amount_minor) FROM ledger_entry WHERE account = 'gift_card'") == 40_000


async def test_a_late_payment_takes_the_coupon_again_or_is_given_back(variant):
    coupon = await make_coupon(total_limit=1)
    first = await new_order(shopper=await shop_with(await variant(), coupon=coupon))
    await end_hold(first.order_id)
    await expire_order(first.order_id)
    assert await settle(charge(first)) == "paid"
    assert await uses_of(coupon) == (1, 1)


async def test_a_late_payment_whose_coupon_is_gone_is_given_back(variant):
    coupon = await make_coupon(total_limit=1)
    first = await new_order(shopper=await shop_with(await variant(), coupon=coupon))
    await end_hold(first.order_id)
    await expire_order(first.order_id)
    await place(await shop_with(await variant(), coupon=coupon), wish_of(different()))
    assert await settle(charge(first)) == "refunded"
    assert await order_state(first) == "expired"
    assert await uses_of(coupon) == (1, 1)


async def test_a_coupon_that_no_longer_holds_stops_the_checkout_with_the_new_prices(variant, database):
    coupon = await make_coupon()
    shopper = await shop_with(await variant(price_minor=100_000), coupon=coupon)
    await database.execute("UPDATE coupon SET active = false")
    with pytest.raises(Conflict) as refused:
        await place(shopper, wish(total_seen_minor=90_000))
    assert (refused.value.code, refused.value.fields[0].field) == ("coupon", "coupons.DIWALI")
    assert refused.value.facts["cart"].total_minor == 100_000
    assert await count("orders") == 0


async def test_a_gift_card_that_pays_less_by_now_stops_the_checkout(variant, database):
    card = await make_gift_card(balance_minor=40_000)
    shopper = await shop_with(await variant(price_minor=100_000), card=card)
    seen = await read_cart(shopper, TERMS)
    asked = wish(total_seen_minor=seen.total_minor, payable_seen_minor=seen.payable_minor)
    await database.execute("UPDATE gift_card SET active = false")
    with pytest.raises(Conflict) as refused:
        await place(shopper, asked)
    assert refused.value.fields == (FieldError("payable_minor", "is 100000 by now"),)
    await database.execute("UPDATE gift_card SET active = true")
    assert (await place(shopper, asked)).claim.amount_minor == 60_000


async def test_one_buyer_gets_no_more_of_a_product_than_its_limit_all_orders_together(variant):
    scarce = await variant(buyer_limit=2)
    shoppers = [await shop_with(scarce) for _ in range(4)]
    done = await asyncio.gather(*(place(shopper) for shopper in shoppers), return_exceptions=True)
    assert sum(isinstance(one, NewOrder) for one in done) == 2
    assert {one.code for one in done if isinstance(one, Conflict)} == {"buyer_limit"}


@pytest.mark.parametrize("change", ["had one since", "withdrawn since", None])
async def test_a_late_payment_buys_no_more_than_the_buyer_could_order(variant, database, change):
    scarce = await variant(buyer_limit=1)
    first = await new_order(scarce)
    await end_hold(first.order_id)
    await expire_order(first.order_id)
    if change == "had one since":
        await new_order(scarce)
    elif change:
        await database.execute("UPDATE seller SET state = 'suspended'")
    assert await settle(charge(first)) == ("refunded" if change else "paid")


async def test_a_user_keeps_the_limit_when_shopping_as_a_guest(variant):
    user = Shopper(await make_user())
    coupon = await make_coupon(buyer_limit=1)
    lamp = await variant()
    email = await _email_of(user)
    assert isinstance(await place(await shop_with(lamp, coupon=coupon, shopper=user), wish_of(email)), NewOrder)
    with pytest.raises(Conflict):
        await place(await shop_with(lamp, coupon=coupon), wish_of(email))


async def _email_of(user: Shopper) -> str:
    return KEYRING.decrypt(await pool().fetchval("SELECT email_encrypted FROM users WHERE id = $1", user.user_id))
