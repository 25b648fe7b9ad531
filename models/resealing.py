"""Sealing every personal value anew under the newest key, in batches that may be interrupted at any moment.

How far it came stands in `resealing`, for each column, with a fingerprint of the key: the next run goes on there.
"""

from typing import NamedTuple
from uuid import UUID

from models.database import Connection, transaction
from models.keyring import Keyring
from models.personal import SEALED

BATCH = 500
BEGIN = """
INSERT INTO resealing AS r (place, key_id) VALUES ($1, $2)
ON CONFLICT (place) DO UPDATE SET key_id = $2,
    after = CASE WHEN r.key_id = $2 AND r.finished_at IS NULL THEN r.after END,
    sealed = CASE WHEN r.key_id = $2 AND r.finished_at IS NULL THEN r.sealed ELSE 0 END, finished_at = NULL
RETURNING after
"""


class Resealed(NamedTuple):
    """`read`: rows that were looked at; `sealed`: those that lay under an older key."""

    place: str
    read: int
    sealed: int


async def reseal(place: str, *, keyring: Keyring, batch: int = BATCH) -> Resealed:
    """One column, from where an earlier run under the same key was interrupted."""
    async with transaction() as connection:
        after: UUID | None = await connection.fetchval(BEGIN, place, keyring.newest_id)
    read = sealed = 0
    while True:
        async with transaction() as connection:
            rows = await _batch(connection, place, after, batch)
            changed = [(row[0], row[1], keyring.rotate(row[1])) for row in rows if not keyring.is_newest(row[1])]
            await _write(connection, place, changed)
            read, sealed = read + len(rows), sealed + len(changed)
            if len(rows) < batch:
                await connection.execute("UPDATE resealing SET finished_at = now() WHERE place = $1", place)
                return Resealed(place, read, sealed)
            after = rows[-1][0]
            await connection.execute(
                "UPDATE resealing SET after = $2, sealed = sealed + $3 WHERE place = $1", place, after, len(changed)
            )


async def _batch(connection: Connection, place: str, after: UUID | None, batch: int) -> list[tuple[UUID, bytes]]:
    table, _, column = place.partition(".")
    row = SEALED[place]
    rows = await connection.fetch(
        f"SELECT {row}, {column} FROM {table} WHERE ($1::uuid IS NULL OR {row} > $1) AND {column} IS NOT NULL"
        f" ORDER BY {row} LIMIT $2 FOR UPDATE",
        after,
        batch,
    )
    return [(found[0], found[1]) for found in rows]


async def _write(connection: Connection, place: str, changed: list[tuple[UUID, bytes, bytes]]) -> None:
    table, _, column = place.partition(".")
    row = SEALED[place]
    await connection.execute(
        f"UPDATE {table} SET {column} = w.new FROM unnest($1::uuid[], $2::bytea[], $3::bytea[]) AS w (id, old, new)"
        f" WHERE {table}.{row} = w.id AND {table}.{column} = w.old",
        *([list(values) for values in zip(*changed, strict=True)] or [[], [], []]),
    )
