"""Who works for a seller: people invited by mail, each with the grants that the owner gives, taken away at once.

Nobody works for two sellers. A change of grants ends the person's log-ins, so that no old grant outlives it.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal
from uuid import UUID

import asyncpg
import msgspec

from models.audit import Personal, record
from models.base import uuid7
from models.buckets import take_token
from models.database import pool, transaction
from models.errors import Conflict, Invalid, NotFound, TooMany
from models.keyring import Keyring, normalise_email
from models.outbox import enqueue
from models.people import demand_no_market_role
from models.sessions import revoke_sessions_of

Grant = Literal["products", "orders", "money"]
Grants = Annotated[list[Grant], msgspec.Meta(max_length=3)]
INVITED_FOR = timedelta(days=7)
INVITATIONS_MAX = 20
MAILS = {"mail": (3, 3_600), "shop": (30, 86_400)}
"""How many invitations go to one address, and out from one shop, in so many seconds: anybody can open a shop."""


class StaffRow(msgspec.Struct, frozen=True, kw_only=True):
    user_id: UUID
    name: str
    email: str
    grants: list[str]
    since: datetime


class InvitationRow(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    email: str
    grants: list[str]
    expires_at: datetime


class Invitation(msgspec.Struct, frozen=True, kw_only=True):
    """What the mail and the page of the invited say."""

    id: UUID
    email: str
    seller_name: str
    grants: list[str]
    expires_at: datetime


STAFF = """
SELECT t.user_id, u.name, u.email_encrypted, t.grants, t.created_at AS since
  FROM seller_staff t JOIN users u ON u.id = t.user_id WHERE t.seller_id = $1 ORDER BY t.created_at, t.user_id
"""
INVITATIONS = """
SELECT id, email_encrypted, grants, expires_at FROM staff_invitation
 WHERE seller_id = $1 AND expires_at > now() ORDER BY created_at, id
"""
INVITE = """
INSERT INTO staff_invitation (id, seller_id, email_hash, email_encrypted, grants, expires_at)
VALUES ($1, $2, $3, $4, $5, now() + $6)
ON CONFLICT (seller_id, email_hash) DO UPDATE
   SET grants = excluded.grants, created_at = now(), expires_at = excluded.expires_at
RETURNING id
"""
ONE = """
SELECT i.id, i.seller_id, i.email_hash, i.email_encrypted, s.name AS seller_name, i.grants, i.expires_at
  FROM staff_invitation i JOIN seller s ON s.id = i.seller_id WHERE i.id = $1 AND i.expires_at > now()
"""
TAKEN = "SELECT 1 FROM seller WHERE user_id = $1 UNION ALL SELECT 1 FROM seller_staff WHERE user_id = $1"
INVITED = "SELECT email_hash, email_encrypted, name, role FROM users WHERE id = $1"
GONE = "This invitation has expired, was withdrawn or is somebody else's. Ask the shop for a new one."


async def list_staff(seller_id: UUID, *, keyring: Keyring) -> tuple[list[StaffRow], list[InvitationRow]]:
    """Those who work for the seller, and those who are invited."""
    staff, invited = await pool().fetch(STAFF, seller_id), await pool().fetch(INVITATIONS, seller_id)
    return (
        [StaffRow(email=keyring.decrypt(r["email_encrypted"]), **_less(r, "email_encrypted")) for r in staff],
        [InvitationRow(email=keyring.decrypt(r["email_encrypted"]), **_less(r, "email_encrypted")) for r in invited],
    )


async def invite(seller_id: UUID, email: str, grants: Iterable[str], *, actor_id: UUID, keyring: Keyring) -> UUID:
    """By mail, for a week; inviting again renews it. Raises Conflict for somebody who works here, or for too many that
    wait; TooMany for who sends one mail after the other.
    """
    email, wanted, digest = normalise_email(email), tidy_grants(grants), keyring.email_hash(email)
    await _demand_few(shop=str(seller_id), mail=digest)
    async with transaction() as connection:
        await connection.execute("DELETE FROM staff_invitation WHERE seller_id = $1 AND expires_at <= now()", seller_id)
        waiting = await connection.fetchval("SELECT count(*) FROM staff_invitation WHERE seller_id = $1", seller_id)
        if waiting >= INVITATIONS_MAX:
            raise Conflict(f"{INVITATIONS_MAX} invitations wait already: withdraw one first.", code="invitations")
        works_here = await connection.fetchval(
            "SELECT 1 FROM seller_staff t JOIN users u ON u.id = t.user_id"
            " WHERE t.seller_id = $1 AND u.email_hash = $2",
            seller_id,
            digest,
        )
        if works_here:
            raise Conflict("This person works for your shop already.", code="staff")
        invitation_id: UUID = await connection.fetchval(
            INVITE, uuid7(), seller_id, digest, keyring.encrypt(email), wanted, INVITED_FOR
        )
        await enqueue(connection, "mail.staff_invited", {"invitation_id": invitation_id})
        await record(
            connection, actor_id=actor_id, action="staff.invited", subject_id=seller_id, before={},
            after={"invitation_id": invitation_id, "grants": wanted},
        )  # fmt: skip
    return invitation_id


async def withdraw(seller_id: UUID, invitation_id: UUID, *, actor_id: UUID) -> None:
    """Raises NotFound."""
    async with transaction() as connection:
        status = await connection.execute(
            "DELETE FROM staff_invitation WHERE id = $1 AND seller_id = $2", invitation_id, seller_id
        )
        if status != "DELETE 1":
            raise NotFound("There is no such invitation.")
        await record(
            connection, actor_id=actor_id, action="staff.withdrawn", subject_id=seller_id,
            before={"invitation_id": invitation_id}, after={},
        )  # fmt: skip


async def get_invitation(invitation_id: UUID, *, keyring: Keyring) -> Invitation:
    """Raises NotFound once it has expired, was accepted or withdrawn."""
    row = await pool().fetchrow(ONE, invitation_id)
    if row is None:
        raise NotFound(GONE)
    return Invitation(
        email=keyring.decrypt(row["email_encrypted"]), **_less(row, "email_encrypted", "email_hash", "seller_id")
    )


async def accept(invitation_id: UUID, user_id: UUID, *, keyring: Keyring) -> None:
    """Start to work for the seller. Raises NotFound for an invitation of somebody else's, Conflict where one sells or
    works for a seller already, or for the market.
    """
    async with transaction() as connection:
        row = await connection.fetchrow(f"{ONE} FOR UPDATE OF i", invitation_id)
        user = await connection.fetchrow(f"{INVITED} FOR NO KEY UPDATE", user_id)
        if row is None or row["email_hash"] != user["email_hash"]:
            raise NotFound(GONE)
        demand_no_market_role(user["role"])
        if await connection.fetchval(TAKEN, user_id):
            raise Conflict("This account sells or works for a seller already. Use another one.", code="staff")
        await connection.execute("DELETE FROM staff_invitation WHERE id = $1", invitation_id)
        await connection.execute(
            "INSERT INTO seller_staff (user_id, seller_id, grants) VALUES ($1, $2, $3)",
            user_id, row["seller_id"], row["grants"],
        )  # fmt: skip
        about = Personal(keyring, user_id, {"name": user["name"], "email": keyring.decrypt(user["email_encrypted"])})
        await record(
            connection, actor_id=user_id, action="staff.joined", subject_id=row["seller_id"], before={},
            after={"user_id": user_id, "grants": row["grants"]}, personal=about,
        )  # fmt: skip


async def set_grants(seller_id: UUID, user_id: UUID, grants: Iterable[str], *, actor_id: UUID) -> list[UUID]:
    """Returns the sessions that end with it. Raises NotFound."""
    wanted = tidy_grants(grants)
    async with transaction() as connection:
        old = await connection.fetchval(
            "SELECT grants FROM seller_staff WHERE user_id = $1 AND seller_id = $2 FOR UPDATE", user_id, seller_id
        )
        if old is None:
            raise NotFound("Nobody of this name works for your shop.")
        await connection.execute("UPDATE seller_staff SET grants = $2 WHERE user_id = $1", user_id, wanted)
        await record(
            connection, actor_id=actor_id, action="staff.granted", subject_id=user_id, before={"grants": old},
            after={"grants": wanted},
        )  # fmt: skip
        return await revoke_sessions_of(user_id, connection)


async def remove(seller_id: UUID, user_id: UUID, *, actor_id: UUID) -> list[UUID]:
    """Returns the sessions that end with it. Raises NotFound."""
    async with transaction() as connection:
        old = await connection.fetchval(
            "DELETE FROM seller_staff WHERE user_id = $1 AND seller_id = $2 RETURNING grants", user_id, seller_id
        )
        if old is None:
            raise NotFound("Nobody of this name works for your shop.")
        await record(
            connection, actor_id=actor_id, action="staff.removed", subject_id=user_id, before={"grants": old}, after={}
        )
        return await revoke_sessions_of(user_id, connection)


async def _demand_few(**whose: str) -> None:
    """Counted before it is judged, in PostgreSQL."""
    for kind, name in whose.items():
        most, seconds = MAILS[kind]
        given, _ = await take_token("invitation", f"{kind}:{name}", requests=most, seconds=seconds)
        if not given:
            raise TooMany("So many invitations were sent already. Wait a while.", retry_after_s=seconds // most)


def tidy_grants(grants: Iterable[str]) -> list[str]:
    """In one order, each once. Raises Invalid for an unknown one."""
    known = ("products", "orders", "money")
    wanted = set(grants)
    if wanted - set(known):
        raise Invalid.field("grants", f"knows {', '.join(known)}")
    return [grant for grant in known if grant in wanted]


def _less(row: asyncpg.Record, *names: str) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in names}
