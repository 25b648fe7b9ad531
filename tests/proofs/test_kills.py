"""kill -9 at every point of checkout, payment, webhook, expiry and refund; then the same thing again: nothing is lost
and nothing is there twice.
"""

import hashlib
import hmac
import json
import secrets
from uuid import uuid4

import msgspec
import pytest

from models.closing import cancel_order, expire_order
from models.payment import claim_payment, open_claimed
from models.refund import send_refund
from models.settlement import receive_event, settle
from tests.buying import state_of
from tests.ordering import (
    KEYRING,
    charge,
    count,
    end_hold,
    event,
    fill,
    guest,
    jobs_named,
    new_order,
    order_state,
    place,
    stock_of,
    wish,
)
from tests.proofs.figures import ROUNDS

pytestmark = pytest.mark.usefixtures("sound")

PAYMENT_OF = "SELECT p.id, o.number FROM payment p JOIN orders o ON o.id = p.order_id WHERE o.id = $1"
REFUND_OF = "SELECT r.id, r.state FROM refund r JOIN payment p ON p.id = r.payment_id WHERE p.order_id = $1"


@pytest.mark.parametrize("point", ["after_read", "after_order", "before_stock", "before_commit"])
async def test_a_checkout_killed_before_its_commit_never_was(kill, variant, point):
    for done in range(ROUNDS):
        chair, shopper, key = await variant(stock=1), guest(), uuid4().hex
        await fill(shopper, chair)
        await kill(f"checkout.{point}", "check_out", f"{shopper.token_hash} {key}")
        assert (await count("orders"), await stock_of(chair)) == (done, (1, 0))
        placed = await place(shopper, wish(key))
        assert await place(shopper, wish(key)) == placed.order_id
        assert (await count("orders"), await stock_of(chair)) == (done + 1, (1, 1))


@pytest.mark.parametrize("point", ["checkout.after_commit", "payment.before_gateway", "payment.after_gateway"])
async def test_a_checkout_killed_after_its_commit_is_found_by_its_key(kill, variant, point, bank, context, database):
    for done in range(ROUNDS):
        chair, shopper, key = await variant(stock=1), guest(), secrets.token_hex(8)
        await fill(shopper, chair)
        await kill(point, "check_out", f"{shopper.token_hash} {key}")
        order_id = await place(shopper, wish(key))
        payment_id, number = await database.fetchrow(PAYMENT_OF, order_id)
        assert await claim_payment(payment_id) is None
        await database.execute("UPDATE payment SET claimed_until = now() - interval '1 second'")
        await open_claimed(context.gateway, await claim_payment(payment_id))
        state = await database.fetchval("SELECT state FROM payment WHERE id = $1", payment_id)
        assert (state, await count("orders"), (await bank.money(number))["orders"]) == ("open", done + 1, 1)
        assert (await jobs_named("payments.open"), await jobs_named("orders.expire")) == (done + 1, done + 1)


@pytest.mark.parametrize(
    ("point", "known"),
    [("webhook.after_insert", False), ("webhook.before_commit", False), ("webhook.after_commit", True)],
)
async def test_a_webhook_killed_anywhere_is_delivered_again(kill, variant, point, known):
    for done in range(1, ROUNDS + 1):
        chair = await variant(stock=2)
        order = await new_order(chair)
        event_id = f"evt_killed_{done}"
        await kill(point, "webhook", msgspec.json.encode((event_id, charge(order))).decode())
        assert await order_state(order) == ("paid" if known else "pending")
        again = msgspec.structs.replace(event(charge(order)), id=event_id)
        assert await receive_event(again, keyring=KEYRING) == ("known" if known else "paid")
        assert (await order_state(order), await stock_of(chair), await count("shipment")) == ("paid", (1, 0), done)
        assert await jobs_named("mail.order_paid") == done


@pytest.mark.parametrize(("point", "known"), [("webhook.before_verify", False), ("webhook.before_answer", True)])
async def test_a_server_killed_with_a_webhook_in_hand_is_told_again(
    kill, variant, point, known, buyer, bank, http, settings
):
    """Over HTTP: before it looks at the signature, and before the gateway has its 200."""
    await bank.misbehave(events={"*": {"drop": True}})
    for _ in range(ROUNDS):
        placed = await buyer.order(await variant())
        await bank.pay(placed["payment"]["gateway_order_id"])
        body, signed = await told_of(bank, placed, settings.payments.webhook_secrets[0])
        await kill(point, "deliver", msgspec.json.encode((body, signed, placed["number"])).decode())
        assert await state_of(placed["number"]) == ("paid" if known else "pending")
        headers = {"X-Razorpay-Signature": signed, "X-Razorpay-Event-Id": placed["number"]}
        async with http.post("/webhooks/razorpay", data=body.encode(), headers=headers) as response:
            assert await response.json() == {"outcome": "known" if known else "paid"}
        assert await state_of(placed["number"]) == "paid"


async def told_of(bank, placed, secret: str) -> tuple[str, str]:
    """The webhook of a payment that was captured, and its signature."""
    events = await bank.events(placed["payment"]["gateway_order_id"])
    body = json.dumps(next(told["body"] for told in events if told["event"] == "payment.captured"))
    return body, hmac.new(secret.encode(), body.encode(), hashlib.sha256).hexdigest()


async def test_a_return_killed_before_its_commit_is_settled_by_whoever_comes_next(kill, variant):
    for _ in range(ROUNDS):
        order = await new_order(await variant())
        await kill("settle.before_commit", "settle", msgspec.json.encode(charge(order)).decode())
        assert await order_state(order) == "pending"
        assert await settle(charge(order)) == "paid"


@pytest.mark.parametrize(("point", "state"), [("expiry.before_commit", "pending"), ("expiry.after_commit", "expired")])
async def test_an_expiry_killed_anywhere_frees_the_units_once(kill, variant, point, state):
    for _ in range(ROUNDS):
        chair = await variant(stock=2)
        order = await new_order(chair)
        await end_hold(order.order_id)
        await kill(point, "expire", order.order_id)
        assert await order_state(order) == state
        assert await expire_order(order.order_id)
        assert (await order_state(order), await stock_of(chair)) == ("expired", (2, 0))


async def test_a_cancellation_killed_before_its_commit_never_was(kill, variant):
    for _ in range(ROUNDS):
        chair = await variant(stock=2)
        order = await new_order(chair)
        await kill("cancel.before_commit", "cancel", order.order_id)
        assert (await order_state(order), await stock_of(chair)) == ("pending", (2, 1))
        await cancel_order(order.order_id)
        assert await stock_of(chair) == (2, 0)


@pytest.mark.parametrize("point", ["refund.before_gateway", "refund.after_gateway"])
async def test_a_refund_killed_around_the_gateway_is_paid_once(kill, variant, point, bank, context, database):
    await bank.misbehave(events={"*": {"drop": True}})
    for _ in range(ROUNDS):
        shopper = guest()
        await fill(shopper, await variant())
        placed = await place(shopper)
        paid = await bank.pay(await open_claimed(context.gateway, placed.claim))
        await cancel_order(placed.order_id)
        assert await settle(await context.gateway.get_charge(paid["razorpay_payment_id"])) == "refunded"
        refund_id, _ = await database.fetchrow(REFUND_OF, placed.order_id)
        await kill(point, "refund", refund_id)
        assert (await database.fetchrow(REFUND_OF, placed.order_id))["state"] == "requested"
        await send_refund(context.gateway, refund_id)
        assert (await bank.money(placed.claim.receipt))["refunded_minor"] == placed.price.total_minor
        assert (await database.fetchrow(REFUND_OF, placed.order_id))["state"] == "processed"
