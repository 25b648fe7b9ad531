"""The gateway's news in every order, many times at once, replayed and forged: one end state, nothing forged believed.

Without dedupe, and without the signature check, the figures are red.
"""

import asyncio
import hashlib
import hmac
import itertools
import json
from collections import Counter

import pytest

from models.gateway import GatewayRefund
from models.settlement import receive_event
from tests.oracle import broken_promises
from tests.ordering import KEYRING, charge, count, event, new_order, order_state
from tests.proofs.figures import ROUNDS
from tests.proofs.figures import count as add

COPIES = 50
KINDS = ("payment.authorized", "payment.captured", "order.paid", "payment.failed", "refund.processed")
PATH = "/webhooks/razorpay"


def news(order, kind):
    """What the gateway says of one order; the refund is one that nobody here asked for."""
    if kind == "refund.processed":
        told = GatewayRefund(
            refund_id=f"rfnd_{order.order_id}", payment_id="pay_elsewhere", status="processed", amount_minor=100
        )
        return event(None, kind, charge=None, refund=told)
    status = {"payment.authorized": "authorized", "payment.failed": "failed"}.get(kind, "captured")
    first_try = {"payment_id": f"pay_declined_{order.claim.receipt}"} if status == "failed" else {}
    return event(charge(order, status=status, error="declined" if first_try else "", **first_try), kind)


@pytest.mark.usefixtures("sound")
async def test_news_in_every_order_ends_the_same(variant, database):
    every = list(itertools.permutations(KINDS))
    for arrangement in every if ROUNDS > 1 else every[::6]:
        order = await new_order(await variant())
        for kind in arrangement:
            await receive_event(news(order, kind), keyring=KEYRING)
        end = await database.fetchrow("SELECT state, error FROM payment WHERE order_id = $1", order.order_id)
        add("webhooks", "orders of arrival")
        add("webhooks", "wrong end states", (await order_state(order), *end) != ("paid", "captured", ""))
        assert (await order_state(order), *end) == ("paid", "captured", "")


async def transitions(variant, *, same_event: bool) -> int:
    """How often a payment that is told many times at once, here and under other event ids, changed anything."""
    order = await new_order(await variant())
    first = event(charge(order))
    copies = [first if same_event else event(charge(order)) for _ in range(COPIES)]
    seen = Counter(await asyncio.gather(*(receive_event(copy, keyring=KEYRING) for copy in copies)))
    return COPIES - seen["known"]


@pytest.mark.usefixtures("sound")
@pytest.mark.parametrize("same_event", [True, False], ids=["one event", "many events"])
async def test_many_copies_at_once_are_one_transition(variant, same_event):
    for done in range(1, ROUNDS + 1):
        changed = await transitions(variant, same_event=same_event)
        add("webhooks", "copies at once" if same_event else "replays under another event id", COPIES)
        add("webhooks", "wrong end states", changed != 1)
        assert (changed, await count("shipment")) == (1, done)


async def test_without_dedupe_the_figure_is_red(variant, database, owner, monkeypatch: pytest.MonkeyPatch):
    await owner.execute("DROP INDEX webhook_event_once")
    await owner.execute("ALTER TABLE payment DROP CONSTRAINT payment_gateway_payment_id_key")
    monkeypatch.setenv("HAAT_UNSAFE", "dedupe")
    assert await transitions(variant, same_event=True) > 1
    assert "I2: the gateway's payment is known once" in await broken_promises(database)
    add("red without its guard", "dedupe")


def signature(body: bytes, secret: str) -> str:
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


async def post(http, body: bytes, sign: str) -> int:
    headers = {"X-Razorpay-Signature": sign, "X-Razorpay-Event-Id": "evt_1", "Content-Type": "application/json"}
    async with http.post(PATH, data=body, headers=headers) as response:
        return response.status


@pytest.fixture
async def captured(buyer, bank, variant):
    """The body of the webhook that would pay an order."""
    await bank.misbehave(events={"*": {"drop": True}})
    placed = await buyer.order(await variant())
    await bank.pay(placed["payment"]["gateway_order_id"])
    events = await bank.events(placed["payment"]["gateway_order_id"])
    return json.dumps(next(event["body"] for event in events if event["event"] == "payment.captured")).encode()


async def forgeries_accepted(http, body: bytes, secret: str, step: int) -> int:
    """Every `step`th byte flipped, the same JSON in other bytes, no signature, and another secret's."""
    good = signature(body, secret)
    forged = [(body[:i] + bytes([body[i] ^ 1]) + body[i + 1 :], good) for i in range(0, len(body), step)]
    forged += [(json.dumps(json.loads(body), indent=1).encode(), good), (body + b" ", good)]
    forged += [(body, ""), (body, signature(body, "guess")), (body, good[:-1]), (body, good.upper())]
    accepted = 0
    for altered, sign in forged:
        accepted += await post(http, altered, sign) != 401
        add("webhooks", "forged")
    return accepted


async def test_nothing_forged_is_believed(http, captured, settings, database):
    accepted = await forgeries_accepted(
        http, captured, settings.payments.webhook_secrets[0], 1 if ROUNDS > 1 else len(captured) // 20
    )
    add("webhooks", "forged and accepted", accepted)
    assert (accepted, await count("webhook_event"), await count("orders WHERE state = 'paid'")) == (0, 0, 0)


async def test_without_the_signature_check_the_figure_is_red(
    http, captured, settings, database, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("HAAT_UNSAFE", "signature")
    assert await forgeries_accepted(http, captured, settings.payments.webhook_secrets[0], len(captured)) > 0
    add("red without its guard", "signature")
