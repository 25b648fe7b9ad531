"""Coupons and gift cards of an order: taken with it by conditional writes, given back when it ends unpaid.

In the order of locks they come before the stock, each kind by id; the database keeps uses within the limit and balances
above zero.
"""

from datetime import timedelta
from uuid import UUID

import asyncpg

from models.base import uuid7
from models.crash import guarded
from models.database import Connection
from models.errors import Conflict, FieldError
from models.quote import Quote

TAKE_COUPON = """
UPDATE coupon SET uses = uses + 1
 WHERE id = $1 AND active AND starts_at <= now() AND (ends_at IS NULL OR ends_at > now())
   AND (total_limit IS NULL OR uses < total_limit)
RETURNING buyer_limit
"""
TAKE_COUPON_UNGUARDED = "UPDATE coupon SET uses = uses + 1 WHERE id = $1 RETURNING buyer_limit"
USE = """
WITH buyer AS (
    SELECT coalesce('user:' || coalesce(o.user_id, (SELECT id FROM users WHERE email_hash = o.email_hash)),
                    'mail:' || o.email_hash) AS key FROM orders o WHERE o.id = $2),
free AS (
    SELECT min(n) AS number FROM generate_series(1, LEAST($4::int, 1 + (
           SELECT count(*)::int FROM coupon_use WHERE coupon_id = $1 AND buyer = (SELECT key FROM buyer)))) n
     WHERE NOT EXISTS (
           SELECT FROM coupon_use WHERE coupon_id = $1 AND buyer = (SELECT key FROM buyer) AND number = n))
INSERT INTO coupon_use (coupon_id, order_id, buyer, number, amount_minor)
SELECT $1, $2, buyer.key, free.number, $3 FROM buyer, free WHERE free.number IS NOT NULL
ON CONFLICT (coupon_id, order_id) DO UPDATE SET number = EXCLUDED.number
"""
GIVE_BACK_USES = """
UPDATE coupon_use SET number = NULL WHERE order_id = $1 AND number IS NOT NULL RETURNING coupon_id
"""
REDEEM = """
WITH paid AS (
    UPDATE gift_card SET balance_minor = balance_minor - $2
     WHERE id = $1 AND active AND (expires_at IS NULL OR expires_at > now()) AND balance_minor >= $2 RETURNING id)
INSERT INTO gift_card_movement (id, gift_card_id, order_id, kind, amount_minor) SELECT $4, id, $3, 'redeemed', -$2
  FROM paid
"""
USABLE_FOR = timedelta(days=90)
"""So long at least a card to which money was refunded can be used: it is money that the buyer had paid with."""

REFILL = """
WITH back AS (
    UPDATE gift_card SET balance_minor = balance_minor + $2, expires_at = CASE
           WHEN $5 = 'refunded' AND expires_at < now() + $6::interval THEN now() + $6::interval ELSE expires_at END
     WHERE id = $1 RETURNING id)
INSERT INTO gift_card_movement (id, gift_card_id, order_id, kind, amount_minor) SELECT $4, id, $3, $5, $2 FROM back
"""
REDEEMED = """
SELECT gift_card_id, -sum(amount_minor)::bigint AS amount_minor FROM gift_card_movement WHERE order_id = $1
 GROUP BY gift_card_id HAVING sum(amount_minor) < 0 ORDER BY gift_card_id
"""
RELEASED_USES = "SELECT coupon_id, amount_minor FROM coupon_use WHERE order_id = $1 ORDER BY coupon_id"
RELEASED_CARDS = """
SELECT gift_card_id, sum(amount_minor)::bigint AS amount_minor FROM gift_card_movement
 WHERE order_id = $1 AND kind = 'released' GROUP BY gift_card_id ORDER BY gift_card_id
"""


async def take_offers(connection: Connection, order_id: UUID, costs: Quote) -> None:
    """Use the coupons and charge the gift cards of a new order. Raises Conflict naming the one that is used up."""
    for applied in sorted(costs.price.coupons, key=lambda applied: applied.coupon.id):
        coupon = applied.coupon
        if not await _use(connection, order_id, coupon.id, applied.amount_minor):
            wrong = [FieldError(f"coupons.{coupon.code}", "has been used as often as it may be")]
            raise Conflict(f"Coupon {coupon.code} is used up. Remove it to go on.", code="coupon", fields=wrong)
    for paid in sorted(costs.redemptions, key=lambda paid: paid.card.id):
        if paid.amount_minor and not await _redeem(connection, order_id, paid.card.id, paid.amount_minor):
            wrong = [FieldError(f"gift_cards.{paid.card.id}", "holds less by now")]
            raise Conflict("A gift card holds less by now. Look at the cart again.", code="gift_card", fields=wrong)


async def release_offers(connection: Connection, order_id: UUID) -> None:
    """The order ended unpaid: its coupons may be used again, its gift cards hold what they held."""
    for coupon_id in sorted(row["coupon_id"] for row in await connection.fetch(GIVE_BACK_USES, order_id)):
        await connection.execute("UPDATE coupon SET uses = uses - 1 WHERE id = $1", coupon_id)
    await _refill(connection, order_id, await connection.fetch(REDEEMED, order_id), "released")


async def retake_offers(connection: Connection, order_id: UUID) -> bool:
    """An order that had ended is paid after all. False where coupon or card can no longer be had; then roll back."""
    for row in await connection.fetch(RELEASED_USES, order_id):
        if not await _use(connection, order_id, row["coupon_id"], row["amount_minor"]):
            return False
    for row in await connection.fetch(RELEASED_CARDS, order_id):
        if not await _redeem(connection, order_id, row["gift_card_id"], row["amount_minor"]):
            return False
    return True


async def refund_to_cards(connection: Connection, order_id: UUID, amount_minor: int) -> int:
    """Put up to so much of what gift cards paid for an order back onto them. Returns how much it was."""
    rest, back = amount_minor, []
    for row in await connection.fetch(REDEEMED, order_id):
        part = min(rest, row["amount_minor"])
        if part:
            back.append({"gift_card_id": row["gift_card_id"], "amount_minor": part})
        rest -= part
    await _refill(connection, order_id, back, "refunded")
    return amount_minor - rest


async def _use(connection: Connection, order_id: UUID, coupon_id: UUID, amount_minor: int) -> bool:
    """The row of the coupon is locked first, so the second statement sees every earlier use."""
    row = await connection.fetchrow(TAKE_COUPON if guarded("coupon") else TAKE_COUPON_UNGUARDED, coupon_id)
    if row is None:
        return False
    limit = row["buyer_limit"] or 2**31 - 1
    status: str = await connection.execute(USE, coupon_id, order_id, amount_minor, limit)
    return status.endswith(" 1")


async def _redeem(connection: Connection, order_id: UUID, card_id: UUID, amount_minor: int) -> bool:
    status: str = await connection.execute(REDEEM, card_id, amount_minor, order_id, uuid7())
    return status.endswith(" 1")


async def _refill(
    connection: Connection, order_id: UUID, rows: list[asyncpg.Record] | list[dict[str, object]], kind: str
) -> None:
    for row in rows:
        card_id, amount_minor = row["gift_card_id"], row["amount_minor"]
        await connection.execute(REFILL, card_id, amount_minor, order_id, uuid7(), kind, USABLE_FOR)
