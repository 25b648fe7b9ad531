"""The simulator's API as the official client sees it."""

import pytest
import razorpay
from razorpay.errors import BadRequestError, ServerError, SignatureVerificationError

from tests.devstack.conftest import Gateway


def test_an_order_has_the_fields_of_a_real_one(gateway: Gateway) -> None:
    order = gateway.client.order.create(
        {"amount": 129_900, "currency": "INR", "receipt": "H-1", "notes": {"order": "1"}}
    )
    assert order["id"].startswith("order_")
    assert (order["entity"], order["status"], order["attempts"]) == ("order", "created", 0)
    assert (order["amount"], order["amount_paid"], order["amount_due"]) == (129_900, 0, 129_900)
    assert order["notes"] == {"order": "1"}
    assert gateway.client.order.fetch(order["id"]) == order


def test_an_order_is_found_by_its_receipt(gateway: Gateway) -> None:
    order_id = gateway.order(receipt="only-this-one")
    gateway.order(receipt="another")
    found = gateway.client.order.all({"receipt": "only-this-one"})
    assert (found["entity"], found["count"]) == ("collection", 1)
    assert found["items"][0]["id"] == order_id


@pytest.mark.parametrize(
    "order",
    [
        {"amount": 99, "currency": "INR"},
        {"amount": 10.5, "currency": "INR"},
        {"amount": "5000", "currency": "INR"},
        {"amount": True, "currency": "INR"},
        {"currency": "INR"},
        {"amount": 5000, "currency": "XYZ"},
        {"amount": 5000, "currency": "INR", "receipt": "r" * 41},
        {"amount": 5000, "currency": "INR", "notes": {str(n): "" for n in range(16)}},
    ],
)
def test_a_wrong_order_is_a_bad_request(gateway: Gateway, order: dict[str, object]) -> None:
    with pytest.raises(BadRequestError):
        gateway.client.order.create(order)


def test_an_error_names_the_field(gateway: Gateway) -> None:
    answer = gateway.client.session.post(f"{gateway.url}/v1/orders", json={"amount": 1}, auth=gateway.client.auth)
    assert answer.status_code == 400
    error = answer.json()["error"]
    assert (error["code"], error["field"]) == ("BAD_REQUEST_ERROR", "amount")
    assert error["description"]


def test_unknown_ids_are_bad_requests(gateway: Gateway) -> None:
    for fetch in (gateway.client.order.fetch, gateway.client.payment.fetch, gateway.client.refund.fetch):
        with pytest.raises(BadRequestError, match="does not exist"):
            fetch("nothing_00000000000000")


def test_a_wrong_key_is_refused(gateway: Gateway) -> None:
    stranger = razorpay.Client(auth=(gateway.client.auth[0], "guessed"), base_url=gateway.url)
    with pytest.raises(BadRequestError, match="Authentication failed"):
        stranger.order.all()
    stranger.session.close()


def test_a_payment_is_captured_with_its_fee_and_a_signature_that_the_client_accepts(gateway: Gateway) -> None:
    order_id = gateway.order(50_000)
    callback = gateway.pay(order_id, method="upi", email="a@example.com", contact="+919800000000")
    assert gateway.client.utility.verify_payment_signature(callback)
    payment = gateway.client.payment.fetch(callback["razorpay_payment_id"])
    assert (payment["status"], payment["captured"], payment["method"]) == ("captured", True, "upi")
    assert (payment["fee"], payment["tax"]) == (1_180, 180)
    assert (payment["email"], payment["contact"]) == ("a@example.com", "+919800000000")
    order = gateway.client.order.fetch(order_id)
    assert (order["status"], order["amount_paid"], order["amount_due"], order["attempts"]) == ("paid", 50_000, 0, 1)
    assert gateway.client.order.payments(order_id)["items"] == [payment]


def test_a_forged_signature_is_refused_by_the_client(gateway: Gateway) -> None:
    callback = gateway.pay(gateway.order())
    callback["razorpay_payment_id"] = "pay_00000000000000"
    with pytest.raises(SignatureVerificationError):
        gateway.client.utility.verify_payment_signature(callback)


def test_a_failed_attempt_can_be_followed_by_a_good_one_and_then_no_other(gateway: Gateway) -> None:
    order_id = gateway.order()
    failed = gateway.pay(order_id, outcome="failed")
    assert failed["error"]["reason"] == "payment_failed"
    assert gateway.client.order.fetch(order_id)["status"] == "attempted"
    assert gateway.client.payment.fetch(failed["error"]["metadata"]["payment_id"])["status"] == "failed"
    gateway.pay(order_id, outcome="captured")
    assert "already been paid" in gateway.pay(order_id)["error"]["description"]
    assert gateway.client.order.payments(order_id)["count"] == 2


def test_an_authorised_payment_waits_for_one_capture_of_its_amount(gateway: Gateway) -> None:
    order_id = gateway.order(20_000, payment_capture=False)
    payment_id = gateway.pay(order_id, outcome="authorized")["razorpay_payment_id"]
    assert gateway.client.payment.fetch(payment_id)["status"] == "authorized"
    with pytest.raises(BadRequestError, match="equal to the amount"):
        gateway.client.payment.capture(payment_id, 19_999)
    assert gateway.client.payment.capture(payment_id, 20_000)["status"] == "captured"
    with pytest.raises(BadRequestError, match="already been captured"):
        gateway.client.payment.capture(payment_id, 20_000)


def test_refunds_add_up_to_the_payment_and_no_further(gateway: Gateway) -> None:
    payment_id = gateway.pay(gateway.order(30_000))["razorpay_payment_id"]
    part = gateway.client.payment.refund(payment_id, {"amount": 10_000, "notes": {"why": "one line"}})
    assert (part["status"], part["amount"], part["payment_id"]) == ("processed", 10_000, payment_id)
    assert gateway.client.payment.fetch(payment_id)["refund_status"] == "partial"
    with pytest.raises(BadRequestError, match="greater than"):
        gateway.client.payment.refund(payment_id, {"amount": 20_001})
    rest = gateway.client.payment.refund(payment_id, {})
    payment = gateway.client.payment.fetch(payment_id)
    assert (rest["amount"], payment["amount_refunded"]) == (20_000, 30_000)
    assert (payment["status"], payment["refund_status"]) == ("refunded", "full")
    with pytest.raises(BadRequestError, match="fully refunded"):
        gateway.client.payment.refund(payment_id, {})
    assert [refund["id"] for refund in gateway.client.payment.fetch_multiple_refund(payment_id)["items"]] == [
        rest["id"],
        part["id"],
    ]
    assert gateway.client.refund.fetch(part["id"]) == part


def test_the_same_idempotency_key_refunds_once(gateway: Gateway) -> None:
    payment_id = gateway.pay(gateway.order(30_000))["razorpay_payment_id"]
    first, second = (
        gateway.client.payment.refund(payment_id, {"amount": 5_000}, headers={"X-Refund-Idempotency": "job-1"})
        for _ in range(2)
    )
    assert first == second
    assert gateway.client.payment.fetch(payment_id)["amount_refunded"] == 5_000


def test_only_captured_money_is_refunded(gateway: Gateway) -> None:
    payment_id = gateway.pay(gateway.order(), outcome="authorized")["razorpay_payment_id"]
    with pytest.raises(BadRequestError, match="captured"):
        gateway.client.payment.refund(payment_id, {})


def test_the_ledger_adds_up_what_an_order_took_and_gave_back(gateway: Gateway) -> None:
    order_id = gateway.order(40_000, receipt="sums")
    gateway.pay(order_id, outcome="failed")
    payment_id = gateway.pay(order_id)["razorpay_payment_id"]
    gateway.client.payment.refund(payment_id, {"amount": 15_000})
    sums = gateway.call("GET", "/sim/ledger?receipt=sums")
    assert (sums["captured_minor"], sums["refunded_minor"], sums["net_minor"]) == (40_000, 15_000, 25_000)
    assert sums["payments"] == {"failed": 1, "captured": 1}
    assert sums["by_order"][0]["captured"] == [payment_id]


def test_an_outage_reaches_the_client_as_a_server_error_until_it_is_over(gateway: Gateway) -> None:
    gateway.call("POST", "/sim/chaos", {"api": {"status": 503}})
    with pytest.raises(ServerError):
        gateway.client.order.create({"amount": 5000, "currency": "INR"})
    gateway.call("DELETE", "/sim/chaos")
    assert gateway.order()


@pytest.mark.parametrize("body", [{"outcome": "stolen"}, {"method": "barter"}, {"unknown": 1}, {"amount": 1}])
def test_a_nonsensical_attempt_is_refused(gateway: Gateway, body: dict[str, object]) -> None:
    assert gateway.pay(gateway.order(), **body)["error"]["code"] == "BAD_REQUEST_ERROR"
