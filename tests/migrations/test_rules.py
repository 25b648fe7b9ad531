"""The migrated database has every rule that the migrations write out and an index for each foreign key; all undoes."""

import asyncio
import importlib
import uuid
from collections.abc import AsyncIterator, Mapping
from typing import Any

import asyncpg
import pytest

from migrations.runner import downgrade, migrate
from models import __models__
from models.database import Pool
from server.settings import Settings
from tests.address import on_database

rules: Any = importlib.import_module("migrations.versions.0002_rules")
feed: Any = importlib.import_module("migrations.versions.0003_change_feed")

FOREIGN_KEYS_WITHOUT_INDEX = """
SELECT c.conrelid::regclass || '.' || a.attname AS missing
  FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
 WHERE c.contype = 'f' AND NOT EXISTS (
       SELECT 1 FROM pg_index i WHERE i.indrelid = c.conrelid AND i.indkey[0] = c.conkey[1] AND i.indpred IS NULL)
"""


async def test_every_check_exists(database: Pool) -> None:
    found = {row["conname"] for row in await database.fetch("SELECT conname FROM pg_constraint WHERE contype = 'c'")}
    assert {name for table in rules.CHECKS.values() for name in table} - found == set()


async def test_every_index_exists(database: Pool) -> None:
    found = {
        row["indexname"]: row["indexdef"] for row in await database.fetch("SELECT indexname, indexdef FROM pg_indexes")
    }
    assert (rules.UNIQUE.keys() | rules.INDEXES.keys()) - found.keys() == set()
    assert [name for name in rules.UNIQUE if "UNIQUE" not in found[name]] == []
    partial = [name for name, columns in rules.UNIQUE.items() if " WHERE " in columns]
    assert partial
    assert [name for name in partial if " WHERE " not in found[name]] == []


async def test_every_trigger_exists(database: Pool) -> None:
    found = {row["tgname"] for row in await database.fetch("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal")}
    wanted = {f"{table}_search_{event.lower()}" for table, event in feed.TRIGGERS}
    assert wanted | {"ledger_entry_zero_sum", "tg_pgqueuer_changed"} <= found


async def test_every_foreign_key_has_an_index(database: Pool) -> None:
    assert [row["missing"] for row in await database.fetch(FOREIGN_KEYS_WITHOUT_INDEX)] == []


async def test_every_model_has_its_table_and_columns(database: Pool) -> None:
    rows = await database.fetch(
        "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'"
    )
    found = {(row["table_name"], row["column_name"]) for row in rows}
    wanted = {(m._meta.db_table, c) for m in __models__ for c in m._meta.fields_db_projection.values()}
    assert wanted - found == set()


async def test_the_application_owns_no_table_and_cannot_rewrite_history(database: Pool) -> None:
    owners = {
        r["tableowner"] for r in await database.fetch("SELECT tableowner FROM pg_tables WHERE schemaname = 'public'")
    }
    assert owners == {"haat_owner"}
    assert await database.fetchval("SELECT current_user") == "haat_app"
    for table in ("audit_entry", "ledger_entry", "stock_movement", "order_event", "gift_card_movement"):
        for statement in (f"DELETE FROM {table}", f"UPDATE {table} SET created_at = now()", f"TRUNCATE {table}",
                          f"ALTER TABLE {table} ADD COLUMN x int", f"DROP TABLE {table}"):  # fmt: skip
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await database.execute(statement)


async def test_ledger_entries_that_do_not_add_up_are_refused(database: Pool) -> None:
    insert = (
        "INSERT INTO ledger_entry (transaction_id, account, reason, amount_minor, currency) VALUES"
        " ('018f0000-0000-7000-8000-000000000001', 'buyer', 'paid', -100, 'INR'),"
        " ('018f0000-0000-7000-8000-000000000001', 'seller', 'paid', {}, 'INR')"
    )
    with pytest.raises(asyncpg.CheckViolationError, match="does not add up"):
        await database.execute(insert.format(99))
    await database.execute(insert.format(100))


async def test_two_runners_apply_each_migration_once_and_all_undoes(settings: Settings, empty_database: str) -> None:
    owner_url = on_database(settings.database.owner_url, empty_database)
    app_url = on_database(settings.database.url, empty_database)
    first, second = await asyncio.gather(migrate(owner_url, app_url), migrate(owner_url, app_url))
    assert min(first, second) == []
    applied = first or second
    assert applied[0] == "0001_initial"
    assert await migrate(owner_url, app_url) == []
    assert await downgrade(owner_url, "__first__") == applied[::-1]
    assert await migrate(owner_url, app_url) == applied


@pytest.fixture
async def empty_database(stack: Mapping[str, str]) -> AsyncIterator[str]:
    name = f"empty_{uuid.uuid4().hex[:12]}"
    admin = await asyncpg.connect(stack["HAAT_SUPERUSER_URL"])
    await admin.execute(f"CREATE DATABASE {name} OWNER haat_owner")
    yield name
    await admin.execute(f"DROP DATABASE {name} WITH (FORCE)")
    await admin.close()
