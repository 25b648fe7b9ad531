"""Reading the audit trail: by who, what, on what and when, newest first; personal values while their key is there."""

from datetime import date
from typing import Any
from uuid import UUID

import msgspec

from models.database import pool
from models.keyring import Keyring
from models.person_keys import open_keys, unseal


class TrailQuery(msgspec.Struct, frozen=True, kw_only=True):
    """`action` may be the first part of one (`seller`); days are India's; `older_than` is the number of the
    last entry that was seen.
    """

    actor: str = ""
    action: str = ""
    subject: str = ""
    first_day: date | None = None
    last_day: date | None = None
    older_than: int | None = None


class TrailEntry(msgspec.Struct, frozen=True, kw_only=True):
    """`origin` has address and user agent; `personal` what is about `person_id`; both are empty once forgotten."""

    id: int
    at: Any
    actor_id: UUID
    actor: str
    action: str
    subject_id: UUID
    before: dict[str, Any]
    after: dict[str, Any]
    person_id: UUID | None
    origin: dict[str, Any]
    personal: dict[str, Any]


FIND = r"""
SELECT a.id, a.created_at AS at, a.actor_id, coalesce(u.name, '') AS actor, a.action, a.subject_id, a.before, a.after,
       a.origin_sealed, a.person_id, a.personal_sealed
  FROM audit_entry a LEFT JOIN users u ON u.id = a.actor_id
 WHERE ($1::uuid IS NULL OR a.actor_id = $1) AND ($2::text IS NULL OR a.action LIKE $2)
   AND ($3::uuid IS NULL OR a.subject_id = $3)
   AND ($4::date IS NULL OR a.created_at >= $4::date::timestamp AT TIME ZONE 'Asia/Kolkata')
   AND ($5::date IS NULL OR a.created_at < ($5::date + 1)::timestamp AT TIME ZONE 'Asia/Kolkata')
   AND ($6::bigint IS NULL OR a.id < $6)
 ORDER BY a.id DESC LIMIT $7
"""
NOBODY_AT_ALL = UUID(int=1)


async def search_trail(query: TrailQuery, *, keyring: Keyring, per_page: int = 50) -> tuple[list[TrailEntry], bool]:
    """Newest first, and whether there are older ones. An unknown person or subject finds nothing."""
    rows = await pool().fetch(
        FIND,
        await _actor(query.actor.strip(), keyring),
        _prefix(query.action.strip()),
        _uuid(query.subject.strip()),
        query.first_day,
        query.last_day,
        query.older_than,
        per_page + 1,
    )
    shown = rows[:per_page]
    people = {row["actor_id"] for row in shown} | {row["person_id"] for row in shown if row["person_id"]}
    keys = await open_keys(pool(), keyring, people)
    return [
        TrailEntry(
            **{name: row[name] for name in ("id", "at", "actor_id", "actor", "action", "subject_id", "person_id")},
            before=msgspec.json.decode(row["before"]),
            after=msgspec.json.decode(row["after"]),
            origin=unseal(keys.get(row["actor_id"]), row["origin_sealed"]),
            personal=unseal(keys.get(row["person_id"]), row["personal_sealed"]),
        )
        for row in shown
    ], len(rows) > per_page


async def _actor(text: str, keyring: Keyring) -> UUID | None:
    """An id, or the mail address of an account."""
    if not text:
        return None
    if "@" not in text:
        return _uuid(text)
    found: UUID | None = await pool().fetchval("SELECT id FROM users WHERE email_hash = $1", keyring.email_hash(text))
    return found or NOBODY_AT_ALL


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return NOBODY_AT_ALL


def _prefix(text: str) -> str | None:
    escaped = text.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
    return f"{escaped}%" if text else None
