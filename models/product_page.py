"""Everything that a product's page shows, in one statement; only what is for sale is found."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from models import replica

FREE_SHOWN = 10
REVIEWS_SHOWN = 5

PAGE = f"""
SELECT p.id, p.slug, p.name, p.brand, p.description, p.currency, p.country_of_origin, p.rating_sum, p.rating_count,
       variants.list AS variants, specs.list AS specifications, images.list AS images, crumbs.list AS breadcrumbs,
       stars.list AS stars, reviews.list AS reviews,
       json_build_object('slug', s.slug, 'name', s.name, 'legal_name', s.legal_name, 'gstin', s.gstin, 'address',
           concat_ws(', ', nullif(s.address_line, ''), nullif(s.city, ''), nullif(s.region, ''), nullif(s.pin_code, ''))
       ) AS seller
  FROM product p
  JOIN seller s ON s.id = p.seller_id AND s.state = 'approved'
  LEFT JOIN category c ON c.id = p.category_id
  CROSS JOIN LATERAL (
    SELECT json_agg(json_build_object('id', v.id, 'sku', v.sku, 'options', v.options, 'price_minor', v.price_minor,
        'list_price_minor', v.list_price_minor, 'free', least(coalesce(k.on_hand - k.reserved, 0), {FREE_SHOWN}))
        ORDER BY v.position, v.id) AS list
      FROM variant v LEFT JOIN stock k ON k.variant_id = v.id
     WHERE v.product_id = p.id AND v.state = 'active') AS variants
  CROSS JOIN LATERAL (
    SELECT json_agg(json_build_object('name', x.name, 'text', x.text, 'unit', x.unit)
        ORDER BY x.position, x.name) AS list
      FROM specification x WHERE x.product_id = p.id) AS specs
  CROSS JOIN LATERAL (
    SELECT json_agg(json_build_object('key', i.key, 'alt', i.alt) ORDER BY i.position, i.id) AS list
      FROM product_image i WHERE i.product_id = p.id) AS images
  CROSS JOIN LATERAL (
    SELECT json_agg(json_build_object('slug', a.slug, 'name', a.name) ORDER BY a.depth) AS list FROM category a
     WHERE a.path IN (SELECT array_to_string((string_to_array(c.path, '/'))[1:n], '/')
                        FROM generate_series(1, cardinality(string_to_array(c.path, '/'))) AS n)) AS crumbs
  CROSS JOIN LATERAL (
    SELECT json_object_agg(rating, number) AS list FROM (
        SELECT r.rating, count(*) AS number FROM review r
         WHERE r.product_id = p.id AND r.state = 'published' GROUP BY r.rating) AS by_stars) AS stars
  CROSS JOIN LATERAL (
    SELECT json_agg(json_build_object('rating', r.rating, 'title', r.title, 'text', r.text, 'answer', r.answer,
        'author', r.author, 'verified', r.order_line_id IS NOT NULL, 'created_at', r.created_at,
        'photos', ARRAY(SELECT key FROM review_photo f WHERE f.review_id = r.id ORDER BY f.position, f.id))
        ORDER BY r.created_at DESC) AS list FROM (
        SELECT r.*, split_part(u.name, ' ', 1) AS author FROM review r JOIN users u ON u.id = r.user_id
         WHERE r.product_id = p.id AND r.state = 'published' ORDER BY r.created_at DESC LIMIT {REVIEWS_SHOWN}) AS r
    ) AS reviews
 WHERE p.slug = $1 AND p.state = 'active' AND variants.list IS NOT NULL
"""

MOVED = """
SELECT p.slug FROM product_redirect r JOIN product p ON p.id = r.product_id AND p.state = 'active'
  JOIN seller s ON s.id = p.seller_id AND s.state = 'approved'
 WHERE r.slug = $1 AND EXISTS (SELECT FROM variant v WHERE v.product_id = p.id AND v.state = 'active')
"""


class PageVariant(msgspec.Struct, frozen=True, kw_only=True):
    """`free`: how many can be bought now; FREE_SHOWN stands for that many or more."""

    id: UUID
    sku: str
    options: dict[str, Any]
    price_minor: int
    list_price_minor: int | None
    free: int
    in_stock: bool = False


class PageSpecification(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    text: str
    unit: str


class PageImage(msgspec.Struct, frozen=True, kw_only=True):
    key: str
    alt: str


class Crumb(msgspec.Struct, frozen=True, kw_only=True):
    slug: str
    name: str


class PageSeller(msgspec.Struct, frozen=True, kw_only=True):
    """Name, address and GSTIN are public by law (E-Commerce Rules 2020, rule 6)."""

    slug: str
    name: str
    legal_name: str
    gstin: str | None
    address: str


class PageReview(msgspec.Struct, frozen=True, kw_only=True):
    """`author` is a first name; `verified`: written from an order."""

    rating: int
    title: str
    text: str
    answer: str
    author: str
    verified: bool
    photos: tuple[str, ...]
    created_at: datetime


class ProductPage(msgspec.Struct, frozen=True, kw_only=True):
    """Prices in minor units, of the cheapest variant where not of one. `stars`: published reviews by their rating."""

    id: UUID
    slug: str
    name: str
    brand: str
    description: str
    currency: str
    country_of_origin: str
    price_minor: int
    list_price_minor: int | None
    in_stock: bool
    rating: float
    rating_count: int
    stars: dict[str, int]
    variants: tuple[PageVariant, ...]
    specifications: tuple[PageSpecification, ...]
    images: tuple[PageImage, ...]
    breadcrumbs: tuple[Crumb, ...]
    reviews: tuple[PageReview, ...]
    seller: PageSeller


async def find_product_page(slug: str) -> ProductPage | None:
    """None for what is not for sale."""
    row = await replica.fetchrow(PAGE, slug)
    if row is None:
        return None
    values = dict(row)
    for name, kind in _PARTS.items():
        text = values[name]
        values[name] = msgspec.json.decode(text, type=kind) if text else kind()
    variants = tuple(msgspec.structs.replace(variant, in_stock=variant.free > 0) for variant in values["variants"])
    cheapest = min(variants, key=lambda variant: variant.price_minor)
    rating_sum = values.pop("rating_sum")
    return ProductPage(
        **{**values, "variants": variants},
        price_minor=cheapest.price_minor,
        list_price_minor=cheapest.list_price_minor,
        in_stock=any(variant.in_stock for variant in variants),
        rating=round(rating_sum / values["rating_count"], 1) if values["rating_count"] else 0.0,
    )


async def find_new_slug(slug: str) -> str | None:
    """Where a product that had this slug before is now."""
    found: str | None = await replica.fetchval(MOVED, slug)
    return found


_PARTS: dict[str, Any] = {
    "variants": tuple[PageVariant, ...],
    "specifications": tuple[PageSpecification, ...],
    "images": tuple[PageImage, ...],
    "breadcrumbs": tuple[Crumb, ...],
    "reviews": tuple[PageReview, ...],
    "stars": dict[str, int],
    "seller": PageSeller,
}
