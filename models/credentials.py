"""How one gets an account and keeps it: registering, a new password, a new address. Each change is told by mail.

Nothing here says whether an address has an account, except to who reads the mails sent there.
"""

from uuid import UUID

import asyncpg

from models.audit import Personal, record
from models.base import uuid7
from models.database import Connection, pool, transaction
from models.delivery import EMAIL
from models.errors import Conflict, Invalid, Unauthenticated
from models.keyring import Keyring, normalise_email
from models.links import close_links, count_sending, dead_link, find_open, lock_address, make_link, use_link
from models.outbox import enqueue
from models.person_keys import open_keys, unseal
from models.second_factor import forget_proposed
from models.sessions import revoke_sessions_of
from models.sign_in import register

EMAIL_MAX = 254
MOVED = "user.mail"
REGISTER_TTL_S = 24 * 3600
RESET_TTL_S = 3600
CHANGE_MAIL_TTL_S = 3600


def demand_email(email: str) -> str:
    """The address as it is kept. Raises Invalid for what no mail can be sent to."""
    email = normalise_email(email)
    if len(email) > EMAIL_MAX or not EMAIL.fullmatch(email):
        raise Invalid.field("email", "wants a mail address such as asha@example.in")
    return email


async def ask_to_register(keyring: Keyring, *, email: str, name: str, password_hash: str) -> UUID:
    """A registration that waits for its link to be followed. Returns its id, for `send_again`. `email` was demanded."""
    async with transaction() as connection:
        link_id, made = await make_link(
            connection, keyring, "register", email=email, name=name, password_hash=password_hash, ttl_s=REGISTER_TTL_S
        )
        if made:
            await enqueue(connection, "mail.registration", {"link_id": link_id, "number": 0})
    return link_id


async def send_again(link_id: UUID) -> None:
    """The same link once more, a few times; in silence for what cannot be sent."""
    async with transaction() as connection:
        number = await count_sending(connection, link_id)
        if number is not None:
            await enqueue(connection, "mail.registration", {"link_id": link_id, "number": number})


async def finish_registration(connection: Connection, keyring: Keyring, token: str) -> UUID:
    """The new user's id. Raises Invalid for a dead link, Conflict when the address has an account by now."""
    link = await use_link(connection, keyring, "register", token)
    assert link.name is not None
    assert link.password_hash is not None
    return await register(connection, keyring, email=link.email, name=link.name, password_hash=link.password_hash)


async def ask_to_reset(keyring: Keyring, *, email: str) -> None:
    """A mail with a link, if the address has an account."""
    async with transaction() as connection:
        link_id, made = await make_link(connection, keyring, "reset", email=email, ttl_s=RESET_TTL_S)
        if made:
            await enqueue(connection, "mail.reset", {"link_id": link_id})


async def reset_password(keyring: Keyring, token: str, *, password_hash: str) -> list[UUID]:
    """Every session of the account ends; their ids are returned. Raises Invalid for a dead link."""
    async with transaction() as connection:
        link = await use_link(connection, keyring, "reset", token)
        user_id = await connection.fetchval(
            "UPDATE users SET password_hash = $2 WHERE email_hash = $1 AND state = 'active' RETURNING id",
            link.email_hash,
            password_hash,
        )
        if user_id is None:
            raise dead_link()
        await close_links(connection, "reset", link.email_hash)
        await forget_proposed(connection, user_id)
        await enqueue(connection, "mail.password_changed", {"user_id": user_id, "change_id": link.id})
        return await revoke_sessions_of(user_id, connection)


async def get_password_hash(user_id: UUID) -> str | None:
    """None for an account that has no password."""
    found: str | None = await pool().fetchval("SELECT password_hash FROM users WHERE id = $1", user_id)
    return found


async def change_password(user_id: UUID, *, old_hash: str | None, new_hash: str, keep: UUID) -> list[UUID]:
    """Every session but `keep` ends, and every link to choose a new one; the sessions' ids are returned. Raises
    Conflict when it was changed meanwhile.
    """
    async with transaction() as connection:
        email_hash = await connection.fetchval(
            "UPDATE users SET password_hash = $3 WHERE id = $1 AND password_hash IS NOT DISTINCT FROM $2"
            " RETURNING email_hash",
            user_id,
            old_hash,
            new_hash,
        )
        if email_hash is None:
            raise Conflict("The password was changed meanwhile. Try again.", code="password_changed")
        await close_links(connection, "reset", email_hash)
        await forget_proposed(connection, user_id)
        await enqueue(connection, "mail.password_changed", {"user_id": user_id, "change_id": uuid7()})
        return await revoke_sessions_of(user_id, connection, keep=keep)


async def ask_to_change_mail(keyring: Keyring, user_id: UUID, *, email: str) -> None:
    """A link to the new address and a notice to the old one; nothing changes before the link is followed."""
    async with transaction() as connection:
        link_id, made = await make_link(
            connection, keyring, "change_mail", email=email, user_id=user_id, ttl_s=CHANGE_MAIL_TTL_S
        )
        if made:
            await enqueue(connection, "mail.change_mail", {"link_id": link_id})
            await enqueue(connection, "mail.change_mail_notice", {"link_id": link_id, "user_id": user_id})


async def change_mail(keyring: Keyring, token: str, *, user_id: UUID) -> str:
    """The new address. Raises Invalid for a dead link, or one of somebody else's; Conflict when it is taken.

    Those who move to one address take turns: each closes the links of the others.
    """
    wanted = await find_open(keyring, "change_mail", token)
    async with transaction() as connection:
        await lock_address(connection, wanted.email_hash)
        link = await use_link(connection, keyring, "change_mail", token)
        if link.user_id != user_id:
            raise Unauthenticated("This link is for another account. Sign in to that one and open it again.")
        taken = await connection.fetchval(
            "SELECT 1 FROM users WHERE email_hash = $1 AND id <> $2", link.email_hash, user_id
        )
        if taken:
            raise _taken()
        old = await connection.fetchrow(
            "SELECT email_hash, email_encrypted FROM users WHERE id = $1 FOR UPDATE", user_id
        )
        try:
            await connection.execute(
                "UPDATE users SET email_hash = $2, email_encrypted = $3, email_verified_at = now() WHERE id = $1",
                user_id,
                link.email_hash,
                keyring.encrypt(normalise_email(link.email)),
            )
        except asyncpg.UniqueViolationError as error:
            raise _taken() from error
        await close_links(connection, "reset", old["email_hash"])
        await close_links(connection, "change_mail", link.email_hash)
        await _tell_old(connection, keyring, user_id, keyring.decrypt(old["email_encrypted"]), link.email)
    return link.email


async def _tell_old(connection: Connection, keyring: Keyring, user_id: UUID, old: str, new: str) -> None:
    """The notice that went out when it was asked for may come later than the link was followed. The address that was is
    known to the trail alone, under the person's key.
    """
    values = {"before": {"email": old}, "after": {"email": normalise_email(new)}}
    await record(
        connection, actor_id=user_id, action=MOVED, subject_id=user_id, before={}, after={},
        personal=Personal(keyring, user_id, values),
    )  # fmt: skip
    entry_id = await connection.fetchval(
        "SELECT max(id) FROM audit_entry WHERE subject_id = $1 AND action = $2", user_id, MOVED
    )
    await enqueue(connection, "mail.mail_changed", {"user_id": user_id, "entry_id": entry_id})


async def read_old_mail(keyring: Keyring, entry_id: int) -> str | None:
    """The address that an account had before this change; None once the person is erased."""
    row = await pool().fetchrow("SELECT person_id, personal_sealed FROM audit_entry WHERE id = $1", entry_id)
    keys = await open_keys(pool(), keyring, {row["person_id"]}) if row else {}
    told = unseal(keys.get(row["person_id"]), row["personal_sealed"]) if row else {}
    before = told.get("before")
    return str(before["email"]) if isinstance(before, dict) else None


def _taken() -> Conflict:
    return Conflict("This address has an account of its own.", code="email")
