"""The money: orders, payments, refunds and disputes, and the rules under which Razorpay moves them, else ApiError."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any, Literal, TypeVar

import msgspec

from devstack.razorpay.entities import Dispute, Event, Method, Order, Payment, Payout, Refund, make_id
from devstack.razorpay.errors import ApiError, not_found
from devstack.razorpay.journal import Journal, Record

AMOUNT_MIN_MINOR, AMOUNT_MAX_MINOR, IMPS_MAX_MINOR = 100, 50_000_000_00, 5_00_000_00
RECEIPT_MAX, NOTES_MAX = 40, 15
FEE_PERCENT, GST_PERCENT = 2, 18
Money = Order | Payment | Refund | Dispute | Payout
T = TypeVar("T")
Outcome = Literal["captured", "authorized", "failed"]
RefundOutcome = Literal["processed", "pending", "failed"]
Emit = Callable[[list[tuple[str, dict[str, dict[str, Any]]]]], None]


class NewOrder(msgspec.Struct, kw_only=True):
    amount: Any = None
    currency: Any = None
    receipt: Any = None
    notes: Any = None
    partial_payment: Any = False
    payment_capture: Any = True
    payment: Any = None


class Attempt(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """What a buyer does on the payment page."""

    method: Method = "upi"
    outcome: Outcome = "captured"
    amount: int | None = None
    email: str | None = None
    contact: str | None = None


class Ledger:
    """All state in memory, every change in the journal; `emit` gets the webhooks of one action, in order."""

    def __init__(self, journal: Journal, emit: Emit) -> None:
        self._journal = journal
        self._emit = emit
        self.orders: dict[str, Order] = {}
        self.payments: dict[str, Payment] = {}
        self.refunds: dict[str, Refund] = {}
        self.disputes: dict[str, Dispute] = {}
        self.payouts: dict[str, Payout] = {}
        self.refund_outcome: RefundOutcome = "processed"
        self._by_order: dict[str, list[Payment]] = defaultdict(list)
        self._by_payment: dict[str, list[Refund]] = defaultdict(list)

    def restore(self, records: Iterable[Record]) -> None:
        for record in records:
            if not isinstance(record, Event):
                self._index(record)

    def get_order(self, order_id: str) -> Order:
        return _get(self.orders, order_id)

    def get_payment(self, payment_id: str) -> Payment:
        return _get(self.payments, payment_id)

    def get_refund(self, refund_id: str) -> Refund:
        return _get(self.refunds, refund_id)

    def get_dispute(self, dispute_id: str) -> Dispute:
        return _get(self.disputes, dispute_id)

    def get_payout(self, payout_id: str) -> Payout:
        return _get(self.payouts, payout_id)

    def payments_of(self, order_id: str) -> list[Payment]:
        return self._by_order[self.get_order(order_id).id]

    def refunds_of(self, payment_id: str) -> list[Refund]:
        return self._by_payment[self.get_payment(payment_id).id]

    def create_order(self, new: NewOrder) -> Order:
        amount = _amount(new.amount)
        if new.currency != "INR":
            raise ApiError("Currency is not supported", field="currency")
        if new.receipt is not None and (not isinstance(new.receipt, str) or len(new.receipt) > RECEIPT_MAX):
            raise ApiError(f"The receipt may not be greater than {RECEIPT_MAX} characters.", field="receipt")
        if new.notes and (not isinstance(new.notes, dict) or len(new.notes) > NOTES_MAX):
            raise ApiError(f"Number of fields in notes should be less than or equal to {NOTES_MAX}", field="notes")
        manual = isinstance(new.payment, dict) and new.payment.get("capture") == "manual"
        order = Order(
            amount=amount,
            amount_due=amount,
            currency="INR",
            receipt=new.receipt,
            notes=new.notes or [],
            partial_payment=bool(new.partial_payment),
            capture=bool(new.payment_capture) and not manual,
        )
        self._save(order)
        return order

    def pay(self, order_id: str, attempt: Attempt) -> Payment:
        """One attempt; `captured` on an order of manual capture is authorised and captured by the merchant at once."""
        order = self.get_order(order_id)
        if order.status == "paid":
            raise ApiError("This order has already been paid", field="order_id")
        amount = order.amount_due if attempt.amount is None else attempt.amount
        if amount != order.amount_due and not (order.partial_payment and 0 < amount <= order.amount_due):
            raise ApiError("Payment amount is different from your order amount", field="amount")
        payment = Payment(amount=amount, currency=order.currency, order_id=order.id, method=attempt.method)
        payment.email, payment.contact = attempt.email or payment.email, attempt.contact or payment.contact
        payment.notes = order.notes
        describe_method(payment)
        order.attempts += 1
        order.status = "attempted"
        return (
            self._fail(order, payment)
            if attempt.outcome == "failed"
            else self._authorize(order, payment, outcome=attempt.outcome)
        )

    def capture(self, payment_id: str, *, amount: Any, currency: Any) -> Payment:
        payment = self.get_payment(payment_id)
        if payment.captured:
            raise ApiError("This payment has already been captured")
        if payment.status != "authorized":
            raise ApiError("Only payments which have been authorized and not yet captured can be captured")
        if amount != payment.amount:
            raise ApiError("Capture amount must be equal to the amount authorized", field="amount")
        if currency not in (None, payment.currency):
            raise ApiError("Capture currency must be the currency of the payment", field="currency")
        self._emit(self._settle(self.get_order(payment.order_id), payment))
        return payment

    def refund(self, payment_id: str, amount: Any, *, key: str | None = None, **details: Any) -> Refund:
        """All that is left when `amount` is None; a repeated idempotency key returns the refund that it made."""
        payment = self.get_payment(payment_id)
        for earlier in self._by_payment[payment.id]:
            if key is not None and earlier.key == key:
                return earlier
        self._demand_refundable(payment)
        left = payment.amount - payment.amount_refunded
        wanted = left if amount is None else _amount(amount)
        if wanted > left:
            raise ApiError("The total refund amount is greater than the refund payment amount", field="amount")
        refund = Refund(amount=wanted, currency=payment.currency, payment_id=payment.id, key=key, **details)
        payment.amount_refunded += wanted
        payment.refund_status = "full" if wanted == left else "partial"
        payment.status = "refunded" if wanted == left else payment.status
        refund.status = "pending"
        self._save(refund, payment)
        self._emit([("refund.created", {"refund": refund.public(), "payment": payment.public()})])
        return refund if self.refund_outcome == "pending" else self.end_refund(refund.id, self.refund_outcome)

    def end_refund(self, refund_id: str, outcome: RefundOutcome) -> Refund:
        """The bank takes a pending refund, or not: what failed is the merchant's again."""
        refund = self.get_refund(refund_id)
        if refund.status != "pending":
            raise ApiError(f"This refund is {refund.status}")
        refund.status, payment = outcome, self.get_payment(refund.payment_id)
        if outcome == "failed":
            payment.amount_refunded -= refund.amount
            payment.refund_status = "partial" if payment.amount_refunded else None
            payment.status = "captured"
        self._save(refund, payment)
        self._emit([(f"refund.{outcome}", {"refund": refund.public(), "payment": payment.public()})])
        return refund

    def disputed(self, dispute: Dispute, kind: str) -> Dispute:
        """Keep what `devstack/razorpay/disputes.py` made of it, and tell."""
        self._save(dispute)
        payment = self.get_payment(dispute.payment_id).public()
        self._emit([(f"payment.dispute.{kind}", {"payment": payment, "dispute": dispute.public()})])
        return dispute

    def pay_out(self, new: Payout) -> Payout:
        """A repeated idempotency key returns the payout that it made."""
        for earlier in self.payouts.values():
            if new.key and earlier.key == new.key:
                return earlier
        if not new.fund_account_id.startswith("fa_"):
            raise ApiError("The fund account id is not valid", field="fund_account_id")
        _amount(new.amount)
        if new.mode == "IMPS" and new.amount > IMPS_MAX_MINOR:
            raise ApiError("The amount is beyond the limit of IMPS", field="amount")
        new.utr = make_id("utr")
        self._save(new)
        return new

    def reverse_payout(self, payout_id: str, description: str) -> Payout:
        """The seller's bank sends it back after all."""
        payout = self.get_payout(payout_id)
        if payout.status != "processed":
            raise ApiError(f"This payout is {payout.status}")
        payout.status = "reversed"
        payout.status_details = {"description": description, "source": "beneficiary_bank", "reason": "payout_reversed"}
        self._save(payout)
        self._emit([("payout.reversed", {"payout": payout.public()})])
        return payout

    def _demand_refundable(self, payment: Payment) -> None:
        if not payment.captured:
            raise ApiError("The payment status should be captured for action to be taken")
        if payment.refund_status == "full":
            raise ApiError("The payment has been fully refunded already")

    def _fail(self, order: Order, payment: Payment) -> Payment:
        payment.status = "failed"
        payment.error_code = "BAD_REQUEST_ERROR"
        payment.error_description = "Your payment was declined by the bank. Try another payment method."
        payment.error_source, payment.error_step, payment.error_reason = (
            "bank",
            "payment_authorization",
            "payment_failed",
        )
        self._save(order, payment)
        self._emit([("payment.failed", {"payment": payment.public()})])
        return payment

    def _authorize(self, order: Order, payment: Payment, *, outcome: Outcome) -> Payment:
        payment.status = "authorized"
        events: list[tuple[str, dict[str, dict[str, Any]]]] = [("payment.authorized", {"payment": payment.public()})]
        if outcome == "captured":
            events += self._settle(order, payment)
        else:
            self._save(order, payment)
        self._emit(events)
        return payment

    def _settle(self, order: Order, payment: Payment) -> list[tuple[str, dict[str, dict[str, Any]]]]:
        payment.status, payment.captured = "captured", True
        payment.fee, payment.tax = fee_and_tax(payment.amount)
        order.amount_paid += payment.amount
        order.amount_due = max(order.amount - order.amount_paid, 0)
        events = [("payment.captured", {"payment": payment.public()})]
        if order.amount_due == 0:
            order.status = "paid"
            events.append(("order.paid", {"payment": payment.public(), "order": order.public()}))
        self._save(order, payment)
        return events

    def _save(self, *records: Money) -> None:
        for record in records:
            self._index(record)
            self._journal.append(record)

    def _index(self, record: Money) -> None:
        match record:
            case Order():
                self.orders[record.id] = record
            case Payment():
                if record.id not in self.payments:
                    self._by_order[record.order_id].append(record)
                self.payments[record.id] = record
            case Refund():
                if record.id not in self.refunds:
                    self._by_payment[record.payment_id].append(record)
                self.refunds[record.id] = record
            case Dispute():
                self.disputes[record.id] = record
            case Payout():
                self.payouts[record.id] = record


def fee_and_tax(amount_minor: int) -> tuple[int, int]:
    """Razorpay's `fee` includes the `tax` on it; both in paise, halves rounded up."""
    base = (amount_minor * FEE_PERCENT + 50) // 100
    tax = (base * GST_PERCENT + 50) // 100
    return base + tax, tax


def describe_method(payment: Payment) -> None:
    """The fields that Razorpay fills by method."""
    match payment.method:
        case "upi":
            payment.vpa = "success@razorpay"
        case "card":
            payment.card_id = payment.id.replace("pay_", "card_")
        case "netbanking":
            payment.bank = "HDFC"
        case "wallet":
            payment.wallet = "olamoney"


def _amount(value: Any) -> int:
    if type(value) is not int:
        raise ApiError("The amount must be an integer.", field="amount")
    if not AMOUNT_MIN_MINOR <= value <= AMOUNT_MAX_MINOR:
        raise ApiError("The amount must be between INR 1.00 and the maximum amount allowed.", field="amount")
    return value


def _get(records: dict[str, T], key: str) -> T:
    try:
        return records[key]
    except KeyError:
        raise not_found() from None
