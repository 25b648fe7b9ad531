"""The change feed as the drainer sees it: which products changed, by lane, and exactly which rows said so."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from models.database import Connection

ANY = "SELECT EXISTS (SELECT FROM search_change)"

# All rows of the products that the oldest rows of a lane name: they coalesce into one document each. Each product is
# looked up by itself: a table that was empty a moment ago is thought to be so, and a join compared all with all.
READ = """
WITH oldest AS (
    SELECT product_id FROM search_change WHERE bulk = $1 AND product_id <> ALL($3::uuid[]) ORDER BY id LIMIT $2)
SELECT named.product_id, change.*
  FROM (SELECT DISTINCT product_id FROM oldest) AS named
 CROSS JOIN LATERAL (
    SELECT array_agg(id) AS ids, min(kind) AS kind, bool_and(bulk) AS bulk, min(created_at) AS since
      FROM search_change WHERE product_id = named.product_id) AS change
 ORDER BY named.product_id
"""

DELETE = "DELETE FROM search_change WHERE id = ANY($1::bigint[])"

# While an index is being rebuilt, what was drained since is reread into it.
REPLAY = """
INSERT INTO search_replay (product_id) SELECT unnest($1::uuid[]) WHERE EXISTS (SELECT FROM search_rebuild)
    ON CONFLICT DO NOTHING
"""

ENQUEUE = """
INSERT INTO search_change (product_id, kind, bulk) SELECT id, 'full', $2 FROM unnest($1::uuid[]) AS wanted(id)
"""

AGE = """
SELECT count(*) AS rows, coalesce(extract(epoch FROM now() - min(created_at)), 0)::float8 AS age FROM search_change
"""


ALIVE_S = 20.0
"""After so long a server that does not say that it is there is given up."""


class Change(NamedTuple):
    """A product and every row that says it changed; `full` unless all of them are of price, stock or counts."""

    product_id: UUID
    rows: list[int]
    full: bool
    bulk: bool
    since: datetime


async def demand_alive(connection: Connection) -> None:
    """By a question of no work, since a look at a long queue may take its time. Raises TimeoutError."""
    await connection.execute("SELECT", timeout=ALIVE_S)


async def anything_waits(connection: Connection) -> bool:
    """Whatever its lane: one question where nothing does. Raises TimeoutError likewise."""
    waits: bool = await connection.fetchval(ANY, timeout=ALIVE_S)
    return waits


async def read_changes(connection: Connection, *, bulk: bool, limit: int, without: Collection[UUID]) -> list[Change]:
    """Up to `limit` products of a lane, those whose oldest row came first; none of `without`."""
    rows = await connection.fetch(READ, bulk, limit, list(without))
    return [Change(row["product_id"], row["ids"], row["kind"] == "full", row["bulk"], row["since"]) for row in rows]


async def read_after(connection: Connection, row: int, limit: int) -> tuple[list[UUID], int]:
    """Products of the `limit` rows after `row`, and the last of these rows; `row` itself where there is none."""
    rows = await connection.fetch(
        "SELECT id, product_id FROM search_change WHERE id > $1 ORDER BY id LIMIT $2", row, limit
    )
    return list({found["product_id"] for found in rows}), rows[-1]["id"] if rows else row


async def delete_changes(connection: Connection, changes: Collection[Change]) -> datetime:
    """Delete exactly the rows that were read: one that committed since, even with a lower id, stays. Returns now."""
    async with connection.transaction():
        await connection.execute(REPLAY, [change.product_id for change in changes])
        await connection.execute(DELETE, [row for change in changes for row in change.rows])
        now: datetime = await connection.fetchval("SELECT clock_timestamp()")
        return now


async def enqueue_products(connection: Connection, ids: Collection[UUID], *, bulk: bool) -> None:
    """Have the drainer rewrite the documents of `ids`."""
    await connection.execute(ENQUEUE, list(ids), bulk)


async def queue_age(connection: Connection) -> tuple[int, float]:
    """How many rows wait, and the seconds that the oldest one has waited."""
    row = await connection.fetchrow(AGE)
    return row["rows"], row["age"]
