"""The statements that shoppers wait for find their rows by an index, whatever the tables grow to."""

import pytest

from models.database import pool
from models.product_page import MOVED, PAGE
from tests.factories import make_product, make_seller

HOT = {"a product's page": PAGE, "where a product moved to": MOVED}


@pytest.mark.parametrize("name", HOT)
async def test_a_hot_statement_reads_no_table_from_end_to_end(database, name):
    await make_product(await make_seller(), name="Brass Lamp")
    async with pool().acquire() as connection, connection.transaction():
        await connection.execute("SET LOCAL enable_seqscan = off")  # tables of a test are too small for an index to pay
        plan = "\n".join(row[0] for row in await connection.fetch(f"EXPLAIN {HOT[name]}", "brass-lamp"))
    assert "Index" in plan
    assert "Seq Scan" not in plan, plan
