"""Erasing a person: orders stay for the books, with nobody in them; everything else about them is deleted. The owner
of a shop leaves it first (`models/leaving.py`).

One transaction, with the jobs that take pictures and cached pages away. What is open is finished first: a parcel
without an address reaches nobody.
"""

from collections.abc import Sequence
from uuid import UUID

import msgspec

from models.audit import record
from models.base import uuid7
from models.database import Connection, transaction
from models.delivery import NOBODY
from models.errors import Conflict, NotFound
from models.keyring import Keyring
from models.leaving import leave_shop
from models.outbox import Queued, enqueue_all
from models.person_keys import forget_person_key

WORD_MIN = 6
TELLING = frozenset(" @0123456789")
"""A query is about somebody where it has this many characters of theirs, and more than one word: whoever is called
Cotton, or lives in Jaipur, takes nobody else's searches along.
"""

OPEN = """
SELECT EXISTS (SELECT FROM orders WHERE id = ANY($1) AND state IN ('pending', 'confirmed'))
    OR EXISTS (SELECT FROM shipment WHERE order_id = ANY($1) AND state IN ('waiting', 'packed', 'shipped'))
    OR EXISTS (SELECT FROM return_line r JOIN order_line l ON l.id = r.order_line_id
                WHERE l.order_id = ANY($1) AND r.state IN ('requested', 'approved', 'received'))
    OR EXISTS (SELECT FROM refund f JOIN payment p ON p.id = f.payment_id
                WHERE p.order_id = ANY($1) AND f.state IN ('requested', 'sent', 'failed'))
    OR EXISTS (SELECT FROM dispute d JOIN payment p ON p.id = d.payment_id
                WHERE p.order_id = ANY($1) AND d.state IN ('open', 'under_review'))
"""
"""Also a refund that failed: the operator sends it again, or pays it by hand. A dispute is answered with the address
and the parcel's number, which erasure would take away.
"""

MINE = """
SELECT id, user_id IS NULL OR user_id = $1 AS mine FROM orders WHERE user_id = $1 OR email_hash = $2 ORDER BY id
   FOR UPDATE
"""
"""Those of the account, of guests with its address, and of other accounts that named it, which stay theirs."""

GIVE_BACK = """
UPDATE orders o SET email_hash = u.email_hash, email_encrypted = u.email_encrypted
  FROM users u WHERE u.id = o.user_id AND o.id = ANY($1)
"""
"""Mails about the order of another account go to that account's own address from now on."""

PSEUDONYMISE = """
UPDATE orders SET user_id = NULL, cart_id = NULL, email_hash = w.hash, email_encrypted = w.email, pin_code = '000000',
                  delivery_encrypted = w.delivery
  FROM unnest($1::uuid[], $2::text[], $3::bytea[], $4::bytea[]) AS w (id, hash, email, delivery) WHERE orders.id = w.id
"""
ABOUT = """
SELECT id::text FROM unnest($1::uuid[]) AS o (id)
UNION SELECT id::text FROM shipment WHERE order_id = ANY($1)
UNION SELECT id::text FROM payment WHERE order_id = ANY($1)
UNION SELECT f.id::text FROM refund f JOIN payment p ON p.id = f.payment_id WHERE p.order_id = ANY($1)
UNION SELECT r.id::text FROM return_line r JOIN order_line l ON l.id = r.order_line_id WHERE l.order_id = ANY($1)
UNION SELECT id::text FROM review WHERE user_id = $2
UNION SELECT id::text FROM wishlist_item WHERE user_id = $2
UNION SELECT id::text FROM session WHERE user_id = $2
UNION SELECT id::text FROM otp_challenge WHERE user_id = $2 OR destination_hash = ANY($3)
UNION SELECT id::text FROM mail_link WHERE user_id = $2 OR email_hash = ANY($3)
UNION SELECT id::text FROM staff_invitation WHERE email_hash = ANY($3)
"""
DROP_MAILS = """
DELETE FROM pgqueuer WHERE (entrypoint LIKE 'mail.%' OR entrypoint LIKE 'sms.%') AND EXISTS (
    SELECT FROM json_each_text(convert_from(coalesce(payload, '{}'), 'UTF8')::json) AS given WHERE value = ANY($1))
"""
EMPTY = (
    """
    UPDATE return_line r SET reason = '', comment = '', answer = '' FROM order_line l
     WHERE l.id = r.order_line_id AND l.order_id = ANY($1)
    """,
    "UPDATE shipment SET tracking_number = '', cancel_reason = '' WHERE order_id = ANY($1)",
    "UPDATE coupon_use SET buyer = 'mail:' || o.email_hash FROM orders o WHERE o.id = order_id AND order_id = ANY($1)",
    "DELETE FROM idempotency_key WHERE order_id = ANY($1)",
)
EMPTY_WEBHOOKS = """
UPDATE webhook_event SET body_encrypted = $2, gateway_ids = '{}' WHERE gateway_ids && (
    SELECT coalesce(array_agg(given), '{}') FROM payment p,
           LATERAL (VALUES (p.gateway_order_id), (p.gateway_payment_id)) AS ids (given)
     WHERE p.order_id = ANY($1) AND given IS NOT NULL)::varchar[]
"""
FORGET = (
    "DELETE FROM idempotency_key WHERE principal = 'user:' || $1",
    "DELETE FROM limit_bucket WHERE principal = 'user:' || $1",
)
FORGET_ADDRESSED = (
    "DELETE FROM limit_bucket WHERE principal = ANY(SELECT 'mail:' || given FROM unnest($1::text[]) AS given)",
    "DELETE FROM otp_challenge WHERE destination_hash = ANY($1)",
    "DELETE FROM mail_link WHERE email_hash = ANY($1)",
    "DELETE FROM staff_invitation WHERE email_hash = ANY($1)",
)
FORGET_WORDS = (
    "DELETE FROM pgqueuer_log WHERE EXISTS (SELECT FROM unnest($1::text[]) AS w WHERE lower(traceback::text) LIKE w)",
    "DELETE FROM search_query_log WHERE lower(query) LIKE ANY($1)",
    "DELETE FROM search_click WHERE lower(query) LIKE ANY($1)",
    "DELETE FROM popular_query WHERE lower(query) LIKE ANY($1)",
    "DELETE FROM hidden_query WHERE lower(query) LIKE ANY($1)",
)


class _Person(msgspec.Struct, frozen=True, kw_only=True):
    """Who is to be erased: `words` are what could be recognised in free text, lower-case."""

    user_id: UUID
    hashes: list[str]
    words: list[str]
    pictures: list[str]


async def erase_person(user_id: UUID, *, keyring: Keyring) -> list[UUID]:
    """Returns the ids of the sessions that ended. Raises NotFound; Conflict while something of theirs is open."""
    async with transaction() as connection:
        person = await _find(connection, user_id, keyring)
        found = await connection.fetch(MINE, user_id, person.hashes[0])
        orders = [row["id"] for row in found if row["mine"]]
        if await connection.fetchval(OPEN, orders):
            raise Conflict(
                "An order, a parcel, a return, a refund or a dispute is under way: erase yourself after it.",
                code="open",
            )
        sessions = [row["id"] for row in await connection.fetch("SELECT id FROM session WHERE user_id = $1", user_id)]
        sessions += await leave_shop(connection, user_id, keyring=keyring)
        about = [row[0] for row in await connection.fetch(ABOUT, orders, user_id, person.hashes)]
        await connection.execute(DROP_MAILS, [*about, str(user_id)])
        await _empty_orders(connection, orders, keyring)
        await connection.execute(GIVE_BACK, [row["id"] for row in found if not row["mine"]])
        await record(connection, actor_id=user_id, action="person.erased", subject_id=user_id, before={}, after={})
        reviewed = await connection.fetch("SELECT product_id FROM review WHERE user_id = $1", user_id)
        await _forget(connection, person)
        removed = [Queued("media.remove", {"key": key}) for key in person.pictures]
        counting = [Queued("products.counts", {"product_id": row["product_id"]}) for row in reviewed]
        await enqueue_all(connection, [*removed, *counting, Queued("search.forget", {})])
    return sessions


async def _find(connection: Connection, user_id: UUID, keyring: Keyring) -> _Person:
    row = await connection.fetchrow(
        "SELECT * FROM users WHERE id = $1 FOR UPDATE",
        user_id,
    )
    if row is None:
        raise NotFound("There is no such account.")
    if row["role"] in {"support", "admin"}:
        raise Conflict("Whoever works for the market gives the role back first: an admin takes it.", code="of_market")
    email = keyring.decrypt(row["email_encrypted"])
    phone = keyring.decrypt(row["phone_encrypted"]) if row["phone_encrypted"] else ""
    known = {email, phone, phone.removeprefix("+91"), row["name"]}
    for address in await connection.fetch("SELECT details_encrypted FROM address WHERE user_id = $1", user_id):
        known.update(keyring.decrypt_json(address[0], dict[str, str]).values())
    photos = await connection.fetch(
        "SELECT p.key FROM review_photo p JOIN review r ON r.id = p.review_id WHERE r.user_id = $1", user_id
    )
    return _Person(
        user_id=user_id,
        hashes=[row["email_hash"], *([row["phone_hash"]] if row["phone_hash"] else [])],
        words=[f"%{_literal(word.lower())}%" for word in known if len(word) >= WORD_MIN and TELLING & set(word)],
        pictures=[key for key in (row["avatar_key"], *(photo[0] for photo in photos)) if key],
    )


async def _empty_orders(connection: Connection, orders: Sequence[UUID], keyring: Keyring) -> None:
    """The region stays: taxes were paid by it."""
    if not orders:
        return
    regions = {row["id"]: row["region"] for row in await connection.fetch(
        "SELECT id, region FROM orders WHERE id = ANY($1)", orders
    )}  # fmt: skip
    mails = [f"erased-{uuid7()}@erased.invalid" for _ in orders]
    await connection.execute(
        PSEUDONYMISE,
        orders,
        [keyring.email_hash(mail) for mail in mails],
        [keyring.encrypt(mail) for mail in mails],
        [keyring.encrypt_json(msgspec.structs.replace(NOBODY, region=regions[order])) for order in orders],
    )
    for statement in EMPTY:
        await connection.execute(statement, orders)
    await connection.execute(EMPTY_WEBHOOKS, orders, keyring.encrypt("{}"))


async def _forget(connection: Connection, person: _Person) -> None:
    """Everything that hangs on the user's row goes with it."""
    for statement in FORGET:
        await connection.execute(statement, str(person.user_id))
    for statement in FORGET_ADDRESSED:
        await connection.execute(statement, person.hashes)
    for statement in FORGET_WORDS:
        await connection.execute(statement, person.words)
    await forget_person_key(connection, person.user_id)
    await connection.execute("DELETE FROM users WHERE id = $1", person.user_id)


def _literal(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
