"""`product_search`: the documents as PostgreSQL holds them, for its own answers and for comparing with the index."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from models.database import Connection

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


async def stored_since(connection: Connection, ids: Collection[UUID], moment: datetime) -> set[UUID]:
    """Those of `ids` whose document was last written after `moment`."""
    rows = await connection.fetch(
        "SELECT product_id FROM product_search WHERE product_id = ANY($1::uuid[]) AND updated_at > $2",
        list(ids),
        moment,
    )
    return {row["product_id"] for row in rows}
