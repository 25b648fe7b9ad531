"""Everything the shop holds about a person, for the person: one document by file name, papers, the keys of pictures.

`models/personal.py` says which document tells what each personal column holds.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple
from uuid import UUID

from models.database import pool
from models.errors import NotFound
from models.gift_card_view import list_own_gift_cards
from models.keyring import Keyring
from models.order_view import read_order
from models.person_keys import open_keys, unseal
from models.profile import list_addresses
from models.wishlist import list_wishlist

KEPT = ("id", "name", "role", "state", "avatar_key", "created_at", "email_verified_at", "phone_verified_at")
ME = """
SELECT id, name, email_encrypted, phone_encrypted, phone_verified_at, email_verified_at, role, state, avatar_key,
       created_at FROM users WHERE id = $1
"""
MINE = "(o.user_id = $1 OR (o.user_id IS NULL AND o.email_hash = $2))"
"""Also what a guest ordered under the address; never what another account ordered and named it for."""

ORDERS = f"SELECT id FROM orders o WHERE {MINE} ORDER BY created_at"
REVIEWS = """
SELECT r.id, p.name AS product, r.rating, r.title, r.text, r.state, r.answer, r.rejection, r.created_at,
       ARRAY(SELECT key FROM review_photo WHERE review_id = r.id ORDER BY position) AS photos
  FROM review r JOIN product p ON p.id = r.product_id WHERE r.user_id = $1 ORDER BY r.created_at
"""
RETURNS = f"""
SELECT r.id, o.number AS order_number, l.name, r.quantity, r.state, r.reason, r.comment, r.answer, r.created_at
  FROM return_line r JOIN order_line l ON l.id = r.order_line_id JOIN orders o ON o.id = l.order_id
 WHERE {MINE} ORDER BY r.created_at
"""
LOG_INS = """
SELECT user_agent, method, created_at, used_at, revoked_at FROM session WHERE user_id = $1 ORDER BY created_at
"""
PROVIDERS = "SELECT provider, subject, created_at FROM social_account WHERE user_id = $1"
CART = """
SELECT p.name, v.sku, i.quantity, c.pin_code, c.region FROM cart c LEFT JOIN cart_item i ON i.cart_id = c.id
  LEFT JOIN variant v ON v.id = i.variant_id LEFT JOIN product p ON p.id = v.product_id WHERE c.user_id = $1
"""
LINKS = """
SELECT purpose, name, email_encrypted, created_at, expires_at FROM mail_link WHERE user_id = $1 OR email_hash = $2
 ORDER BY created_at
"""
INVITATIONS = """
SELECT s.name AS shop, i.grants, i.email_encrypted, i.created_at, i.expires_at
  FROM staff_invitation i JOIN seller s ON s.id = i.seller_id WHERE i.email_hash = $1 ORDER BY i.created_at
"""
SHOPS = """
SELECT s.name, s.legal_name, s.gstin, s.description, s.address_line, s.city, s.region, s.pin_code, s.state,
       s.payout_account, s.created_at, NULL AS grants FROM seller s WHERE s.user_id = $1
 UNION ALL SELECT s.name, NULL, NULL, NULL, NULL, NULL, NULL, NULL, s.state, NULL, t.created_at, t.grants
  FROM seller_staff t JOIN seller s ON s.id = t.seller_id WHERE t.user_id = $1
"""
"""The shop that one owns, and the one that one works for."""

PAPERS = """
SELECT d.kind, d.name, d.state, d.content_type, d.content_encrypted, d.created_at
  FROM seller_document d JOIN seller s ON s.id = d.seller_id WHERE s.user_id = $1 ORDER BY d.created_at
"""
TRAIL = """
SELECT created_at AS at, action, subject_id, actor_id = $1 AS by_me,
       CASE WHEN actor_id = $1 THEN origin_sealed END AS origin,
       CASE WHEN person_id = $1 THEN personal_sealed END AS personal
  FROM audit_entry WHERE actor_id = $1 OR person_id = $1 ORDER BY id DESC LIMIT 10000
"""
"""What I did for a shop or the market, from where, and what others did that was about me."""

BY_MAIL_TOO = {"returns": RETURNS, "links": LINKS}
LISTS = {"log-ins": LOG_INS, "log-in-providers": PROVIDERS, "cart": CART, "shops": SHOPS}


class Export(NamedTuple):
    """`files`: papers that one has handed in, by their name in the ZIP."""

    documents: dict[str, Any]
    pictures: list[str]
    files: dict[str, bytes]


async def export_person(user_id: UUID, *, keyring: Keyring) -> Export:
    """Raises NotFound once the account is gone. Hashes and secrets stay here: they tell nobody anything."""
    me = await pool().fetchrow(ME, user_id)
    if me is None:
        raise NotFound("There is no such account.")
    email = keyring.decrypt(me["email_encrypted"])
    mine = (user_id, keyring.email_hash(email))
    orders = await pool().fetch(ORDERS, *mine)
    reviews = [dict(row) for row in await pool().fetch(REVIEWS, user_id)]
    papers = [_readable(row, keyring) for row in await pool().fetch(PAPERS, user_id)]
    documents: dict[str, Any] = {
        "profile": {
            **{name: me[name] for name in KEPT},
            "email": email,
            "phone": keyring.decrypt(me["phone_encrypted"]) if me["phone_encrypted"] else None,
        },
        "addresses": await list_addresses(user_id, keyring=keyring),
        "orders": [await read_order(row["id"], keyring=keyring) for row in orders],
        "reviews": reviews,
        "wishlist": await list_wishlist(user_id),
        "gift-cards": await list_own_gift_cards(user_id),
        "trail": await _trail(user_id, keyring),
    }
    files = {f"{number}-{paper['name']}": paper.pop("content") for number, paper in enumerate(papers, 1)}
    documents["papers"] = papers
    for name, query in LISTS.items():
        documents[name] = [dict(row) for row in await pool().fetch(query, user_id)]
    for name, query in BY_MAIL_TOO.items():
        documents[name] = [_readable(row, keyring) for row in await pool().fetch(query, *mine)]
    documents["invitations"] = [_readable(row, keyring) for row in await pool().fetch(INVITATIONS, mine[1])]
    pictures = [me["avatar_key"], *(key for review in reviews for key in review["photos"])]
    return Export(documents, [key for key in pictures if key], files)


def _readable(row: Mapping[str, Any], keyring: Keyring) -> dict[str, Any]:
    """What lies under the keyring, in the clear."""
    readable = dict(row)
    if "content_encrypted" in readable:
        readable["content"] = keyring.decrypt_bytes(readable.pop("content_encrypted"))
    if "email_encrypted" in readable:
        readable["email"] = keyring.decrypt(readable.pop("email_encrypted"))
    return readable


async def _trail(user_id: UUID, keyring: Keyring) -> list[dict[str, Any]]:
    key = (await open_keys(pool(), keyring, {user_id})).get(user_id)
    sealed = ("origin", "personal")
    return [{**row, **{name: unseal(key, row[name]) for name in sealed}} for row in await pool().fetch(TRAIL, user_id)]
