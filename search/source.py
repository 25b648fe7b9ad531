"""Reads sellable products (active, of an approved seller, with an active variant) as the sources of their documents.

One statement for the products and one for where their categories stand, both written by hand.
"""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

import msgspec

from models.database import Connection
from search.document import NOWHERE, Document, Offer, Placing, Property, Source, build

SELLABLE = """p.state = 'active' AND s.state = 'approved'
    AND EXISTS (SELECT FROM variant v WHERE v.product_id = p.id AND v.state = 'active')"""

PRODUCTS = """
SELECT p.id, p.slug, p.name, p.brand, p.description, p.sku, p.currency, p.created_at, p.category_id,
       p.rating_sum, p.rating_count, p.sales_count, s.slug AS seller_slug, s.name AS seller_name,
       offers.list AS offers, properties.list AS properties, image.key AS image_key, image.alt AS image_alt
  FROM unnest($1::uuid[]) AS wanted(id)
  JOIN product p ON p.id = wanted.id AND p.state = 'active'
  JOIN seller s ON s.id = p.seller_id AND s.state = 'approved'
  CROSS JOIN LATERAL (
    SELECT json_agg(json_build_array(v.sku, v.options, v.price_minor, v.list_price_minor,
                    coalesce(k.on_hand - k.reserved > 0, false)) ORDER BY v.position, v.id) AS list
      FROM variant v LEFT JOIN stock k ON k.variant_id = v.id
     WHERE v.product_id = p.id AND v.state = 'active') AS offers
  CROSS JOIN LATERAL (
    SELECT json_agg(json_build_array(x.name, x.kind, x.text,
                    CASE WHEN x.number NOT IN ('NaN', 'Infinity', '-Infinity') THEN x.number END, x.unit)
                    ORDER BY x.position, x.name) AS list
      FROM specification x WHERE x.product_id = p.id) AS properties
  LEFT JOIN LATERAL (
    SELECT i.key, i.alt FROM product_image i
     WHERE i.product_id = p.id ORDER BY i.position, i.id LIMIT 1) AS image ON true
 WHERE offers.list IS NOT NULL
 ORDER BY p.id
"""

PLACINGS = """
WITH RECURSIVE above(home, id) AS (
    SELECT id, id FROM unnest($1::uuid[]) AS homes(id)
    UNION
    SELECT above.home, up.id FROM above CROSS JOIN LATERAL (
        SELECT c.parent_id AS id FROM category c WHERE c.id = above.id AND c.parent_id IS NOT NULL
        UNION ALL
        SELECT l.parent_id FROM category_link l WHERE l.child_id = above.id) AS up
)
SELECT h.id, h.slug, h.path,
       array_agg(c.slug ORDER BY c.path DESC) AS slugs, array_agg(c.name ORDER BY c.path DESC) AS names
  FROM above JOIN category h ON h.id = above.home JOIN category c ON c.id = above.id
 GROUP BY h.id
"""

_offers = msgspec.json.Decoder(list[Offer])
_properties = msgspec.json.Decoder(list[Property])


async def read_documents(connection: Connection, ids: Iterable[UUID]) -> list[Document]:
    """The documents of those products that are sellable, in the order of their ids."""
    rows = await connection.fetch(PRODUCTS, list(ids))
    placings = await read_placings(connection, {row["category_id"] for row in rows if row["category_id"]})
    return [build(_source(row, placings)) for row in rows]


async def read_placings(connection: Connection, categories: Iterable[UUID]) -> dict[UUID, Placing]:
    wanted = list(categories)
    if not wanted:
        return {}
    rows = await connection.fetch(PLACINGS, wanted)
    return {row["id"]: Placing(row["slug"], row["path"], tuple(row["slugs"]), tuple(row["names"])) for row in rows}


async def read_sellable_page(connection: Connection, after: UUID | None, limit: int) -> Sequence[UUID]:
    """Ids of sellable products beyond `after`, in order: a keyset page."""
    rows = await connection.fetch(
        f"""SELECT p.id FROM product p JOIN seller s ON s.id = p.seller_id
             WHERE p.id > coalesce($1, '00000000-0000-0000-0000-000000000000'::uuid) AND {SELLABLE}
             ORDER BY p.id LIMIT $2""",
        after,
        limit,
    )
    return [row["id"] for row in rows]


async def count_sellable(connection: Connection) -> int:
    count: int = await connection.fetchval(
        f"SELECT count(*) FROM product p JOIN seller s ON s.id = p.seller_id WHERE {SELLABLE}"
    )
    return count


def _source(row: Mapping[str, object], placings: Mapping[UUID, Placing]) -> Source:
    values = dict(row)
    category = values.pop("category_id")
    values["offers"] = _offers.decode(str(values["offers"]))
    values["properties"] = _properties.decode(str(values["properties"] or "[]"))
    values["image_key"] = values["image_key"] or ""
    values["image_alt"] = values["image_alt"] or ""
    values["placing"] = placings.get(category, NOWHERE) if isinstance(category, UUID) else NOWHERE
    return Source(**values)  # type: ignore[arg-type]
