"""Merchandising rules: pins, boosts and hides for one query or one category's page, drafted, then published.

Only a draft is changed, and only by who read its present version. A published rule holds from its start to its end, by
the database's clock.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import asyncpg
import msgspec
from msgspec import Meta

from models.audit import record
from models.base import uuid7
from models.database import Connection, pool, transaction
from models.errors import Conflict, Invalid, NotFound
from models.states import MERCHANDISING_RULE, move
from models.vocabulary import plain_word

Action = Literal["pin", "boost", "hide"]
NAME_MAX, QUERY_MAX, BRAND_MAX, ITEMS_MAX, PINS_MAX, POSITION_MAX = 80, 100, 120, 50, 20, 100
YEAR_MIN, YEAR_MAX = 2000, 2200
STALE = "Somebody else has changed this rule meanwhile. Load it again, then decide."


class Item(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What happens to a product, or to a brand (boost and hide only); a pin has its `position`, from 1."""

    action: Action
    product_id: UUID | None = None
    brand: Annotated[str, Meta(max_length=BRAND_MAX)] = ""
    position: Annotated[int, Meta(ge=1, le=POSITION_MAX)] | None = None


class RuleInput(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`query` or the slug of a `category`; without dates it holds from its publishing until it is taken back."""

    name: Annotated[str, Meta(min_length=1, max_length=NAME_MAX)]
    query: Annotated[str, Meta(max_length=QUERY_MAX)] = ""
    category: Annotated[str, Meta(max_length=200)] = ""
    starts_at: Annotated[datetime, Meta(tz=True)] | None = None
    ends_at: Annotated[datetime, Meta(tz=True)] | None = None
    items: Annotated[list[Item], Meta(max_length=ITEMS_MAX)] = []


class RuleItem(msgspec.Struct, frozen=True, kw_only=True):
    """An item with the product's name and slug to show."""

    action: Action
    product_id: UUID | None
    brand: str | None
    position: int | None
    name: str | None
    slug: str | None


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """`live`: published, and now is between its dates."""

    id: UUID
    name: str
    state: Literal["draft", "published"]
    query: str
    category: str
    category_name: str
    starts_at: datetime | None
    ends_at: datetime | None
    live: bool
    version: int
    updated_at: datetime
    items: list[RuleItem]


RULES = """
SELECT r.id, r.name, r.state, coalesce(r.query, '') AS query, coalesce(c.slug, '') AS category,
       coalesce(c.name, '') AS category_name, r.starts_at, r.ends_at, r.version, r.updated_at,
       r.state = 'published' AND coalesce(r.starts_at <= now(), true) AND coalesce(r.ends_at > now(), true) AS live,
       coalesce((SELECT json_agg(json_build_object('action', i.action, 'product_id', i.product_id, 'brand', i.brand,
                        'position', i.position, 'name', p.name, 'slug', p.slug) ORDER BY i.place)
                   FROM merchandising_item i LEFT JOIN product p ON p.id = i.product_id WHERE i.rule_id = r.id),
                '[]') AS items
  FROM merchandising_rule r LEFT JOIN category c ON c.id = r.category_id
 WHERE $1::uuid IS NULL OR r.id = $1
 ORDER BY r.updated_at DESC, r.id LIMIT $2 OFFSET $3
"""
_items = msgspec.json.Decoder(list[RuleItem])


async def list_rules(*, page: int = 1, per_page: int = 50) -> tuple[list[Rule], int]:
    """The latest changed first, and how many there are in all."""
    rows = await pool().fetch(RULES, None, per_page, (page - 1) * per_page)
    total: int = await pool().fetchval("SELECT count(*) FROM merchandising_rule")
    return [_rule(row) for row in rows], total


async def get_rule(rule_id: UUID) -> Rule:
    """Raises NotFound."""
    row = await pool().fetchrow(RULES, rule_id, 1, 0)
    if row is None:
        raise NotFound("There is no such rule.")
    return _rule(row)


async def create_rule(wanted: RuleInput, *, actor_id: UUID) -> Rule:
    """A draft. Raises Invalid naming the field."""
    rule_id = uuid7()
    async with transaction() as connection:
        query, category_id = await _target(connection, wanted)
        _demand_dates(wanted)
        await connection.execute(
            """INSERT INTO merchandising_rule (id, name, query, category_id, starts_at, ends_at)
               VALUES ($1, $2, $3, $4, $5, $6)""",
            rule_id,
            _name(wanted),
            query,
            category_id,
            wanted.starts_at,
            wanted.ends_at,
        )
        await _write_items(connection, rule_id, wanted.items)
        await _note(connection, "rule.created", rule_id, actor_id, {}, await _told(connection, rule_id))
    return await get_rule(rule_id)


async def change_rule(rule_id: UUID, wanted: RuleInput, *, version: int, actor_id: UUID) -> Rule:
    """Replace a draft. Raises Invalid, NotFound, and Conflict where it is published or of another version."""
    async with transaction() as connection:
        await _claim(connection, rule_id, version, state="draft")
        before = await _told(connection, rule_id)
        query, category_id = await _target(connection, wanted)
        _demand_dates(wanted)
        await connection.execute(
            """UPDATE merchandising_rule SET name = $2, query = $3, category_id = $4, starts_at = $5, ends_at = $6
                WHERE id = $1""",
            rule_id,
            _name(wanted),
            query,
            category_id,
            wanted.starts_at,
            wanted.ends_at,
        )
        await connection.execute("DELETE FROM merchandising_item WHERE rule_id = $1", rule_id)
        await _write_items(connection, rule_id, wanted.items)
        await _note(connection, "rule.changed", rule_id, actor_id, before, await _told(connection, rule_id))
    return await get_rule(rule_id)


async def publish_rule(rule_id: UUID, *, version: int, actor_id: UUID) -> Rule:
    """Raises NotFound, Invalid where it would do nothing, and Conflict as `change_rule`."""
    async with transaction() as connection:
        await _claim(connection, rule_id, version, state="draft")
        now = await connection.fetchval("SELECT now()")
        if not await connection.fetchval("SELECT EXISTS (SELECT FROM merchandising_item WHERE rule_id = $1)", rule_id):
            raise Invalid.field("items", "there is nothing in this rule yet")
        ended = "SELECT EXISTS (SELECT FROM merchandising_rule WHERE id = $1 AND ends_at <= now())"
        if await connection.fetchval(ended, rule_id):
            raise Invalid.field("ends_at", "is past already")
        await move(connection, MERCHANDISING_RULE, rule_id, old="draft", new="published", published_at=now)
        await _note(connection, "rule.published", rule_id, actor_id, {"state": "draft"}, {"state": "published"})
    return await get_rule(rule_id)


async def unpublish_rule(rule_id: UUID, *, version: int, actor_id: UUID) -> Rule:
    """Back to a draft. Raises NotFound, and Conflict where it is none or of another version."""
    async with transaction() as connection:
        await _claim(connection, rule_id, version, state="published")
        await move(connection, MERCHANDISING_RULE, rule_id, old="published", new="draft")
        await _note(connection, "rule.unpublished", rule_id, actor_id, {"state": "published"}, {"state": "draft"})
    return await get_rule(rule_id)


async def remove_rule(rule_id: UUID, *, version: int, actor_id: UUID) -> None:
    """A draft only. Raises NotFound, Conflict."""
    async with transaction() as connection:
        await _claim(connection, rule_id, version, state="draft")
        before = await _told(connection, rule_id)
        await connection.execute("DELETE FROM merchandising_rule WHERE id = $1", rule_id)
        await _note(connection, "rule.removed", rule_id, actor_id, before, {})


async def _claim(connection: Connection, rule_id: UUID, version: int, *, state: str) -> None:
    """This writer has the version that was read, and makes the next one."""
    row = await connection.fetchrow("SELECT state, version FROM merchandising_rule WHERE id = $1 FOR UPDATE", rule_id)
    if row is None:
        raise NotFound("There is no such rule.")
    if row["version"] != version:
        raise Conflict(STALE, code="rule_changed")
    if row["state"] != state:
        words = "published: unpublish it first" if state == "draft" else "a draft"
        raise Conflict(f"This rule is {words}.", code="rule_state")
    await connection.execute(
        "UPDATE merchandising_rule SET version = version + 1, updated_at = now() WHERE id = $1", rule_id
    )


async def _target(connection: Connection, wanted: RuleInput) -> tuple[str | None, UUID | None]:
    if bool(wanted.query.strip()) == bool(wanted.category.strip()):
        raise Invalid.field("query", "give either a query or a category")
    if wanted.query.strip():
        return plain_word("query", wanted.query, limit=QUERY_MAX), None
    category_id = await connection.fetchval("SELECT id FROM category WHERE slug = $1", wanted.category.strip())
    if category_id is None:
        raise Invalid.field("category", "is not the slug of a category")
    return None, category_id


def _name(wanted: RuleInput) -> str:
    name = " ".join(wanted.name.split())
    if not name:
        raise Invalid.field("name", "give it a name")
    return name


def _demand_dates(wanted: RuleInput) -> None:
    for field, moment in (("starts_at", wanted.starts_at), ("ends_at", wanted.ends_at)):
        if moment and not YEAR_MIN <= moment.year <= YEAR_MAX:
            raise Invalid.field(field, f"wants a year from {YEAR_MIN} to {YEAR_MAX}")
    if wanted.starts_at and wanted.ends_at and wanted.ends_at <= wanted.starts_at:
        raise Invalid.field("ends_at", "must be after the start")


async def _write_items(connection: Connection, rule_id: UUID, items: Sequence[Item]) -> None:
    if sum(item.action == "pin" for item in items) > PINS_MAX:
        raise Invalid.field("items", f"at most {PINS_MAX} products can be pinned")
    for place, item in enumerate(items):
        field, brand = f"items[{place}]", " ".join(item.brand.split())
        if (item.product_id is None) == (not brand):
            raise Invalid.field(f"{field}.product_id", "give either a product or a brand")
        if (item.action == "pin") != (item.position is not None) or (item.action == "pin" and brand):
            raise Invalid.field(f"{field}.position", "a pin is of a product and has a position; nothing else has one")
    values = [(rule_id, n, i.action, i.product_id, i.brand.strip() or None, i.position) for n, i in enumerate(items)]
    insert = """INSERT INTO merchandising_item (rule_id, place, action, product_id, brand, position)
                VALUES ($1, $2, $3, $4, $5, $6)"""
    try:
        await connection.executemany(insert, values)
    except asyncpg.UniqueViolationError as error:
        raise Invalid.field("items", "each product once, and one product at each position") from error
    except asyncpg.ForeignKeyViolationError as error:
        raise Invalid.field("items", "one of the products does not exist") from error


async def _told(connection: Connection, rule_id: UUID) -> dict[str, object]:
    """A rule as the trail keeps it."""
    row = await connection.fetchrow(RULES, rule_id, 1, 0)
    assert row is not None
    rule = _rule(row)
    return {name: msgspec.to_builtins(getattr(rule, name)) for name in RuleInput.__struct_fields__}


async def _note(
    connection: Connection,
    action: str,
    rule_id: UUID,
    actor_id: UUID,
    before: dict[str, object],
    after: dict[str, object],
) -> None:
    await record(connection, actor_id=actor_id, action=action, subject_id=rule_id, before=before, after=after)


def _rule(row: asyncpg.Record) -> Rule:
    return Rule(**{**row, "items": _items.decode(row["items"])})
