"""A key for each person, under which the append-only trail keeps personal values: destroy the key, and they are gone.

The keys lie in `person_key`, themselves under the keyring; no process keeps one, so that a destroyed key is destroyed.
"""

from uuid import UUID

import msgspec
from cryptography.fernet import Fernet, InvalidToken

from models.database import Connection, Pool
from models.keyring import Keyring

ADD = "INSERT INTO person_key (user_id, key_encrypted) VALUES ($1, $2) ON CONFLICT (user_id) DO NOTHING"
FIND = "SELECT key_encrypted FROM person_key WHERE user_id = $1"


async def seal_for(connection: Connection, keyring: Keyring, user_id: UUID, value: object) -> bytes:
    """`value` as JSON under this person's key, which is made where there is none."""
    stored = await connection.fetchval(FIND, user_id)
    if stored is None:
        await connection.execute(ADD, user_id, keyring.encrypt(Fernet.generate_key().decode()))
        stored = await connection.fetchval(FIND, user_id)
    return Fernet(keyring.decrypt(stored)).encrypt(msgspec.json.encode(value))


async def open_keys(connection: Connection | Pool, keyring: Keyring, user_ids: set[UUID]) -> dict[UUID, Fernet]:
    """The keys of these people, for reading; those who were forgotten have none."""
    rows = await connection.fetch("SELECT * FROM person_key WHERE user_id = ANY($1)", list(user_ids))
    return {row["user_id"]: Fernet(keyring.decrypt(row["key_encrypted"])) for row in rows}


def unseal(key: Fernet | None, token: bytes | None) -> dict[str, object]:
    """Empty where nothing was sealed, or where the key is gone or another one since."""
    if key is None or token is None:
        return {}
    try:
        return msgspec.json.decode(key.decrypt(bytes(token)), type=dict[str, object])
    except InvalidToken:
        return {}


async def forget_person_key(connection: Connection, user_id: UUID) -> None:
    """For the erasure of a person, in its transaction: every personal value in the trail can no longer be read.

    The rows themselves stay: who did what when, without anybody's name, address or mail.
    """
    await connection.execute("DELETE FROM person_key WHERE user_id = $1", user_id)
