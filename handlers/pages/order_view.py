"""An order in words: what its page says in each state, the steps behind and before it, its parcels by seller."""

from collections import Counter
from collections.abc import Collection, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from handlers.pages.pictures import picture_url
from models.order_view import OrderLineView, OrderView, PaymentView, RefundView, ReturnView, ShipmentView, Units
from web.filters import options_text

PROGRESS = ("waiting", "packed", "shipped", "delivered")
STEP_LABELS = ("Ordered", "Paid", "Packed", "Sent", "Delivered")
PARCEL_LABELS = {"waiting": "Being packed", "shipped": "On its way", "lost": "Did not arrive"}
ENDED = ("cancelled", "lost")
NEVER_CAME = ENDED
"""Reasons of refunds for what its buyer never had: they take nothing off what can be sent back."""

EVENTS = {
    "placed": "Ordered", "paid": "Paid", "confirmed": "Confirmed, cash on delivery", "expired": "Lapsed",
    "cancelled": "Cancelled", "packed": "A parcel was packed", "shipped": "A parcel left its seller",
    "delivered": "A parcel was delivered", "lost": "A parcel did not arrive", "split": "A parcel was split in two",
    "shipment_cancelled": "A parcel was cancelled", "cash_collected": "Cash was paid at the door",
    "refund_requested": "A refund was ordered", "refunded": "Money went back", "refund_failed": "A refund failed",
    "refunded_by_bank": "What the bank had given back stood for a refund",
    "payment_failed": "A payment did not go through", "payment_refused": "The payment was refused",
    "payment_abandoned": "The payment was given up",
    "disputed": "There is news of a dispute at the bank", "return_requested": "A return was asked for",
    "return_approved": "A return was accepted", "return_refused": "A return was refused",
    "return_received": "A return has arrived", "return_refunded": "A return was refunded",
}  # fmt: skip
RETURN_WORDS = {
    "requested": "Waiting for the seller's answer",
    "approved": "Please send it back",
    "refused": "Refused",
    "received": "Arrived, the money follows",
    "refunded": "Refunded",
}
REFUND_WORDS = {
    "requested": "on its way back",
    "sent": "on its way back",
    "processed": "paid back",
    "failed": "being looked at by the market",
}
PAYMENT_LABELS = {"captured": "Received", "open": "Not received", "created": "Not received"}


class Words(NamedTuple):
    headline: str
    detail: str
    tone: str


WORDS = {
    "pending": Words("Almost done", "We are waiting for your payment. This page follows by itself.", "warn"),
    "confirmed": Words("Thank you for your order", "You pay in cash when it comes, each parcel by itself.", "good"),
    "expired": Words("This order has lapsed", "It was not paid in time, so the things are back on the shelf. If money "
                     "was taken after all, it goes back to you in full.", "bad"),
    "cancelled": Words("This order was cancelled", "You pay nothing for it. If money was taken after all, it goes back "
                       "to you in full.", "bad"),
    "refunded": Words("This order was refunded", "The full amount is on its way back to you.", "warn"),
    "partly_refunded": Words("A part was refunded", "The rest of the order goes on.", "warn"),
}  # fmt: skip
PAID = (
    Words("Thank you for your order", "Paid. The sellers have been told and are packing your things.", "good"),
    Words("Your things are packed", "They are waiting for the courier.", "good"),
    Words("On the way to you", "Everything has left its seller.", "good"),
    Words("Delivered", "We hope that you like it.", "good"),
)
THE_REST = ("is being packed", "is packed", "is on its way to you", "is yours to keep")


def order_view(
    order: OrderView, *, cash: bool = False, return_days: int = 0, reviewable: Collection[str] = ()
) -> dict[str, Any]:
    """What shop/_order.html wants as `order`.

    `cash`: it can be paid at the door; `return_days`: how long after delivery; `reviewable`: slugs of products.
    """
    words = _words(order)
    pending = order.state == "pending"
    return {
        "number": order.number,
        "url": f"/orders/{order.number}",
        "placed_at": order.created_at,
        "state": order.state,
        "mark": mark_of(order.state, order.payment),
        "currency": order.currency,
        "headline": words.headline,
        "detail": words.detail,
        "tone": words.tone,
        "confirming": pending,
        "payable": pending,
        "cash": cash and pending,
        **_afterwards(order, return_days),
        "hold_until": order.expires_at if pending else None,
        "steps": _steps(order),
        "shipments": _parcels(order, reviewable),
        "totals": _totals(order),
        "address": order.delivery,
        "email": order.email,
        "payment": None if pending else _payment(order),
    }


def mark_of(state: str, payment: PaymentView) -> str:
    """What the page that polls has shown of its order: it is asked for anew when this changes."""
    return f"{state}-{payment.state}{'-declined' if payment.error else ''}"


def _totals(order: OrderView) -> dict[str, Any]:
    return {
        "count": sum(line.quantity for line in order.lines),
        "items_minor": order.subtotal_minor,
        "discount_minor": order.discount_minor,
        "shipping_minor": order.shipping_minor,
        "tax_minor": order.tax_minor,
        "total_minor": order.total_minor,
        "cgst_minor": sum(line.cgst_minor for line in order.lines),
        "sgst_minor": sum(line.sgst_minor for line in order.lines),
        "igst_minor": sum(line.igst_minor for line in order.lines),
        "gift_card_minor": order.gift_card_minor,
        "payable_minor": order.total_minor - order.gift_card_minor,
        "payable_label": "Left to pay" if order.state == "pending" else "Paid online" if order.paid_at else "Online",
    }


def _afterwards(order: OrderView, return_days: int) -> dict[str, Any]:
    """What can still be done, what goes back, and everything that happened."""
    return {
        "cancellable": any(shipment.state == "waiting" for shipment in order.shipments),
        "returnable": returnable(order, return_days),
        "returns": [_return(order, asked) for asked in order.returns],
        "refunds": [part for refund in order.refunds for part in _refund(refund)],
        "history": [{"at": event.at, "label": EVENTS.get(event.kind, event.kind)} for event in order.events],
    }


def _refund(refund: RefundView) -> list[dict[str, Any]]:
    """What goes back to the bank, and what is on gift cards again: they take different times."""
    by_bank, at = refund.amount_minor - refund.gift_card_minor, refund.created_at
    parts = [(by_bank, REFUND_WORDS[refund.state]), (refund.gift_card_minor, "is on your gift card again")]
    parts.append((refund.bank_minor, "your bank had given back to you before"))
    return [{"amount_minor": amount, "words": words, "at": at} for amount, words in parts if amount]


def returnable(order: OrderView, days: int) -> bool:
    """Whether something of it was delivered so lately that it can be sent back, and is neither asked back nor paid."""
    since = datetime.now(UTC) - timedelta(days=days)
    lately = [parcel for parcel in order.shipments if parcel.delivered_at and parcel.delivered_at > since]
    here = _units(unit for parcel in lately for unit in parcel.lines)
    asked = Counter[UUID]()
    for item in order.returns:
        asked[item.line_id] += item.quantity if item.state != "refused" else 0
    kept = [refund for refund in order.refunds if refund.reason not in NEVER_CAME]
    paid = _units(unit for refund in kept for unit in refund.lines)
    return any(units > max(asked[line_id], paid[line_id]) for line_id, units in here.items())


def _units(units: Iterable[Units]) -> Counter[UUID]:
    """How many of each line."""
    found = Counter[UUID]()
    for unit in units:
        found[unit.line_id] += unit.quantity
    return found


def _return(order: OrderView, asked: ReturnView) -> dict[str, Any]:
    line = next(line for line in order.lines if line.id == asked.line_id)
    return {
        "name": line.name,
        "quantity": asked.quantity,
        "state": asked.state,
        "words": RETURN_WORDS.get(asked.state, asked.state),
        "answer": asked.answer,
        "at": asked.created_at,
    }


def _payment(order: OrderView) -> dict[str, str]:
    state = order.payment.state
    label = PAYMENT_LABELS.get(state, "")
    if order.payment_kind == "cash":
        label = "To pay at the door" if state == "created" else label
        return {"method": "Cash on delivery", "state": state, "label": label, "reference": ""}
    return {"method": "Payment", "state": state, "label": label, "reference": ""}


def _words(order: OrderView) -> Words:
    if order.state == "paid" or (order.state == "confirmed" and _progress(order)):
        return PAID[_progress(order)]
    if order.state in {"cancelled", "expired"} and order.refunds:
        back = "was paid back" if _is_back(order) else "is on its way back to you"
        return WORDS[order.state]._replace(detail=f"A payment came after that: it {back} in full.")
    if order.state == "refunded" and all(shipment.state == "cancelled" for shipment in order.shipments):
        back = "was paid back" if _is_back(order) else "is on its way back to you"
        return Words("This order was cancelled", f"What you paid {back}.", "bad")
    if order.state == "refunded" and _is_back(order):
        return WORDS["refunded"]._replace(detail="The full amount was paid back.")
    words = WORDS[order.state]
    if order.state == "partly_refunded" and any(shipment.state in PROGRESS for shipment in order.shipments):
        return words._replace(detail=f"The rest {THE_REST[_progress(order)]}.")
    if order.state == "pending" and order.payment.error:
        return Words("The payment did not go through", f"{order.payment.error} You can pay again.", "bad")
    return words


def _is_back(order: OrderView) -> bool:
    return all(refund.state == "processed" for refund in order.refunds)


def _progress(order: OrderView) -> int:
    """How far the slowest parcel is: 0 waiting to 3 delivered."""
    states = [shipment.state for shipment in order.shipments if shipment.state in PROGRESS]
    return min((PROGRESS.index(state) for state in states), default=0)


def _steps(order: OrderView) -> list[dict[str, Any]]:
    last = {event.kind: event.at for event in order.events}
    settled_at = order.paid_at or last.get("confirmed")
    times = [order.created_at, settled_at, *(last.get(state) for state in PROGRESS[1:])]
    if order.state in {"expired", "cancelled", "refunded"} or (
        order.shipments and all(shipment.state in ENDED for shipment in order.shipments)
    ):
        label = {"expired": "Lapsed", "cancelled": "Cancelled"}.get(order.state, "Refunded")
        first = [_step(label, at, "done") for label, at in zip(STEP_LABELS[:2], times[:2], strict=True) if at]
        return [*first, _step(label, None, "failed")]
    settled = settled_at is not None
    labels = ("Ordered", "Confirmed", *STEP_LABELS[2:]) if order.payment_kind == "cash" else STEP_LABELS
    done = 2 + _progress(order) if settled else 1
    return [
        _step(label, at if i < done else None, "done" if i < done else "current" if i == done else "")
        for i, (label, at) in enumerate(zip(labels, times, strict=True))
    ]


def _step(label: str, at: datetime | None, state: str) -> dict[str, Any]:
    return {"label": label, "at": at, "state": state}


def _parcels(order: OrderView, reviewable: Collection[str]) -> list[dict[str, Any]]:
    """Shipments where there are some, else what will become one: the lines of each seller."""
    lines = order.lines
    if order.shipments:
        by_id = {line.id: line for line in lines}
        return [_parcel(order, shipment, by_id, reviewable) for shipment in order.shipments]
    return [
        {
            "id": "",
            "seller": {"name": name, "address": address},
            "state": "",
            "label": "",
            "carrier": "",
            "tracking": "",
            "cancel_reason": "",
            "cancellable": False,
            "due_minor": 0,
            "lines": [_line(line, line.quantity) for line in lines if _seller(line) == (name, address)],
        }
        for name, address in dict.fromkeys(map(_seller, lines))
    ]


def _seller(line: OrderLineView) -> tuple[str, str]:
    return line.seller_name, line.seller_address  # two may have one name


def _parcel(
    order: OrderView, shipment: ShipmentView, lines: dict[UUID, OrderLineView], reviewable: Collection[str]
) -> dict[str, Any]:
    due = order.payment_kind == "cash" and shipment.state in ("waiting", "packed", "shipped")
    return {
        "id": shipment.id,
        "seller": {"name": shipment.seller_name, "address": shipment.seller_address},
        "state": shipment.state,
        "label": PARCEL_LABELS.get(shipment.state, ""),
        "carrier": shipment.carrier,
        "tracking": shipment.tracking_number,
        "cancel_reason": shipment.cancel_reason,
        "cancellable": shipment.state == "waiting" and len(order.shipments) > 1,
        "due_minor": shipment.value_minor if due else 0,
        "lines": [
            _line(lines[unit.line_id], unit.quantity, reviewable if shipment.state == "delivered" else ())
            for unit in shipment.lines
        ],
    }


def _line(line: OrderLineView, quantity: int, reviewable: Collection[str] = ()) -> dict[str, Any]:
    return {
        "name": line.name,
        "slug": line.product_slug,
        "options": options_text(line.options),
        "picture": picture_url(line.image_key),
        "quantity": quantity,
        "price_minor": line.unit_price_minor,
        "line_minor": line.unit_price_minor * quantity,
        "review_url": f"/p/{line.product_slug}/review" if line.product_slug in reviewable else "",
    }
