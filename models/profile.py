"""What people keep in their account: their name and the addresses they order to. Personal columns are ciphertext."""

from datetime import datetime
from uuid import UUID

import msgspec

from models.base import uuid7
from models.database import pool, transaction
from models.delivery import Delivery
from models.errors import Invalid, NotFound
from models.keyring import Keyring

ADDRESSES_MAX = 20
NAME_MAX = 120


class SavedAddress(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    delivery: Delivery


class Details(msgspec.Struct, frozen=True, kw_only=True):
    """The sealed part of an address."""

    name: str
    phone: str
    line1: str
    line2: str
    city: str


KEEP = """
INSERT INTO address (id, user_id, details_encrypted, region, pin_code) SELECT $1, $2, $3, $4, $5
 WHERE (SELECT count(*) FROM address WHERE user_id = $2) < $6
"""


async def list_addresses(user_id: UUID, *, keyring: Keyring) -> list[SavedAddress]:
    """Last kept first."""
    rows = await pool().fetch(
        "SELECT id, details_encrypted, region, pin_code FROM address WHERE user_id = $1 ORDER BY id DESC", user_id
    )
    return [_saved(row["id"], row["details_encrypted"], row["region"], row["pin_code"], keyring) for row in rows]


async def get_address(user_id: UUID, address_id: UUID, *, keyring: Keyring) -> SavedAddress:
    """Raises NotFound, also for somebody else's."""
    for address in await list_addresses(user_id, keyring=keyring):
        if address.id == address_id:
            return address
    raise NotFound("You have no such address.")


async def keep_address(user_id: UUID, delivery: Delivery, *, keyring: Keyring) -> UUID:
    """`delivery` has been checked; one that is kept already is not kept twice. Raises Invalid for one too many."""
    known = await list_addresses(user_id, keyring=keyring)
    if found := next((address for address in known if address.delivery == delivery), None):
        return found.id
    details = Details(**{field: getattr(delivery, field) for field in Details.__struct_fields__})
    address_id = uuid7()
    async with transaction() as connection:
        status = await connection.execute(
            KEEP, address_id, user_id, keyring.encrypt_json(details), delivery.region, delivery.pin_code, ADDRESSES_MAX
        )
    if status.endswith(" 0"):
        raise Invalid(f"An account keeps {ADDRESSES_MAX} addresses; remove one first.", code="addresses_full")
    return address_id


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


def _saved(address_id: UUID, sealed: bytes, region: str, pin_code: str, keyring: Keyring) -> SavedAddress:
    details = keyring.decrypt_json(sealed, Details)
    delivery = Delivery(**msgspec.structs.asdict(details), region=region, pin_code=pin_code)
    return SavedAddress(id=address_id, delivery=delivery)
