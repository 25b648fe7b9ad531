"""People as support and the operator see them: found by name, mail or id, suspended and restored, given a role.

Whoever is suspended or gets another role is logged out everywhere in the same transaction.
"""

from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec
from asyncpg import Record

from models.audit import Personal, record
from models.database import Connection, pool, transaction
from models.errors import Conflict, Forbidden, Invalid, NotFound
from models.keyring import Keyring
from models.outbox import enqueue
from models.person_keys import open_keys, unseal
from models.sessions import revoke_sessions_of
from models.states import USER, move

Role = Literal["shopper", "support", "admin"]


def demand_no_market_role(role: str) -> None:
    """Nobody judges a shop of their own: who works for the market neither sells nor works for a seller. Raises
    Conflict.
    """
    if role in {"support", "admin"}:
        raise Conflict("Who works for the market cannot sell with the same account.", code="market")


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """`shop`: the name of the seller that they own or work for."""

    id: UUID
    name: str
    email: str
    role: str
    state: str
    shop: str | None
    orders: int
    created_at: datetime


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody is told of their account: `entry_id` is that of the decision in the trail."""

    email: str
    entry_id: int
    reason: str


LOCK = "SELECT id, role, state FROM users WHERE id = ANY($1) ORDER BY id FOR UPDATE"
TOLD = """
SELECT u.email_encrypted, a.id AS entry_id, a.personal_sealed
  FROM users u JOIN audit_entry a ON a.subject_id = u.id AND a.action = $2
 WHERE u.id = $1 AND u.state <> 'erased' ORDER BY a.id DESC LIMIT 1
"""
FIND = r"""
SELECT u.id, u.name, u.email_encrypted, u.role, u.state, u.created_at,
       coalesce(s.name, (SELECT w.name FROM seller_staff t JOIN seller w ON w.id = t.seller_id WHERE t.user_id = u.id))
         AS shop,
       (SELECT count(*) FROM orders o WHERE o.user_id = u.id)::int AS orders
  FROM users u LEFT JOIN seller s ON s.user_id = u.id
 WHERE ($1::text IS NULL OR u.email_hash = $2 OR u.name ILIKE $3 OR u.id::text = $1)
   AND ($4::text IS NULL OR u.state = $4) AND ($5::text IS NULL OR u.role = $5)
 ORDER BY u.created_at DESC, u.id LIMIT $6 OFFSET $7
"""


async def find_people(
    words: str, *, state: str | None, role: str | None, keyring: Keyring, page: int = 1, per_page: int = 25
) -> tuple[list[Person], bool]:
    """Newest first, and whether there are more."""
    words = words.strip()
    escaped = words.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
    rows = await pool().fetch(
        FIND, words.lower() or None, keyring.email_hash(words), f"%{escaped}%", state, role, per_page + 1,
        (page - 1) * per_page,
    )  # fmt: skip
    found = [
        Person(
            **{name: value for name, value in row.items() if name != "email_encrypted"},
            email=keyring.decrypt(row["email_encrypted"]),
        )
        for row in rows[:per_page]
    ]
    return found, len(rows) > per_page


async def suspend_user(user_id: UUID, *, reason: str, actor_id: UUID, keyring: Keyring) -> list[UUID]:
    """Returns the sessions that end. Raises NotFound, Invalid without a reason, Conflict for oneself."""
    reason = " ".join(reason.split())[:500]
    if not reason:
        raise Invalid.field("reason", "say why: the person reads it, and it stays in the trail")
    if user_id == actor_id:
        raise Conflict("Nobody suspends themselves.", code="oneself")
    about = Personal(keyring, user_id, {"reason": reason})
    return await _change(user_id, "active", "suspended", actor_id=actor_id, about=about)


async def restore_user(user_id: UUID, *, actor_id: UUID) -> None:
    """Raises NotFound, Conflict."""
    await _change(user_id, "suspended", "active", actor_id=actor_id)


async def set_role(user_id: UUID, role: str, *, actor_id: UUID) -> list[UUID]:
    """Returns the sessions that end. Raises NotFound, Conflict for oneself, and for sellers, who are nothing else."""
    if user_id == actor_id:
        raise Conflict("Nobody changes their own role.", code="oneself")
    async with transaction() as connection:
        old = (await _lock(connection, user_id, actor_id))["role"]
        if role != "shopper" and await connection.fetchval(
            "SELECT 1 FROM seller WHERE user_id = $1 UNION ALL SELECT 1 FROM seller_staff WHERE user_id = $1", user_id
        ):
            raise Conflict("Who sells cannot work for the market with the same account.", code="seller")
        await connection.execute("UPDATE users SET role = $2 WHERE id = $1", user_id, role)
        await record(
            connection, actor_id=actor_id, action="user.role", subject_id=user_id, before={"role": old},
            after={"role": role},
        )  # fmt: skip
        return await revoke_sessions_of(user_id, connection)


async def _change(user_id: UUID, old: str, new: str, *, actor_id: UUID, about: Personal | None = None) -> list[UUID]:
    async with transaction() as connection:
        state = (await _lock(connection, user_id, actor_id))["state"]
        if state != old:
            raise Conflict(f"This account is {state}.", code="user_state")
        await move(connection, USER, user_id, old=old, new=new)
        await record(
            connection, actor_id=actor_id, action=f"user.{new}", subject_id=user_id, before={"state": old},
            after={"state": new}, personal=about,
        )  # fmt: skip
        await enqueue(connection, "mail.account_state", {"user_id": user_id, "state": new})
        return await revoke_sessions_of(user_id, connection)


async def _lock(connection: Connection, user_id: UUID, actor_id: UUID) -> Record:
    """Two admins who take the role from each other take turns: one is left. Raises NotFound, Forbidden."""
    rows = {row["id"]: row for row in await connection.fetch(LOCK, [user_id, actor_id])}
    actor = rows.get(actor_id)
    if actor is None or (actor["role"], actor["state"]) != ("admin", "active"):
        raise Forbidden("Only the operator may do this.")
    if user_id not in rows:
        raise NotFound("There is no such person.")
    return rows[user_id]


async def read_standing(user_id: UUID, state: str, *, keyring: Keyring) -> Standing | None:
    """Of the last time that the account became so; None where there is nobody left to tell."""
    row = await pool().fetchrow(TOLD, user_id, f"user.{state}")
    if row is None:
        return None
    keys = await open_keys(pool(), keyring, {user_id})
    reason = str(unseal(keys.get(user_id), row["personal_sealed"]).get("reason", ""))
    return Standing(email=keyring.decrypt(row["email_encrypted"]), entry_id=row["entry_id"], reason=reason)
