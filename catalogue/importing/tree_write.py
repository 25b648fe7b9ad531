"""A planned tree into the database, in one transaction: known categories by their outside id, slugs never changed.

A category that is there already without an outside id (made by an import of products) is taken over, not doubled.
"""

from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from catalogue.importing.tree import Tree
from models.base import uuid7
from models.category import lock_tree, slug_candidates
from models.database import Connection, transaction

INSERT = """
INSERT INTO category (id, parent_id, slug, name, path, depth, position, external_id)
SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::int[], $7::int[], $8::text[])
"""
UPDATE = """
UPDATE category c SET name = w.name, parent_id = w.parent_id, position = w.position, external_id = w.external_id
  FROM unnest($1::uuid[], $2::text[], $3::uuid[], $4::int[], $5::text[])
       AS w (id, name, parent_id, position, external_id) WHERE c.id = w.id
"""
REPATH = """
WITH RECURSIVE tree AS (
    SELECT id, slug::text AS path, 1 AS depth FROM category WHERE parent_id IS NULL
     UNION ALL
    SELECT c.id, tree.path || '/' || c.slug, tree.depth + 1 FROM category c JOIN tree ON c.parent_id = tree.id)
UPDATE category c SET path = tree.path, depth = tree.depth FROM tree
 WHERE c.id = tree.id AND (c.path, c.depth) IS DISTINCT FROM (tree.path, tree.depth)
"""
UNLINK = """
DELETE FROM category_link l WHERE l.parent_id = ANY($3) AND l.child_id = ANY($3)
   AND (l.parent_id, l.child_id) NOT IN (SELECT * FROM unnest($1::uuid[], $2::uuid[]))
"""
LINK = """
INSERT INTO category_link (id, parent_id, child_id) SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[])
    ON CONFLICT (parent_id, child_id) DO NOTHING RETURNING id
"""


class Written(msgspec.Struct, kw_only=True):
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    links: int = 0


class _Place(NamedTuple):
    slug: str
    path: str
    depth: int


async def write_tree(tree: Tree) -> Written:
    """What was made and changed; writing the same tree again changes nothing."""
    async with transaction() as connection:
        await lock_tree(connection)
        writer = _Writer(await connection.fetch("SELECT * FROM category"))
        for node in tree.nodes.values():
            writer.place(node.id, node.name, node.parent, node.position)
        if writer.inserts:
            await connection.execute(INSERT, *map(list, zip(*writer.inserts, strict=True)))
        if writer.updates:
            await connection.execute(UPDATE, *map(list, zip(*writer.updates, strict=True)))
            await connection.execute(REPATH)
        links = await _write_links(connection, tree, writer.ids)
    return Written(
        created=len(writer.inserts),
        updated=len(writer.updates),
        unchanged=len(tree.nodes) - len(writer.inserts) - len(writer.updates),
        links=links,
    )


async def _write_links(connection: Connection, tree: Tree, ids: dict[str, UUID]) -> int:
    parents = [ids[parent] for parent, _ in tree.links]
    children = [ids[child] for _, child in tree.links]
    await connection.execute(UNLINK, parents, children, list(ids.values()))
    return len(await connection.fetch(LINK, [uuid7() for _ in parents], parents, children))


class _Writer:
    """Decides for each node, parents first, whether it is new, changed or as it should be."""

    def __init__(self, stored: list[Any]) -> None:
        self.ids: dict[str, UUID] = {}
        self.inserts: list[tuple[Any, ...]] = []
        self.updates: list[tuple[Any, ...]] = []
        self._known = {row["external_id"]: row for row in stored if row["external_id"]}
        self._nameless = {(row["parent_id"], row["name"].casefold()): row for row in stored if not row["external_id"]}
        self._places = {row["id"]: _Place(row["slug"], row["path"], row["depth"]) for row in stored}
        self._slugs = {row["slug"] for row in stored}

    def place(self, external_id: str, name: str, parent: str | None, position: int) -> None:
        parent_id = self.ids[parent] if parent is not None else None
        row = self._known.get(external_id) or self._nameless.pop((parent_id, name.casefold()), None)
        if row is None:
            self._insert(external_id, name, parent_id, position)
            return
        self.ids[external_id] = row["id"]
        wanted = (name, parent_id, position, external_id)
        if wanted != (row["name"], row["parent_id"], row["position"], row["external_id"]):
            self.updates.append((row["id"], *wanted))

    def _insert(self, external_id: str, name: str, parent_id: UUID | None, position: int) -> None:
        category_id = uuid7()
        above = self._places[parent_id] if parent_id else None
        candidates = slug_candidates(name, above.slug if above else None, category_id)
        slug = next(candidate for candidate in candidates if candidate not in self._slugs)
        path = f"{above.path}/{slug}" if above else slug
        depth = above.depth + 1 if above else 1
        self.ids[external_id] = category_id
        self._slugs.add(slug)
        self._places[category_id] = _Place(slug, path, depth)
        self.inserts.append((category_id, parent_id, slug, name, path, depth, position, external_id))
