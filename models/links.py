"""Links sent by mail that work once and for a while: to finish a registration, for a new password, for a new address.

The token is derived from the row's id under a key, so that a job which sends the mail twice sends the same link; what
is stored is its hash. Asking costs the same for a known and an unknown address: whose it is, the mail's job finds out.
"""

from datetime import timedelta
from typing import Literal
from uuid import UUID

import asyncpg
import msgspec

from models.base import uuid7
from models.database import Connection, pool
from models.errors import FieldError, Invalid
from models.keyring import Keyring, normalise_email, token_hash

Purpose = Literal["register", "reset", "change_mail"]
PER_HOUR_MAX = 5
SENT_MAX = 4
KEPT = timedelta(days=1)
DEAD = "this link has been used or has expired; ask for a new one"

MAKE = """
INSERT INTO mail_link (id, purpose, token_hash, user_id, email_hash, email_encrypted, name, password_hash, expires_at)
SELECT $1::uuid, $2::varchar, $3::varchar, $4::uuid, $5::varchar, $6::bytea, $7::varchar, $8::varchar,
       now() + $9::interval
 WHERE (SELECT count(*) FROM mail_link
         WHERE email_hash = $5 AND purpose = $2 AND created_at > now() - interval '1 hour') < $10
"""
OPEN = "used_at IS NULL AND expires_at > now()"


class Link(msgspec.Struct, frozen=True, kw_only=True):
    """`name` and `password_hash` wait for a registration to be finished; `email` is where the mail goes."""

    id: UUID
    user_id: UUID | None
    email: str
    email_hash: str
    name: str | None
    password_hash: str | None
    sent: int


async def make_link(
    connection: Connection,
    keyring: Keyring,
    purpose: Purpose,
    *,
    email: str,
    ttl_s: int,
    user_id: UUID | None = None,
    name: str | None = None,
    password_hash: str | None = None,
) -> tuple[UUID, bool]:
    """The id, and whether the link was made: PER_HOUR_MAX in an hour for one address, the rest in silence."""
    link_id, hashed = uuid7(), keyring.email_hash(email)
    await lock_address(connection, hashed)
    status = await connection.execute(
        MAKE,
        link_id,
        purpose,
        token_hash(keyring.link_token(link_id)),
        user_id,
        hashed,
        keyring.encrypt(normalise_email(email)),
        name,
        password_hash,
        timedelta(seconds=ttl_s),
        PER_HOUR_MAX,
    )
    return link_id, status == "INSERT 0 1"


async def lock_address(connection: Connection, email_hash: str) -> None:
    """Until the end of the transaction nobody else makes a link for this address, or moves to it."""
    await connection.execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", f"link:{email_hash}")


async def find_open(keyring: Keyring, purpose: Purpose, token: str) -> Link:
    """What a link is for, without using it. Raises Invalid for one that is used, expired or none of ours."""
    row = await pool().fetchrow(
        f"SELECT * FROM mail_link WHERE token_hash = $1 AND purpose = $2 AND {OPEN}", token_hash(token), purpose
    )
    if row is None:
        raise dead_link()
    return _link(row, keyring)


async def use_link(connection: Connection, keyring: Keyring, purpose: Purpose, token: str) -> Link:
    """Once. Raises Invalid likewise, also for the second of two at once."""
    row = await connection.fetchrow(
        f"UPDATE mail_link SET used_at = now() WHERE token_hash = $1 AND purpose = $2 AND {OPEN} RETURNING *",
        token_hash(token),
        purpose,
    )
    if row is None:
        raise dead_link()
    return _link(row, keyring)


async def close_links(connection: Connection, purpose: Purpose, email_hash: str) -> None:
    """No other link for the same thing works any more."""
    await connection.execute(
        "UPDATE mail_link SET used_at = now() WHERE email_hash = $1 AND purpose = $2 AND used_at IS NULL",
        email_hash,
        purpose,
    )


async def count_sending(connection: Connection, link_id: UUID) -> int | None:
    """The number of the next sending of a registration's link; None when it may not be sent again."""
    number: int | None = await connection.fetchval(
        f"UPDATE mail_link SET sent = sent + 1 WHERE id = $1 AND purpose = 'register' AND sent < $2 AND {OPEN}"
        " RETURNING sent",
        link_id,
        SENT_MAX,
    )
    return number


async def read_link(keyring: Keyring, link_id: UUID) -> Link | None:
    """For the mail; None once the link no longer works."""
    row = await pool().fetchrow(f"SELECT * FROM mail_link WHERE id = $1 AND {OPEN}", link_id)
    return _link(row, keyring) if row else None


async def drop_dead_links() -> None:
    """Addresses and names in them are personal: gone a day after the link has ended."""
    await pool().execute("DELETE FROM mail_link WHERE least(used_at, expires_at) < now() - $1::interval", KEPT)


def _link(row: asyncpg.Record, keyring: Keyring) -> Link:
    return Link(
        id=row["id"],
        user_id=row["user_id"],
        email=keyring.decrypt(row["email_encrypted"]),
        email_hash=row["email_hash"],
        name=row["name"],
        password_hash=row["password_hash"],
        sent=row["sent"],
    )


def dead_link() -> Invalid:
    return Invalid(f"{DEAD[:1].upper()}{DEAD[1:]}.", code="link", fields=[FieldError("token", DEAD)])
