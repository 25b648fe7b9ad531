"""An order as its buyer sees it: one statement reads all of it, and only for those who may.

The owner is the user who placed it, whoever holds the cart it came from, or who knows its number and its mail address.
"""

from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import asyncpg
import msgspec

from models import replica
from models.basket import Shopper
from models.database import pool
from models.delivery import Delivery
from models.errors import NotFound
from models.keyring import Keyring


class OrderLineView(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    product_slug: str
    name: str
    sku: str
    options: dict[str, str]
    image_key: str
    seller_slug: str
    seller_name: str
    seller_address: str
    quantity: int
    unit_price_minor: int
    discount_minor: int
    shipping_minor: int
    hsn_code: str
    gst_bps: int
    seller_discount_minor: int
    platform_discount_minor: int
    taxable_minor: int
    cgst_minor: int
    sgst_minor: int
    igst_minor: int
    tax_minor: int
    total_minor: int


class PaymentView(msgspec.Struct, frozen=True, kw_only=True):
    """`state` created: the gateway has no order yet, ask again; open: it can be paid; `error` tells of the last try."""

    id: UUID
    state: str
    gateway_order_id: str | None
    error: str


class Units(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """So many of one order line."""

    line_id: UUID
    quantity: int


class ShipmentView(msgspec.Struct, frozen=True, kw_only=True):
    """`value_minor` is what the buyer pays for what is inside, carriage included. `cancel_reason`: of its seller or the
    market, who called it off.
    """

    id: UUID
    seller_slug: str
    seller_name: str
    seller_address: str
    state: str
    carrier: str
    tracking_number: str
    cancel_reason: str
    value_minor: int
    shipped_at: datetime | None
    delivered_at: datetime | None
    line_ids: list[UUID]
    lines: list[Units]


class ReturnView(msgspec.Struct, frozen=True, kw_only=True):
    """`comment` is the buyer's, `answer` the seller's."""

    id: UUID
    line_id: UUID
    seller_id: UUID
    quantity: int
    state: str
    reason: str
    comment: str
    answer: str
    restock: bool
    created_at: datetime


class EventView(msgspec.Struct, frozen=True, kw_only=True):
    kind: str
    at: datetime


class RefundView(msgspec.Struct, frozen=True, kw_only=True):
    """`lines` is what it pays for; empty for an unwanted payment that went back. `gift_card_minor` of the amount is on
    gift cards again, at once; `bank_minor` beside it the buyer's bank had given back before.
    """

    id: UUID
    state: str
    amount_minor: int
    gift_card_minor: int
    bank_minor: int
    reason: str
    created_at: datetime
    processed_at: datetime | None
    lines: list[Units]


class OrderView(msgspec.Struct, frozen=True, kw_only=True):
    """`tax_minor` is contained in the total; times are UTC."""

    id: UUID
    number: str
    state: str
    payment_kind: str
    currency: str
    subtotal_minor: int
    discount_minor: int
    shipping_minor: int
    tax_minor: int
    total_minor: int
    gift_card_minor: int
    email: str
    delivery: Delivery
    created_at: datetime
    expires_at: datetime
    paid_at: datetime | None
    lines: list[OrderLineView]
    payment: PaymentView
    shipments: list[ShipmentView]
    returns: list[ReturnView]
    refunds: list[RefundView]
    events: list[EventView]


class OrderPayment(msgspec.Struct, frozen=True, kw_only=True):
    """Enough to wait with until the gateway has told the shop; `order_state` is paid once it has."""

    number: str
    order_state: str
    payment: PaymentView


class Contact(NamedTuple):
    number: str
    phone: str


class OrderSummary(msgspec.Struct, frozen=True, kw_only=True):
    """One row of a shopper's list of orders."""

    number: str
    state: str
    currency: str
    total_minor: int
    count: int
    first_name: str
    image_key: str
    created_at: datetime


PARTS: dict[str, Any] = {
    "lines": list[OrderLineView],
    "payment": PaymentView,
    "shipments": list[ShipmentView],
    "returns": list[ReturnView],
    "refunds": list[RefundView],
    "events": list[EventView],
}
ADDRESS = (
    "concat_ws(', ', nullif(s.address_line, ''), nullif(s.city, ''), nullif(s.region, ''), nullif(s.pin_code, ''))"
)
PAYMENT = """
  (SELECT json_build_object('id', id, 'state', state, 'gateway_order_id', gateway_order_id, 'error', error)
     FROM payment WHERE order_id = o.id
    ORDER BY gateway <> 'cash' AND gateway_order_id IS NULL AND state IN ('captured', 'refunded'), id DESC LIMIT 1
  ) AS payment"""
VIEW = f"""
SELECT o.*,
  (SELECT json_agg(json_build_object('id', l.id, 'product_slug', p.slug, 'name', l.name, 'sku', l.sku,
            'options', l.options, 'image_key', l.image_key, 'seller_slug', s.slug, 'seller_name', s.name,
            'seller_address', {ADDRESS}, 'quantity', l.quantity,
            'unit_price_minor', l.unit_price_minor, 'discount_minor', l.discount_minor,
            'shipping_minor', l.shipping_minor, 'hsn_code', l.hsn_code, 'gst_bps', l.gst_bps,
            'seller_discount_minor', l.seller_discount_minor, 'platform_discount_minor', l.platform_discount_minor,
            'taxable_minor', l.taxable_minor, 'cgst_minor', l.cgst_minor, 'sgst_minor', l.sgst_minor,
            'igst_minor', l.igst_minor, 'tax_minor', l.tax_minor, 'total_minor', l.total_minor)
          ORDER BY l.position)
     FROM order_line l JOIN product p ON p.id = l.product_id JOIN seller s ON s.id = l.seller_id
    WHERE l.order_id = o.id) AS lines,
  {PAYMENT},
  (SELECT coalesce(json_agg(json_build_object('id', h.id, 'seller_slug', s.slug, 'seller_name', s.name,
            'seller_address', {ADDRESS}, 'state', h.state, 'carrier', h.carrier, 'tracking_number', h.tracking_number,
            'cancel_reason', h.cancel_reason,
            'value_minor', h.value_minor, 'shipped_at', h.shipped_at, 'delivered_at', h.delivered_at,
            'line_ids', (SELECT json_agg(order_line_id ORDER BY id) FROM shipment_line WHERE shipment_id = h.id),
            'lines', (SELECT json_agg(json_build_object('line_id', order_line_id, 'quantity', quantity) ORDER BY id)
                        FROM shipment_line WHERE shipment_id = h.id)) ORDER BY h.id), '[]')
     FROM shipment h JOIN seller s ON s.id = h.seller_id WHERE h.order_id = o.id) AS shipments,
  (SELECT coalesce(json_agg(json_build_object('id', b.id, 'line_id', b.order_line_id, 'seller_id', l.seller_id,
            'quantity', b.quantity, 'state', b.state, 'reason', b.reason, 'comment', b.comment, 'answer', b.answer,
            'restock', b.restock, 'created_at', b.created_at) ORDER BY b.id), '[]')
     FROM return_line b JOIN order_line l ON l.id = b.order_line_id WHERE l.order_id = o.id) AS returns,
  (SELECT coalesce(json_agg(json_build_object('id', r.id, 'state', r.state,
            'amount_minor', r.amount_minor + r.gift_card_minor, 'gift_card_minor', r.gift_card_minor,
            'bank_minor', r.bank_minor, 'reason', r.reason, 'created_at', r.created_at,
            'processed_at', r.processed_at, 'lines',
            (SELECT coalesce(json_agg(json_build_object('line_id', order_line_id, 'quantity', quantity)), '[]')
               FROM refund_line WHERE refund_id = r.id)) ORDER BY r.id), '[]')
     FROM refund r JOIN payment p ON p.id = r.payment_id WHERE p.order_id = o.id) AS refunds,
  (SELECT json_agg(json_build_object('kind', kind, 'at', created_at) ORDER BY id)
     FROM order_event WHERE order_id = o.id) AS events
  FROM orders o LEFT JOIN cart c ON c.id = o.cart_id
"""
WAITING = f"SELECT o.number, o.state, {PAYMENT} FROM orders o LEFT JOIN cart c ON c.id = o.cart_id"
CONTACT = "SELECT number, delivery_encrypted FROM orders WHERE id = $1"
OWNED = "(o.user_id = $2 OR c.user_id = $2 OR c.token_hash = $3 OR o.email_hash = $4)"
LIST = """
SELECT o.number, o.state, o.currency, o.total_minor, o.created_at, l.count, l.first_name, l.image_key
  FROM orders o LEFT JOIN cart c ON c.id = o.cart_id
 CROSS JOIN LATERAL (SELECT sum(quantity) AS count, (array_agg(name ORDER BY position))[1] AS first_name,
                            (array_agg(image_key ORDER BY position))[1] AS image_key
                       FROM order_line WHERE order_id = o.id) l
 WHERE {mine}
 ORDER BY o.created_at DESC, o.id DESC LIMIT $2 OFFSET $3
"""


async def get_order(number: str, shopper: Shopper, *, keyring: Keyring, email: str | None = None) -> OrderView:
    """Raises NotFound, for a stranger's order as for one that never was."""
    return _view(dict(await _owned(VIEW, number, shopper, keyring, email)), keyring)


async def get_payment(number: str, shopper: Shopper, *, keyring: Keyring, email: str | None = None) -> OrderPayment:
    """What changes while a buyer waits, for a fraction of the whole order's cost. Raises NotFound."""
    row = await _owned(WAITING, number, shopper, keyring, email)
    payment = msgspec.json.decode(row["payment"], type=PaymentView)
    return OrderPayment(number=row["number"], order_state=row["state"], payment=payment)


async def _owned(select: str, number: str, shopper: Shopper, keyring: Keyring, email: str | None) -> asyncpg.Record:
    email_hash = keyring.email_hash(email) if email else None
    row = await pool().fetchrow(
        f"{select} WHERE o.number = $1 AND {OWNED}", number.upper(), shopper.user_id, shopper.token_hash, email_hash
    )
    if row is None:
        raise NotFound("There is no such order of yours.")
    return row


async def read_order(order_id: UUID, *, keyring: Keyring) -> OrderView:
    """For jobs and for those whose right was checked. Raises NotFound."""
    row = await pool().fetchrow(f"{VIEW} WHERE o.id = $1", order_id)
    if row is None:
        raise NotFound("There is no such order.")
    return _view(dict(row), keyring)


async def read_contact(order_id: UUID, *, keyring: Keyring) -> Contact:
    """Whom to tell, for jobs that need nothing else. Raises NotFound."""
    row = await pool().fetchrow(CONTACT, order_id)
    if row is None:
        raise NotFound("There is no such order.")
    return Contact(row["number"], keyring.decrypt_json(row["delivery_encrypted"], Delivery).phone)


async def list_orders(shopper: Shopper, *, limit: int, offset: int = 0) -> list[OrderSummary]:
    """The shopper's orders, newest first."""
    mine = "o.user_id = $1" if shopper.user_id else "c.token_hash = $1"
    rows = await replica.fetch(LIST.format(mine=mine), shopper.owner[1], limit, offset)
    return [OrderSummary(**row) for row in rows]


def _view(row: dict[str, Any], keyring: Keyring) -> OrderView:
    decoded: dict[str, Any] = {name: msgspec.json.decode(row[name], type=kind) for name, kind in PARTS.items()}
    plain = {name: row[name] for name in OrderView.__struct_fields__ if name in row and name not in PARTS}
    email = keyring.decrypt(row["email_encrypted"])
    delivery = keyring.decrypt_json(row["delivery_encrypted"], Delivery)
    return OrderView(**{**plain, **decoded, "email": email, "delivery": delivery})
