"""Money that goes back: through the real SDK to the simulator, which counts what it paid out."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from models.closing import cancel_order
from models.database import transaction
from models.errors import Conflict, Declined, Invalid, Unavailable
from models.gateway import GatewayRefund
from models.gateway_check import compare
from models.payment import open_claimed
from models.refund import record_refund, request_refund, send_refund
from models.repayment import pay_back_by_hand, refund_by_operator
from models.settlement import settle
from tests.factories import make_user
from tests.ordering import fill, guest, place
from tests.teller import Teller

pytestmark = pytest.mark.usefixtures("sound")


@pytest.fixture
async def unwanted(context, bank, variant, database):
    """The id of a refund to be sent: a real payment of an order that was cancelled meanwhile, and its number."""
    await bank.misbehave(events={"*": {"drop": True}})
    shopper = guest()
    await fill(shopper, await variant())
    placed = await place(shopper)
    gateway_order_id = await open_claimed(context.gateway, placed.claim)
    paid = await bank.pay(gateway_order_id)
    await cancel_order(placed.order_id)
    assert await settle(await context.gateway.get_charge(paid["razorpay_payment_id"])) == "refunded"
    return await database.fetchval("SELECT id FROM refund"), placed.claim.receipt, placed.price.total_minor


async def test_a_refund_is_paid_once_however_often_it_is_sent(context, bank, unwanted, database):
    refund_id, number, total = unwanted
    await asyncio.gather(*(send_refund(context.gateway, refund_id) for _ in range(5)))
    await send_refund(context.gateway, refund_id)
    assert (await bank.money(number))["refunded_minor"] == total
    row = await database.fetchrow("SELECT r.state, p.state AS paid FROM refund r JOIN payment p ON p.id = r.payment_id")
    assert tuple(row) == ("processed", "refunded")
    assert [r["kind"] for r in await database.fetch("SELECT kind FROM order_event ORDER BY id")] == [
        "placed",
        "cancelled",
        "refund_requested",
        "refunded",
    ]


async def test_a_refund_whose_answer_was_lost_is_found_again(context, bank, unwanted, database, settings):
    """Sent before a crash: the gateway knows the key, nothing is written here, and it is not told again."""
    refund_id, number, total = unwanted
    gateway_payment = await database.fetchval("SELECT gateway_payment_id FROM payment")
    await context.gateway.create_refund(gateway_payment, amount_minor=total, key=str(refund_id))
    teller = Teller(settings.payments)
    await send_refund(teller, refund_id)
    teller.close()
    assert teller.told == 0
    assert (await bank.money(number))["refunded_minor"] == total
    assert await database.fetchval("SELECT state FROM refund") == "processed"


async def test_a_gateway_that_is_down_leaves_the_refund_to_be_sent_later(context, bank, unwanted, database):
    refund_id, number, total = unwanted
    await bank.misbehave(api={"status": 500})
    with pytest.raises(Unavailable):
        await send_refund(context.gateway, refund_id)
    assert await database.fetchval("SELECT state FROM refund") == "requested"
    await bank.misbehave(api={})
    await send_refund(context.gateway, refund_id)
    assert (await bank.money(number))["refunded_minor"] == total


async def test_the_webhook_of_a_refund_may_come_first(context, bank, unwanted, database):
    refund_id, _, total = unwanted
    payment = await database.fetchval("SELECT gateway_payment_id FROM payment")
    told = GatewayRefund(
        refund_id="rfnd_1", payment_id=payment, status="processed", amount_minor=total, key=str(refund_id)
    )
    for _ in range(2):
        async with transaction() as connection:
            assert await record_refund(connection, told)
    await send_refund(context.gateway, refund_id)
    assert await database.fetchval("SELECT state FROM refund") == "processed"


async def test_a_refund_that_failed_waits_for_a_person_and_can_be_sent_again(context, unwanted, database):
    refund_id, _, total = unwanted
    payment = await database.fetchval("SELECT gateway_payment_id FROM payment")
    failed = GatewayRefund(
        refund_id="rfnd_1", payment_id=payment, status="failed", amount_minor=total, key=str(refund_id)
    )
    async with transaction() as connection:
        await record_refund(connection, failed)
    assert await database.fetchval("SELECT state FROM refund") == "failed"
    await send_refund(context.gateway, refund_id)
    assert await database.fetchval("SELECT state FROM refund") == "processed"


async def test_a_refund_that_the_gateway_declines_is_failed_and_says_why(context, bank, unwanted, database):
    """Somebody gave the money back in the gateway's own dashboard."""
    refund_id, _, total = unwanted
    gateway_payment = await database.fetchval("SELECT gateway_payment_id FROM payment")
    await context.gateway.create_refund(gateway_payment, amount_minor=total, key="by hand")
    with pytest.raises(Declined, match="refunded"):
        await send_refund(context.gateway, refund_id)
    row = await database.fetchrow("SELECT state, error FROM refund WHERE id = $1", refund_id)
    assert (row["state"], "refunded" in row["error"]) == ("failed", True)


async def test_a_key_asks_once(unwanted, database):
    payment = await database.fetchrow("SELECT id, order_id, amount_minor FROM payment")
    async with transaction() as connection:
        assert not await request_refund(
            connection, payment["id"], order_id=payment["order_id"], amount_minor=payment["amount_minor"],
            currency="INR", reason="order_cancelled", key=f"unwanted:{payment['id']}",
        )  # fmt: skip


async def test_what_is_too_little_for_the_gateway_is_paid_back_by_hand(context, bank, variant, database):
    await bank.misbehave(events={"*": {"drop": True}})
    shopper, screw, chair, operator = guest(), await variant(price_minor=60), await variant(), await make_user()
    await fill(shopper, screw, chair)
    placed = await place(shopper)
    done = await bank.pay(await open_claimed(context.gateway, placed.claim))
    assert await settle(await context.gateway.get_charge(done["razorpay_payment_id"])) == "paid"
    line = await database.fetchval("SELECT id FROM order_line WHERE variant_id = $1", screw)
    refund_id = await refund_by_operator(
        placed.order_id, {line: 1}, with_shipping=False, reason="Bent", key="1", actor_id=operator
    )
    for _ in range(2):
        await send_refund(context.gateway, refund_id)
    row = await database.fetchrow("SELECT state, error FROM refund")
    assert (row["state"], "bank or UPI" in row["error"]) == ("failed", True)
    assert (await bank.money(placed.claim.receipt))["refunded_minor"] == 0
    with pytest.raises(Invalid):
        await pay_back_by_hand(context.gateway, refund_id, reference="asha@okbank", actor_id=operator)
    await pay_back_by_hand(context.gateway, refund_id, reference="UPI 7", actor_id=operator)
    with pytest.raises(Conflict):
        await pay_back_by_hand(context.gateway, refund_id, reference="UPI 8", actor_id=operator)
    assert await database.fetchval("SELECT state FROM refund") == "processed"
    now = datetime.now(UTC)
    found = await compare(context.gateway, now - timedelta(days=2), now + timedelta(hours=2))
    assert [one for one in found if one.gateway_id.startswith("cash_")] == []
    other = await database.fetchval("SELECT id FROM order_line WHERE variant_id = $1", chair)
    large = await refund_by_operator(
        placed.order_id, {other: 1}, with_shipping=True, reason="Broken", key="2", actor_id=operator
    )
    with pytest.raises(Conflict):
        await pay_back_by_hand(context.gateway, large, reference="UPI 9", actor_id=operator)
