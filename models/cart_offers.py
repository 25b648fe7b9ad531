"""Putting coupons and gift cards on a cart, and taking them off: what they do there is up to the price.

A gift card's code is money: only its hash is kept, and a wrong one is told from a spent one by nobody.
"""

import hashlib
from uuid import UUID

from models.base import uuid7
from models.basket import Shopper
from models.cart import LOCK, LOCK_OWN
from models.database import transaction
from models.errors import Invalid, NotFound

OFFERS_MAX = 5
FIND_COUPON = """
SELECT id, CASE WHEN NOT active OR ends_at <= now() THEN 'has ended' WHEN starts_at > now() THEN 'does not hold yet'
                WHEN uses >= total_limit THEN 'has been used as often as it may be' ELSE '' END AS problem
  FROM coupon WHERE code = $1
"""
FIND_CARD = """
SELECT id FROM gift_card WHERE code_hash = $1 AND active AND balance_minor > 0
   AND (expires_at IS NULL OR expires_at > now())
"""
ADD = """
INSERT INTO {table} (cart_id, {key}) SELECT $1, $2
 WHERE (SELECT count(*) FROM {table} WHERE cart_id = $1 AND {key} <> $2) < $3 ON CONFLICT DO NOTHING
"""
DROP = "DELETE FROM {table} t USING cart c WHERE c.id = t.cart_id AND c.{column} = $1 AND t.{key} = $2"


def gift_card_hash(code: str) -> str:
    """However a person writes it: case, blanks and dashes do not count."""
    return hashlib.sha256("".join(c for c in code.upper() if c.isalnum()).encode()).hexdigest()


async def enter_coupon(shopper: Shopper, code: str) -> None:
    """Raises Invalid for a code that does not hold; what else it wants, the cart says."""
    column, owner = shopper.owner
    async with transaction() as connection:
        row = await connection.fetchrow(FIND_COUPON, code.strip().upper())
        if row is None:
            raise Invalid.field("code", "is no coupon of this shop; look at the spelling", code="coupon_unknown")
        if row["problem"]:
            raise Invalid.field("code", row["problem"], code="coupon_over")
        cart_id = await connection.fetchval(LOCK.format(column=column), uuid7(), owner)
        await connection.execute(ADD.format(table="cart_coupon", key="coupon_id"), cart_id, row["id"], OFFERS_MAX)


async def drop_coupon(shopper: Shopper, coupon_id: UUID) -> None:
    """Raises NotFound."""
    await _drop(shopper, coupon_id, table="cart_coupon", key="coupon_id")


async def enter_gift_card(shopper: Shopper, code: str) -> None:
    """Raises Invalid for an unknown, spent or expired card."""
    column, owner = shopper.owner
    async with transaction() as connection:
        card_id = await connection.fetchval(FIND_CARD, gift_card_hash(code))
        if card_id is None:
            raise Invalid.field("code", "is no gift card with money on it; look at the spelling", code="gift_card")
        cart_id = await connection.fetchval(LOCK.format(column=column), uuid7(), owner)
        await connection.execute(ADD.format(table="cart_gift_card", key="gift_card_id"), cart_id, card_id, OFFERS_MAX)


async def drop_gift_card(shopper: Shopper, card_id: UUID) -> None:
    """Raises NotFound."""
    await _drop(shopper, card_id, table="cart_gift_card", key="gift_card_id")


async def _drop(shopper: Shopper, offer_id: UUID, *, table: str, key: str) -> None:
    column, owner = shopper.owner
    async with transaction() as connection:
        await connection.execute(LOCK_OWN.format(column=column), owner)
        status = await connection.execute(DROP.format(table=table, key=key, column=column), owner, offer_id)
    if status.endswith(" 0"):
        raise NotFound("Your cart has no such offer.")
