"""Who changed what, from where: one row for every write of an admin or a seller, append-only for the application.

Personal values are sealed under a key per person (`models/person_keys.py`) that erasure destroys.
"""

from collections.abc import Callable, Mapping
from contextvars import ContextVar
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
from tortoise import fields

from models.base import Entry, now_column
from models.database import Connection
from models.keyring import Keyring
from models.person_keys import seal_for

NOBODY = UUID(int=0)
"""Who acts where no user does, and on what, where it is no row: the guard of the search index."""
SEARCH_REPAIRED = "search.repaired"
AGENT_MAX = 300
ADD = """
INSERT INTO audit_entry (actor_id, action, subject_id, before, after, origin_sealed, person_id, personal_sealed)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
"""


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


class Origin(NamedTuple):
    """Where the present request comes from; `where` tells address and user agent, once a row needs them."""

    keyring: Keyring
    where: Callable[[], Mapping[str, str]]


class Personal(NamedTuple):
    """Values about a person, readable until the person is erased."""

    keyring: Keyring
    person_id: UUID
    values: Mapping[str, object]


def about(person_id: UUID | None, *, before: Mapping[str, object], after: Mapping[str, object]) -> Personal | None:
    """What changed of somebody's, under the keyring of the present request; None where neither is known."""
    origin = _origin.get()
    if origin is None or person_id is None:
        return None
    return Personal(origin.keyring, person_id, {"before": before, "after": after})


_origin: ContextVar[Origin | None] = ContextVar("audit_origin", default=None)


def came_from(origin: Origin | None) -> None:
    """Say once, at the start of each request, where what follows in its task comes from; None where nobody is known."""
    _origin.set(origin)


async def record(
    connection: Connection,
    *,
    actor_id: UUID,
    action: str,
    subject_id: UUID,
    before: Mapping[str, object],
    after: Mapping[str, object],
    personal: Personal | None = None,
) -> None:
    """One row of the trail, in the transaction of the change itself; `before` and `after` hold what changed."""
    origin = _origin.get()
    sealed = await seal_for(connection, origin.keyring, actor_id, origin.where()) if origin else None
    about = await seal_for(connection, *personal) if personal else None
    await connection.execute(
        ADD,
        actor_id,
        action,
        subject_id,
        msgspec.json.encode(before).decode(),
        msgspec.json.encode(after).decode(),
        sealed,
        personal.person_id if personal else None,
        about,
    )


TABLES: tuple[Any, ...] = (AuditEntry,)
