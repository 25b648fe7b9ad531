"""Codes of six digits by mail or SMS, to log in with or to prove a phone: single use, counted in PostgreSQL.

A code is derived from the challenge's id under a key, so that a job that runs twice sends one code; its keyed hash is
stored. Asking for one costs the same whether the address has an account: the job that sends it finds out.
"""

import hmac
from datetime import timedelta
from typing import Literal
from uuid import UUID

import asyncpg
import msgspec

from models.base import uuid7
from models.database import Connection, pool, transaction
from models.errors import Invalid, TooMany, Unauthenticated
from models.keyring import Keyring, normalise_email
from models.outbox import enqueue

Purpose = Literal["login", "phone"]
Channel = Literal["mail", "sms"]
TTL_S = 600
TRIES_MAX = 5
PER_HOUR_MAX = 3
KEPT = timedelta(days=1)
WRONG = "This code does not fit, was used, or is too old. Five tries are allowed, then ask for a new one."

MAKE = """
INSERT INTO otp_challenge
    (id, user_id, channel, purpose, destination_hash, destination_encrypted, code_hash, expires_at)
SELECT $1::uuid, $2::uuid, $3::varchar, $4::varchar, $5::varchar, $6::bytea, $7::varchar, now() + $8::interval
 WHERE (SELECT count(*) FROM otp_challenge
         WHERE destination_hash = $5 AND created_at > now() - interval '1 hour') < $9
"""
COUNT_TRY = """
UPDATE otp_challenge SET attempts = attempts + 1
 WHERE id = $1 AND purpose = $2 AND attempts < $3 AND used_at IS NULL AND expires_at > now()
RETURNING user_id, channel, destination_hash, destination_encrypted, code_hash
"""
WHOSE = """
SELECT u.id FROM users u
 WHERE u.state = 'active' AND CASE WHEN $1 = 'mail' THEN u.email_hash = $2 ELSE u.phone_hash = $2 END
"""
GIVE_PHONE = """
UPDATE users SET phone_encrypted = $2, phone_hash = $3, phone_verified_at = now() WHERE id = $1 AND state = 'active'
"""


class Challenge(msgspec.Struct, frozen=True, kw_only=True):
    """For the message; `user_id` None where nobody is to get one."""

    user_id: UUID | None
    destination: str
    code: str


async def challenge(
    keyring: Keyring, *, purpose: Purpose, channel: Channel, destination: str, user_id: UUID | None = None
) -> UUID:
    """A code on its way. Raises TooMany for the fourth in an hour to one address or number, whoever's it is."""
    challenge_id = uuid7()
    mail = channel == "mail"
    destination = normalise_email(destination) if mail else destination
    hashed = keyring.email_hash(destination) if mail else keyring.phone_hash(destination)
    async with transaction() as connection:
        await connection.execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", f"otp:{hashed}")
        status = await connection.execute(
            MAKE,
            challenge_id,
            user_id,
            channel,
            purpose,
            hashed,
            keyring.encrypt(destination),
            keyring.code_hash(challenge_id, keyring.code(challenge_id)),
            timedelta(seconds=TTL_S),
            PER_HOUR_MAX,
        )
        if status != "INSERT 0 1":
            raise TooMany("Three codes an hour go to one address. Use the last one, or wait.", retry_after_s=1200)
        await enqueue(connection, "mail.code" if mail else "sms.code", {"challenge_id": challenge_id})
    return challenge_id


async def log_in_with(keyring: Keyring, challenge_id: UUID, code: str) -> UUID:
    """The user's id, once. Raises Unauthenticated, also where nobody has this address."""
    row = await _judge(keyring, "login", challenge_id, code)
    async with transaction() as connection:
        await _use(connection, challenge_id)
        user_id: UUID | None = await connection.fetchval(WHOSE, row["channel"], row["destination_hash"])
    if user_id is None:
        raise Unauthenticated(WRONG, code="otp")
    return user_id


async def prove_phone(keyring: Keyring, user_id: UUID, challenge_id: UUID, code: str) -> None:
    """The phone is this user's from now on, and nobody else's: numbers are given to new people. Raises likewise."""
    row = await _judge(keyring, "phone", challenge_id, code)
    if row["user_id"] != user_id:
        raise Unauthenticated(WRONG, code="otp")
    async with transaction() as connection:
        await connection.execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", row["destination_hash"])
        await _use(connection, challenge_id)
        await connection.execute(
            "UPDATE users SET phone_hash = NULL, phone_verified_at = NULL WHERE phone_hash = $1 AND id <> $2",
            row["destination_hash"],
            user_id,
        )
        status = await connection.execute(GIVE_PHONE, user_id, row["destination_encrypted"], row["destination_hash"])
        if status != "UPDATE 1":
            raise Invalid("This account cannot be changed.", code="account")


async def read_challenge(keyring: Keyring, challenge_id: UUID) -> Challenge | None:
    """For the job that sends it; None when it is too late."""
    row = await pool().fetchrow(
        "SELECT * FROM otp_challenge WHERE id = $1 AND used_at IS NULL AND expires_at > now()", challenge_id
    )
    if row is None:
        return None
    user_id = row["user_id"] or await pool().fetchval(WHOSE, row["channel"], row["destination_hash"])
    destination = keyring.decrypt(row["destination_encrypted"])
    return Challenge(user_id=user_id, destination=destination, code=keyring.code(challenge_id))


async def drop_old_challenges() -> None:
    await pool().execute("DELETE FROM otp_challenge WHERE created_at < now() - $1::interval", KEPT)


async def _judge(keyring: Keyring, purpose: Purpose, challenge_id: UUID, code: str) -> asyncpg.Record:
    """The try is counted and committed before it is judged."""
    row = await pool().fetchrow(COUNT_TRY, challenge_id, purpose, TRIES_MAX)
    given = keyring.code_hash(challenge_id, code.strip())
    if row is None or not hmac.compare_digest(row["code_hash"], given):
        raise Unauthenticated(WRONG, code="otp")
    return row


async def _use(connection: Connection, challenge_id: UUID) -> None:
    status = await connection.execute(
        "UPDATE otp_challenge SET used_at = now() WHERE id = $1 AND used_at IS NULL", challenge_id
    )
    if status != "UPDATE 1":
        raise Unauthenticated(WRONG, code="otp")
