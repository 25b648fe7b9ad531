"""What sellers offer, as they see it themselves: reading one's own products, with free and reserved units.

Every statement names the owner: somebody else's product is as absent as one that never was.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from models.database import Connection, Pool, pool
from models.errors import NotFound
from models.specifications import ListedSpecification, Specification, listed


class ListedVariant(msgspec.Struct, frozen=True, kw_only=True):
    """`stock` is the free quantity; `reserved` units are promised to orders on top of it."""

    id: UUID
    sku: str
    options: dict[str, str | int | float | bool | None]
    price_minor: int
    list_price_minor: int | None
    stock: int
    reserved: int
    status: str


class ListedImage(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    key: str
    alt: str


class Listing(msgspec.Struct, frozen=True, kw_only=True):
    """A product with all of its parts. `price_minor` is the lowest of its variants, `stock` their sum."""

    id: UUID
    sku: str
    slug: str
    name: str
    brand: str
    description: str
    status: str
    category: str | None
    category_name: str | None
    currency: str
    hsn_code: str
    country_of_origin: str
    buyer_limit: int | None
    price_minor: int
    list_price_minor: int | None
    stock: int
    variants: list[ListedVariant]
    specifications: list[ListedSpecification]
    images: list[ListedImage]
    rating_count: int
    sales_count: int
    created_at: datetime
    updated_at: datetime


class ListingLine(msgspec.Struct, frozen=True, kw_only=True):
    """A product as one line of a list. `variant_id` is that of the only one on sale, None where there are several."""

    id: UUID
    sku: str
    slug: str
    name: str
    brand: str
    status: str
    category: str | None
    currency: str
    price_minor: int
    stock: int
    variants: int
    variant_id: UUID | None
    image: str | None
    updated_at: datetime


ONE = """
SELECT p.id, p.sku, p.slug, p.name, p.brand, p.description, p.state AS status, c.slug AS category,
       c.name AS category_name, p.currency, p.hsn_code, p.country_of_origin, p.buyer_limit,
       p.rating_count, p.sales_count, p.created_at, p.updated_at,
       v.variants, s.specifications, i.images
  FROM product p
  LEFT JOIN category c ON c.id = p.category_id
 CROSS JOIN LATERAL (
       SELECT coalesce(json_agg(json_build_object(
                'id', v.id, 'sku', v.sku, 'options', v.options, 'price_minor', v.price_minor,
                'list_price_minor', v.list_price_minor, 'status', v.state, 'reserved', coalesce(k.reserved, 0),
                'stock', coalesce(k.on_hand - k.reserved, 0)) ORDER BY v.position, v.id), '[]') AS variants
         FROM variant v LEFT JOIN stock k ON k.variant_id = v.id WHERE v.product_id = p.id) v
 CROSS JOIN LATERAL (
       SELECT coalesce(json_agg(json_build_array(name, kind, text, number, unit) ORDER BY position, name), '[]')
              AS specifications FROM specification WHERE product_id = p.id) s
 CROSS JOIN LATERAL (
       SELECT coalesce(json_agg(json_build_object('id', id, 'key', key, 'alt', alt) ORDER BY position, id), '[]')
              AS images
         FROM product_image WHERE product_id = p.id) i
 WHERE p.id = $1 AND p.seller_id = $2
"""

LINES = """
SELECT p.id, p.sku, p.slug, p.name, p.brand, p.state AS status, c.slug AS category, p.currency, p.updated_at,
       v.price_minor, v.stock, v.variants, v.variant_id,
       (SELECT key FROM product_image WHERE product_id = p.id ORDER BY position, id LIMIT 1) AS image
  FROM (SELECT * FROM product p WHERE {where} ORDER BY p.updated_at DESC, p.id LIMIT $4 OFFSET $5) p
  LEFT JOIN category c ON c.id = p.category_id
 CROSS JOIN LATERAL (
       SELECT coalesce(min(v.price_minor), 0) AS price_minor, coalesce(sum(k.on_hand - k.reserved), 0) AS stock,
              count(*) AS variants, CASE WHEN count(*) = 1 THEN (array_agg(v.id))[1] END AS variant_id
         FROM variant v LEFT JOIN stock k ON k.variant_id = v.id
        WHERE v.product_id = p.id AND v.state = 'active') v
 ORDER BY p.updated_at DESC, p.id
"""
_specifications = msgspec.json.Decoder(list[Specification])
MINE = r"""p.seller_id = $1 AND ($2::text IS NULL OR p.state = $2)
   AND ($3::text IS NULL OR p.name ILIKE $3 OR p.brand ILIKE $3 OR p.sku ILIKE $3)"""


async def get_listing(seller_id: UUID, product_id: UUID, connection: Connection | Pool | None = None) -> Listing:
    """Raises NotFound, also for a product of another seller."""
    row = await (connection or pool()).fetchrow(ONE, product_id, seller_id)
    if row is None:
        raise NotFound("You have no such product.")
    values: dict[str, Any] = dict(row)
    variants = msgspec.json.decode(values.pop("variants"), type=list[ListedVariant])
    for_sale = [variant for variant in variants if variant.status == "active"] or variants
    cheapest = min(for_sale, key=lambda variant: variant.price_minor, default=None)
    return Listing(
        **{
            **values,
            "specifications": [*map(listed, _specifications.decode(values["specifications"]))],
            "images": msgspec.json.decode(values["images"], type=list[ListedImage]),
        },
        variants=variants,
        price_minor=cheapest.price_minor if cheapest else 0,
        list_price_minor=cheapest.list_price_minor if cheapest else None,
        stock=sum(variant.stock for variant in for_sale),
    )


async def list_listings(
    seller_id: UUID, *, words: str | None = None, state: str | None = None, page: int = 1, per_page: int = 50
) -> tuple[list[ListingLine], int]:
    """Last changed first, and how many there are; `words` is looked for in name, brand and SKU."""
    pattern = f"%{_escaped(words)}%" if words else None
    rows = await pool().fetch(LINES.format(where=MINE), seller_id, state, pattern, per_page, (page - 1) * per_page)
    total: int = await pool().fetchval(f"SELECT count(*) FROM product p WHERE {MINE}", seller_id, state, pattern)
    return [ListingLine(**row) for row in rows], total


def _escaped(words: str) -> str:
    """For LIKE, where % and _ stand for anything."""
    return words.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
