"""The fallback's search by words finds its rows by the index, whatever the catalogue grows to."""

from models.database import pool
from search.filters import Filters
from search.match import terms_of
from search.query import Search


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
