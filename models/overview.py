"""The operator's numbers of today: money, people who wait, and how far search lags behind."""

from datetime import datetime

import msgspec

from models.audit import NOBODY, SEARCH_REPAIRED
from models.database import pool


class Overview(msgspec.Struct, frozen=True, kw_only=True):
    """Amounts in minor units of `currency`. `search_waiting_s` is the age of the oldest change not yet searchable,
    `search_repaired` counts the documents that the reconciler put right in the last 30 days.
    """

    orders: int
    paid: int
    revenue_minor: int
    currency: str
    sellers_waiting: int
    products_waiting: int
    products_active: int
    shipments_waiting: int
    reviews_waiting: int
    jobs_queued: int
    jobs_parked: int
    search_changes: int
    search_waiting_s: float
    search_repaired: int


NUMBERS = """
SELECT (SELECT count(*) FROM orders WHERE created_at >= $1) AS orders,
       p.paid, p.revenue_minor,
       $2 AS currency,
       (SELECT count(*) FROM seller WHERE state = 'pending') AS sellers_waiting,
       (SELECT count(*) FROM product WHERE state = 'pending') AS products_waiting,
       (SELECT count(*) FROM product WHERE state = 'active') AS products_active,
       (SELECT count(*) FROM shipment WHERE state = 'waiting') AS shipments_waiting,
       (SELECT count(*) FROM review WHERE state = 'pending') AS reviews_waiting,
       (SELECT count(*) FROM pgqueuer WHERE status = 'queued') AS jobs_queued,
       (SELECT count(*) FROM pgqueuer WHERE status = 'failed') AS jobs_parked,
       (SELECT coalesce(sum((after->>'repaired')::int), 0)::int FROM audit_entry
         WHERE subject_id = $3 AND action = $4 AND created_at > now() - interval '30 days') AS search_repaired,
       c.search_changes, c.search_waiting_s
  FROM (SELECT count(*) AS search_changes,
               coalesce(extract(epoch FROM clock_timestamp() - min(created_at)), 0)::float8 AS search_waiting_s
          FROM search_change) c
 CROSS JOIN (
       SELECT count(*) AS paid, coalesce(sum(total_minor) FILTER (WHERE currency = $2), 0)::bigint AS revenue_minor
         FROM orders
        WHERE paid_at >= $1
          AND (created_at >= $1 - interval '1 day' OR (payment_kind = 'cash' AND paid_at >= $1))) p
"""


async def get_overview(*, since: datetime, currency: str) -> Overview:
    """`since` is midnight where the operator is."""
    return Overview(**await pool().fetchrow(NUMBERS, since, currency, NOBODY, SEARCH_REPAIRED))
