"""Registering and logging in. A mail address is known by its keyed hash; the address itself is ciphertext."""

from uuid import UUID

import asyncpg
import msgspec

from models.base import uuid7
from models.database import Connection, pool
from models.errors import Conflict, Unauthenticated
from models.keyring import Keyring, normalise_email
from models.sessions import MARK


class Credentials(msgspec.Struct, frozen=True):
    """`mark`: of the password that this is the hash of."""

    user_id: UUID
    password_hash: str | None
    mark: str


class Person(msgspec.Struct, frozen=True):
    name: str
    email: str


class Profile(msgspec.Struct, frozen=True):
    name: str
    email: str
    role: str


async def register(
    connection: Connection, keyring: Keyring, *, email: str, name: str, password_hash: str, role: str = "shopper"
) -> UUID:
    """A new user, whose address has been proved. Raises Conflict when it is taken."""
    user_id = uuid7()
    try:
        await connection.execute(
            "INSERT INTO users (id, email_hash, email_encrypted, name, password_hash, role)"
            " VALUES ($1, $2, $3, $4, $5, $6)",
            user_id,
            keyring.email_hash(email),
            keyring.encrypt(normalise_email(email)),
            name,
            password_hash,
            role,
        )
    except asyncpg.UniqueViolationError as error:
        raise Conflict("This address has an account already. Log in, or reset the password.", code="email") from error
    return user_id


async def find_credentials(keyring: Keyring, email: str) -> Credentials | None:
    """What a log-in is checked against; None for an unknown or suspended account."""
    row = await pool().fetchrow(
        f"SELECT id, password_hash, {MARK} AS mark FROM users WHERE email_hash = $1 AND state = 'active'",
        keyring.email_hash(email),
    )
    return Credentials(row["id"], row["password_hash"], row["mark"]) if row else None


async def get_profile(keyring: Keyring, user_id: UUID) -> Profile:
    """Raises Unauthenticated when the account is gone."""
    row = await pool().fetchrow("SELECT name, email_encrypted, role FROM users WHERE id = $1", user_id)
    if row is None:
        raise Unauthenticated("This account is gone.", code="session_ended")
    return Profile(row["name"], keyring.decrypt(row["email_encrypted"]), row["role"])


async def find_person(keyring: Keyring, user_id: UUID) -> Person | None:
    """Whom a mail is for; None once the account is gone."""
    row = await pool().fetchrow("SELECT name, email_encrypted FROM users WHERE id = $1 AND state <> 'erased'", user_id)
    return Person(row["name"], keyring.decrypt(row["email_encrypted"])) if row else None


async def person_of_session(keyring: Keyring, session_id: UUID) -> Person | None:
    user_id = await pool().fetchval("SELECT user_id FROM session WHERE id = $1", session_id)
    return await find_person(keyring, user_id) if user_id else None
