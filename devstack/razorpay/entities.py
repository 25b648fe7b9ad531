"""Orders, payments, refunds, disputes and payouts as Razorpay's own JSON has them; amounts are in paise."""

import secrets
import string
import time
from typing import Any, Literal

import msgspec

ALPHABET = string.ascii_letters + string.digits
Method = Literal["card", "upi", "netbanking", "wallet"]
Phase = Literal["fraud", "retrieval", "chargeback", "pre_arbitration", "arbitration"]


def make_id(prefix: str) -> str:
    """Razorpay's form of an id: order_ and 14 letters or digits."""
    number, found = secrets.randbits(96), ""
    for _ in range(14):
        number, digit = divmod(number, len(ALPHABET))
        found += ALPHABET[digit]
    return f"{prefix}_{found}"


def now_s() -> int:
    return int(time.time())


class Order(msgspec.Struct, kw_only=True):
    """`capture` is ours: whether an authorised payment is captured at once."""

    id: str = msgspec.field(default_factory=lambda: make_id("order"))
    entity: str = "order"
    amount: int
    amount_paid: int = 0
    amount_due: int
    currency: str
    receipt: str | None = None
    offer_id: str | None = None
    status: Literal["created", "attempted", "paid"] = "created"
    attempts: int = 0
    notes: dict[str, Any] | list[Any] = []
    created_at: int = msgspec.field(default_factory=now_s)
    partial_payment: bool = False
    capture: bool = True

    def public(self) -> dict[str, Any]:
        shown: dict[str, Any] = msgspec.to_builtins(self)
        del shown["capture"]
        return shown


class Payment(msgspec.Struct, kw_only=True):
    id: str = msgspec.field(default_factory=lambda: make_id("pay"))
    entity: str = "payment"
    amount: int
    currency: str
    status: Literal["created", "authorized", "captured", "refunded", "failed"] = "created"
    order_id: str
    invoice_id: str | None = None
    international: bool = False
    method: Method
    amount_refunded: int = 0
    refund_status: Literal["partial", "full"] | None = None
    captured: bool = False
    description: str | None = None
    card_id: str | None = None
    bank: str | None = None
    wallet: str | None = None
    vpa: str | None = None
    email: str = "void@razorpay.com"
    contact: str = "+919999999999"
    notes: dict[str, Any] | list[Any] = []
    fee: int | None = None
    tax: int | None = None
    error_code: str | None = None
    error_description: str | None = None
    error_source: str | None = None
    error_step: str | None = None
    error_reason: str | None = None
    acquirer_data: dict[str, Any] = {}
    created_at: int = msgspec.field(default_factory=now_s)

    def public(self) -> dict[str, Any]:
        shown: dict[str, Any] = msgspec.to_builtins(self)
        return shown


class Refund(msgspec.Struct, kw_only=True):
    """`key` is ours: the X-Refund-Idempotency header that made it."""

    id: str = msgspec.field(default_factory=lambda: make_id("rfnd"))
    entity: str = "refund"
    amount: int
    currency: str
    payment_id: str
    notes: dict[str, Any] | list[Any] = []
    receipt: str | None = None
    acquirer_data: dict[str, Any] = msgspec.field(default_factory=lambda: {"arn": None})
    created_at: int = msgspec.field(default_factory=now_s)
    batch_id: str | None = None
    status: Literal["pending", "processed", "failed"] = "processed"
    speed_processed: str = "normal"
    speed_requested: str = "normal"
    key: str | None = None

    def public(self) -> dict[str, Any]:
        shown: dict[str, Any] = msgspec.to_builtins(self)
        del shown["key"]
        return shown


class Dispute(msgspec.Struct, kw_only=True):
    """A chargeback: the bank takes the money back, when it begins (`at_onset`, which is ours) or once it is lost."""

    id: str = msgspec.field(default_factory=lambda: make_id("disp"))
    entity: str = "dispute"
    payment_id: str
    amount: int
    currency: str
    amount_deducted: int = 0
    reason_code: str = "goods_or_services_not_received"
    reason_description: str | None = None
    respond_by: int = msgspec.field(default_factory=lambda: now_s() + 3 * 24 * 3600)
    status: Literal["open", "under_review", "won", "lost", "closed"] = "open"
    phase: Phase = "chargeback"
    created_at: int = msgspec.field(default_factory=now_s)
    evidence: dict[str, Any] | None = None
    at_onset: bool = False

    def public(self) -> dict[str, Any]:
        shown: dict[str, Any] = msgspec.to_builtins(self)
        del shown["at_onset"]
        return shown


class Payout(msgspec.Struct, kw_only=True):
    """RazorpayX: money to a seller's account. `key` is ours: the X-Payout-Idempotency header that made it."""

    id: str = msgspec.field(default_factory=lambda: make_id("pout"))
    entity: str = "payout"
    fund_account_id: str
    account_number: str
    amount: int
    currency: str
    mode: str = "IMPS"
    purpose: str = "payout"
    reference_id: str
    narration: str = ""
    status: Literal["queued", "processing", "processed", "reversed", "failed"] = "processed"
    status_details: dict[str, Any] | None = None
    utr: str | None = None
    created_at: int = msgspec.field(default_factory=now_s)
    key: str = ""

    def public(self) -> dict[str, Any]:
        shown: dict[str, Any] = msgspec.to_builtins(self)
        del shown["key"]
        return shown


class Event(msgspec.Struct, kw_only=True):
    """A webhook: `body` are the exact bytes that are signed; `answers` the statuses (0: no answer) so far."""

    id: str = msgspec.field(default_factory=lambda: make_id("evt"))
    event: str
    body: str
    created_at: int = msgspec.field(default_factory=now_s)
    state: Literal["pending", "delivered", "dropped", "given_up"] = "pending"
    answers: list[int] = []
