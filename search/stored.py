"""`product_search`: the documents as PostgreSQL holds them, for its own answers and for comparing with the index."""

import asyncio
from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from models.database import Connection
from search.client import SearchClient
from search.writer import Batch, write

UPSERT = """
INSERT INTO product_search (product_id, document, updated_at)
SELECT id, document::jsonb, now() FROM unnest($1::uuid[], $2::text[]) AS new(id, document)
    ON CONFLICT (product_id) DO UPDATE SET document = excluded.document, updated_at = excluded.updated_at
"""


async def store(connection: Connection, ids: Sequence[UUID], documents: Sequence[bytes]) -> None:
    """Write documents, encoded as JSON; `ids` in ascending order, so that two writers never deadlock."""
    if ids:
        await connection.execute(UPSERT, ids, [document.decode() for document in documents])


async def discard(connection: Connection, ids: Collection[UUID]) -> None:
    """Drop the documents of products that are not sellable any more."""
    if ids:
        await connection.execute("DELETE FROM product_search WHERE product_id = ANY($1::uuid[])", list(ids))


async def keep(connection: Connection, batch: Batch) -> None:
    """Write a batch to the table, deletes included."""
    ids = sorted(batch.encoded)
    await store(connection, ids, [batch.encoded[product_id] for product_id in ids])
    await discard(connection, batch.gone)


async def write_both(
    connection: Connection, client: SearchClient, index: str, batch: Batch, *, partial: Collection[UUID] = ()
) -> None:
    """Write a batch to the table while the engine indexes it. The table has it also where the engine fails.

    Raises SearchDown, SearchRefused, TaskFailed.
    """
    written, kept = await asyncio.gather(
        write(client, index, batch, partial=partial), keep(connection, batch), return_exceptions=True
    )
    for result in (kept, written):
        if isinstance(result, BaseException):
            raise result


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


async def stored_since(connection: Connection, ids: Collection[UUID], moment: datetime) -> set[UUID]:
    """Those of `ids` whose document was last written after `moment`."""
    rows = await connection.fetch(
        "SELECT product_id FROM product_search WHERE product_id = ANY($1::uuid[]) AND updated_at > $2",
        list(ids),
        moment,
    )
    return {row["product_id"] for row in rows}
