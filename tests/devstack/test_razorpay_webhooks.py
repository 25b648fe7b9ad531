"""The simulator's webhooks: signed over their raw bytes, nested like the real ones, and wayward on request."""

import pytest
from razorpay.errors import SignatureVerificationError

from tests.devstack.conftest import Gateway
from tests.devstack.receiver import Receiver


def test_a_payment_sends_three_signed_events_in_order(gateway: Gateway, shop: Receiver) -> None:
    order_id = gateway.order(50_000, receipt="H-7", notes={"order": "H-7"})
    payment_id = gateway.pay(order_id)["razorpay_payment_id"]
    deliveries = shop.wait(3)
    assert shop.names() == ["payment.authorized", "payment.captured", "order.paid"]
    for delivery in deliveries:
        assert gateway.client.utility.verify_webhook_signature(
            delivery.body.decode(), delivery.signature, gateway.webhook_secret
        )
    assert len({delivery.event_id for delivery in deliveries}) == 3
    authorized, captured, paid = (delivery.event for delivery in deliveries)
    assert (captured["entity"], captured["contains"]) == ("event", ["payment"])
    assert captured["account_id"].startswith("acc_")
    entity = captured["payload"]["payment"]["entity"]
    assert (entity["id"], entity["order_id"], entity["status"]) == (payment_id, order_id, "captured")
    assert (entity["amount"], entity["notes"]) == (50_000, {"order": "H-7"})
    assert authorized["payload"]["payment"]["entity"]["status"] == "authorized"
    assert paid["payload"]["order"]["entity"]["status"] == "paid"
    assert paid["payload"]["order"]["entity"]["receipt"] == "H-7"


def test_a_changed_byte_breaks_the_signature(gateway: Gateway, shop: Receiver) -> None:
    gateway.pay(gateway.order())
    delivery = shop.wait(1)[0]
    forged = delivery.body.decode().replace("captured", "capturee").replace("authorized", "authorizee")
    with pytest.raises(SignatureVerificationError):
        gateway.client.utility.verify_webhook_signature(forged, delivery.signature, gateway.webhook_secret)


def test_failures_and_refunds_have_events_too(gateway: Gateway, shop: Receiver) -> None:
    order_id = gateway.order()
    gateway.pay(order_id, outcome="failed")
    assert shop.wait(1)[0].event["payload"]["payment"]["entity"]["error_reason"] == "payment_failed"
    payment_id = gateway.pay(order_id)["razorpay_payment_id"]
    gateway.client.payment.refund(payment_id, {"amount": 1_000})
    processed = shop.wait_for("refund.processed")
    assert processed["contains"] == ["refund", "payment"]
    assert processed["payload"]["refund"]["entity"]["amount"] == 1_000
    assert shop.names()[0] == "payment.failed"


def test_an_event_is_sent_again_until_it_is_taken(gateway: Gateway, shop: Receiver) -> None:
    shop.answers = [500, 302]
    gateway.pay(gateway.order(), outcome="authorized")
    deliveries = shop.wait(3)
    assert len({delivery.event_id for delivery in deliveries}) == 1
    assert len({delivery.body for delivery in deliveries}) == 1


def test_duplicates_carry_the_same_event_id(gateway: Gateway, shop: Receiver) -> None:
    gateway.call("POST", "/sim/chaos", {"events": {"payment.captured": {"duplicate": 4}}})
    gateway.pay(gateway.order())
    deliveries = shop.wait(7)
    assert shop.names().count("payment.captured") == 5
    assert len({d.event_id for d in deliveries if d.event["event"] == "payment.captured"}) == 1


def test_events_of_one_action_can_be_reordered(gateway: Gateway, shop: Receiver) -> None:
    gateway.call("POST", "/sim/chaos", {"events": {"*": {"reorder": True}}})
    gateway.pay(gateway.order())
    shop.wait(3)
    assert shop.names() == ["order.paid", "payment.captured", "payment.authorized"]


def test_a_dropped_event_is_kept_and_can_be_sent_later(gateway: Gateway, shop: Receiver) -> None:
    gateway.call("POST", "/sim/chaos", {"events": {"payment.captured": {"drop": True}}})
    order_id = gateway.order()
    gateway.pay(order_id)
    shop.wait(2)
    assert shop.names() == ["payment.authorized", "order.paid"]
    events = gateway.call("GET", f"/sim/events?event=payment.captured&order_id={order_id}")["items"]
    assert [event["state"] for event in events] == ["dropped"]
    gateway.call("POST", f"/sim/events/{events[0]['id']}/redeliver")
    assert shop.wait(3)[-1].event_id == events[0]["id"]


def test_a_delayed_event_comes_after_the_others_of_other_orders(gateway: Gateway, shop: Receiver) -> None:
    gateway.call("POST", "/sim/chaos", {"events": {"payment.failed": {"delay_ms": 3_000}}})
    gateway.pay(gateway.order(), outcome="failed")
    gateway.pay(gateway.order(), outcome="authorized")
    shop.wait(2)
    assert shop.names() == ["payment.authorized", "payment.failed"]


@pytest.mark.parametrize(
    "chaos", [{"events": {"x": {"explode": 1}}}, {"weather": "bad"}, {"events": {"order.paid": {"reorder": True}}}]
)
def test_unknown_chaos_is_refused(gateway: Gateway, chaos: dict[str, object]) -> None:
    assert gateway.call("POST", "/sim/chaos", chaos)["error"]["code"] == "BAD_REQUEST_ERROR"
