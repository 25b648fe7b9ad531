"""Carts of users and guests, and wishlists. A guest's cart is known by the hash of its token.

Every change locks the cart row first, so that it never races a checkout or a merge of the same cart.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from tortoise import fields

from models.account import User
from models.base import Row, now_column, uuid7
from models.basket import Shopper
from models.database import Connection, transaction
from models.errors import Invalid, NotFound
from models.product import Product, Variant

ITEMS_MAX = 50


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
    """`price_seen_minor` is what the shopper saw when adding: a change since is shown before paying."""

    cart: fields.ForeignKeyRelation[Cart] = fields.ForeignKeyField(
        "models.Cart", on_delete=fields.CASCADE, related_name="items"
    )
    cart_id: UUID
    variant: fields.ForeignKeyRelation[Variant] = fields.ForeignKeyField("models.Variant", on_delete=fields.CASCADE)
    variant_id: UUID
    quantity = fields.IntField()
    price_seen_minor = fields.BigIntField()
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
OFFER = """
SELECT v.price_minor, p.currency,
       (SELECT count(*) FROM cart_item WHERE cart_id = $2 AND variant_id <> v.id) AS others,
       (SELECT max(q.currency) FROM cart_item i JOIN variant w ON w.id = i.variant_id
          JOIN product q ON q.id = w.product_id WHERE i.cart_id = $2 AND i.variant_id <> v.id) AS cart_currency
  FROM variant v JOIN product p ON p.id = v.product_id JOIN seller s ON s.id = p.seller_id
 WHERE v.id = $1 AND v.state = 'active' AND p.state = 'active' AND s.state = 'approved'
"""
ADD = """
INSERT INTO cart_item (id, cart_id, variant_id, quantity, price_seen_minor) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (cart_id, variant_id) DO UPDATE
   SET quantity = cart_item.quantity + EXCLUDED.quantity, price_seen_minor = EXCLUDED.price_seen_minor,
       saved_for_later = false
RETURNING quantity
"""
CHANGE = """
UPDATE cart_item i SET quantity = $3, price_seen_minor = v.price_minor
  FROM cart c, variant v WHERE i.id = $1 AND c.id = i.cart_id AND c.{column} = $2 AND v.id = i.variant_id
"""
REMOVE = "DELETE FROM cart_item i USING cart c WHERE i.id = $1 AND c.id = i.cart_id AND c.{column} = $2"
MERGE = """
WITH moved AS (DELETE FROM cart_item WHERE cart_id = $1 RETURNING *)
INSERT INTO cart_item (id, cart_id, variant_id, quantity, price_seen_minor, saved_for_later, created_at)
SELECT id, $2, variant_id, LEAST(quantity, $3), price_seen_minor, saved_for_later, created_at FROM moved
ON CONFLICT (cart_id, variant_id) DO UPDATE SET quantity = LEAST(cart_item.quantity + EXCLUDED.quantity, $3)
"""
CLAIM_ORDERS = """
UPDATE orders SET user_id = $3, cart_id = CASE WHEN state = 'pending' AND EXISTS (
           SELECT FROM orders o WHERE o.cart_id = $2 AND o.state = 'pending') THEN cart_id ELSE $2 END
 WHERE cart_id = $1 AND user_id IS NULL
"""
SUBTRACT = """
WITH bought AS (SELECT variant_id, quantity FROM order_line WHERE order_id = $2),
     gone AS (DELETE FROM cart_item i USING bought b
               WHERE i.cart_id = $1 AND i.variant_id = b.variant_id AND i.quantity <= b.quantity)
UPDATE cart_item i SET quantity = i.quantity - b.quantity FROM bought b
 WHERE i.cart_id = $1 AND i.variant_id = b.variant_id AND i.quantity > b.quantity
"""


async def add_item(shopper: Shopper, variant_id: UUID, *, quantity: int, quantity_max: int) -> None:
    """Put units of a variant into the cart, on top of those that lie there. Raises Invalid, naming the field."""
    column, owner = shopper.owner
    async with transaction() as connection:
        cart_id = await connection.fetchval(LOCK.format(column=column), uuid7(), owner)
        offer = await connection.fetchrow(OFFER, variant_id, cart_id)
        if offer is None:
            raise Invalid.field("variant_id", "is not for sale here", code="not_for_sale")
        if offer["others"] >= ITEMS_MAX:
            raise Invalid.field("variant_id", f"is one too many; a cart holds {ITEMS_MAX} items", code="cart_full")
        if offer["cart_currency"] not in (None, offer["currency"]):
            detail = f"is priced in {offer['currency']} and your cart in {offer['cart_currency']}; buy them separately"
            raise Invalid.field("variant_id", detail, code="currency")
        held = await connection.fetchval(ADD, uuid7(), cart_id, variant_id, quantity, offer["price_minor"])
        if held > quantity_max:
            raise Invalid.field("quantity", f"would make {held} of this item; at most {quantity_max} can be bought")


async def change_item(shopper: Shopper, item_id: UUID, *, quantity: int) -> None:
    """Set how many; the current price counts as seen. Raises NotFound, also for another shopper's item."""
    await _on_own(CHANGE, shopper, item_id, quantity)


async def remove_item(shopper: Shopper, item_id: UUID) -> None:
    """Raises NotFound, also for another shopper's item."""
    await _on_own(REMOVE, shopper, item_id)


async def merge_guest_cart(token_hash: str, user_id: UUID, *, quantity_max: int) -> None:
    """At log-in: the guest's items join the user's, capped; the guest's orders become the user's. Idempotent."""
    async with transaction() as connection:
        guest = await connection.fetchval("SELECT id FROM cart WHERE token_hash = $1 FOR NO KEY UPDATE", token_hash)
        if guest is None:
            return
        mine = await connection.fetchval(LOCK.format(column="user_id"), uuid7(), user_id)
        await connection.execute(CLAIM_ORDERS, guest, mine, user_id)
        await connection.execute(MERGE, guest, mine, quantity_max)


async def subtract_bought(connection: Connection, cart_id: UUID, order_id: UUID) -> None:
    """Take what an order bought out of the cart; what was added since stays."""
    await connection.execute(SUBTRACT, cart_id, order_id)


async def _on_own(statement: str, shopper: Shopper, item_id: UUID, *arguments: object) -> None:
    column, owner = shopper.owner
    async with transaction() as connection:
        await connection.execute(f"SELECT id FROM cart WHERE {column} = $1 FOR NO KEY UPDATE", owner)
        status = await connection.execute(statement.format(column=column), item_id, owner, *arguments)
        if status.endswith(" 0"):
            raise NotFound("Your cart has no such item.")
