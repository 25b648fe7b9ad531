"""What the shop's front shows besides search: categories that hold something, the shop's size, the shopper's header.

Reads only. A category counts when a product on sale is in it or below it.
"""

import msgspec

from models.basket import Shopper
from models.database import pool
from models.errors import NotFound


class Shelf(msgspec.Struct, frozen=True, kw_only=True):
    """A category with its children, which have none here."""

    slug: str
    name: str
    path: str
    children: list["Shelf"] = []


class Step(msgspec.Struct, frozen=True, kw_only=True):
    slug: str
    name: str


class CategoryPlace(msgspec.Struct, frozen=True, kw_only=True):
    """Where a category stands: `above` from the root, `below` those that hold something."""

    slug: str
    name: str
    above: list[Step]
    below: list[Step]


class ShopSize(msgspec.Struct, frozen=True, kw_only=True):
    products: int
    sellers: int


class Header(msgspec.Struct, frozen=True, kw_only=True):
    """`name` is None for a guest."""

    name: str | None
    units: int


USED = """
WITH used AS (
    SELECT path FROM category c WHERE EXISTS (SELECT FROM product WHERE category_id = c.id AND state = 'active')
)
"""
HOLDS = "EXISTS (SELECT FROM used WHERE used.path = c.path OR used.path LIKE c.path || '/%')"
SHELVES = f"""{USED}
SELECT c.slug, c.name, c.path, c.depth FROM category c WHERE c.depth <= 2 AND {HOLDS}
 ORDER BY c.depth, c.position, c.name
"""
PLACE = f"""{USED}
SELECT m.slug, m.name,
       (SELECT coalesce(json_agg(json_build_object('slug', c.slug, 'name', c.name) ORDER BY c.depth), '[]')
          FROM category c WHERE c.path = ANY(
               SELECT array_to_string((string_to_array(m.path, '/'))[1:n], '/') FROM generate_series(1, m.depth - 1) n)
       ) AS above,
       (SELECT coalesce(json_agg(json_build_object('slug', c.slug, 'name', c.name) ORDER BY c.position, c.name), '[]')
          FROM category c WHERE c.parent_id = m.id AND {HOLDS}) AS below
  FROM category m WHERE m.slug = $1
"""
FACES = """
SELECT c.slug, (
       SELECT i.key FROM category k JOIN product p ON p.category_id = k.id JOIN product_image i ON i.product_id = p.id
        WHERE (k.path = c.path OR k.path LIKE c.path || '/%') AND p.state = 'active'
        ORDER BY p.sales_count DESC, i.position LIMIT 1) AS picture
  FROM category c WHERE c.slug = ANY($1)
"""
SIZE = """
SELECT count(*) AS products, count(DISTINCT p.seller_id) AS sellers
  FROM product p JOIN seller s ON s.id = p.seller_id WHERE p.state = 'active' AND s.state = 'approved'
"""
HEADER = """
SELECT (SELECT name FROM users WHERE id = $1) AS name,
       (SELECT coalesce(sum(i.quantity), 0)::int FROM cart c JOIN cart_item i ON i.cart_id = c.id
         WHERE c.{column} = $2 AND NOT i.saved_for_later) AS units
"""


async def list_shelves() -> list[Shelf]:
    """Two levels of the category tree, as far as they hold something."""
    roots: dict[str, Shelf] = {}
    for row in await pool().fetch(SHELVES):
        shelf = Shelf(slug=row["slug"], name=row["name"], path=row["path"], children=[])
        if row["depth"] == 1:
            roots[shelf.path] = shelf
        elif parent := roots.get(shelf.path.rpartition("/")[0]):
            parent.children.append(shelf)
    return list(roots.values())


async def get_category_place(slug: str) -> CategoryPlace:
    """Raises NotFound."""
    row = await pool().fetchrow(PLACE, slug)
    if row is None:
        raise NotFound("There is no such category.")
    steps = {name: msgspec.json.decode(row[name], type=list[Step]) for name in ("above", "below")}
    return CategoryPlace(slug=row["slug"], name=row["name"], **steps)


async def list_faces(slugs: list[str]) -> dict[str, str | None]:
    """For each category the key of its best-selling product's picture."""
    return {row["slug"]: row["picture"] for row in await pool().fetch(FACES, slugs)}


async def measure_shop() -> ShopSize:
    """Products on sale, and their sellers."""
    return ShopSize(**await pool().fetchrow(SIZE))


async def read_header(shopper: Shopper) -> Header:
    """Who is greeted, and how many units lie in the cart."""
    column, owner = shopper.owner
    return Header(**await pool().fetchrow(HEADER.format(column=column), shopper.user_id, owner))
