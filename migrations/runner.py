"""Applies migrations as the owner, one runner at a time under an advisory lock, then grants the application its rights.

The application's role reads and writes rows and owns nothing; the audit trail is append-only for it.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import unquote, urlsplit

import asyncpg
from tortoise import Tortoise
from tortoise.connection import get_connection
from tortoise.migrations.executor import MigrationExecutor, MigrationTarget

from models.database import tortoise_config

LOCK_KEY = 0x4841_4154  # "HAAT"
APPEND_ONLY = ("audit_entry", "ledger_entry", "stock_movement", "order_event", "gift_card_movement")


async def migrate(owner_url: str, app_url: str) -> list[str]:
    """Bring the database up to date. Returns the names applied, in order; empty when there was nothing to do."""
    applied: list[str] = []
    async with _executor(owner_url) as executor:
        await executor.migrate(progress=lambda event, _, name: applied.append(name) if event == "apply_done" else None)
        await _grant(owner_url, app_url)
    return applied


async def downgrade(owner_url: str, target: str) -> list[str]:
    """Undo down to and without `target` ("__first__" undoes all). Returns the names undone, in order."""
    undone: list[str] = []
    async with _executor(owner_url) as executor:
        await executor.migrate(
            [MigrationTarget(app_label="models", name=target)],
            direction="backward",
            progress=lambda event, _, name: undone.append(name) if event == "rollback_done" else None,
        )
    return undone


@asynccontextmanager
async def _executor(owner_url: str) -> AsyncIterator[MigrationExecutor]:
    lock = await asyncpg.connect(owner_url)
    config: dict[str, Any] = tortoise_config(owner_url, migrations="migrations.versions")
    try:
        await lock.execute("SELECT pg_advisory_lock($1)", LOCK_KEY)
        context = await Tortoise.init(config=config)
        with context:
            yield MigrationExecutor(get_connection("default"), config["apps"])
            await context.connections.close_all()
    finally:
        await lock.close()


async def _grant(owner_url: str, app_url: str) -> None:
    role = unquote(urlsplit(app_url).username or "")
    if not role or role == unquote(urlsplit(owner_url).username or ""):
        return
    connection = await asyncpg.connect(owner_url)
    try:
        name = await connection.fetchval("SELECT quote_ident($1)", role)
        await connection.execute(
            f"""
            GRANT USAGE ON SCHEMA public TO {name};
            GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {name};
            GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {name};
            REVOKE UPDATE, DELETE ON {", ".join(APPEND_ONLY)} FROM {name};
            """
        )
    finally:
        await connection.close()
