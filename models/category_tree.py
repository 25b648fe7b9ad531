"""The category tree, with how many products are for sale at or below each node; links give a child more parents."""

from collections.abc import Mapping
from typing import NamedTuple

import msgspec

from models import replica

NODES = """
SELECT c.slug, c.name, c.path, p.slug AS parent FROM category c LEFT JOIN category p ON p.id = c.parent_id
 ORDER BY c.position, c.name
"""
LINKS = """
SELECT child.slug AS child, parent.slug AS parent FROM category_link l
  JOIN category child ON child.id = l.child_id JOIN category parent ON parent.id = l.parent_id
 ORDER BY child.position, child.name
"""
# A few hundred kinds of products are taken apart, not each product: a quarter of the time.
COUNTS = """
SELECT slug, sum(products)::int AS products
  FROM (SELECT categories, count(*) AS products FROM product_search GROUP BY 1) AS alike, unnest(categories) AS slug
 GROUP BY 1
"""


class CategoryNode(msgspec.Struct, frozen=True, kw_only=True):
    """`count` covers everything below, also what `children` does not show."""

    slug: str
    name: str
    path: str
    count: int
    children: tuple["CategoryNode", ...] = ()


class Tree(NamedTuple):
    """`children` of a slug, those of the root under the empty one."""

    nodes: Mapping[str, CategoryNode]
    children: Mapping[str, list[str]]

    def grow(self, under: str, depth: int, above: frozenset[str] = frozenset()) -> tuple[CategoryNode, ...]:
        """The nodes below `under`, `depth` levels of them; a loop of links ends where it began."""
        if depth == 0:
            return ()
        return tuple(
            msgspec.structs.replace(self.nodes[slug], children=self.grow(slug, depth - 1, above | {slug}))
            for slug in self.children.get(under, ())
            if slug not in above
        )


async def read_tree() -> Tree:
    rows = await replica.fetch(NODES)
    counts = {row["slug"]: row["products"] for row in await replica.fetch(COUNTS)}
    nodes = {
        row["slug"]: CategoryNode(
            slug=row["slug"], name=row["name"], path=row["path"], count=counts.get(row["slug"], 0)
        )
        for row in rows
    }
    children: dict[str, list[str]] = {}
    for row in rows:
        children.setdefault(row["parent"] or "", []).append(row["slug"])
    for link in await replica.fetch(LINKS):
        children.setdefault(link["parent"], []).append(link["child"])
    return Tree(nodes, children)
