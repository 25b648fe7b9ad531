"""Wishlists: what a user wants some day, and the mail when it can be had again.

`awaits_stock` is true while the product is sold out; whoever turns it false enqueues the mail in the same transaction,
so that one mail is sent each time that it comes back, whoever stocked it.
"""

from uuid import UUID

import msgspec

from models.base import uuid7
from models.database import pool, transaction
from models.errors import Invalid, NotFound
from models.keyring import Keyring
from models.outbox import Queued, enqueue_all

ITEMS_MAX = 200
BATCH = 200
FREE = """
EXISTS (SELECT FROM variant v JOIN stock k ON k.variant_id = v.id
         WHERE v.product_id = p.id AND v.state = 'active' AND k.on_hand > k.reserved)"""
ON_SALE = "p.state = 'active' AND EXISTS (SELECT FROM seller s WHERE s.id = p.seller_id AND s.state = 'approved')"
ADD = f"""
INSERT INTO wishlist_item (id, user_id, product_id, awaits_stock)
SELECT $1, $2, p.id, NOT {FREE} FROM product p
 WHERE p.id = $3 AND {ON_SALE} AND (SELECT count(*) FROM wishlist_item WHERE user_id = $2) < $4
ON CONFLICT (user_id, product_id) DO NOTHING
"""
LIST = f"""
SELECT w.id, p.id AS product_id, p.slug, p.name, p.currency, {ON_SALE} AS on_sale, {FREE} AS in_stock,
       coalesce((SELECT key FROM product_image WHERE product_id = p.id ORDER BY position, id LIMIT 1), '') AS image_key,
       best.id AS variant_id, best.price_minor, best.list_price_minor, s.name AS seller_name
  FROM wishlist_item w JOIN product p ON p.id = w.product_id JOIN seller s ON s.id = p.seller_id
  LEFT JOIN LATERAL (
       SELECT v.id, v.price_minor, v.list_price_minor FROM variant v LEFT JOIN stock k ON k.variant_id = v.id
        WHERE v.product_id = p.id AND v.state = 'active'
        ORDER BY (k.on_hand > k.reserved) DESC NULLS LAST, v.position LIMIT 1) best ON true
 WHERE w.user_id = $1 ORDER BY w.id DESC
"""
SOLD_OUT = f"""
UPDATE wishlist_item w SET awaits_stock = true FROM product p
 WHERE p.id = w.product_id AND NOT w.awaits_stock AND NOT {FREE}
"""
BACK = f"""
WITH due AS (
    SELECT w.id FROM wishlist_item w JOIN product p ON p.id = w.product_id
     WHERE w.awaits_stock AND {FREE} AND {ON_SALE} LIMIT $1 FOR NO KEY UPDATE OF w SKIP LOCKED)
UPDATE wishlist_item w SET awaits_stock = false FROM due WHERE w.id = due.id AND w.awaits_stock RETURNING w.id
"""
FACTS = """
SELECT w.id, p.name, p.slug, u.email_encrypted FROM wishlist_item w
  JOIN product p ON p.id = w.product_id JOIN users u ON u.id = w.user_id WHERE w.id = $1
"""


class WishlistEntry(msgspec.Struct, frozen=True, kw_only=True):
    """`variant_id` is the one that would go into the cart: the first that is in stock."""

    id: UUID
    product_id: UUID
    slug: str
    name: str
    seller_name: str
    image_key: str
    currency: str
    on_sale: bool
    in_stock: bool
    variant_id: UUID | None
    price_minor: int | None
    list_price_minor: int | None


class BackInStock(msgspec.Struct, frozen=True, kw_only=True):
    """What the mail tells, and to whom."""

    id: UUID
    name: str
    slug: str
    email: str


async def list_wishlist(user_id: UUID) -> list[WishlistEntry]:
    """Last added first."""
    return [msgspec.convert(dict(row), WishlistEntry) for row in await pool().fetch(LIST, user_id)]


async def add_wish(user_id: UUID, product_id: UUID) -> None:
    """Again is no error. Raises Invalid for what is not for sale and for one too many."""
    async with transaction() as connection:
        status = await connection.execute(ADD, uuid7(), user_id, product_id, ITEMS_MAX)
        known = "SELECT EXISTS (SELECT FROM wishlist_item WHERE user_id = $1 AND product_id = $2)"
        if status.endswith(" 0") and not await connection.fetchval(known, user_id, product_id):
            detail = f"is not for sale here, or your wishlist is full ({ITEMS_MAX} products)"
            raise Invalid.field("product_id", detail, code="not_for_sale")


async def drop_wish(user_id: UUID, product_id: UUID) -> None:
    """Raises NotFound."""
    status = await pool().execute(
        "DELETE FROM wishlist_item WHERE user_id = $1 AND product_id = $2", user_id, product_id
    )
    if status.endswith(" 0"):
        raise NotFound("Your wishlist has no such product.")


async def tell_of_stock() -> int:
    """Note what has sold out, and enqueue a mail for each wish that can be had again. Returns how many mails."""
    async with transaction() as connection:
        back = [row["id"] for row in await connection.fetch(BACK, BATCH)]
        mails = [{"wish_id": wish_id, "notice_id": uuid7()} for wish_id in back]
        await enqueue_all(
            connection, [Queued("mail.back_in_stock", ids, f"mail.back_in_stock:{ids['notice_id']}") for ids in mails]
        )
        await connection.execute(SOLD_OUT)
    return len(back)


async def read_back_in_stock(wish_id: UUID, *, keyring: Keyring) -> BackInStock | None:
    """None where the wish has gone meanwhile."""
    row = await pool().fetchrow(FACTS, wish_id)
    if row is None:
        return None
    return BackInStock(id=row["id"], name=row["name"], slug=row["slug"], email=keyring.decrypt(row["email_encrypted"]))
