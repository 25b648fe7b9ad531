"""Rows for COPY, table by table, from the people and products of the generator."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import Any
from uuid import UUID

import msgspec

from catalogue.seed.generator import EPOCH, Product, World, products
from catalogue.seed.ids import (
    CATEGORY,
    IMAGE,
    PRODUCTS_AT,
    REVIEW,
    SELLER,
    SPECIFICATION,
    USER,
    VARIANT,
    Ids,
    code,
)
from catalogue.seed.people import Person, demo_people, shoppers
from catalogue.seed.shelves import Kind
from models.keyring import Keyring
from models.slug import slugify
from models.totp import new_secret

SLUG_LIMIT = 110
KEEPERS_AT, LOGINS_AT = 1_000, 2_000
"""Places of the users who are no shoppers; a shopper's place is the number that reviews know."""

COLUMNS: dict[str, tuple[str, ...]] = {
    "users": (
        "id", "email_hash", "email_encrypted", "name", "password_hash", "role", "email_verified_at", "created_at",
    ),
    "second_factor": ("user_id", "secret_encrypted", "confirmed_at"),
    "seller": (
        "id", "user_id", "slug", "name", "legal_name", "gstin", "description", "address_line", "city", "region",
        "pin_code", "state", "trusted", "created_at", "approved_at",
    ),
    "category": ("id", "parent_id", "slug", "name", "path", "depth", "position"),
    "product": (
        "id", "seller_id", "category_id", "sku", "slug", "name", "brand", "description", "state", "hsn_code", "gst_bps",
        "country_of_origin", "rating_sum", "rating_count", "sales_count", "created_at", "updated_at",
    ),
    "variant": (
        "id", "product_id", "sku", "options", "price_minor", "list_price_minor", "weight_grams", "position",
    ),
    "stock": ("variant_id", "on_hand"),
    "stock_movement": ("variant_id", "kind", "on_hand_change", "created_at"),
    "specification": ("id", "product_id", "name", "kind", "text", "number", "unit", "position"),
    "product_image": ("id", "product_id", "key", "alt", "position"),
    "review": ("id", "product_id", "user_id", "rating", "title", "text", "created_at"),
}  # fmt: skip
PRODUCT_TABLES = tuple(COLUMNS)[4:]

Rows = dict[str, list[tuple[Any, ...]]]


def user_rows(world: World, ids: Ids, *, keyring: Keyring, password_hash: str) -> list[tuple[Any, ...]]:
    """Shoppers, sellers' keepers and the demo log-ins; only those and the demo seller's keeper can log in."""
    people: list[tuple[int, Person, str | None, datetime]] = [
        (place, person, None, EPOCH) for place, person in enumerate(shoppers(world.seed))
    ]
    for place, seller in enumerate(world.sellers):
        people.append((KEEPERS_AT + place, seller.person, None if place else password_hash, seller.created_at))
    for place, person in enumerate(demo_people()):
        people.append((LOGINS_AT + place, person, password_hash, EPOCH))
    return [
        (
            ids.row(USER, place), keyring.email_hash(person.email), keyring.encrypt(person.email), person.name,
            password, person.role, created_at, created_at,
        )
        for place, person, password, created_at in people
    ]  # fmt: skip


def second_factor_rows(ids: Ids, *, keyring: Keyring) -> list[tuple[Any, ...]]:
    """The demo's admin and support have authenticator apps, whose codes `haat code` prints."""
    asked = (LOGINS_AT + place for place, person in enumerate(demo_people()) if person.role in {"admin", "support"})
    return [(ids.row(USER, place), keyring.encrypt(new_secret()), EPOCH) for place in asked]


def seller_rows(world: World, ids: Ids) -> list[tuple[Any, ...]]:
    return [
        (
            ids.row(SELLER, place), ids.row(USER, KEEPERS_AT + place), seller.slug, seller.name, seller.legal_name,
            seller.gstin, seller.description, seller.address_line, seller.city, seller.region, seller.pin_code,
            seller.state, seller.trusted, seller.created_at,
            seller.created_at if seller.state == "approved" else None,
        )
        for place, seller in enumerate(world.sellers)
    ]  # fmt: skip


def category_rows(kinds: Sequence[Kind], ids: Ids, *, free: Callable[[str], str]) -> Iterator[tuple[Any, ...]]:
    """The tree, parents first; `free` turns a wanted slug into one that is not taken."""
    known: dict[tuple[str, ...], tuple[UUID, str]] = {}
    positions: dict[tuple[str, ...], int] = {}
    for kind in kinds:
        full = (kind.department, kind.shelf, kind.name)
        for depth in (1, 2, 3):
            key = full[:depth]
            if key in known:
                continue
            parent_id, above = known.get(key[:-1], (None, ""))
            slug = free(slugify(key[-1], limit=110))
            path = f"{above}/{slug}" if above else slug
            known[key] = (ids.row(CATEGORY, len(known)), path)
            positions[key[:-1]] = positions.get(key[:-1], -1) + 1
            yield known[key][0], parent_id, slug, key[-1], path, depth, positions[key[:-1]]


def category_ids(kinds: Sequence[Kind], ids: Ids) -> dict[str, UUID]:
    """Leaf name to id."""
    leaves = {kind.name for kind in kinds}
    return {row[3]: row[0] for row in category_rows(kinds, ids, free=str) if row[5] == 3 and row[3] in leaves}


def product_rows(world: World, first: int, count: int, *, chunk: int) -> Iterator[Rows]:
    """The rows of products `first` to `first + count - 1`, `chunk` products at a time."""
    ids = Ids.of(world.seed)
    leaves = category_ids(world.shop.kinds, ids)
    made = products(world, first, count)
    while some := list(islice(made, chunk)):
        rows: Rows = {table: [] for table in PRODUCT_TABLES}
        for product in some:
            _add(rows, product, ids, leaves[product.kind.name])
        yield rows


def _add(rows: Rows, product: Product, ids: Ids, category_id: UUID) -> None:
    place = PRODUCTS_AT + product.number
    product_id, letters, created_at = ids.product(product.number), code(product.number), product.created_at
    sku = f"{product.brand[:3]}-{product.kind.picture[:4]}-{letters}".upper().replace(" ", "")
    rows["product"].append((
        product_id, ids.row(SELLER, product.seller), category_id, sku,
        f"{slugify(product.name, limit=SLUG_LIMIT)}-{letters}", product.name, product.brand, product.description,
        product.state, product.kind.hsn_code, product.gst_bps, product.country_of_origin,
        sum(review.rating for review in product.reviews), len(product.reviews), product.sales_count,
        created_at, created_at,
    ))  # fmt: skip
    for position, variant in enumerate(product.variants):
        variant_id = ids.row(VARIANT, place, position)
        own = "-".join([sku, *(value[:12].upper().replace(" ", "") for value in variant.options.values())])
        rows["variant"].append((
            variant_id, product_id, own, msgspec.json.encode(variant.options).decode(), variant.price_minor,
            variant.list_price_minor, variant.weight_grams, position,
        ))  # fmt: skip
        rows["stock"].append((variant_id, variant.on_hand))
        if variant.on_hand:
            rows["stock_movement"].append((variant_id, "stocked", variant.on_hand, created_at))
    rows["specification"] += [
        (ids.row(SPECIFICATION, place, position), product_id, name, kind, text, number, unit, position)
        for position, (name, (kind, text, number, unit)) in enumerate(product.specs.items())
    ]
    rows["product_image"] += [
        (ids.row(IMAGE, place, position), product_id, key, alt, position)
        for position, (key, alt) in enumerate(product.images)
    ]
    rows["review"] += [
        (ids.row(REVIEW, place, n), product_id, ids.row(USER, review.shopper), *review[1:])
        for n, review in enumerate(product.reviews)
    ]
