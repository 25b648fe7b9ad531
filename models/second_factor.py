"""The second factor: an authenticator app, with recovery codes for the day it is lost. The market's own people, who
read everybody's data, cannot be without one.

Every try is counted in PostgreSQL before it is judged, every code is good once, both by conditional writes.
"""

import secrets
import time
from datetime import datetime
from uuid import UUID

import asyncpg
import msgspec

from models import totp
from models.database import Connection, pool, transaction
from models.errors import Conflict, Forbidden, NotFound, TooMany, Unauthenticated
from models.keyring import Keyring
from models.outbox import enqueue

TRIES_MAX = 10
WINDOW_S = 15 * 60
RECOVERY_CODES = 10
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
PART = 5


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """`required`: this person's role demands a second factor; `confirmed_at` None: none is set up yet."""

    required: bool
    confirmed_at: datetime | None
    codes_left: int

    @property
    def asked(self) -> bool:
        return self.required or self.confirmed_at is not None


STANDING = """
SELECT u.role IN ('support', 'admin') AS required, f.confirmed_at,
       (SELECT count(*) FROM recovery_code c WHERE c.user_id = u.id AND c.used_at IS NULL)::int AS codes_left
  FROM users u LEFT JOIN second_factor f ON f.user_id = u.id WHERE u.id = $1 AND u.state = 'active'
"""
COUNT_TRY = """
UPDATE second_factor SET tries = CASE WHEN tries_since < now() - $2 * interval '1 second' THEN 1 ELSE tries + 1 END,
       tries_since = CASE WHEN tries_since < now() - $2 * interval '1 second' THEN now() ELSE tries_since END
 WHERE user_id = $1 AND (tries < $3 OR tries_since < now() - $2 * interval '1 second')
RETURNING secret_encrypted, last_step, confirmed_at
"""
USE_STEP = """
UPDATE second_factor SET last_step = $2, tries = 0, confirmed_at = coalesce(confirmed_at, now())
 WHERE user_id = $1 AND last_step < $2 AND confirmed_at IS {confirmed}
"""
PROPOSE = """
INSERT INTO second_factor AS held (user_id, secret_encrypted) VALUES ($1, $2)
    ON CONFLICT (user_id) DO UPDATE SET secret_encrypted = excluded.secret_encrypted, created_at = now()
       WHERE held.confirmed_at IS NULL AND held.created_at < now() - interval '1 hour'
"""
FORGET_PROPOSED = "DELETE FROM second_factor WHERE user_id = $1 AND confirmed_at IS NULL"
WRONG = "This code does not fit. Codes change every 30 seconds and each works once."


async def get_standing(user_id: UUID) -> Standing:
    """Raises Unauthenticated when the account is gone or suspended."""
    row = await pool().fetchrow(STANDING, user_id)
    if row is None:
        raise Unauthenticated("This account is gone.", code="session_ended")
    return Standing(**row)


async def propose(keyring: Keyring, user_id: UUID) -> str:
    """The secret to put into an app; nothing counts before a code of it came back. Raises Conflict where one is set up.

    Asked again within the hour, it is the same secret; after that, or under a new password, somebody else may know it.
    """
    async with transaction() as connection:
        await connection.execute(PROPOSE, user_id, keyring.encrypt(totp.new_secret()))
        row = await connection.fetchrow(
            "SELECT secret_encrypted, confirmed_at FROM second_factor WHERE user_id = $1", user_id
        )
    if row["confirmed_at"]:
        raise Conflict("An authenticator app is set up already. Remove that first.", code="second_factor")
    return keyring.decrypt(row["secret_encrypted"])


async def forget_proposed(connection: Connection, user_id: UUID) -> None:
    """With a new password: who knew the old one may have seen the secret of an app that is not set up yet."""
    await connection.execute(FORGET_PROPOSED, user_id)


async def check(keyring: Keyring, user_id: UUID, code: str) -> None:
    """Use a code of the app, or a recovery code. Raises Unauthenticated for a wrong one, TooMany after TRIES_MAX."""
    code = _tidy(code)
    row = await _count_try(user_id)
    if row is None or row["confirmed_at"] is None:
        raise Unauthenticated(WRONG, code="second_factor_code")
    step = totp.find_step(keyring.decrypt(row["secret_encrypted"]), code, now=time.time(), after=row["last_step"])
    if step is not None:
        if await pool().execute(USE_STEP.format(confirmed="NOT NULL"), user_id, step) == "UPDATE 1":
            return
    elif await _use_recovery(keyring, user_id, code):
        return
    raise Unauthenticated(WRONG, code="second_factor_code")


async def confirm(keyring: Keyring, user_id: UUID, code: str) -> list[str]:
    """The first code of a proposed app: from now on it is asked for. Returns the recovery codes, shown this once."""
    row = await _count_try(user_id)
    if row is None or row["confirmed_at"] is not None:
        raise Conflict("Begin anew: there is no authenticator app to confirm.", code="second_factor")
    step = totp.find_step(keyring.decrypt(row["secret_encrypted"]), _tidy(code), now=time.time(), after=0)
    if step is None:
        raise Unauthenticated(WRONG, code="second_factor_code")
    async with transaction() as connection:
        if await connection.execute(USE_STEP.format(confirmed="NULL"), user_id, step) != "UPDATE 1":
            raise Conflict("It was confirmed meanwhile.", code="second_factor")
        await enqueue(connection, "mail.second_factor", {"user_id": user_id, "change": "on", "step": step})
        return await _renew_codes(connection, keyring, user_id)


async def renew_codes(keyring: Keyring, user_id: UUID) -> list[str]:
    """New recovery codes in place of all old ones. Raises Conflict where no app is set up."""
    async with transaction() as connection:
        found = await connection.fetchval(
            "SELECT 1 FROM second_factor WHERE user_id = $1 AND confirmed_at IS NOT NULL FOR UPDATE", user_id
        )
        if not found:
            raise Conflict("Set up an authenticator app first.", code="second_factor")
        return await _renew_codes(connection, keyring, user_id)


async def remove(user_id: UUID) -> None:
    """Raises Forbidden for those who must have one, Conflict where there is none."""
    standing = await get_standing(user_id)
    if standing.required:
        raise Forbidden("Whoever runs the market signs in with a second factor.", code="second_factor")
    async with transaction() as connection:
        if await connection.execute("DELETE FROM second_factor WHERE user_id = $1", user_id) != "DELETE 1":
            raise Conflict("There is no authenticator app to remove.", code="second_factor")
        step = totp.step_at(time.time())
        await enqueue(connection, "mail.second_factor", {"user_id": user_id, "change": "off", "step": step})


async def next_code(keyring: Keyring, email: str) -> str:
    """What this person's app shows, and has not been used yet: for a demo, whose people have no phones.

    Raises NotFound for an address without an app.
    """
    row = await pool().fetchrow(
        "SELECT f.secret_encrypted, f.last_step FROM second_factor f JOIN users u ON u.id = f.user_id"
        " WHERE u.email_hash = $1 AND f.confirmed_at IS NOT NULL",
        keyring.email_hash(email),
    )
    if row is None:
        raise NotFound(f"{email} has no authenticator app.")
    step = max(row["last_step"] + 1, totp.step_at(time.time()))
    return totp.code_at(keyring.decrypt(row["secret_encrypted"]), step)


async def _count_try(user_id: UUID) -> asyncpg.Record | None:
    row: asyncpg.Record | None = await pool().fetchrow(COUNT_TRY, user_id, WINDOW_S, TRIES_MAX)
    if row is None and await pool().fetchval("SELECT 1 FROM second_factor WHERE user_id = $1", user_id):
        raise TooMany("Too many wrong codes. Wait a quarter of an hour.", retry_after_s=WINDOW_S)
    return row


async def _use_recovery(keyring: Keyring, user_id: UUID, code: str) -> bool:
    status = await pool().execute(
        "UPDATE recovery_code SET used_at = now() WHERE user_id = $1 AND code_hash = $2 AND used_at IS NULL",
        user_id,
        keyring.code_hash(user_id, code),
    )
    if status != "UPDATE 1":
        return False
    await pool().execute("UPDATE second_factor SET tries = 0 WHERE user_id = $1", user_id)
    return True


async def _renew_codes(connection: Connection, keyring: Keyring, user_id: UUID) -> list[str]:
    codes = [
        "-".join("".join(secrets.choice(ALPHABET) for _ in range(PART)) for _ in "12") for _ in range(RECOVERY_CODES)
    ]
    await connection.execute("DELETE FROM recovery_code WHERE user_id = $1", user_id)
    await connection.executemany(
        "INSERT INTO recovery_code (user_id, code_hash) VALUES ($1, $2)",
        [(user_id, keyring.code_hash(user_id, _tidy(code))) for code in codes],
    )
    return codes


def _tidy(code: str) -> str:
    return code.casefold().replace(" ", "").replace("-", "")
