"""The fallback's search by words, and the drainer's feed, find their rows by an index, whatever there is."""

import json
from typing import Any

from models.database import pool
from search.feed import READ
from search.filters import Filters
from search.match import terms_of
from search.query import Search
from search.spelling import KNOWN

QUEUED = 3_000
BY_INDEX = "SELECT idx_scan FROM pg_stat_user_tables WHERE relname = 'product_search'"


async def test_a_search_by_words_reads_no_table_from_end_to_end(database):
    filters = Filters()
    where = filters.where(Search(q="brass lamp"), terms_of(("brass", "lamp"), {}))
    async with pool().acquire() as connection, connection.transaction():
        await connection.execute(
            "SET LOCAL enable_seqscan = off"
        )  # the table of a test is too small for an index to pay
        rows = await connection.fetch(f"EXPLAIN SELECT 1 FROM product_search WHERE {where}", *filters.values)
    plan = "\n".join(row[0] for row in rows)
    assert "Index" in plan
    assert "Seq Scan" not in plan, plan


async def test_a_word_that_nobody_has_is_looked_up_in_the_index_alone(database):
    """Where one row is enough PostgreSQL hopes to meet it soon, and reads a large table to its end: the function
    forbids that, which the table of a test is too small to show.
    """
    async with pool().acquire() as connection:
        await connection.execute("SELECT pg_stat_force_next_flush()")
        before = await connection.fetchval(BY_INDEX)
        assert await connection.fetch(KNOWN, ["'zzqqxx'", "'zzqqx':*"]) == []
        await connection.execute("SELECT pg_stat_force_next_flush()")
        assert await connection.fetchval(BY_INDEX) > before
        said = await connection.fetchval("SELECT proconfig FROM pg_proc WHERE proname = 'haat_is_word'")
    assert said == ["enable_seqscan=off"]
    assert "product_search" not in KNOWN


async def test_the_feed_is_read_as_fast_right_after_it_was_thought_empty(database, owner):
    """A bulk change meets a table of which the statistics say one row: no row is compared with all others for it."""
    fill = """INSERT INTO search_change (product_id, kind, bulk)
              SELECT gen_random_uuid(), 'part', true FROM generate_series(1, $1)"""
    await owner.execute(fill, QUEUED)
    await owner.execute("DELETE FROM search_change WHERE id < (SELECT max(id) FROM search_change)")
    await owner.execute("VACUUM ANALYZE search_change")
    await owner.execute(fill, QUEUED)
    for bulk, found in ((True, QUEUED), (False, 0)):
        row = await owner.fetchval(f"EXPLAIN (ANALYZE, FORMAT JSON) {READ}", bulk, QUEUED, [])
        (explained,) = json.loads(row)
        assert explained["Plan"]["Actual Rows"] == found
        assert compared(explained["Plan"]) < 10 * QUEUED


def compared(plan: dict[str, Any]) -> float:
    """How many rows the steps of a plan looked at in vain."""
    here = plan.get("Rows Removed by Join Filter", 0) + plan.get("Rows Removed by Filter", 0)
    return here * plan["Actual Loops"] + sum(compared(step) for step in plan.get("Plans", ()))
