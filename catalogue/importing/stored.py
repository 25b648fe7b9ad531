"""Products as the shop has them, by SKU, to be compared with rows of a file."""

from collections.abc import Sequence
from uuid import UUID

import msgspec

from models.database import Connection
from models.product_change import Wanted, decode
from models.specifications import Specification

STORED = """
SELECT p.id, p.sku, p.name, p.brand, p.description, p.category_id, v.variants, v.ids[1] AS variant_id,
       v.prices[1] AS price_minor, v.list_prices[1] AS list_price_minor, v.free[1] AS free, i.images, i.image_ids,
       s.specifications, p.state = 'active' AND NOT owner.trusted AS judged, w.wanted
  FROM product p
  JOIN seller owner ON owner.id = p.seller_id
  LEFT JOIN product_change w ON w.product_id = p.id AND w.state = 'pending'
 CROSS JOIN LATERAL (
       SELECT count(*) AS variants, array_agg(v.id ORDER BY v.position) AS ids,
              array_agg(v.price_minor ORDER BY v.position) AS prices,
              array_agg(v.list_price_minor ORDER BY v.position) AS list_prices,
              array_agg(k.on_hand - k.reserved ORDER BY v.position) AS free
         FROM variant v LEFT JOIN stock k ON k.variant_id = v.id WHERE v.product_id = p.id AND v.state = 'active') v
 CROSS JOIN LATERAL (
       SELECT coalesce(array_agg(coalesce(nullif(source, ''), key) ORDER BY position, id), '{}') AS images,
              coalesce(array_agg(id ORDER BY position, id), '{}') AS image_ids
         FROM product_image WHERE product_id = p.id) i
 CROSS JOIN LATERAL (
       SELECT coalesce(json_agg(json_build_array(name, kind, text, number, unit) ORDER BY position), '[]')
              AS specifications FROM specification WHERE product_id = p.id) s
 WHERE p.seller_id = $1 AND p.sku = ANY($2)
"""


class Stored(msgspec.Struct, frozen=True, kw_only=True):
    """A product as the shop has it. `variants` counts those for sale; price and free units are of the first. `judged`:
    the market looks first at what shoppers read of it; `wanted` is what waits.
    """

    id: UUID
    sku: str
    name: str
    brand: str
    description: str
    category_id: UUID | None
    variants: int
    variant_id: UUID | None
    price_minor: int | None
    list_price_minor: int | None
    free: int | None
    images: list[str]
    image_ids: list[UUID]
    specifications: list[Specification]
    judged: bool
    wanted: Wanted


async def read_stored(connection: Connection, seller_id: UUID, skus: Sequence[str]) -> dict[str, Stored]:
    rows = await connection.fetch(STORED, seller_id, skus)
    return {
        row["sku"]: Stored(
            **{
                **row,
                "specifications": msgspec.json.decode(row["specifications"], type=list[Specification]),
                "wanted": decode(row["wanted"]) if row["wanted"] else Wanted(),
            }
        )
        for row in rows
    }
