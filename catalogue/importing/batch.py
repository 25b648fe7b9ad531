"""A batch into PostgreSQL: one read, then set-based writes of what is new or differs, in one transaction."""

from collections.abc import Mapping, Sequence
from uuid import UUID

import asyncpg
import msgspec

from catalogue.importing.item import Item
from catalogue.importing.plan import New, Plan, make_plan
from catalogue.importing.stored import read_stored
from models.database import Connection
from models.outbox import Queued, enqueue_all
from models.pictures import add_linked
from models.product_change import rewrite
from models.slug import slugify, with_suffix
from models.specifications import write_specifications
from models.stock import set_free

ATTEMPTS = 3

TAKEN = "SELECT slug FROM product WHERE slug = ANY($1) UNION SELECT slug FROM product_redirect WHERE slug = ANY($1)"
PRODUCTS = """
INSERT INTO product (id, seller_id, sku, slug, name, brand, description, category_id, sales_count, state, currency)
SELECT n.*, $9, $10 FROM (
    SELECT w.id, $1::uuid, w.sku, w.slug, w.name, w.brand, w.description, w.category_id, w.sold
      FROM unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::uuid[], $11::int[])
           AS w (id, sku, slug, name, brand, description, category_id, sold)) n
"""
VARIANTS = """
INSERT INTO variant (id, product_id, sku, price_minor, list_price_minor)
SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::bigint[], $5::bigint[])
"""
STOCK = """
WITH units AS (SELECT * FROM unnest($1::uuid[], $2::int[]) AS w (variant_id, units)),
     stocked AS (INSERT INTO stock (variant_id, on_hand) SELECT variant_id, units FROM units)
INSERT INTO stock_movement (variant_id, kind, on_hand_change)
SELECT variant_id, 'stocked', units FROM units WHERE units > 0
"""
HOLD = "SELECT FROM product WHERE seller_id = $1 AND sku = ANY($2) ORDER BY id FOR NO KEY UPDATE"
"""Before anything is read, as sellers' own changes do: so the two take turns, and neither writes back what was there
before the other's."""
TEXTS = """
UPDATE product p SET name = w.name, brand = w.brand, description = w.description, category_id = w.category_id
  FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::uuid[])
       AS w (id, name, brand, description, category_id) WHERE p.id = w.id
"""
PRICES = """
UPDATE variant v SET price_minor = w.price, list_price_minor = w.list_price
  FROM unnest($1::uuid[], $2::bigint[], $3::bigint[]) AS w (id, price, list_price) WHERE v.id = w.id
"""


class Shelf(msgspec.Struct, frozen=True, kw_only=True):
    """Where imported products go, how they start, and who stands in the trail of those that wait."""

    seller_id: UUID
    actor_id: UUID
    state: str
    currency: str
    stock_default: int
    copy_pictures: bool = False


async def write_batch(
    connection: Connection,
    items: Sequence[Item],
    categories: Mapping[int, UUID | None],
    *,
    shelf: Shelf,
    dry_run: bool,
) -> Plan:
    """Hold, compare and write. Somebody who takes the same slug or SKU meanwhile makes it compare again."""
    for attempt in range(1, ATTEMPTS + 1):
        try:
            async with connection.transaction():
                skus = [item.sku for item in items]
                if not dry_run:
                    await connection.execute(HOLD, shelf.seller_id, skus)
                stored = await read_stored(connection, shelf.seller_id, skus)
                slugs = await _category_slugs(connection, categories) if any(s.judged for s in stored.values()) else {}
                plan = make_plan(
                    items, stored, categories, slugs,
                    stock_default=shelf.stock_default, copy_pictures=shelf.copy_pictures,
                )  # fmt: skip
                if not dry_run:
                    await _write(connection, plan, shelf)
                return plan
        except (asyncpg.UniqueViolationError, asyncpg.DeadlockDetectedError):
            if attempt == ATTEMPTS:
                raise
    raise AssertionError("unreachable")


async def _category_slugs(connection: Connection, categories: Mapping[int, UUID | None]) -> dict[UUID, str]:
    rows = await connection.fetch("SELECT id, slug FROM category WHERE id = ANY($1)", list(categories.values()))
    return {row["id"]: row["slug"] for row in rows}


async def _write(connection: Connection, plan: Plan, shelf: Shelf) -> None:
    if plan.new:
        await _insert(connection, plan.new, shelf)
    if plan.texts:
        columns = zip(*(msgspec.structs.astuple(texts) for texts in plan.texts.values()), strict=True)
        await connection.execute(TEXTS, list(plan.texts), *map(list, columns))
    if plan.prices:
        prices, list_prices = zip(*plan.prices.values(), strict=True)
        await connection.execute(PRICES, list(plan.prices), list(prices), list(list_prices))
    if plan.free:
        await set_free(connection, plan.free)
    if plan.images:
        await connection.execute("DELETE FROM product_image WHERE product_id = ANY($1)", list(plan.images))
        await _insert_images(connection, plan.images, shelf)
    if plan.specifications:
        await write_specifications(connection, plan.specifications)
    for product_id, wanted in plan.waits.items():
        await rewrite(connection, product_id, wanted, actor_id=shelf.actor_id)
    if plan.updated:
        await connection.execute("UPDATE product SET updated_at = now() WHERE id = ANY($1)", plan.updated)


async def _insert(connection: Connection, new: Sequence[New], shelf: Shelf) -> None:
    items = [entry.item for entry in new]
    products, variants = [entry.product_id for entry in new], [entry.variant_id for entry in new]
    skus = [item.sku for item in items]
    await connection.execute(
        PRODUCTS,
        shelf.seller_id,
        products,
        skus,
        await _slugs(connection, new),
        [item.name for item in items],
        [item.brand or "" for item in items],
        [item.description or "" for item in items],
        [entry.category_id for entry in new],
        shelf.state,
        shelf.currency,
        [item.sold for item in items],
    )
    prices, list_prices = [item.price_minor for item in items], [item.list_price_minor for item in items]
    await connection.execute(VARIANTS, variants, products, skus, prices, list_prices)
    await connection.execute(STOCK, variants, [entry.stock for entry in new])
    await _insert_images(connection, {entry.product_id: entry.item.images or [] for entry in new}, shelf)
    await write_specifications(connection, {entry.product_id: entry.item.specifications or [] for entry in new})


async def _slugs(connection: Connection, new: Sequence[New]) -> list[str]:
    """The name's own slug, or one with an ending where the shop or the batch has it already."""
    wanted = [slugify(entry.item.name, empty="product") for entry in new]
    taken = {row["slug"] for row in await connection.fetch(TAKEN, wanted)}
    slugs = []
    for slug, entry in zip(wanted, new, strict=True):
        slugs.append(with_suffix(slug, entry.product_id) if slug in taken else slug)
        taken.add(slug)
    return slugs


async def _insert_images(connection: Connection, images: Mapping[UUID, Sequence[str]], shelf: Shelf) -> None:
    added = await add_linked(connection, images)
    if shelf.copy_pictures:
        await enqueue_all(connection, [Queued("media.upload", {"image_id": image_id}) for image_id in added])
