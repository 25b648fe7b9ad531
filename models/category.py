"""The category tree. A category has one home in the tree; `category_link` lists the further parents that show it."""

from uuid import UUID

from tortoise import fields

from models.base import Row, uuid7
from models.database import Connection, Pool
from models.errors import Invalid
from models.slug import slugify, with_suffix

DEPTH_MAX = 12
SLUG_MAX = 48  # twelve of them and their strokes fit the 600 characters of a path
TREE_LOCK = 0x4341_5445  # "CATE"


class Category(Row):
    """`path` is the slugs from the root, joined by `/`, so that a subtree is one prefix."""

    parent: fields.ForeignKeyNullableRelation["Category"] = fields.ForeignKeyField(
        "models.Category", on_delete=fields.RESTRICT, null=True, related_name="children"
    )
    parent_id: UUID | None
    slug = fields.CharField(max_length=120, unique=True)
    name = fields.CharField(max_length=120)
    path = fields.CharField(max_length=600, unique=True)
    depth = fields.SmallIntField(db_default=1)
    position = fields.IntField(db_default=0)
    commission_bps = fields.IntField(null=True)
    external_id = fields.CharField(max_length=64, null=True, unique=True)

    class Meta:
        table = "category"


class CategoryLink(Row):
    parent: fields.ForeignKeyRelation[Category] = fields.ForeignKeyField(
        "models.Category", on_delete=fields.CASCADE, related_name="links"
    )
    child: fields.ForeignKeyRelation[Category] = fields.ForeignKeyField(
        "models.Category", on_delete=fields.CASCADE, related_name="linked_from"
    )

    class Meta:
        table = "category_link"


async def lock_tree(connection: Connection) -> None:
    """Until the transaction ends nobody else adds categories, so that one name under one parent stays one category."""
    await connection.execute("SELECT pg_advisory_xact_lock($1)", TREE_LOCK)


async def list_children(connection: Connection | Pool) -> list[tuple[UUID | None, str, UUID]]:
    """Every (parent, name, category), homes before links: a category also answers under its further parents."""
    rows = await connection.fetch(
        "SELECT parent_id, name, id, 0 AS linked FROM category UNION ALL"
        " SELECT l.parent_id, c.name, c.id, 1 FROM category_link l JOIN category c ON c.id = l.child_id"
        " ORDER BY linked, id"
    )
    return [(row["parent_id"], row["name"], row["id"]) for row in rows]


async def add_category(connection: Connection, *, parent_id: UUID | None, name: str) -> UUID:
    """A new category under `parent_id`, last among its siblings. Raises Invalid when the tree would be too deep."""
    parent = await connection.fetchrow("SELECT slug, path, depth FROM category WHERE id = $1", parent_id)
    depth = parent["depth"] + 1 if parent else 1
    if depth > DEPTH_MAX:
        raise Invalid.field("category", f"deeper than {DEPTH_MAX} levels")
    category_id = uuid7()
    wanted = slug_candidates(name, parent["slug"] if parent else None, category_id)
    taken = {row["slug"] for row in await connection.fetch("SELECT slug FROM category WHERE slug = ANY($1)", wanted)}
    slug = next(candidate for candidate in wanted if candidate not in taken)
    await connection.execute(
        "INSERT INTO category (id, parent_id, slug, name, path, depth, position) SELECT $1, $2, $3, $4, $5, $6,"
        " coalesce((SELECT max(position) + 1 FROM category WHERE parent_id IS NOT DISTINCT FROM $2), 0)",
        category_id,
        parent_id,
        slug,
        name,
        f"{parent['path']}/{slug}" if parent else slug,
        depth,
    )
    return category_id


def slug_candidates(name: str, parent_slug: str | None, category_id: UUID) -> list[str]:
    """Slugs to try in turn: the name alone, the parent's slug before it, the name with a random end."""
    plain = slugify(name, limit=SLUG_MAX, empty="category")
    within = [slugify(f"{parent_slug}-{plain}", limit=SLUG_MAX)] if parent_slug else []
    return [plain, *within, with_suffix(plain, category_id, limit=SLUG_MAX)]


TABLES = (Category, CategoryLink)
