"""The operator's search of orders: by number, mail address, state, seller and day. Reads only."""

from datetime import date, datetime
from uuid import UUID

import msgspec

from models.database import pool
from models.errors import NotFound
from models.keyring import Keyring


class OrderQuery(msgspec.Struct, frozen=True, kw_only=True):
    """What is empty is not asked for; days are India's, both of them included."""

    number: str = ""
    email: str = ""
    state: str = ""
    seller: str = ""
    first_day: date | None = None
    last_day: date | None = None


class FoundOrder(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    number: str
    state: str
    payment_kind: str
    region: str
    currency: str
    total_minor: int
    sellers: list[str]
    created_at: datetime


SEARCH = """
SELECT o.id, o.number, o.state, o.payment_kind, o.region, o.currency, o.total_minor, o.created_at,
       ARRAY(SELECT DISTINCT s.name FROM order_line l JOIN seller s ON s.id = l.seller_id WHERE l.order_id = o.id)
           AS sellers
  FROM orders o
 WHERE ($1 = '' OR o.number LIKE $1 || '%') AND ($2::text IS NULL OR o.email_hash = $2) AND ($3 = '' OR o.state = $3)
   AND ($4 = '' OR EXISTS (SELECT FROM order_line l JOIN seller s ON s.id = l.seller_id
                            WHERE l.order_id = o.id AND s.slug = $4))
   AND ($5::date IS NULL OR o.created_at >= $5::date::timestamp AT TIME ZONE 'Asia/Kolkata')
   AND ($6::date IS NULL OR o.created_at < ($6::date + 1)::timestamp AT TIME ZONE 'Asia/Kolkata')
 ORDER BY o.created_at DESC, o.id LIMIT $7 OFFSET $8
"""


async def search_orders(
    query: OrderQuery, *, keyring: Keyring, page: int = 1, per_page: int = 50
) -> tuple[list[FoundOrder], bool]:
    """Newest first, and whether there are more."""
    rows = await pool().fetch(
        SEARCH,
        query.number.upper(),
        keyring.email_hash(query.email) if query.email else None,
        query.state,
        query.seller,
        query.first_day,
        query.last_day,
        per_page + 1,
        (page - 1) * per_page,
    )
    return [FoundOrder(**row) for row in rows[:per_page]], len(rows) > per_page


async def find_order_id(number: str) -> UUID:
    """Raises NotFound."""
    found: UUID | None = await pool().fetchval("SELECT id FROM orders WHERE number = $1", number.upper())
    if found is None:
        raise NotFound("There is no such order.")
    return found
