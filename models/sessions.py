"""Log-ins: one row for a device, with the hash of the one refresh token that is good now.

A refresh token that was good once and comes again was stolen or copied: the whole session is revoked.
"""

from datetime import timedelta
from uuid import UUID

import msgspec

from models.base import uuid7
from models.database import Connection, Pool, pool
from models.errors import Unauthenticated
from models.keyring import token_hash


class SessionFacts(msgspec.Struct, frozen=True):
    """Who a live session speaks for. `grants`: what its user may do for the seller; an owner has every one of them."""

    user_id: UUID
    role: str
    seller_id: UUID | None = None
    grants: tuple[str, ...] = ()


OWNER = "owner"
GRANTS = ("products", "orders", "money")
"""What an owner may let each of the staff do."""
FACTS = """
SELECT u.id AS user_id, u.role, coalesce(s.id, t.seller_id) AS seller_id, s.id IS NOT NULL AS owns, t.grants
  FROM session e JOIN users u ON u.id = e.user_id
  LEFT JOIN seller s ON s.user_id = u.id LEFT JOIN seller_staff t ON t.user_id = u.id
 WHERE e.id = $1 AND e.revoked_at IS NULL AND e.expires_at > now() AND u.state = 'active'
"""


async def start_session(
    connection: Connection, user_id: UUID, *, refresh_token: str, user_agent: str, ttl_s: int
) -> UUID:
    """A new session row, with a new id at every log-in. Returns the id."""
    session_id = uuid7()
    await connection.execute(
        "INSERT INTO session (id, user_id, refresh_hash, user_agent, expires_at) VALUES ($1, $2, $3, $4, now() + $5)",
        session_id,
        user_id,
        token_hash(refresh_token),
        user_agent[:300],
        timedelta(seconds=ttl_s),
    )
    return session_id


async def rotate_session(session_id: UUID, *, old_token: str, new_token: str, ttl_s: int) -> None:
    """Exchange the refresh token. Raises Unauthenticated, and revokes the session, when `old_token` was used before."""
    status = await pool().execute(
        "UPDATE session SET refresh_hash = $3, used_at = now(), expires_at = now() + $4"
        " WHERE id = $1 AND refresh_hash = $2 AND revoked_at IS NULL AND expires_at > now()",
        session_id,
        token_hash(old_token),
        token_hash(new_token),
        timedelta(seconds=ttl_s),
    )
    if status != "UPDATE 1":
        await revoke_session(session_id)
        raise Unauthenticated("This log-in has ended. Log in again.", code="session_ended")


async def revoke_session(session_id: UUID) -> None:
    await pool().execute("UPDATE session SET revoked_at = now() WHERE id = $1 AND revoked_at IS NULL", session_id)


async def revoke_sessions_of(user_id: UUID, connection: Connection | Pool | None = None) -> list[UUID]:
    """End every session of a user. Returns their ids."""
    rows = await (connection or pool()).fetch(
        "UPDATE session SET revoked_at = now() WHERE user_id = $1 AND revoked_at IS NULL RETURNING id", user_id
    )
    return [row["id"] for row in rows]


async def find_session(session_id: UUID) -> SessionFacts | None:
    """None when the session is revoked, expired or unknown, or its user may not log in."""
    row = await pool().fetchrow(FACTS, session_id)
    if row is None:
        return None
    grants = (OWNER, *GRANTS) if row["owns"] else tuple(row["grants"] or ())
    return SessionFacts(row["user_id"], row["role"], row["seller_id"], grants)
