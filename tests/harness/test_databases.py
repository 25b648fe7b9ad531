"""What the next test gets is what the first one got."""

from collections.abc import AsyncIterator

import asyncpg
import pytest

from tests.address import on_database
from tests.databases import Databases


@pytest.fixture
async def lender(stack, template) -> AsyncIterator[Databases]:
    databases = Databases(stack["HAAT_SUPERUSER_URL"])
    yield databases
    await databases.close()


async def run(stack, name: str, statement: str) -> None:
    connection = await asyncpg.connect(on_database(stack["HAAT_DATABASE__OWNER_URL"], name))
    await connection.execute(statement)
    await connection.close()


async def look(stack, name: str, query: str):
    connection = await asyncpg.connect(on_database(stack["HAAT_SUPERUSER_URL"], name))
    try:
        return await connection.fetchval(query)
    finally:
        await connection.close()


async def test_rows_are_gone_and_numbers_begin_anew(stack, template, lender):
    add = "INSERT INTO search_change (product_id, kind, bulk) VALUES (gen_random_uuid(), 'full', false)"
    first = await lender.lend(template)
    before = await look(stack, first, "SELECT count(*) FROM tortoise_migrations")
    await run(stack, first, add)
    await run(stack, first, "DELETE FROM tortoise_migrations")
    assert await look(stack, first, "SELECT max(id) FROM search_change") == 1
    await lender.take_back(template, first)

    second = await lender.lend(template)
    assert second == first
    assert await look(stack, second, "SELECT count(*) FROM search_change") == 0
    assert await look(stack, second, "SELECT count(*) FROM tortoise_migrations") == before > 0
    await run(stack, second, add)
    assert await look(stack, second, "SELECT max(id) FROM search_change") == 1
    await lender.take_back(template, second)


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE more (id int)",
        "ALTER TABLE product DISABLE TRIGGER USER; ALTER TABLE product ENABLE TRIGGER USER",
        "CREATE FUNCTION one() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "ALTER TABLE product ALTER COLUMN name DROP NOT NULL",
        "TRUNCATE search_change",
    ],
)
async def test_a_database_whose_schema_was_touched_is_not_lent_again(stack, template, lender, statement):
    first = await lender.lend(template)
    await run(stack, first, statement)
    await lender.take_back(template, first)
    second = await lender.lend(template)
    assert second != first
    await lender.take_back(template, second)
