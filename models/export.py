"""Everything the shop holds about a person, for the person: one document by file name, and the keys of the pictures."""

from typing import Any, NamedTuple
from uuid import UUID

from models.database import pool
from models.errors import NotFound
from models.keyring import Keyring
from models.order_view import read_order
from models.profile import list_addresses
from models.wishlist import list_wishlist

ME = """
SELECT id, name, email_encrypted, phone_encrypted, phone_verified_at, email_verified_at, role, state, avatar_key,
       created_at FROM users WHERE id = $1
"""
ORDERS = "SELECT id FROM orders WHERE user_id = $1 OR email_hash = $2 ORDER BY created_at"
REVIEWS = """
SELECT r.id, p.name AS product, r.rating, r.title, r.text, r.state, r.answer, r.rejection, r.created_at,
       ARRAY(SELECT key FROM review_photo WHERE review_id = r.id ORDER BY position) AS photos
  FROM review r JOIN product p ON p.id = r.product_id WHERE r.user_id = $1 ORDER BY r.created_at
"""
RETURNS = """
SELECT r.id, o.number AS order_number, l.name, r.quantity, r.state, r.reason, r.comment, r.answer, r.created_at
  FROM return_line r JOIN order_line l ON l.id = r.order_line_id JOIN orders o ON o.id = l.order_id
 WHERE o.user_id = $1 ORDER BY r.created_at
"""
LOG_INS = (
    "SELECT user_agent, method, created_at, used_at, revoked_at FROM session WHERE user_id = $1 ORDER BY created_at"
)
PROVIDERS = "SELECT provider, subject, created_at FROM social_account WHERE user_id = $1"
CART = """
SELECT p.name, v.sku, i.quantity, c.pin_code, c.region FROM cart c JOIN cart_item i ON i.cart_id = c.id
  JOIN variant v ON v.id = i.variant_id JOIN product p ON p.id = v.product_id WHERE c.user_id = $1
"""
LISTS = {"returns": RETURNS, "log-ins": LOG_INS, "log-in-providers": PROVIDERS, "cart": CART}


class Export(NamedTuple):
    documents: dict[str, Any]
    pictures: list[str]


async def export_person(user_id: UUID, *, keyring: Keyring) -> Export:
    """Raises NotFound once the account is gone. Hashes and secrets stay here: they tell nobody anything."""
    me = await pool().fetchrow(ME, user_id)
    if me is None:
        raise NotFound("There is no such account.")
    email = keyring.decrypt(me["email_encrypted"])
    orders = await pool().fetch(ORDERS, user_id, keyring.email_hash(email))
    reviews = [dict(row) for row in await pool().fetch(REVIEWS, user_id)]
    documents: dict[str, Any] = {
        "profile": {
            **{name: me[name] for name in ("id", "name", "role", "state", "created_at", "email_verified_at")},
            "email": email,
            "phone": keyring.decrypt(me["phone_encrypted"]) if me["phone_encrypted"] else None,
        },
        "addresses": await list_addresses(user_id, keyring=keyring),
        "orders": [await read_order(row["id"], keyring=keyring) for row in orders],
        "reviews": reviews,
        "wishlist": await list_wishlist(user_id),
    }
    for name, query in LISTS.items():
        documents[name] = [dict(row) for row in await pool().fetch(query, user_id)]
    pictures = [me["avatar_key"], *(key for review in reviews for key in review["photos"])]
    return Export(documents, [key for key in pictures if key])
