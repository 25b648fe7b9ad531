"""Shops whose owners were erased before there was a mark for it are found, and closed where they were opened again."""

from uuid import UUID, uuid4

import asyncpg

from migrations.runner import downgrade, migrate
from server.settings import Settings
from tests.address import on_database
from tests.migrations.test_rules import empty_database

__all__ = ["empty_database"]
SELLER = "INSERT INTO seller (id, slug, name, legal_name, state) VALUES ($1, $2, $2, $2, $2)"
OPENED = """
INSERT INTO audit_entry (actor_id, action, subject_id, before, after) VALUES ($1, 'seller.opened', $1, '{}', '{}')
"""


async def test_what_nobody_owns_any_more_is_closed_and_what_nobody_ever_owned_is_not(
    settings: Settings, empty_database: str
) -> None:
    owner_url = on_database(settings.database.owner_url, empty_database)
    app_url = on_database(settings.database.url, empty_database)
    await migrate(owner_url, app_url)
    assert (await downgrade(owner_url, "0036_narrowed_searches"))[-1] == "0037_left_shops"
    connection = await asyncpg.connect(owner_url)
    try:
        opened = {state: uuid4() for state in ("draft", "rejected", "suspended", "approved", "pending")}
        for state, seller_id in opened.items():
            await connection.execute(SELLER, seller_id, state)
            await connection.execute(OPENED, seller_id)
        imported: UUID = uuid4()
        await connection.execute(SELLER.replace("$2, $2, $2, $2", "'imported', $2, $2, $2"), imported, "approved")
        await migrate(owner_url, app_url)
        rows = await connection.fetch("SELECT slug, state, left_at IS NOT NULL AS left FROM seller")
    finally:
        await connection.close()
    closed = {state: "suspended" if state in {"approved", "pending"} else state for state in opened}
    assert {row["slug"]: row["state"] for row in rows if row["left"]} == closed
    assert [(row["slug"], row["state"]) for row in rows if not row["left"]] == [("imported", "approved")]
