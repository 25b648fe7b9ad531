"""Sales and ratings as the products show them: written from time to time, so that no sale rewrites the index.

Each paid order is counted once; ratings are counted anew from the reviews, so that doing it twice changes nothing.
"""

from uuid import UUID

from models.database import pool, transaction

LOCK = 0x434F_554E  # "COUN"
ORDERS = 500

SALES = """
WITH due AS (
       SELECT id FROM orders WHERE counted_at IS NULL AND paid_at IS NOT NULL ORDER BY paid_at LIMIT $1
          FOR UPDATE SKIP LOCKED),
     counted AS (UPDATE orders o SET counted_at = now() FROM due WHERE o.id = due.id RETURNING o.id),
     sold AS (
       SELECT l.product_id, sum(l.quantity)::int AS units
         FROM order_line l JOIN counted c ON c.id = l.order_id GROUP BY l.product_id),
     written AS (
       UPDATE product p SET sales_count = p.sales_count + sold.units FROM sold WHERE p.id = sold.product_id)
SELECT count(*) FROM counted
"""
RATINGS = """
UPDATE product p SET rating_sum = r.total, rating_count = r.number
  FROM (SELECT coalesce(sum(rating), 0) AS total, count(*) AS number
          FROM review WHERE product_id = $1 AND state = 'published') r
 WHERE p.id = $1 AND (p.rating_sum, p.rating_count) IS DISTINCT FROM (r.total, r.number)
"""


async def count_sales(limit: int = ORDERS) -> int:
    """Add the units of paid orders that are not counted yet. Returns how many orders; at most `limit`."""
    async with transaction() as connection:
        if not await connection.fetchval("SELECT pg_try_advisory_xact_lock($1)", LOCK):
            return 0
        counted: int = await connection.fetchval(SALES, limit)
    return counted


async def count_ratings(product_id: UUID) -> None:
    """Count the published reviews of one product anew."""
    await pool().execute(RATINGS, product_id)
