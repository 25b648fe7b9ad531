"""What the nightly comparison, disputes and payouts ask the simulator, asked by the official client."""

import time

import pytest
from razorpay.errors import BadRequestError

from tests.devstack.conftest import Gateway


def test_payments_and_refunds_of_a_time_are_listed_page_by_page(gateway: Gateway) -> None:
    began = int(time.time())
    paid = [gateway.pay(gateway.order(10_000 + i))["razorpay_payment_id"] for i in range(3)]
    made = [gateway.client.refund.create({"payment_id": one, "amount": 100})["id"] for one in paid[:2]]
    span = {"from": began, "to": int(time.time()) + 1}
    pages = [gateway.client.payment.all({**span, "count": 2, "skip": skip}) for skip in (0, 2)]
    found = [payment["id"] for page in pages for payment in page["items"]]
    assert found[: len(paid)] == paid[::-1]
    assert len(found) == len(set(found))
    refunds = gateway.client.refund.all({**span, "count": 100})["items"]
    assert [refund["id"] for refund in refunds][:2] == made[::-1]
    assert {refund["payment_id"] for refund in refunds} >= set(paid[:2])
    assert gateway.client.refund.fetch(made[0])["payment_id"] == paid[0]
    assert gateway.client.payment.all({"from": 1, "to": 2})["items"] == []


def test_a_dispute_is_listed_and_decided(gateway: Gateway) -> None:
    paid = gateway.pay(gateway.order(50_000))["razorpay_payment_id"]
    opened = gateway.call("POST", f"/sim/payments/{paid}/dispute", {"amount": 20_000})
    dispute = gateway.client.dispute.fetch(opened["id"])
    assert (dispute["entity"], dispute["payment_id"], dispute["amount"]) == ("dispute", paid, 20_000)
    assert dispute["status"] == "open"
    assert opened["id"] in [one["id"] for one in gateway.client.dispute.all({"count": 100})["items"]]
    assert dispute["respond_by"] > dispute["created_at"]
    for verdict, status in (("under_review", "under_review"), ("action_required", "open"), ("lost", "lost")):
        assert gateway.call("POST", f"/sim/disputes/{opened['id']}/{verdict}")["status"] == status
    again = gateway.call("POST", f"/sim/payments/{paid}/dispute", {"phase": "pre_arbitration", "at_onset": True})
    assert (again["phase"], again["amount_deducted"], again["amount"]) == ("pre_arbitration", 50_000, 50_000)
    assert gateway.call("POST", f"/sim/disputes/{again['id']}/won")["amount_deducted"] == 0
    lost = gateway.client.dispute.fetch(opened["id"])
    assert (lost["status"], lost["amount_deducted"]) == ("lost", 20_000)
    with pytest.raises(BadRequestError):
        gateway.client.dispute.fetch("disp_nobody")


def test_a_payout_is_made_once_for_its_key_and_found_by_its_reference(gateway: Gateway) -> None:
    """The client knows no payouts, which are another product of theirs; it sends them with its own login and errors."""
    body = {
        "account_number": "2323230000000000", "fund_account_id": "fa_00000000000001", "amount": 70_000,
        "currency": "INR", "mode": "IMPS", "purpose": "payout", "reference_id": "settled-7",
    }  # fmt: skip
    keyed = {"headers": {"X-Payout-Idempotency": "settled-7"}}
    first, again = (gateway.client.post("/v1/payouts", body, **keyed) for _ in range(2))
    assert (first["entity"], first["status"], first["amount"]) == ("payout", "processed", 70_000)
    assert again["id"] == first["id"]
    found = gateway.client.get("/v1/payouts", {"reference_id": "settled-7"})
    assert [payout["id"] for payout in found["items"]] == [first["id"]]
    within = {"from": first["created_at"], "to": first["created_at"]}
    assert first["id"] in [payout["id"] for payout in gateway.client.get("/v1/payouts", within)["items"]]
    assert gateway.client.get("/v1/payouts", {"to": first["created_at"] - 1})["items"] == []
    back = gateway.call("POST", f"/sim/payouts/{first['id']}/reverse", {"description": "Account closed."})
    assert (back["status"], back["status_details"]["description"]) == ("reversed", "Account closed.")
    [told] = gateway.call("GET", "/sim/events?event=payout.reversed")["items"]
    assert told["body"]["payload"]["payout"]["entity"]["reference_id"] == "settled-7"
    with pytest.raises(BadRequestError):
        gateway.client.post("/v1/payouts", {**body, "fund_account_id": "nonsense", "reference_id": "settled-8"})
