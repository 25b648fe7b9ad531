"""The words that the operator teaches the search: synonyms, mutual or one-way, and stop words.

Each write is conditional on the version that was read, leaves an audit entry, and has the worker apply the settings.
"""

import unicodedata
from collections.abc import Sequence
from datetime import datetime
from typing import Literal
from uuid import UUID

import asyncpg
import msgspec

from models.audit import record
from models.base import uuid7
from models.database import Connection, pool, transaction
from models.errors import Conflict, Invalid, NotFound
from models.outbox import enqueue
from models.plain_text import INVISIBLE

Kind = Literal["mutual", "one_way"]
TERM_MAX, WORD_MAX, WORDS_MAX = 80, 40, 20
SYNONYMS_MAX, STOP_WORDS_MAX = 2_000, 500
JOINTS = "-./'’&+\"%"
STALE = "Somebody else has changed or removed this meanwhile. Load it again, then decide."


class Synonym(msgspec.Struct, frozen=True, kw_only=True):
    """`mutual`: each of `words` finds the others, and `term` is empty; `one_way`: `term` finds `words` as well."""

    id: UUID
    kind: Kind
    term: str
    words: tuple[str, ...]
    version: int
    updated_at: datetime


class StopWord(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    word: str
    updated_at: datetime


async def list_synonyms() -> list[Synonym]:
    """All of them, by their first word."""
    rows = await pool().fetch("SELECT * FROM synonym")
    found = [_synonym(row) for row in rows]
    return sorted(found, key=lambda synonym: (synonym.term or synonym.words[0], synonym.id))


async def list_stop_words() -> list[StopWord]:
    return [StopWord(**row) for row in await pool().fetch("SELECT * FROM stop_word ORDER BY word")]


async def add_synonym(kind: Kind, term: str, words: Sequence[str], *, actor_id: UUID) -> Synonym:
    """Raises Invalid naming the field, and Conflict where the term has a one-way synonym already."""
    term, words = _checked(kind, term, words)
    async with transaction() as connection:
        await _demand_room(connection, "synonym", SYNONYMS_MAX)
        try:
            row = await connection.fetchrow(
                "INSERT INTO synonym (id, kind, term, words) VALUES ($1, $2, $3, $4) RETURNING *",
                uuid7(),
                kind,
                term,
                words,
            )
        except asyncpg.UniqueViolationError as error:
            raise _taken(term) from error
        await _tell(connection, "synonym.added", row["id"], actor_id, {}, _plain(row))
    return _synonym(row)


async def change_synonym(
    synonym_id: UUID, kind: Kind, term: str, words: Sequence[str], *, version: int, actor_id: UUID
) -> Synonym:
    """Raises Invalid, NotFound, and Conflict where `version` is no longer the present one."""
    term, words = _checked(kind, term, words)
    async with transaction() as connection:
        before = await connection.fetchrow("SELECT * FROM synonym WHERE id = $1", synonym_id)
        if before is None:
            raise NotFound("There is no such synonym.")
        try:
            row = await connection.fetchrow(
                """UPDATE synonym SET kind = $3, term = $4, words = $5, version = version + 1, updated_at = now()
                    WHERE id = $1 AND version = $2 RETURNING *""",
                synonym_id,
                version,
                kind,
                term,
                words,
            )
        except asyncpg.UniqueViolationError as error:
            raise _taken(term) from error
        if row is None:
            raise Conflict(STALE, code="synonym_changed")
        await _tell(connection, "synonym.changed", synonym_id, actor_id, _plain(before), _plain(row))
    return _synonym(row)


async def remove_synonym(synonym_id: UUID, *, version: int, actor_id: UUID) -> None:
    """Raises NotFound, and Conflict where `version` is no longer the present one."""
    async with transaction() as connection:
        before = await connection.fetchrow(
            "DELETE FROM synonym WHERE id = $1 AND version = $2 RETURNING *", synonym_id, version
        )
        if before is None:
            if await connection.fetchval("SELECT EXISTS (SELECT FROM synonym WHERE id = $1)", synonym_id):
                raise Conflict(STALE, code="synonym_changed")
            raise NotFound("There is no such synonym.")
        await _tell(connection, "synonym.removed", synonym_id, actor_id, _plain(before), {})


async def add_stop_word(word: str, *, actor_id: UUID) -> StopWord:
    """Raises Invalid, and Conflict where it is one already."""
    word = plain_word("word", word, limit=WORD_MAX)
    if " " in word:
        raise Invalid.field("word", "is more than one word; add them one by one")
    async with transaction() as connection:
        await _demand_room(connection, "stop_word", STOP_WORDS_MAX)
        row = await connection.fetchrow(
            "INSERT INTO stop_word (id, word) VALUES ($1, $2) ON CONFLICT (word) DO NOTHING RETURNING *", uuid7(), word
        )
        if row is None:
            raise Conflict(f"“{word}” is a stop word already.", code="stop_word_exists")
        await _tell(connection, "stop_word.added", row["id"], actor_id, {}, {"word": word})
    return StopWord(**row)


async def remove_stop_word(stop_word_id: UUID, *, actor_id: UUID) -> None:
    """Raises NotFound."""
    async with transaction() as connection:
        word = await connection.fetchval("DELETE FROM stop_word WHERE id = $1 RETURNING word", stop_word_id)
        if word is None:
            raise NotFound("There is no such stop word.")
        await _tell(connection, "stop_word.removed", stop_word_id, actor_id, {"word": word}, {})


def plain_word(field: str, text: str, *, limit: int = TERM_MAX) -> str:
    """As shoppers' words are compared: compatibility-folded, in lower case, one space. Raises Invalid."""
    word = " ".join(unicodedata.normalize("NFKC", INVISIBLE.sub("", text)).casefold().split())
    if not any(letter.isalnum() for letter in word):
        raise Invalid.field(field, "write at least one letter or digit")
    if len(word) > limit:
        raise Invalid.field(field, f"write at most {limit} characters")
    strange = next((c for c in word if not _may_stand(c)), "")
    if strange:
        raise Invalid.field(field, f"may hold letters, digits, spaces and {' '.join(JOINTS)}, but not {strange!r}")
    return word


def _may_stand(letter: str) -> bool:
    return letter.isalnum() or letter == " " or letter in JOINTS or unicodedata.category(letter)[0] == "M"


def _checked(kind: Kind, term: str, words: Sequence[str]) -> tuple[str, list[str]]:
    if kind == "one_way":
        term = plain_word("term", term)
    elif term.strip():
        raise Invalid.field("term", "only a one-way synonym has a term; leave it empty")
    found = list(dict.fromkeys(plain_word("words", word) for word in words))
    if term in found:
        raise Invalid.field("words", f"“{term}” cannot be a synonym of itself")
    least = 2 if kind == "mutual" else 1
    if not least <= len(found) <= WORDS_MAX:
        raise Invalid.field("words", f"wants {least} to {WORDS_MAX} different words")
    return term.strip(), found


async def _demand_room(connection: Connection, table: str, limit: int) -> None:
    if await connection.fetchval(f"SELECT count(*) FROM {table}") >= limit:
        raise Conflict(f"There are {limit} of them, which is all that the search can carry.", code="vocabulary_full")


def _taken(term: str) -> Conflict:
    return Conflict(f"“{term}” has a one-way synonym already: change that one.", code="synonym_exists")


async def _tell(
    connection: Connection,
    action: str,
    subject_id: UUID,
    actor_id: UUID,
    before: dict[str, object],
    after: dict[str, object],
) -> None:
    """The trail, and the job that brings the new settings to the index."""
    await record(connection, actor_id=actor_id, action=action, subject_id=subject_id, before=before, after=after)
    await enqueue(connection, "search.settings", {})


def _synonym(row: asyncpg.Record) -> Synonym:
    return Synonym(**{**row, "words": tuple(row["words"])})


def _plain(row: asyncpg.Record) -> dict[str, object]:
    return {name: row[name] for name in ("kind", "term", "words")}
