"""What people keep in their account: their name and the addresses they order to. Personal columns are ciphertext."""

from datetime import datetime
from uuid import UUID

import msgspec
from asyncpg import Record

from models.base import uuid7
from models.database import Connection, pool, transaction
from models.delivery import Delivery
from models.errors import Invalid, NotFound
from models.keyring import Keyring
from models.outbox import enqueue

ADDRESSES_MAX = 20
NAME_MAX = 120


class SavedAddress(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    delivery: Delivery
    is_default: bool = False


class Details(msgspec.Struct, frozen=True, kw_only=True):
    """The sealed part of an address."""

    name: str
    phone: str
    line1: str
    line2: str
    city: str


KEEP = """
INSERT INTO address (id, user_id, details_encrypted, region, pin_code, is_default)
SELECT $1, $2, $3, $4, $5, NOT EXISTS (SELECT FROM address WHERE user_id = $2)
 WHERE (SELECT count(*) FROM address WHERE user_id = $2) < $6
"""
LIST = """
SELECT id, details_encrypted, region, pin_code, is_default FROM address WHERE user_id = $1
 ORDER BY is_default DESC, id DESC
"""
LOCK = "SELECT FROM users WHERE id = $1 FOR NO KEY UPDATE"
"""Two tabs of one user take turns: each sees what the other kept, and which address is the usual one."""


async def list_addresses(user_id: UUID, *, keyring: Keyring) -> list[SavedAddress]:
    """The usual one first, then last kept first."""
    return [_saved(row, keyring) for row in await pool().fetch(LIST, user_id)]


async def get_address(user_id: UUID, address_id: UUID, *, keyring: Keyring) -> SavedAddress:
    """Raises NotFound, also for somebody else's."""
    for address in await list_addresses(user_id, keyring=keyring):
        if address.id == address_id:
            return address
    raise NotFound("You have no such address.")


async def keep_address(user_id: UUID, delivery: Delivery, *, keyring: Keyring) -> UUID:
    """`delivery` has been checked; one that is kept already is not kept twice, and the first is the usual one.

    Raises Invalid for one too many.
    """
    address_id, sealed = uuid7(), _seal(delivery, keyring)
    async with transaction() as connection:
        await connection.execute(LOCK, user_id)
        if known := await _find_same(connection, user_id, delivery, keyring):
            return known
        status = await connection.execute(
            KEEP, address_id, user_id, sealed, delivery.region, delivery.pin_code, ADDRESSES_MAX
        )
    if status.endswith(" 0"):
        raise Invalid(f"An account keeps {ADDRESSES_MAX} addresses; remove one first.", code="addresses_full")
    return address_id


async def change_address(user_id: UUID, address_id: UUID, delivery: Delivery, *, keyring: Keyring) -> None:
    """`delivery` has been checked. Raises NotFound, also for somebody else's."""
    status = await pool().execute(
        "UPDATE address SET details_encrypted = $3, region = $4, pin_code = $5 WHERE id = $1 AND user_id = $2",
        address_id,
        user_id,
        _seal(delivery, keyring),
        delivery.region,
        delivery.pin_code,
    )
    if status.endswith(" 0"):
        raise NotFound("You have no such address.")


async def make_default(user_id: UUID, address_id: UUID) -> None:
    """The one that checkout offers first. Raises NotFound, also for somebody else's."""
    async with transaction() as connection:
        await connection.execute(LOCK, user_id)
        await connection.execute(
            "UPDATE address SET is_default = false WHERE user_id = $1 AND is_default AND id <> $2", user_id, address_id
        )
        status = await connection.execute(
            "UPDATE address SET is_default = true WHERE id = $1 AND user_id = $2", address_id, user_id
        )
        if status.endswith(" 0"):
            raise NotFound("You have no such address.")


async def drop_address(user_id: UUID, address_id: UUID) -> None:
    """Raises NotFound, also for somebody else's."""
    status = await pool().execute("DELETE FROM address WHERE id = $1 AND user_id = $2", address_id, user_id)
    if status.endswith(" 0"):
        raise NotFound("You have no such address.")


async def rename(user_id: UUID, name: str) -> None:
    """Raises Invalid."""
    name = " ".join(name.split())
    if not 0 < len(name) <= NAME_MAX:
        raise Invalid.field("name", f"wants 1 to {NAME_MAX} characters")
    await pool().execute("UPDATE users SET name = $2 WHERE id = $1", user_id, name)


async def find_phone(user_id: UUID, *, keyring: Keyring) -> str | None:
    """The number that was proved, if there is one."""
    sealed: bytes | None = await pool().fetchval(
        "SELECT phone_encrypted FROM users WHERE id = $1 AND phone_verified_at IS NOT NULL", user_id
    )
    return keyring.decrypt(sealed) if sealed else None


async def joined_at(user_id: UUID) -> datetime:
    found: datetime | None = await pool().fetchval("SELECT created_at FROM users WHERE id = $1", user_id)
    if found is None:
        raise NotFound("There is no such account.")
    return found


async def avatar_of(user_id: UUID) -> str:
    """The key of somebody's picture; empty where there is none."""
    found: str | None = await pool().fetchval("SELECT avatar_key FROM users WHERE id = $1", user_id)
    return found or ""


async def set_avatar(user_id: UUID, key: str) -> None:
    """In the place of the one before, which a job deletes. Raises NotFound once the account is gone."""
    async with transaction() as connection:
        old = await connection.fetchval("SELECT avatar_key FROM users WHERE id = $1 FOR NO KEY UPDATE", user_id)
        if old is None:
            raise NotFound("There is no such account.")
        await connection.execute("UPDATE users SET avatar_key = $2 WHERE id = $1", user_id, key)
        if old:
            await enqueue(connection, "media.remove", {"key": old})


async def password_of(user_id: UUID) -> str | None:
    """The hash of somebody's password; None where they log in without one."""
    found: str | None = await pool().fetchval("SELECT password_hash FROM users WHERE id = $1", user_id)
    return found


async def is_fresh(session_id: UUID) -> bool:
    """Whether this log-in is younger than ten minutes."""
    found: bool | None = await pool().fetchval(
        "SELECT created_at > now() - interval '10 minutes' FROM session WHERE id = $1", session_id
    )
    return bool(found)


async def _find_same(connection: Connection, user_id: UUID, delivery: Delivery, keyring: Keyring) -> UUID | None:
    """In the caller's transaction: what is kept is ciphertext, which only its key compares."""
    known = (_saved(row, keyring) for row in await connection.fetch(LIST, user_id))
    return next((address.id for address in known if address.delivery == delivery), None)


def _seal(delivery: Delivery, keyring: Keyring) -> bytes:
    return keyring.encrypt_json(Details(**{field: getattr(delivery, field) for field in Details.__struct_fields__}))


def _saved(row: Record, keyring: Keyring) -> SavedAddress:
    details = keyring.decrypt_json(row["details_encrypted"], Details)
    delivery = Delivery(**msgspec.structs.asdict(details), region=row["region"], pin_code=row["pin_code"])
    return SavedAddress(id=row["id"], delivery=delivery, is_default=row["is_default"])
