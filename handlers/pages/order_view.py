"""An order in words: what its page says in each state, the steps behind and before it, its parcels by seller."""

from datetime import datetime
from typing import Any, NamedTuple

from handlers.pages.pictures import picture_url
from models.order_view import OrderLineView, OrderView
from web.filters import options_text

PROGRESS = ("waiting", "packed", "shipped", "delivered")
STEP_LABELS = ("Ordered", "Paid", "Packed", "Sent", "Delivered")
PARCEL_LABELS = {"waiting": "Being packed", "shipped": "On its way"}
PAYMENT_LABELS = {"captured": "Received", "open": "Not received", "created": "Not received"}


class Words(NamedTuple):
    headline: str
    detail: str
    tone: str


WORDS = {
    "pending": Words("Almost done", "We are waiting for your payment. This page follows by itself.", "warn"),
    "expired": Words("This order has lapsed", "It was not paid in time, so the things are back on the shelf. If money "
                     "was taken after all, it goes back to you in full.", "bad"),
    "cancelled": Words("This order was cancelled", "Nothing was charged.", "bad"),
    "refunded": Words("This order was refunded", "The full amount is on its way back to you.", "warn"),
    "partly_refunded": Words("A part was refunded", "The rest of the order goes on.", "warn"),
}  # fmt: skip
PAID = (
    Words("Thank you for your order", "Paid. The sellers have been told and are packing your things.", "good"),
    Words("Your things are packed", "They are waiting for the courier.", "good"),
    Words("On the way to you", "Everything has left its seller.", "good"),
    Words("Delivered", "We hope that you like it.", "good"),
)


def order_view(order: OrderView) -> dict[str, Any]:
    """What shop/_order.html wants as `order`."""
    words = _words(order)
    pending = order.state == "pending"
    return {
        "number": order.number,
        "url": f"/orders/{order.number}",
        "placed_at": order.created_at,
        "state": order.state,
        "mark": mark_of(order),
        "currency": order.currency,
        "headline": words.headline,
        "detail": words.detail,
        "tone": words.tone,
        "confirming": pending,
        "payable": pending,
        "hold_until": order.expires_at if pending else None,
        "steps": _steps(order),
        "shipments": _parcels(order),
        "totals": {
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
        },
        "address": order.delivery,
        "email": order.email,
        "payment": None if pending else _payment(order.payment.state),
    }


def mark_of(order: OrderView) -> str:
    """What the page that polls has shown: it is asked for anew when this changes."""
    return f"{order.state}-{order.payment.state}{'-declined' if order.payment.error else ''}"


def _payment(state: str) -> dict[str, str]:
    return {"method": "Payment", "state": state, "label": PAYMENT_LABELS.get(state, ""), "reference": ""}


def _words(order: OrderView) -> Words:
    if order.state == "paid":
        return PAID[_progress(order)]
    words = WORDS[order.state]
    if order.state == "pending" and order.payment.error:
        return Words("The payment did not go through", f"{order.payment.error} You can pay again.", "bad")
    return words


def _progress(order: OrderView) -> int:
    """How far the slowest parcel is: 0 waiting to 3 delivered."""
    states = [shipment.state for shipment in order.shipments if shipment.state in PROGRESS]
    return min((PROGRESS.index(state) for state in states), default=0)


def _steps(order: OrderView) -> list[dict[str, Any]]:
    times: list[datetime | None] = [order.created_at, order.paid_at, None, None, None]
    if order.state in {"expired", "cancelled", "refunded"}:
        label = {"expired": "Lapsed", "cancelled": "Cancelled", "refunded": "Refunded"}[order.state]
        first = [_step(label, at, "done") for label, at in zip(STEP_LABELS, times, strict=True) if at]
        return [*first, _step(label, None, "failed")]
    done = 1 if order.paid_at is None else 2 + _progress(order)
    return [
        _step(label, at, "done" if i < done else "current" if i == done else "")
        for i, (label, at) in enumerate(zip(STEP_LABELS, times, strict=True))
    ]


def _step(label: str, at: datetime | None, state: str) -> dict[str, Any]:
    return {"label": label, "at": at, "state": state}


def _parcels(order: OrderView) -> list[dict[str, Any]]:
    """Shipments where there are some, else what will become one: the lines of each seller."""
    lines = {line.id: line for line in order.lines}
    if order.shipments:
        return [
            _parcel(
                shipment.seller_name,
                [lines[line_id] for line_id in shipment.line_ids],
                state=shipment.state,
                carrier=shipment.carrier,
                tracking=shipment.tracking_number,
            )
            for shipment in order.shipments
        ]
    sellers = dict.fromkeys(line.seller_name for line in order.lines)
    return [_parcel(name, [line for line in order.lines if line.seller_name == name]) for name in sellers]


def _parcel(
    seller: str, lines: list[OrderLineView], *, state: str = "", carrier: str = "", tracking: str = ""
) -> dict[str, Any]:
    return {
        "seller": {"name": seller, "address": ""},
        "state": state,
        "label": PARCEL_LABELS.get(state, ""),
        "carrier": carrier,
        "tracking": tracking,
        "lines": [_line(line) for line in lines],
    }


def _line(line: OrderLineView) -> dict[str, Any]:
    return {
        "name": line.name,
        "slug": line.product_slug,
        "options": options_text(line.options),
        "picture": picture_url(line.image_key),
        "quantity": line.quantity,
        "price_minor": line.unit_price_minor,
        "line_minor": line.unit_price_minor * line.quantity,
    }
