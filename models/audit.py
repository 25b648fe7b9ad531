"""Who changed what: one row for every write of an admin or a seller, append-only for the application's role."""

from datetime import datetime
from typing import Any

from tortoise import fields

from models.base import Entry, now_column


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


TABLES: tuple[Any, ...] = (AuditEntry,)
