"""Accounts at other providers that one signs in with. Only an address that the provider has verified opens an account.

Every account here has a verified address of its own, so that both ends have proved it before they are joined.
"""

from uuid import UUID

import asyncpg
import msgspec

from models.base import uuid7
from models.database import Connection, pool, transaction
from models.errors import Conflict, Forbidden, NotFound
from models.keyring import Keyring, normalise_email
from models.outbox import enqueue

PROVIDERS = {"google": "Google"}
NAME_MAX = 120


class Identity(msgspec.Struct, frozen=True, kw_only=True):
    """What a provider's signed token says. `subject` never changes there; an address may."""

    provider: str
    subject: str
    email: str
    email_verified: bool
    name: str


JOIN = """
INSERT INTO social_account (id, user_id, provider, subject) VALUES ($1, $2, $3, $4)
ON CONFLICT DO NOTHING
"""


async def log_in_by(keyring: Keyring, identity: Identity) -> UUID:
    """The user who signs in so; on the first time joined to the account of that address, or a new account.

    Raises Forbidden for an address that the provider has not verified, and for a suspended account.
    """
    async with transaction() as connection:
        known = await connection.fetchrow(
            "SELECT u.id, u.state FROM social_account a JOIN users u ON u.id = a.user_id"
            " WHERE a.provider = $1 AND a.subject = $2",
            identity.provider,
            identity.subject,
        )
        if known is None:
            _demand_verified(identity)
            known = await _account_of(connection, keyring, identity)
            await _join(connection, known["id"], identity)
        if known["state"] != "active":
            raise Forbidden("This account is suspended.", code="suspended")
    user_id: UUID = known["id"]
    return user_id


async def link(user_id: UUID, identity: Identity) -> None:
    """Join it to the account that is signed in. Raises Forbidden likewise, Conflict when it is somebody else's."""
    _demand_verified(identity)
    async with transaction() as connection:
        await _join(connection, user_id, identity)


async def unlink(user_id: UUID, provider: str) -> None:
    """Raises NotFound. A code by mail still opens the account."""
    async with transaction() as connection:
        status = await connection.execute(
            "DELETE FROM social_account WHERE user_id = $1 AND provider = $2", user_id, provider
        )
        if status != "DELETE 1":
            raise NotFound("This log-in is not linked.")
        await enqueue(connection, "mail.social", {"user_id": user_id, "change": "off", "change_id": uuid7()})


async def list_linked(user_id: UUID) -> list[str]:
    rows = await pool().fetch("SELECT provider FROM social_account WHERE user_id = $1 ORDER BY provider", user_id)
    return [row["provider"] for row in rows]


def _demand_verified(identity: Identity) -> None:
    if not identity.email_verified or "@" not in identity.email:
        raise Forbidden(
            f"{PROVIDERS[identity.provider]} has not verified this mail address, so that it may be anybody's."
            " Verify it there, or make an account here.",
            code="email_unverified",
        )


async def _account_of(connection: Connection, keyring: Keyring, identity: Identity) -> asyncpg.Record:
    """The account of that address, made where there is none; also when two sign in at once."""
    hashed = keyring.email_hash(identity.email)
    told = "".join(letter for letter in identity.name if letter.isprintable())
    name = " ".join(told.split())[:NAME_MAX] or normalise_email(identity.email).partition("@")[0][:NAME_MAX]
    await connection.execute(
        "INSERT INTO users (id, email_hash, email_encrypted, name) VALUES ($1, $2, $3, $4)"
        " ON CONFLICT (email_hash) DO NOTHING",
        uuid7(),
        hashed,
        keyring.encrypt(normalise_email(identity.email)),
        name,
    )
    return await connection.fetchrow("SELECT id, state FROM users WHERE email_hash = $1", hashed)


async def _join(connection: Connection, user_id: UUID, identity: Identity) -> None:
    status = await connection.execute(JOIN, uuid7(), user_id, identity.provider, identity.subject)
    if status == "INSERT 0 1":
        await enqueue(connection, "mail.social", {"user_id": user_id, "change": "on", "change_id": uuid7()})
        return
    same = await connection.fetchval(
        "SELECT 1 FROM social_account WHERE user_id = $1 AND provider = $2 AND subject = $3",
        user_id,
        identity.provider,
        identity.subject,
    )
    if not same:
        raise Conflict(
            f"Another {PROVIDERS[identity.provider]} account is linked here, or this one elsewhere. Unlink that first.",
            code="social",
        )
