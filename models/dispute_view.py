"""Disputes as the operator and each seller see them: the whole, or a seller's own share and nothing of others."""

from datetime import datetime
from uuid import UUID

import msgspec

from models.database import pool
from models.errors import NotFound

VIEW = """
SELECT d.id, d.gateway_dispute_id, o.number, o.id AS order_id, d.state, d.phase, d.reason, d.currency, d.borne_by,
       d.respond_by, d.created_at, coalesce(s.amount_minor, d.amount_minor) AS amount_minor,
       coalesce(s.lost_minor, d.deducted_minor) AS lost_minor,
       (SELECT min(h.id::text)::uuid FROM shipment h WHERE h.order_id = o.id AND h.seller_id = s.seller_id)
           AS shipment_id
  FROM dispute d JOIN payment p ON p.id = d.payment_id JOIN orders o ON o.id = p.order_id
  LEFT JOIN dispute_share s ON s.dispute_id = d.id AND s.seller_id = $1
 WHERE ($1::uuid IS NULL OR s.seller_id IS NOT NULL)
"""
LIST = f"""
{VIEW} AND ($2::text IS NULL OR o.number = $2)
 ORDER BY d.state NOT IN ('open', 'under_review'), d.created_at DESC, d.id LIMIT $3
"""


class DisputeRow(msgspec.Struct, frozen=True, kw_only=True):
    """`amount_minor` is what is disputed, `lost_minor` what the bank keeps of it; to a seller, of their share alone.

    `borne_by`: seller, or platform where the operator took it off the sellers. `shipment_id`: the seller's first parcel
    of the order.
    """

    id: UUID
    gateway_dispute_id: str
    number: str
    order_id: UUID
    state: str
    phase: str
    reason: str
    amount_minor: int
    lost_minor: int
    currency: str
    borne_by: str
    respond_by: datetime | None
    created_at: datetime
    shipment_id: UUID | None

    @property
    def is_open(self) -> bool:
        return self.state in ("open", "under_review")


async def list_disputes(
    *, seller_id: UUID | None = None, number: str | None = None, limit: int = 50
) -> list[DisputeRow]:
    """Those that are open first; every seller's where `seller_id` is None, of one order where `number` names it."""
    rows = await pool().fetch(LIST, seller_id, number.upper() if number else None, limit)
    return [DisputeRow(**row) for row in rows]


async def read_dispute(dispute_id: UUID, *, seller_id: UUID | None = None) -> DisputeRow:
    """Raises NotFound."""
    row = await pool().fetchrow(f"{VIEW} AND d.id = $2", seller_id, dispute_id)
    if row is None:
        raise NotFound("There is no such dispute.")
    return DisputeRow(**row)
