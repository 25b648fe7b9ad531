"""Razorpay's webhooks as the domain's events: read strictly, and only after the signature held."""

import hashlib
import re
from datetime import UTC, datetime

import msgspec

from models.errors import Invalid
from models.gateway import Charge, GatewayDispute, GatewayEvent, GatewayPayout, GatewayRefund
from server.integrations.razorpay import RazorpayPayment, RazorpayRefund, charge_of, refund_of
from server.integrations.razorpay_disputes import RazorpayDispute, dispute_of
from server.integrations.razorpay_payouts import RazorpayPayout, payout_of

STATUS = {
    "payment.authorized": "authorized",
    "payment.captured": "captured",
    "payment.failed": "failed",
    "order.paid": "captured",
}
"""What each event says of the payment in it, whatever has become of that payment since."""

EVENT_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


class _PaymentHolder(msgspec.Struct, frozen=True):
    entity: RazorpayPayment


class _RefundHolder(msgspec.Struct, frozen=True):
    entity: RazorpayRefund


class _DisputeHolder(msgspec.Struct, frozen=True):
    entity: RazorpayDispute


class _PayoutHolder(msgspec.Struct, frozen=True):
    entity: RazorpayPayout


class _Payload(msgspec.Struct, frozen=True):
    payment: _PaymentHolder | None = None
    refund: _RefundHolder | None = None
    dispute: _DisputeHolder | None = None
    payout: _PayoutHolder | None = None


class _Body(msgspec.Struct, frozen=True):
    """`created_at`: seconds since 1970, when the event happened."""

    event: str
    created_at: int = 0
    payload: _Payload = _Payload()


def read_event(body: bytes, event_id: str) -> GatewayEvent:
    """Raises Invalid for a body that is none of Razorpay's. Without a usable event id, the body's hash is one."""
    try:
        said = msgspec.json.decode(body, type=_Body)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Invalid(f"The webhook cannot be read: {error}.", code="bad_webhook") from error
    usable = event_id if EVENT_ID.fullmatch(event_id) else hashlib.sha256(body).hexdigest()
    kind = said.event[:64]
    return GatewayEvent(
        id=usable,
        kind=kind,
        body=body,
        charge=_charge(kind, said),
        refund=_refund(kind, said),
        dispute=_dispute(kind, said),
        payout=_payout(kind, said),
    )


def _charge(kind: str, said: _Body) -> Charge | None:
    if kind not in STATUS or said.payload.payment is None:
        return None
    return msgspec.structs.replace(charge_of(said.payload.payment.entity), status=STATUS[kind])


def _refund(kind: str, said: _Body) -> GatewayRefund | None:
    if not kind.startswith("refund.") or said.payload.refund is None:
        return None
    return refund_of(said.payload.refund.entity)


def _payout(kind: str, said: _Body) -> GatewayPayout | None:
    """As the event says; what the payout has become since, a later one does."""
    if not kind.startswith("payout.") or said.payload.payout is None:
        return None
    return payout_of(said.payload.payout.entity)


def _dispute(kind: str, said: _Body) -> GatewayDispute | None:
    if not kind.startswith("payment.dispute.") or said.payload.dispute is None:
        return None
    try:
        return dispute_of(said.payload.dispute.entity, told_at=datetime.fromtimestamp(said.created_at, UTC))
    except (OverflowError, ValueError, OSError) as error:
        raise Invalid(f"The webhook cannot be read: it names what is no time ({error}).", code="bad_webhook") from error
