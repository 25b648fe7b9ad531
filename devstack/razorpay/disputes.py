"""What a buyer's bank does about a payment: it opens a dispute, looks at the answer, decides, takes it up once more."""

from typing import Literal

import msgspec

from devstack.razorpay.entities import Dispute, Phase
from devstack.razorpay.errors import ApiError
from devstack.razorpay.ledger import Ledger

Verdict = Literal["under_review", "action_required", "won", "lost", "closed"]


class Asked(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """`amount`: all of the payment when None. `at_onset`: the money is taken now, and given back where it is won."""

    amount: int | None = None
    phase: Phase = "chargeback"
    reason_code: str = "goods_or_services_not_received"
    at_onset: bool = False


def open_dispute(ledger: Ledger, payment_id: str, asked: Asked) -> Dispute:
    payment = ledger.get_payment(payment_id)
    if not payment.captured:
        raise ApiError("Only captured payments can be disputed")
    amount = payment.amount if asked.amount is None else asked.amount
    if not 0 < amount <= payment.amount:
        raise ApiError("The dispute amount must be within that of the payment", field="amount")
    made = Dispute(payment_id=payment.id, amount=amount, currency=payment.currency, phase=asked.phase)
    made.reason_code, made.at_onset = asked.reason_code, asked.at_onset
    made.amount_deducted = amount if asked.at_onset else 0
    return ledger.disputed(made, "created")


def decide(ledger: Ledger, dispute_id: str, verdict: Verdict) -> Dispute:
    """A status, or that the answer was not enough: then it is open again."""
    found = ledger.get_dispute(dispute_id)
    found.status = "open" if verdict == "action_required" else verdict
    taken = found.status == "lost" or (found.at_onset and found.status in ("open", "under_review"))
    found.amount_deducted = found.amount if taken else 0
    return ledger.disputed(found, verdict)
