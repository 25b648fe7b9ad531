"""Carts of users and guests, and wishlists. A guest's cart is known by the hash of its token.

Every change locks the cart row first, so that it never races a checkout or a merge of the same cart.
"""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
from tortoise import fields

from models.account import User
from models.base import Row, now_column, uuid7
from models.basket import Shopper
from models.database import Connection, pool, transaction
from models.delivery import REGIONS
from models.errors import Invalid, NotFound
from models.product import Product, Variant
from models.shipping import demand_pin_code
from models.write import Write

ITEMS_MAX = 50
KEPT = timedelta(days=60)
FORGOTTEN_AT_ONCE = 1_000


class Cart(Row):
    user: fields.OneToOneNullableRelation[User] = fields.OneToOneField(
        "models.User", on_delete=fields.CASCADE, null=True, related_name="cart"
    )
    user_id: UUID | None
    token_hash = fields.CharField(max_length=64, null=True, unique=True)
    pin_code = fields.CharField(max_length=10, db_default="")
    region = fields.CharField(max_length=64, db_default="")
    created_at: datetime = now_column()
    updated_at: datetime = now_column()

    class Meta:
        table = "cart"


class CartItem(Row):
    """`price_seen_minor`, `name_seen` and `options_seen`: what the shopper saw when adding, the last time: a change is
    shown before paying.
    """

    cart: fields.ForeignKeyRelation[Cart] = fields.ForeignKeyField(
        "models.Cart", on_delete=fields.CASCADE, related_name="items"
    )
    cart_id: UUID
    variant: fields.ForeignKeyRelation[Variant] = fields.ForeignKeyField("models.Variant", on_delete=fields.CASCADE)
    variant_id: UUID
    quantity = fields.IntField()
    price_seen_minor = fields.BigIntField()
    name_seen = fields.TextField(null=True)
    options_seen = fields.JSONField[dict[str, Any]](null=True)
    wanted = fields.IntField(null=True)
    saved_for_later = fields.BooleanField(db_default=False)
    created_at: datetime = now_column()

    class Meta:
        table = "cart_item"


class WishlistItem(Row):
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField("models.User", on_delete=fields.CASCADE)
    user_id: UUID
    product: fields.ForeignKeyRelation[Product] = fields.ForeignKeyField("models.Product", on_delete=fields.CASCADE)
    product_id: UUID
    awaits_stock = fields.BooleanField(db_default=False)
    created_at: datetime = now_column()

    class Meta:
        table = "wishlist_item"


TABLES: tuple[Any, ...] = (Cart, CartItem, WishlistItem)

LOCK = """
INSERT INTO cart (id, {column}) VALUES ($1, $2) ON CONFLICT ({column}) DO UPDATE SET updated_at = now() RETURNING id
"""
PLACE = """
INSERT INTO cart (id, {column}, pin_code, region) VALUES ($1, $2, $3, $4)
ON CONFLICT ({column}) DO UPDATE SET updated_at = now(), pin_code = EXCLUDED.pin_code, region = EXCLUDED.region
"""
LOCK_OWN = "UPDATE cart SET updated_at = now() WHERE {column} = $1"
ADD = """
WITH offer AS (
    SELECT v.price_minor, p.name, v.options, p.buyer_limit,
           (SELECT count(*) FROM cart_item WHERE cart_id = $2 AND variant_id <> v.id) AS others
      FROM variant v JOIN product p ON p.id = v.product_id JOIN seller s ON s.id = p.seller_id
     WHERE v.id = $1 AND v.state = 'active' AND p.state = 'active' AND s.state = 'approved'),
added AS (
    INSERT INTO cart_item (id, cart_id, variant_id, quantity, price_seen_minor, name_seen, options_seen)
    SELECT $3, $2, $1, $4, price_minor, name, options FROM offer
    ON CONFLICT (cart_id, variant_id) DO UPDATE
       SET quantity = cart_item.quantity + EXCLUDED.quantity, price_seen_minor = EXCLUDED.price_seen_minor,
           name_seen = EXCLUDED.name_seen, options_seen = EXCLUDED.options_seen, saved_for_later = false, wanted = NULL
    RETURNING quantity)
SELECT offer.buyer_limit, offer.others, added.quantity AS held FROM offer, added
"""
CHANGE = """
UPDATE cart_item i SET quantity = $3, price_seen_minor = v.price_minor, wanted = NULL
  FROM cart c, variant v, product p
 WHERE i.id = $1 AND c.id = i.cart_id AND c.{column} = $2 AND v.id = i.variant_id AND p.id = v.product_id
RETURNING i.id, p.buyer_limit
"""
SAVE = """
UPDATE cart_item i SET saved_for_later = $3, price_seen_minor = v.price_minor FROM cart c, variant v
 WHERE i.id = $1 AND c.id = i.cart_id AND c.{column} = $2 AND v.id = i.variant_id RETURNING i.id
"""
REMOVE = "DELETE FROM cart_item i USING cart c WHERE i.id = $1 AND c.id = i.cart_id AND c.{column} = $2 RETURNING i.id"
FORGET = """
DELETE FROM cart WHERE id IN (
    SELECT id FROM cart c WHERE user_id IS NULL AND updated_at < now() - $1::interval
       AND NOT EXISTS (SELECT FROM orders WHERE cart_id = c.id AND state = 'pending')
     LIMIT $2 FOR UPDATE SKIP LOCKED)
"""
MERGE = """
WITH moved AS (DELETE FROM cart_item WHERE cart_id = $1 RETURNING *),
joined AS (
    SELECT m.*, m.quantity + coalesce(i.quantity, 0) AS asked,
           LEAST($3, p.buyer_limit, GREATEST(coalesce(k.on_hand - k.reserved, 0), 1)) AS most
      FROM moved m LEFT JOIN cart_item i ON i.cart_id = $2 AND i.variant_id = m.variant_id
      JOIN variant v ON v.id = m.variant_id JOIN product p ON p.id = v.product_id
      LEFT JOIN stock k ON k.variant_id = v.id)
INSERT INTO cart_item (id, cart_id, variant_id, quantity, wanted, price_seen_minor, name_seen, options_seen,
                       saved_for_later, created_at)
SELECT id, $2, variant_id, LEAST(asked, most), CASE WHEN asked > most THEN asked END, price_seen_minor, name_seen,
       options_seen, saved_for_later, created_at FROM joined
ON CONFLICT (cart_id, variant_id) DO UPDATE SET quantity = EXCLUDED.quantity, wanted = EXCLUDED.wanted,
       saved_for_later = cart_item.saved_for_later AND EXCLUDED.saved_for_later
"""
MERGE_COUPONS = """
WITH moved AS (DELETE FROM cart_coupon WHERE cart_id = $1 RETURNING coupon_id)
INSERT INTO cart_coupon (cart_id, coupon_id) SELECT $2, coupon_id FROM moved ON CONFLICT DO NOTHING
"""
MERGE_GIFT_CARDS = """
WITH moved AS (DELETE FROM cart_gift_card WHERE cart_id = $1 RETURNING gift_card_id)
INSERT INTO cart_gift_card (cart_id, gift_card_id) SELECT $2, gift_card_id FROM moved ON CONFLICT DO NOTHING
"""
MERGE_PLACE = """
UPDATE cart c SET pin_code = g.pin_code, region = g.region FROM cart g
 WHERE c.id = $2 AND g.id = $1 AND c.pin_code = '' AND g.pin_code <> ''
"""
HOLD_PAYABLE = """
SELECT FROM orders WHERE cart_id = ANY($1) AND state IN ('pending', 'expired') ORDER BY id FOR NO KEY UPDATE
"""
"""Whoever pays one of these takes its goods out of the cart before or after the merge, never in the middle of it."""

CLAIM_ORDERS = """
UPDATE orders SET user_id = $3, cart_id = CASE WHEN state = 'pending' AND EXISTS (
           SELECT FROM orders o WHERE o.cart_id = $2 AND o.state = 'pending') THEN cart_id ELSE $2 END
 WHERE cart_id = $1 AND user_id IS NULL
"""
CART_OF = "coalesce((SELECT id FROM cart WHERE user_id = o.user_id), o.cart_id) AS cart_id"
"""The cart in which the goods of order `o` lie: its user's, also where a log-in brought them there afterwards."""

# Two orders of one cart may be paid at once: each counts what the other has left.
SUBTRACT = (
    """
WITH held AS MATERIALIZED (
    SELECT i.id, i.quantity <= b.quantity AS bought FROM cart_item i JOIN order_line b ON b.variant_id = i.variant_id
     WHERE i.cart_id = $1 AND b.order_id = $2 ORDER BY i.id FOR UPDATE OF i)
DELETE FROM cart_item i USING held h WHERE i.id = h.id AND h.bought
""",
    """
UPDATE cart_item i SET quantity = i.quantity - b.quantity, wanted = NULL FROM order_line b
 WHERE i.cart_id = $1 AND b.order_id = $2 AND i.variant_id = b.variant_id AND i.quantity > b.quantity
""",
    """
DELETE FROM cart_coupon WHERE cart_id = $1 AND coupon_id IN (SELECT coupon_id FROM coupon_use WHERE order_id = $2)
""",
    """
DELETE FROM cart_gift_card WHERE cart_id = $1 AND gift_card_id IN (
    SELECT gift_card_id FROM gift_card_movement WHERE order_id = $2)
""",
)


async def add_item(shopper: Shopper, variant_id: UUID, *, quantity: int, quantity_max: int) -> None:
    """Put units of a variant into the cart, on top of those that lie there. Raises Invalid, naming the field."""
    column, owner = shopper.owner
    async with transaction() as connection:
        cart_id = await connection.fetchval(LOCK.format(column=column), uuid7(), owner)
        offer = await connection.fetchrow(ADD, variant_id, cart_id, uuid7(), quantity)
        if offer is None:
            raise Invalid.field("variant_id", "is not for sale here", code="not_for_sale")
        if offer["others"] >= ITEMS_MAX:
            raise Invalid.field("variant_id", f"is one too many; a cart holds {ITEMS_MAX} items", code="cart_full")
        held, most = offer["held"], min(quantity_max, offer["buyer_limit"] or quantity_max)
        if held > most:
            raise Invalid.field("quantity", f"would make {held} of this item; at most {most} can be bought")


async def change_item(shopper: Shopper, item_id: UUID, *, quantity: int) -> None:
    """Set how many; the current price counts as seen. Raises Invalid, and NotFound, also for another shopper's item."""
    column, owner = shopper.owner
    async with transaction() as connection:
        await connection.execute(LOCK_OWN.format(column=column), owner)
        row = await _changed(connection, CHANGE.format(column=column), item_id, owner, quantity)
        if quantity > (row["buyer_limit"] or quantity):
            raise Invalid.field("quantity", f"is more than the {row['buyer_limit']} that one buyer can have of this")


async def save_item(shopper: Shopper, item_id: UUID, *, for_later: bool) -> None:
    """Put an item aside, or back into the cart at its present price. Raises NotFound, also for another shopper's."""
    await _on_own(SAVE, shopper, item_id, for_later)


async def set_place(shopper: Shopper, pin_code: str, region: str) -> None:
    """Where the cart would go: it decides carriage and taxes. `region` may be empty. Raises Invalid."""
    pin_code = demand_pin_code(pin_code)
    if region and region not in REGIONS:
        raise Invalid.field("region", "wants a state or union territory of India by its name, such as Karnataka")
    column, owner = shopper.owner
    await pool().execute(PLACE.format(column=column), uuid7(), owner, pin_code, region)


async def remove_item(shopper: Shopper, item_id: UUID) -> None:
    """Raises NotFound, also for another shopper's item."""
    await _on_own(REMOVE, shopper, item_id)


async def merge_guest_cart(token_hash: str, user_id: UUID, *, quantity_max: int) -> None:
    """At log-in: the guest's items join the user's, capped by stock and limits; the guest's orders become the user's.

    An item that was capped keeps how many were wanted, so that the cart can say so. Idempotent.
    """
    async with transaction() as connection:
        guest = await connection.fetchval("SELECT id FROM cart WHERE token_hash = $1 FOR NO KEY UPDATE", token_hash)
        if guest is None:
            return
        mine = await connection.fetchval(LOCK.format(column="user_id"), uuid7(), user_id)
        await connection.execute(HOLD_PAYABLE, [guest, mine])
        await connection.execute(CLAIM_ORDERS, guest, mine, user_id)
        await connection.execute(MERGE, guest, mine, quantity_max)
        for statement in (MERGE_COUPONS, MERGE_GIFT_CARDS, MERGE_PLACE):
            await connection.execute(statement, guest, mine)


def subtract_writes(cart_id: UUID | None, order_id: UUID) -> list[Write]:
    """What an order bought, and the offers that it used, leaves the cart; what was added since stays."""
    return [Write(statement, (cart_id, order_id)) for statement in SUBTRACT] if cart_id else []


async def forget_guest_carts() -> None:
    """Those that no guest changed for so long that the cookie is gone, but for one whose order is still unpaid."""
    while await pool().execute(FORGET, KEPT, FORGOTTEN_AT_ONCE) == f"DELETE {FORGOTTEN_AT_ONCE}":
        continue


async def _on_own(statement: str, shopper: Shopper, item_id: UUID, *arguments: object) -> None:
    column, owner = shopper.owner
    async with transaction() as connection:
        await connection.execute(LOCK_OWN.format(column=column), owner)
        await _changed(connection, statement.format(column=column), item_id, owner, *arguments)


async def _changed(connection: Connection, statement: str, *arguments: object) -> asyncpg.Record:
    row = await connection.fetchrow(statement, *arguments)
    if row is None:
        raise NotFound("Your cart has no such item.")
    return row
