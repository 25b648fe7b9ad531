"""Several writes as one statement: all of them or none, each with the rows that it must write."""

import pytest

from models.base import uuid7
from models.database import Pool, transaction
from models.errors import Conflict
from models.write import Write, write_all

ADD = "INSERT INTO cart (id, token_hash) VALUES ($1, $2)"
PLACE = "UPDATE cart SET pin_code = $2 WHERE token_hash = $1"
TOKENS = "SELECT token_hash FROM cart ORDER BY token_hash"


async def test_writes_go_together_each_with_its_own_arguments(database: Pool):
    async with transaction() as connection:
        now = await write_all(connection, [Write(ADD, (uuid7(), "one")), Write(ADD, (uuid7(), "two"))])
        assert await connection.fetchval("SELECT now()") == now
        placing = [Write(PLACE, ("one", "560001"), 1, Conflict("gone")), Write(PLACE, ("two", "110001"))]
        await write_all(connection, placing)
    rows = await database.fetch("SELECT token_hash, pin_code FROM cart ORDER BY token_hash")
    assert [tuple(row) for row in rows] == [("one", "560001"), ("two", "110001")]


async def test_one_write_that_finds_no_row_refuses_them_all(database: Pool):
    with pytest.raises(Conflict, match="nobody has moved"):
        async with transaction() as connection:
            refused = Write(PLACE, ("nobody", "560001"), 1, Conflict("nobody has moved"))
            await write_all(connection, [Write(ADD, (uuid7(), "one")), refused])
    assert await database.fetch(TOKENS) == []


async def test_writes_run_in_the_order_given(database: Pool):
    """Each takes a number of the same sequence, as it would take its locks."""
    async with transaction() as connection:
        await connection.execute("CREATE TEMP TABLE taken (place int, number serial) ON COMMIT DROP")
        put = "INSERT INTO taken (place) SELECT * FROM unnest($1::int[])"
        await write_all(connection, [Write(put, ([place],)) for place in (3, 1, 2)])
        rows = await connection.fetch("SELECT place FROM taken ORDER BY number")
    assert [row["place"] for row in rows] == [3, 1, 2]
