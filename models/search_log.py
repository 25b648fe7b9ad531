"""Searches and clicks as they are logged, in batches and without anybody in them, kept for a while, made popular.

Each row stands for `weight` of its kind, where only one in so many was logged.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import NamedTuple
from uuid import UUID

from models.audit import record
from models.base import uuid7
from models.database import pool, transaction
from models.errors import NotFound
from models.outbox import enqueue

POPULAR_MAX = 500
FORGOTTEN_AFTER = timedelta(seconds=6)  # what processes keep of popular queries lives for 5
BATCH = 10_000


class Searched(NamedTuple):
    """`search_id` names the search with its filters, `narrowed`: there were some; `took_ms` is what the shopper waited
    for our answer."""

    query: str
    search_id: str
    results: int
    engine: str
    cached: bool
    took_ms: float
    narrowed: bool = False


class Clicked(NamedTuple):
    """`position` counts from 1 over all pages."""

    search_id: str
    position: int
    slug: str


SEARCHES = """
INSERT INTO search_query_log (query, search_id, results, engine, cached, took_ms, narrowed, weight)
SELECT *, $8::int
  FROM unnest($1::text[], $2::text[], $3::int[], $4::text[], $5::bool[], $6::real[], $7::bool[])
"""
CLICKS = """
INSERT INTO search_click (query, position, product_id, weight)
SELECT l.query, c.position, p.id, $4::int
  FROM unnest($1::text[], $2::int[], $3::text[]) AS c(search_id, position, slug)
  JOIN product p ON p.slug = c.slug
 CROSS JOIN LATERAL (SELECT query, results FROM search_query_log
                      WHERE search_id = c.search_id AND created_at > now() - interval '1 day'
                      ORDER BY created_at DESC LIMIT 1) AS l
 WHERE c.position <= l.results
"""
# The last search for a query says whether it finds something. By its id: to sort the log takes four times as long. What
# somebody narrowed says nothing of that, and is no further search for the words.
POPULAR = """
INSERT INTO popular_query (query, searches)
WITH asked AS (
    SELECT query, sum(weight) AS searches, max(id) AS last
      FROM search_query_log WHERE created_at > now() - $1::interval AND NOT narrowed
     GROUP BY query HAVING sum(weight) >= $2)
SELECT asked.query, searches FROM asked JOIN search_query_log l ON l.id = asked.last
 WHERE l.results > 0 AND NOT EXISTS (SELECT FROM hidden_query h WHERE h.query = asked.query)
 ORDER BY searches DESC, asked.query LIMIT $3
"""


async def write_searches(searches: Sequence[Searched], *, weight: int) -> None:
    """In one statement."""
    if searches:
        await pool().execute(SEARCHES, *([*column] for column in zip(*searches, strict=True)), weight)


async def write_clicks(clicks: Sequence[Clicked], *, weight: int) -> None:
    """Those on a search that was logged in the last day, within its results, and on a product that exists."""
    if clicks:
        await pool().execute(CLICKS, *([*column] for column in zip(*clicks, strict=True)), weight)


async def forget_old(*, keep_days: int) -> None:
    """What is older, in batches."""
    for table in ("search_query_log", "search_click"):
        old = f"SELECT id FROM {table} WHERE created_at < now() - $1::interval LIMIT {BATCH}"
        delete = f"DELETE FROM {table} WHERE id IN ({old})"
        while await pool().execute(delete, timedelta(days=keep_days)) == f"DELETE {BATCH}":
            continue


async def count_popular(*, days: int, least: int) -> None:
    """What at least `least` searches of the last `days` asked for, found something, and is not hidden."""
    async with transaction() as connection:
        await connection.execute("LOCK TABLE popular_query IN SHARE ROW EXCLUSIVE MODE")
        await connection.execute("DELETE FROM popular_query")
        await connection.execute(POPULAR, timedelta(days=days), least, POPULAR_MAX)


async def list_popular(limit: int = POPULAR_MAX) -> list[str]:
    """The most searched first."""
    rows = await pool().fetch("SELECT query FROM popular_query ORDER BY searches DESC, query LIMIT $1", limit)
    return [row["query"] for row in rows]


async def list_hidden() -> list[str]:
    return [row["query"] for row in await pool().fetch("SELECT query FROM hidden_query ORDER BY query")]


async def hide_query(query: str, *, actor_id: UUID) -> None:
    """Never suggested again, until it is shown again; hiding twice is as good as once.

    The trail has its id alone: a query may be somebody's name, and the trail forgets nothing.
    """
    async with transaction() as connection:
        hidden = await connection.fetchval(
            "INSERT INTO hidden_query (id, query) VALUES ($1, $2) ON CONFLICT (query) DO NOTHING RETURNING id",
            uuid7(),
            query,
        )
        if hidden is None:
            return
        await connection.execute("DELETE FROM popular_query WHERE query = $1", query)
        await record(
            connection, actor_id=actor_id, action="query.hidden", subject_id=hidden, before={"hidden": False},
            after={"hidden": True},
        )  # fmt: skip
        await enqueue(connection, "search.forget", {}, after=FORGOTTEN_AFTER)


async def show_query(query: str, *, actor_id: UUID) -> None:
    """Raises NotFound where it is not hidden."""
    async with transaction() as connection:
        hidden = await connection.fetchval("DELETE FROM hidden_query WHERE query = $1 RETURNING id", query)
        if hidden is None:
            raise NotFound("This query is not hidden.")
        await record(
            connection, actor_id=actor_id, action="query.shown", subject_id=hidden, before={"hidden": True},
            after={"hidden": False},
        )  # fmt: skip
