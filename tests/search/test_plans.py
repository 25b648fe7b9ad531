"""The fallback's search by words finds its rows by the index, whatever the catalogue grows to."""

from models.database import pool
from search.filters import Filters
from search.match import terms_of
from search.query import Search
from search.spelling import KNOWN

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
