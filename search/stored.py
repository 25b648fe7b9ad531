"""`product_search`: the documents as PostgreSQL holds them, for its own answers and for comparing with the index."""

import asyncio
from collections.abc import Awaitable, Collection, Sequence
from datetime import datetime
from typing import TypeVar, cast
from uuid import UUID

from models.database import Connection
from search.client import SearchClient
from search.document import PART_FIELDS
from search.tags import Told, read
from search.writer import Batch, write

T = TypeVar("T")

# Where nothing but price, stock and counts differ, the words and the indexes stay as they are.
REWRITE = """
UPDATE product_search AS held SET document = new.document, updated_at = now()
  FROM (SELECT id, document::jsonb FROM unnest($1::uuid[], $2::text[]) AS given(id, document)) AS new
 WHERE held.product_id = new.id AND held.document - $3::text[] = new.document - $3::text[]
RETURNING held.product_id
"""
UPSERT = """
INSERT INTO product_search (product_id, document, words, updated_at)
SELECT id, document, haat_search_vector(document), now()
  FROM (SELECT id, document::jsonb FROM unnest($1::uuid[], $2::text[]) AS given(id, document)) AS new
    ON CONFLICT (product_id) DO UPDATE
   SET document = excluded.document, words = excluded.words, updated_at = excluded.updated_at
"""
# Every word that names a product or what it is, for telling what a misspelt one meant. In order: two writers may meet.
LEARN = """
INSERT INTO search_word
SELECT DISTINCT word FROM product_search CROSS JOIN LATERAL unnest(tsvector_to_array(to_tsvector('simple',
       haat_unaccent(concat_ws(' ', name, brand, document->>'kind', document->>'category_names'))))) AS word
 WHERE product_id = ANY($1::uuid[]) ORDER BY 1
    ON CONFLICT DO NOTHING
"""


async def keep(connection: Connection, batch: Batch) -> None:
    """Write a batch, deletes included; in ascending order of ids, so that two writers never deadlock."""
    ids = sorted(batch.encoded)
    if ids:
        rows = await connection.fetch(REWRITE, ids, _texts(batch, ids), list(PART_FIELDS))
        done = {row["product_id"] for row in rows}
        if whole := [key for key in ids if key not in done]:
            await connection.execute(UPSERT, whole, _texts(batch, whole))
            await connection.execute(LEARN, whole)
    if batch.gone:
        await connection.execute("DELETE FROM product_search WHERE product_id = ANY($1::uuid[])", batch.gone)


def _texts(batch: Batch, ids: Sequence[UUID]) -> list[str]:
    return [batch.encoded[key].decode() for key in ids]


async def write_both(
    connection: Connection, client: SearchClient, index: str, batch: Batch, *, partial: Collection[UUID] = ()
) -> None:
    """Write a batch to the table while the engine indexes it. Raises SearchDown, SearchRefused, TaskFailed."""
    await keep_beside(connection, batch, write(client, index, batch, partial=partial))


async def keep_beside(connection: Connection, batch: Batch, engine: Awaitable[T]) -> T:
    """Write a batch to the table while the engine does its part. The table has it also where the engine fails."""
    done, kept = await asyncio.gather(engine, keep(connection, batch), return_exceptions=True)
    for result in (kept, done):
        if isinstance(result, BaseException):
            raise result
    return cast("T", done)


async def discard_between(
    connection: Connection, after: UUID | None, last: UUID | None, *, kept: Collection[UUID]
) -> None:
    """Drop the documents with `after` < id <= `last` (None: no bound) that are not among `kept`."""
    await connection.execute(
        """DELETE FROM product_search WHERE ($1::uuid IS NULL OR product_id > $1)
              AND ($2::uuid IS NULL OR product_id <= $2)
              AND NOT EXISTS (SELECT FROM unnest($3::uuid[]) AS kept(id) WHERE kept.id = product_id)""",
        after,
        last,
        list(kept),
    )


async def read_told(connection: Connection, ids: Collection[UUID]) -> dict[UUID, Told]:
    """What the documents of `ids` said until now, of those that have one."""
    rows = await connection.fetch(
        "SELECT product_id, document FROM product_search WHERE product_id = ANY($1::uuid[])", list(ids)
    )
    return {row["product_id"]: read(row["document"]) for row in rows}


async def stored_since(connection: Connection, ids: Collection[UUID], moment: datetime) -> set[UUID]:
    """Those of `ids` whose document was last written after `moment`."""
    rows = await connection.fetch(
        "SELECT product_id FROM product_search WHERE product_id = ANY($1::uuid[]) AND updated_at > $2",
        list(ids),
        moment,
    )
    return {row["product_id"] for row in rows}
