"""Parcels and returns as those who pack and answer see them: one statement each, and only one's own.

`seller_id` is the seller whose they must be, None for the operator.
"""

from datetime import datetime
from uuid import UUID

import msgspec

from models.database import pool
from models.delivery import Delivery
from models.errors import NotFound
from models.keyring import Keyring
from models.returns import SENT_WITHIN


class ParcelLine(msgspec.Struct, frozen=True, kw_only=True):
    """`quantity` is what is in this parcel."""

    line_id: UUID
    name: str
    sku: str
    options: dict[str, str]
    image_key: str
    quantity: int


class Parcel(msgspec.Struct, frozen=True, kw_only=True):
    """`part` of `parts` parcels of its order; `value_minor` is collected at the door where `payment_kind` is cash."""

    id: UUID
    number: str
    order_state: str
    payment_kind: str
    part: int
    parts: int
    seller_name: str
    seller_address: str
    state: str
    carrier: str
    tracking_number: str
    value_minor: int
    currency: str
    created_at: datetime
    packed_at: datetime | None
    shipped_at: datetime | None
    delivered_at: datetime | None
    delivery: Delivery
    lines: list[ParcelLine]


class ReturnRow(msgspec.Struct, frozen=True, kw_only=True):
    """`comment` is the buyer's, `answer` the seller's; `image_key` may be empty. `overdue`: it was approved and
    has not come in time.
    """

    id: UUID
    number: str
    seller_name: str
    name: str
    sku: str
    options: dict[str, str]
    image_key: str
    quantity: int
    state: str
    reason: str
    comment: str
    answer: str
    restock: bool
    created_at: datetime
    overdue: bool


PARCEL = """
SELECT h.id, o.number, o.state AS order_state, o.payment_kind, s.name AS seller_name,
       concat_ws(', ', nullif(s.address_line, ''), nullif(s.city, ''), nullif(s.region, ''), nullif(s.pin_code, ''))
           AS seller_address,
       (SELECT count(*) FROM shipment x WHERE x.order_id = o.id AND x.id <= h.id) AS part,
       (SELECT count(*) FROM shipment x WHERE x.order_id = o.id) AS parts,
       h.state, h.carrier, h.tracking_number, h.value_minor, o.currency, h.created_at, h.packed_at, h.shipped_at,
       h.delivered_at, o.delivery_encrypted,
       (SELECT json_agg(json_build_object('line_id', l.id, 'name', l.name, 'sku', l.sku, 'options', l.options,
                  'image_key', l.image_key, 'quantity', x.quantity) ORDER BY l.position)
          FROM shipment_line x JOIN order_line l ON l.id = x.order_line_id WHERE x.shipment_id = h.id) AS lines
  FROM shipment h JOIN orders o ON o.id = h.order_id JOIN seller s ON s.id = h.seller_id
 WHERE h.id = $1 AND ($2::uuid IS NULL OR h.seller_id = $2)
"""
RETURNS = """
SELECT r.id, o.number, s.name AS seller_name, l.name, l.sku, l.options, l.image_key, r.quantity, r.state, r.reason,
       r.comment, r.answer, r.restock, r.created_at,
       r.state = 'approved' AND r.approved_at < now() - $5::interval AS overdue
  FROM return_line r JOIN order_line l ON l.id = r.order_line_id JOIN orders o ON o.id = l.order_id
  JOIN seller s ON s.id = l.seller_id
 WHERE ($1::uuid IS NULL OR l.seller_id = $1) AND ($2::text IS NULL OR r.state = $2)
 ORDER BY r.created_at DESC, r.id LIMIT $3 OFFSET $4
"""
RETURN_COUNTS = """
SELECT r.state, count(*) AS count FROM return_line r JOIN order_line l ON l.id = r.order_line_id
 WHERE $1::uuid IS NULL OR l.seller_id = $1 GROUP BY 1
"""


async def get_parcel(seller_id: UUID | None, shipment_id: UUID, *, keyring: Keyring) -> Parcel:
    """Raises NotFound, for a stranger's parcel as for one that never was."""
    row = await pool().fetchrow(PARCEL, shipment_id, seller_id)
    if row is None:
        raise NotFound("There is no such parcel.")
    values = dict(row)
    delivery = keyring.decrypt_json(values.pop("delivery_encrypted"), Delivery)
    lines = msgspec.json.decode(values.pop("lines"), type=list[ParcelLine])
    return Parcel(**values, delivery=delivery, lines=lines)


async def list_returns(
    seller_id: UUID | None, *, state: str | None = None, page: int = 1, per_page: int = 50
) -> tuple[list[ReturnRow], dict[str, int]]:
    """Newest first, and how many there are in each state."""
    rows = await pool().fetch(RETURNS, seller_id, state, per_page, (page - 1) * per_page, SENT_WITHIN)
    counts = await pool().fetch(RETURN_COUNTS, seller_id)
    found = [ReturnRow(**{**row, "options": msgspec.json.decode(row["options"])}) for row in rows]
    return found, {row["state"]: row["count"] for row in counts}
