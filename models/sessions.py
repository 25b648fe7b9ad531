"""Log-ins: one row for a device, with the hash of the one refresh token that is good now.

A refresh token that was good once and comes again was copied: the whole session is revoked, and the user told.
"""

from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

import msgspec

from models.base import uuid7
from models.database import Connection, Pool, pool, transaction
from models.errors import NotFound, Unauthenticated
from models.keyring import token_hash
from models.outbox import Queued, enqueue_all

Method = Literal["password", "link", "code", "google"]


class SessionFacts(msgspec.Struct, frozen=True):
    """Who a live session speaks for. `grants`: what its user may do for the seller; an owner has every one of them."""

    user_id: UUID
    role: str
    seller_id: UUID | None = None
    grants: tuple[str, ...] = ()


class Device(msgspec.Struct, frozen=True, kw_only=True):
    """A live log-in, as its user sees it. `agent` is what the browser or program called itself."""

    id: UUID
    agent: str
    method: Method
    second_factor: bool
    created_at: datetime
    used_at: datetime
    current: bool = False


OWNER = "owner"
GRANTS = ("products", "orders", "money")
"""What an owner may let each of the staff do."""
LIVE = "revoked_at IS NULL AND expires_at > now()"
FACTS = """
WITH seen AS (UPDATE session SET used_at = now() WHERE id = $1 AND used_at < now() - interval '5 minutes')
SELECT u.id AS user_id,
       CASE WHEN u.role IN ('support', 'admin') AND NOT e.second_factor THEN 'shopper' ELSE u.role END AS role,
       coalesce(s.id, t.seller_id) AS seller_id, s.id IS NOT NULL AS owns, t.grants
  FROM session e JOIN users u ON u.id = e.user_id
  LEFT JOIN seller s ON s.user_id = u.id LEFT JOIN seller_staff t ON t.user_id = u.id
 WHERE e.id = $1 AND e.revoked_at IS NULL AND e.expires_at > now() AND u.state = 'active'
"""
"""Support and admin are such only in a session that gave a second factor, also after becoming it in an open one."""
MARK = "left(encode(sha256(convert_to(coalesce(password_hash, ''), 'UTF8')), 'hex'), 16)"
"""Tells one password of a user from the next, and nothing else."""
START = f"""
INSERT INTO session (id, user_id, refresh_hash, user_agent, expires_at, method, second_factor)
SELECT $1::uuid, id, $3::varchar, $4::varchar, now() + $5::interval, $6::varchar, $7::bool
  FROM users WHERE id = $2 AND state = 'active' AND ($8::text IS NULL OR {MARK} = $8) FOR SHARE
"""
"""Whoever changes the password, or suspends, waits for this and ends it; or this waits for them and begins nothing."""


async def start_session(
    connection: Connection,
    user_id: UUID,
    *,
    refresh_token: str,
    user_agent: str,
    ttl_s: int,
    method: Method = "password",
    second_factor: bool = False,
    mark: str | None = None,
) -> UUID:
    """A new session row, with a new id at every log-in. Returns the id.

    Raises Unauthenticated where the account is not active, or the password is no longer that of `mark` (None: any).
    """
    session_id = uuid7()
    status = await connection.execute(
        START,
        session_id,
        user_id,
        token_hash(refresh_token),
        user_agent[:300].replace("\0", ""),
        timedelta(seconds=ttl_s),
        method,
        second_factor,
        mark,
    )
    if status != "INSERT 0 1":
        raise Unauthenticated("This log-in has ended. Log in again.", code="session_ended")
    return session_id


async def mark_of(user_id: UUID) -> str | None:
    """The mark of the present password; None for a suspended account or none."""
    found: str | None = await pool().fetchval(f"SELECT {MARK} FROM users WHERE id = $1 AND state = 'active'", user_id)
    return found


async def rotate_session(session_id: UUID, *, old_token: str, new_token: str, ttl_s: int) -> None:
    """Exchange the refresh token. Raises Unauthenticated, and revokes the session, when `old_token` was used before."""
    status = await pool().execute(
        f"UPDATE session SET refresh_hash = $3, used_at = now(), expires_at = now() + $4"
        f" WHERE id = $1 AND refresh_hash = $2 AND {LIVE}",
        session_id,
        token_hash(old_token),
        token_hash(new_token),
        timedelta(seconds=ttl_s),
    )
    if status != "UPDATE 1":
        await _end_stolen(session_id)
        raise Unauthenticated("This log-in has ended. Log in again.", code="session_ended")


async def _end_stolen(session_id: UUID) -> None:
    """Whoever ends it tells the user: once, also when the token comes ten times at once."""
    async with transaction() as connection:
        status = await connection.execute(f"UPDATE session SET revoked_at = now() WHERE id = $1 AND {LIVE}", session_id)
        if status == "UPDATE 1":
            ids = {"session_id": session_id}
            await enqueue_all(connection, [Queued("mail.session_stolen", ids), Queued("sessions.forget", ids)])


async def revoke_session(session_id: UUID) -> None:
    async with transaction() as connection:
        status = await connection.execute(
            "UPDATE session SET revoked_at = now() WHERE id = $1 AND revoked_at IS NULL", session_id
        )
        if status == "UPDATE 1":
            await _forget(connection, [session_id])


async def revoke_device(user_id: UUID, session_id: UUID) -> None:
    """End one of the user's own sessions. Raises NotFound, also for somebody else's."""
    async with transaction() as connection:
        status = await connection.execute(
            f"UPDATE session SET revoked_at = now() WHERE id = $1 AND user_id = $2 AND {LIVE}", session_id, user_id
        )
        if status != "UPDATE 1":
            raise NotFound("There is no such log-in.")
        await _forget(connection, [session_id])


async def revoke_sessions_of(
    user_id: UUID, connection: Connection | Pool | None = None, *, keep: UUID | None = None
) -> list[UUID]:
    """End every session of a user, but `keep`. Returns their ids."""
    if connection is None:
        async with transaction() as own:
            return await revoke_sessions_of(user_id, own, keep=keep)
    rows = await connection.fetch(
        "UPDATE session SET revoked_at = now() WHERE user_id = $1 AND revoked_at IS NULL AND id IS DISTINCT FROM $2"
        " RETURNING id",
        user_id,
        keep,
    )
    ids = [row["id"] for row in rows]
    await _forget(connection, ids)
    return ids


async def _forget(connection: Connection | Pool, ids: list[UUID]) -> None:
    """The cache is told at once by whoever revokes, and once more by a job, in case it could not be reached."""
    await enqueue_all(connection, [Queued("sessions.forget", {"session_id": session_id}) for session_id in ids])


async def list_devices(user_id: UUID, *, current: UUID) -> list[Device]:
    """Live sessions, the current one first, then the last used."""
    rows = await pool().fetch(
        f"SELECT id, user_agent AS agent, method, second_factor, created_at, used_at, id = $2 AS current FROM session"
        f" WHERE user_id = $1 AND {LIVE} ORDER BY id = $2 DESC, used_at DESC LIMIT 100",
        user_id,
        current,
    )
    return [Device(**row) for row in rows]


async def find_session(session_id: UUID) -> SessionFacts | None:
    """None when the session is revoked, expired or unknown, or its user may not log in."""
    row = await pool().fetchrow(FACTS, session_id)
    if row is None:
        return None
    grants = (OWNER, *GRANTS) if row["owns"] else tuple(row["grants"] or ())
    return SessionFacts(row["user_id"], row["role"], row["seller_id"], grants)
