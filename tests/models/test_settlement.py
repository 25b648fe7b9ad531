"""Money that arrives: once, twice, late, wrong, in any order and from fifty couriers at once."""

import asyncio
import itertools
from collections import Counter

import pytest

from models.cart_view import read_cart
from models.closing import cancel_order, expire_order
from models.errors import Conflict
from models.gateway import GatewayRefund
from models.settlement import receive_event, settle
from tests.factories import make_product, make_seller
from tests.ordering import (
    KEYRING,
    TERMS,
    charge,
    count,
    end_hold,
    event,
    fill,
    guest,
    jobs_named,
    new_order,
    order_state,
    stock_of,
)
from tests.shop import variant_of

pytestmark = pytest.mark.usefixtures("sound")


async def receive(*events):
    return [await receive_event(one, keyring=KEYRING) for one in events]


async def expire(order):
    await end_hold(order.order_id)
    assert await expire_order(order.order_id)


async def test_a_captured_payment_pays_sells_ships_books_and_tells(variant, database):
    chair = await variant(stock=5, price_minor=11_800)
    order = await new_order(chair, quantity=1)
    assert await receive(event(charge(order, fee_minor=334, fee_tax_minor=51))) == ["paid"]
    assert (await order_state(order), await stock_of(chair)) == ("paid", (4, 0))
    assert (await count("shipment"), await count("shipment_line")) == (1, 1)
    assert (await jobs_named("mail.order_paid"), await jobs_named("mail.seller_order")) == (1, 1)
    payment = await database.fetchrow("SELECT * FROM payment")
    assert (payment["state"], payment["fee_minor"], payment["fee_tax_minor"]) == ("captured", 334, 51)
    books = await database.fetch("SELECT reason, account, amount_minor FROM ledger_entry ORDER BY id")
    assert {(row["reason"], row["account"]): row["amount_minor"] for row in books} == {
        ("payment", "gateway"): 334 - 16_700,
        ("payment", "gateway_fee"): -283,
        ("payment", "gateway_tax"): -51,
        ("payment", "buyer"): 16_700,
        ("sale", "seller"): 8_820,
        ("sale", "commission"): 1_180,
        ("sale", "shipping"): 4_153,
        ("sale", "tax"): 2_547,
        ("sale", "buyer"): -16_700,
    }


async def test_an_order_of_two_sellers_becomes_two_shipments(database):
    anil, bina = await make_seller(name="Anil"), await make_seller(name="Bina")
    order = await new_order(
        *[await variant_of(await make_product(seller)) for seller in (anil, bina, anil)], quantity=2
    )
    await receive(event(charge(order)))
    rows = await database.fetch(
        "SELECT h.seller_id, sum(l.quantity) AS units FROM shipment h JOIN shipment_line l ON l.shipment_id = h.id"
        " GROUP BY h.seller_id"
    )
    assert {row["seller_id"]: row["units"] for row in rows} == {anil: 4, bina: 2}
    assert await jobs_named("mail.seller_order") == 2


async def test_what_was_bought_leaves_the_cart_and_what_was_added_since_stays(variant):
    chair, lamp, shopper = await variant(), await variant(), guest()
    order = await new_order(chair, shopper=shopper, quantity=2)
    await fill(shopper, chair, lamp)
    await receive(event(charge(order)))
    items = (await read_cart(shopper, TERMS)).items
    assert {item.variant_id: item.quantity for item in items} == {chair: 1, lamp: 1}


async def test_fifty_copies_of_one_webhook_at_once_are_one_transition(variant):
    order = await new_order(await variant())
    webhook = event(charge(order))
    seen = Counter(await asyncio.gather(*(receive_event(webhook, keyring=KEYRING) for _ in range(50))))
    assert seen == {"paid": 1, "known": 49}
    assert await count("webhook_event") == 1
    assert (await count("shipment"), await jobs_named("mail.order_paid")) == (1, 1)


async def test_the_same_payment_under_other_event_ids_is_one_transition(variant):
    order = await new_order(await variant())
    webhooks = [event(charge(order)) for _ in range(20)]
    seen = Counter(await asyncio.gather(*(receive_event(webhook, keyring=KEYRING) for webhook in webhooks)))
    assert seen == {"paid": 1, "known": 19}
    assert await settle(charge(order)) == "known"


@pytest.mark.parametrize("last", range(4))
async def test_news_in_any_order_ends_the_same(variant, database, last):
    """All orders of authorized, captured, order.paid and failed that end with the one given."""
    kinds = ("payment.authorized", "payment.captured", "order.paid", "payment.failed")
    rest = [kind for kind in kinds if kind != kinds[last]]
    for arrangement in itertools.permutations(rest):
        order = await new_order(await variant())
        for kind in (*arrangement, kinds[last]):
            status = {"payment.authorized": "authorized", "payment.failed": "failed"}.get(kind, "captured")
            first_try = {"payment_id": f"pay_declined_{order.claim.receipt}"} if status == "failed" else {}
            await receive(event(charge(order, status=status, error="declined", **first_try), kind))
        payment = await database.fetchrow("SELECT state, error FROM payment WHERE order_id = $1", order.order_id)
        assert (await order_state(order), *payment) == ("paid", "captured", "")


async def test_a_declined_payment_leaves_the_order_to_be_paid_another_way(variant, database):
    chair = await variant(stock=5)
    order = await new_order(chair)
    await receive(
        event(charge(order, status="failed", payment_id="pay_1", error="Declined by the bank"), "payment.failed")
    )
    assert (await order_state(order), await stock_of(chair)) == ("pending", (5, 1))
    assert tuple(await database.fetchrow("SELECT state, error FROM payment")) == ("open", "Declined by the bank")
    assert await jobs_named("mail.payment_declined") == 1
    await database.execute("DELETE FROM pgqueuer WHERE entrypoint = 'mail.payment_declined'")
    again = charge(order, status="failed", payment_id="pay_2", error="Declined again")
    assert await receive(event(again, "payment.failed")) == ["failed"]
    assert await jobs_named("mail.payment_declined") == 0, "one mail an attempt to pay is enough"
    assert await receive(event(charge(order))) == ["paid"]
    assert await database.fetchval("SELECT error FROM payment") == ""


async def test_a_late_payment_finds_stock_again(variant):
    chair = await variant(stock=1)
    order = await new_order(chair)
    await expire(order)
    assert await receive(event(charge(order))) == ["paid"]
    assert (await order_state(order), await stock_of(chair)) == ("paid", (0, 0))


async def test_a_late_payment_for_what_is_gone_goes_back_once_with_an_apology(variant, database):
    chair, lamp = await variant(stock=1), await variant(stock=5)
    order = await new_order(chair, lamp)
    await expire(order)
    await new_order(chair)
    assert await receive(event(charge(order)), event(charge(order), "order.paid")) == ["refunded", "known"]
    assert (await order_state(order), await stock_of(lamp)) == ("expired", (5, 0))
    refund = await database.fetchrow("SELECT state, amount_minor, reason FROM refund")
    assert tuple(refund) == ("requested", order.price.total_minor, "order_expired")
    assert (await jobs_named("refunds.send"), await jobs_named("mail.order_refunded")) == (1, 1)
    assert (await count("shipment"), await jobs_named("mail.order_paid")) == (0, 0)


async def test_a_payment_of_a_cancelled_order_goes_back(variant, database):
    order = await new_order(await variant())
    await cancel_order(order.order_id)
    assert await receive(event(charge(order))) == ["refunded"]
    assert (await order_state(order), await database.fetchval("SELECT reason FROM refund")) == (
        "cancelled",
        "order_cancelled",
    )


async def test_a_second_payment_of_a_paid_order_goes_back_once(variant, database):
    order = await new_order(await variant())
    await receive(event(charge(order)))
    second = charge(order, payment_id="pay_second")
    seen = Counter(await asyncio.gather(*(receive_event(event(second), keyring=KEYRING) for _ in range(10))))
    assert seen == {"refunded": 1, "known": 9}
    assert (await order_state(order), await database.fetchval("SELECT reason FROM refund")) == (
        "paid",
        "second_payment",
    )


@pytest.mark.parametrize("wrong", [{"amount_minor": 100}, {"currency": "USD"}, {"amount_minor": 10**9}])
async def test_a_payment_of_the_wrong_amount_pays_nothing_and_goes_back(variant, database, wrong):
    chair = await variant(stock=5)
    order = await new_order(chair)
    assert await receive(event(charge(order, **wrong))) == ["refunded"]
    assert (await order_state(order), await stock_of(chair)) == ("pending", (5, 1))
    refund = await database.fetchrow("SELECT amount_minor, currency, reason FROM refund")
    expected = {"amount_minor": order.price.total_minor, "currency": "INR", **wrong}
    assert tuple(refund) == (expected["amount_minor"], expected["currency"], "wrong_amount")


async def test_news_of_payments_that_are_not_ours_is_kept_and_changes_nothing(variant, database):
    order = await new_order(await variant())
    stranger = charge(order, order_id="order_stranger")
    assert await receive(event(stranger), event(None, "dispute.created", charge=None)) == ["unknown", "ignored"]
    assert [row["outcome"] for row in await database.fetch("SELECT outcome FROM webhook_event ORDER BY id")] == [
        "unknown",
        "ignored",
    ]


async def test_cancelling_races_the_payment_and_one_wins(variant):
    """Either paid, or cancelled with the money on its way back; `sound` checks that it is never both."""
    for _ in range(10):
        order = await new_order(await variant(stock=1))

        async def cancel(order_id=order.order_id):
            try:
                await cancel_order(order_id)
            except Conflict:
                return "too late"
            return "cancelled"

        settled, cancelled = await asyncio.gather(receive(event(charge(order))), cancel())
        assert (settled, cancelled, await order_state(order)) in (
            (["paid"], "too late", "paid"),
            (["refunded"], "cancelled", "cancelled"),
        )


async def test_expiry_races_the_payment_and_the_buyer_gets_the_goods(variant):
    for _ in range(10):
        chair = await variant(stock=1)
        order = await new_order(chair)
        await end_hold(order.order_id)
        settled, _ = await asyncio.gather(receive(event(charge(order))), expire_order(order.order_id))
        assert (settled, await order_state(order), await stock_of(chair)) == (["paid"], "paid", (0, 0))


async def test_the_body_of_a_webhook_is_kept_sealed(variant, database):
    order = await new_order(await variant())
    await receive(event(charge(order), body=b'{"contact": "+919876543210"}'))
    sealed = await database.fetchval("SELECT body_encrypted FROM webhook_event")
    assert b"9876543210" not in sealed
    assert KEYRING.decrypt(sealed) == '{"contact": "+919876543210"}'


async def test_news_of_a_refund_that_is_not_ours_changes_nothing(variant):
    stranger = GatewayRefund(refund_id="rfnd_1", payment_id="pay_1", status="processed", amount_minor=1)
    assert await receive(event(None, "refund.processed", charge=None, refund=stranger)) == ["unknown"]


async def test_news_of_a_refund_and_of_its_payment_do_not_deadlock(variant, database):
    """A foreign key to the order takes a lock of its own: it must not wait for those who lock the order first."""
    for _ in range(15):
        order = await new_order(await variant())
        await cancel_order(order.order_id)
        await receive(event(charge(order)))
        refund = await database.fetchrow(
            "SELECT r.id, p.gateway_payment_id AS paid FROM refund r JOIN payment p ON p.id = r.payment_id"
            " WHERE p.order_id = $1",
            order.order_id,
        )
        told = GatewayRefund(
            refund_id=f"rfnd_{refund['id']}",
            payment_id=refund["paid"],
            status="processed",
            amount_minor=order.price.total_minor,
            key=str(refund["id"]),
        )
        news = [event(None, "refund.processed", charge=None, refund=told) for _ in range(2)]
        news += [event(charge(order), "order.paid") for _ in range(3)]
        await asyncio.gather(*(receive(one) for one in news))
