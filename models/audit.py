"""Who changed what: one row for every write of an admin or a seller, append-only for the application's role."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from tortoise import fields

from models.base import Entry, now_column
from models.database import Connection

NOBODY = UUID(int=0)
"""Who acts where no user does, and on what, where it is no row: the guard of the search index."""
SEARCH_REPAIRED = "search.repaired"


class AuditEntry(Entry):
    """`actor_id` is a user without a foreign key: the trail outlives the account."""

    actor_id = fields.UUIDField()
    action = fields.CharField(max_length=48)
    subject_id = fields.UUIDField()
    before = fields.JSONField[dict[str, Any]](db_default="{}")
    after = fields.JSONField[dict[str, Any]](db_default="{}")
    created_at: datetime = now_column()

    class Meta:
        table = "audit_entry"


async def record(
    connection: Connection,
    *,
    actor_id: UUID,
    action: str,
    subject_id: UUID,
    before: Mapping[str, object],
    after: Mapping[str, object],
) -> None:
    """One row of the trail, in the transaction of the change itself; `before` and `after` hold what changed."""
    await connection.execute(
        "INSERT INTO audit_entry (actor_id, action, subject_id, before, after) VALUES ($1, $2, $3, $4, $5)",
        actor_id,
        action,
        subject_id,
        msgspec.json.encode(before).decode(),
        msgspec.json.encode(after).decode(),
    )


TABLES: tuple[Any, ...] = (AuditEntry,)
