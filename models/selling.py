"""What sellers and the operator look at every day: sales by day, what runs out, what waits to be sent, latest orders.

Reads only; amounts are in minor units of one currency, days are India's.
"""

from datetime import date, datetime, timedelta
from uuid import UUID

import msgspec

from models.database import pool

ZONE = "Asia/Kolkata"
DAYS = 28


class Day(msgspec.Struct, frozen=True, kw_only=True):
    day: date
    paid_minor: int
    orders: int


class Shortage(msgspec.Struct, frozen=True, kw_only=True):
    """A variant on sale whose free units are at or below the seller's mark."""

    product_id: UUID
    name: str
    options: dict[str, str]
    free: int
    image: str | None


class ToSend(msgspec.Struct, frozen=True, kw_only=True):
    """One seller's parcel of a paid order, and what the buyer pays for it."""

    id: UUID
    number: str
    state: str
    region: str
    units: int
    total_minor: int
    currency: str
    created_at: datetime


class LatestOrder(msgspec.Struct, frozen=True, kw_only=True):
    number: str
    state: str
    region: str
    currency: str
    total_minor: int
    created_at: datetime


SALES = """
WITH days AS (
    SELECT generate_series($1::date, $1::date + $2::int - 1, interval '1 day')::date AS day
), paid AS (
    SELECT (o.paid_at AT TIME ZONE '{zone}')::date AS day, sum({amount})::bigint AS paid_minor, count({count}) AS orders
      FROM orders o {join}
     WHERE (o.created_at >= $1::date - interval '2 days'
            OR (o.payment_kind = 'cash' AND o.paid_at >= $1::date - interval '2 days'))
       AND o.paid_at IS NOT NULL AND o.currency = $3 {mine}
     GROUP BY 1
)
SELECT days.day, coalesce(paid_minor, 0) AS paid_minor, coalesce(orders, 0) AS orders
  FROM days LEFT JOIN paid USING (day) ORDER BY days.day
"""
OF_ALL = SALES.format(zone=ZONE, amount="o.total_minor", count="*", join="", mine="")
OF_SELLER = SALES.format(
    zone=ZONE,
    amount="l.total_minor",
    count="DISTINCT o.id",
    join="JOIN order_line l ON l.order_id = o.id",
    mine="AND l.seller_id = $4",
)
SHORTAGES = """
SELECT p.id AS product_id, p.name, v.options, k.on_hand - k.reserved AS free,
       (SELECT key FROM product_image WHERE product_id = p.id ORDER BY position, id LIMIT 1) AS image
  FROM product p JOIN variant v ON v.product_id = p.id JOIN stock k ON k.variant_id = v.id
 WHERE p.seller_id = $1 AND p.state = 'active' AND v.state = 'active' AND k.on_hand - k.reserved <= k.low_at
 ORDER BY free, p.sales_count DESC, v.id LIMIT $2
"""
TO_SEND = """
SELECT h.id, o.number, h.state, o.region AS region, l.units, h.value_minor AS total_minor, o.currency, h.created_at
  FROM shipment h JOIN orders o ON o.id = h.order_id
 CROSS JOIN LATERAL (SELECT sum(x.quantity)::int AS units FROM shipment_line x WHERE x.shipment_id = h.id) l
 WHERE h.seller_id = $1 AND ($2::text IS NULL OR h.state = $2)
 ORDER BY h.created_at DESC, h.id LIMIT $3 OFFSET $4
"""
LATEST = (
    "SELECT number, state, region, currency, total_minor, created_at FROM orders ORDER BY created_at DESC, id LIMIT $1"
)


async def sales_by_day(*, today: date, currency: str, seller_id: UUID | None = None, days: int = DAYS) -> list[Day]:
    """What was paid on each of the last `days` days, today the last of them."""
    first = today - timedelta(days=days - 1)
    query, mine = (OF_SELLER, [seller_id]) if seller_id else (OF_ALL, [])
    return [Day(**row) for row in await pool().fetch(query, first, days, currency, *mine)]


async def list_shortages(seller_id: UUID, *, limit: int = 8) -> list[Shortage]:
    """Emptiest first, best sellers among equals."""
    rows = await pool().fetch(SHORTAGES, seller_id, limit)
    return [Shortage(**{**row, "options": msgspec.json.decode(row["options"])}) for row in rows]


async def list_to_send(
    seller_id: UUID, *, state: str | None = None, page: int = 1, per_page: int = 50
) -> tuple[list[ToSend], dict[str, int]]:
    """Newest first, and how many shipments of this seller there are in each state."""
    rows = await pool().fetch(TO_SEND, seller_id, state, per_page, (page - 1) * per_page)
    counts = await pool().fetch(
        "SELECT state, count(*) AS count FROM shipment WHERE seller_id = $1 GROUP BY 1", seller_id
    )
    return [ToSend(**row) for row in rows], {row["state"]: row["count"] for row in counts}


async def count_products(seller_id: UUID) -> dict[str, int]:
    """How many products of a seller there are in each state."""
    rows = await pool().fetch("SELECT state, count(*) AS count FROM product WHERE seller_id = $1 GROUP BY 1", seller_id)
    return {row["state"]: row["count"] for row in rows}


async def list_latest_orders(*, limit: int = 10) -> list[LatestOrder]:
    return [LatestOrder(**row) for row in await pool().fetch(LATEST, limit)]
