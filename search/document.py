"""The search document: a pure function from what PostgreSQL knows of a sellable product to what the index holds.

`SOURCES` names the columns behind each field; a test changes each column and demands a change row and another document.
"""

import hashlib
import math
import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from search.bars import price_band
from search.wording import heads, measures, signed_words, subject, undotted, undotted_words, unsigned

DESCRIPTION_MAX = 2_000
SEPARATOR = "\t"
_TAG = re.compile(r"<[^<>]*>")

SpecValue = float | bool | str | list[str]


class Placing(NamedTuple):
    """Where a category stands: its slug and path, and slugs and names of itself and all above it, links included."""

    slug: str = ""
    path: str = ""
    slugs: tuple[str, ...] = ()
    names: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Its own, without those above."""
        return next((name for slug, name in zip(self.slugs, self.names, strict=True) if slug == self.slug), "")


NOWHERE = Placing()


class Offer(NamedTuple):
    """An active variant; `options` is whatever JSON the row holds, of which only an object counts."""

    sku: str
    options: Any
    price_minor: int
    list_price_minor: int | None
    in_stock: bool


class Property(NamedTuple):
    """A specification; `number` is None where kind is text, 1 or 0 where it is boolean."""

    name: str
    kind: str
    text: str
    number: float | None
    unit: str


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """A sellable product as read from PostgreSQL: at least one offer."""

    id: UUID
    slug: str
    name: str
    brand: str
    description: str
    sku: str
    currency: str
    created_at: datetime
    rating_sum: int
    rating_count: int
    sales_count: int
    seller_slug: str
    seller_name: str
    offers: Sequence[Offer]
    properties: Sequence[Property]
    image_key: str
    image_alt: str
    placing: Placing


class Document(msgspec.Struct, kw_only=True):
    """`spec` is for filters, typed, by key; `spec_text` for people and words; `spec_fields` says what may be chosen.

    For words alone: `kind`, what the thing is; `subject`, its name up to what it is for; `measures`, "16 GB" as `16gb`,
    and words without the sign or the dots that they bear.
    """

    id: str
    slug: str
    name: str
    kind: list[str]
    subject: str
    measures: list[str]
    brand: str
    description: str
    category: str
    category_path: str
    categories: Sequence[str]
    category_names: Sequence[str]
    seller: str
    seller_name: str
    currency: str
    created_at: int
    skus: list[str]
    options: dict[str, list[str]]
    spec: dict[str, SpecValue]
    spec_fields: list[str]
    spec_text: str
    image: str
    image_alt: str
    price_minor: int
    price_band: int
    list_price_minor: int | None
    discount: int
    in_stock: bool
    rating: float
    rating_count: int
    sales_count: int
    popularity: float
    version: str = ""


_ABOVE = (
    "product.category_id",
    "category.parent_id",
    "category.path",
    "category_link.parent_id",
    "category_link.child_id",
)
_SPEC = ("specification.product_id", "specification.name", "specification.kind", "specification.text",
    "specification.number", "specification.unit", "specification.position")  # fmt: skip
_OPTIONS = ("variant.options", "variant.state", "variant.product_id", "variant.position")
_OFFER = ("variant.price_minor", "variant.list_price_minor")
_STOCK = ("stock.on_hand", "stock.reserved")

PRESENCE = ("product.state", "seller.state")
"""Columns that decide whether there is a document at all."""

SOURCES: dict[str, tuple[str, ...]] = {
    "id": (),
    "slug": ("product.slug",),
    "name": ("product.name",),
    "kind": ("product.name", "product.brand", "product.category_id", "category.name"),
    "subject": ("product.name", "product.brand"),
    "measures": ("product.name", "product.brand", "product.description", *_SPEC, *_OPTIONS),
    "brand": ("product.brand",),
    "description": ("product.description",),
    "category": ("product.category_id", "category.slug"),
    "category_path": ("product.category_id", "category.path"),
    "categories": (*_ABOVE, "category.slug"),
    "category_names": (*_ABOVE, "category.name"),
    "seller": ("product.seller_id", "seller.slug"),
    "seller_name": ("product.seller_id", "seller.name"),
    "currency": ("product.currency",),
    "created_at": ("product.created_at",),
    "skus": ("product.sku", "variant.sku", "variant.state", "variant.product_id", "variant.position"),
    "options": _OPTIONS,
    "spec": (*_SPEC, *_OPTIONS),
    "spec_fields": (*_SPEC, *_OPTIONS),
    "spec_text": (*_SPEC, *_OPTIONS),
    "image": ("product_image.product_id", "product_image.key", "product_image.position"),
    "image_alt": ("product_image.product_id", "product_image.alt", "product_image.position"),
    "price_minor": ("variant.price_minor", "variant.state", "variant.product_id"),
    "price_band": ("variant.price_minor", "variant.state", "variant.product_id"),
    "list_price_minor": (*_OFFER, "variant.state", "variant.product_id"),
    "discount": (*_OFFER, "variant.state", "variant.product_id"),
    "in_stock": (*_STOCK, "variant.state", "variant.product_id"),
    "rating": ("product.rating_sum", "product.rating_count"),
    "rating_count": ("product.rating_count",),
    "sales_count": ("product.sales_count",),
    "popularity": ("product.rating_sum", "product.rating_count", "product.sales_count", *_STOCK, "variant.state",
        "variant.product_id"),
}  # fmt: skip

PART_FIELDS = ("price_minor", "price_band", "list_price_minor", "discount", "in_stock", "rating", "rating_count",
    "sales_count", "popularity", "version")  # fmt: skip
"""All that a change of kind `part` (price, stock, counts) can alter."""


def build(source: Source) -> Document:
    cheapest = min(source.offers, key=lambda offer: (offer.price_minor, offer.list_price_minor or 0))
    in_stock = any(offer.in_stock for offer in source.offers)
    spec, spec_fields, spec_text = _specification(source.properties, options := _options(source.offers))
    description = unsigned(_TAG.sub(" ", source.description)[:DESCRIPTION_MAX])
    document = Document(
        id=str(source.id),
        slug=source.slug,
        name=source.name,
        kind=heads(source.name, source.brand, source.placing.name),
        subject=" ".join((unsigned(undotted(subject(source.name, source.brand))), *measures((source.name,)))),
        measures=_told_otherwise(source, spec_text, description),
        brand=source.brand,
        description=description,
        category=source.placing.slug,
        category_path=source.placing.path,
        categories=source.placing.slugs,
        category_names=source.placing.names,
        seller=source.seller_slug,
        seller_name=source.seller_name,
        currency=source.currency,
        created_at=int(source.created_at.timestamp()),
        skus=list(dict.fromkeys((source.sku, *(offer.sku for offer in source.offers)))),
        options=options,
        spec=spec,
        spec_fields=spec_fields,
        spec_text=unsigned(spec_text),
        image=source.image_key,
        image_alt=source.image_alt,
        price_minor=cheapest.price_minor,
        price_band=price_band(cheapest.price_minor),
        list_price_minor=cheapest.list_price_minor,
        discount=discount(cheapest.price_minor, cheapest.list_price_minor),
        in_stock=in_stock,
        rating=round(source.rating_sum / max(source.rating_count, 1), 1),
        rating_count=source.rating_count,
        sales_count=source.sales_count,
        popularity=popularity(source, in_stock=in_stock),
    )
    return _versioned(document)


def _told_otherwise(source: Source, spec_text: str, description: str) -> list[str]:
    """Words of the document in a spelling that a query is brought to, too."""
    names = (source.brand, source.name)
    spelt = undotted_words((*names, spec_text, description))
    return [*measures((source.name, spec_text, description)), *signed_words(names), *spelt]


def _versioned(document: Document) -> Document:
    document.version = hashlib.blake2b(msgspec.json.encode(document), digest_size=8).hexdigest()
    return document


def part(document: Document) -> dict[str, Any]:
    """The partial document: what a change of price, stock or counts can alter, and the id."""
    return {"id": document.id, **{name: getattr(document, name) for name in PART_FIELDS}}


def discount(price_minor: int, list_price_minor: int | None) -> int:
    """Whole percent below the list price, rounded down so that no more is promised than is given."""
    if not list_price_minor or list_price_minor <= price_minor:
        return 0
    return (list_price_minor - price_minor) * 100 // list_price_minor


def popularity(source: Source, *, in_stock: bool) -> float:
    """Breaks ties and orders mere browsing: sales, and a rating damped by 5 reviews of 3.5; what is sold out sinks."""
    rated = (source.rating_sum + 5 * 3.5) / (source.rating_count + 5)
    score = math.log1p(source.sales_count) + rated
    return round(score if in_stock else score / 10, 3)


@lru_cache(10_000)
def key_of(name: str) -> str:
    """The name of a specification as filters and addresses write it: `Screen size` is `screen_size`."""
    kept = (c if c.isalnum() or unicodedata.category(c)[0] == "M" else " " for c in name.casefold())
    return "_".join("".join(kept).split())


def _options(offers: Sequence[Offer]) -> dict[str, list[str]]:
    """Each option with its values, in the order of the variants."""
    found: dict[str, dict[str, None]] = {}
    for offer in offers:
        for name, value in offer.options.items() if isinstance(offer.options, dict) else ():
            found.setdefault(name, {})[str(value)] = None
    return {name: list(values) for name, values in found.items()}


def _specification(
    properties: Sequence[Property], options: Mapping[str, list[str]]
) -> tuple[dict[str, SpecValue], list[str], str]:
    """Filterable values by key, the fields that name them (key, name, kind, unit), and one line of text for each."""
    spec: dict[str, SpecValue] = {}
    fields: dict[str, str] = {}
    lines = []
    for name, values in options.items():
        if key := key_of(name):
            spec[key] = values
            fields[key] = SEPARATOR.join((key, name, "text", ""))
            lines.append(f"{name}: {', '.join(values)}")
    for item in properties:
        lines.append(f"{item.name}: {item.text}")
        key = key_of(item.name)
        if key and key not in spec:
            spec[key] = _typed(item)
            fields[key] = SEPARATOR.join((key, item.name, item.kind, item.unit))
    return spec, list(fields.values()), "\n".join(lines)


def _typed(item: Property) -> SpecValue:
    if item.number is None:
        return item.text
    return item.number > 0 if item.kind == "boolean" else item.number
