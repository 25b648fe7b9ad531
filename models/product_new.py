"""Making a product with all of its parts and its trail in one transaction, once for each word that a form carries.

The id of a product that was made under such a word follows from it, so the primary key refuses a second one.
"""

from typing import Any
from uuid import UUID, uuid5

import asyncpg

from models.audit import record
from models.base import uuid7
from models.database import Connection, transaction
from models.errors import Conflict, FieldError, Invalid
from models.listing import Listing, get_listing
from models.plain_text import plain_text
from models.product_input import NewProduct
from models.product_write import category_id_of, demand_owner, read_specifications, taken, tidy, tidy_brand
from models.slug import slugify, with_suffix
from models.specifications import ListedSpecification, stored, write_specifications
from models.stock import set_free

SLUG_TAKEN = "SELECT slug FROM product WHERE slug = $1 UNION ALL SELECT slug FROM product_redirect WHERE slug = $1"
AS_SAID = ("name", "brand", "description", "hsn_code", "country_of_origin", "buyer_limit")


async def create_product(seller_id: UUID, new: NewProduct, *, actor_id: UUID, once: str = "") -> Listing:
    """Raises Invalid for bad values and Conflict for a SKU that the seller uses already.

    What was made under the same `once` is given back and not made again; Conflict (`made`, the id in its field) where
    it is no longer what `new` asks for.
    """
    if new.list_price_minor is not None and new.list_price_minor < new.price_minor:
        raise Invalid.field("list_price_minor", "must not be below price_minor")
    specifications = read_specifications(new.specifications)
    product_id = uuid5(seller_id, once) if once else uuid7()
    sku = tidy(new.sku, "sku") if new.sku else with_suffix(slugify(new.name, limit=48), product_id, limit=64)
    said: dict[str, Any] = {
        "sku": sku, "name": tidy(new.name, "name"), "brand": tidy_brand(new.brand),
        "description": plain_text(new.description), "hsn_code": new.hsn_code,
        "country_of_origin": new.country_of_origin, "buyer_limit": new.buyer_limit,
    }  # fmt: skip
    async with transaction() as connection:
        await demand_owner(connection, seller_id)
        category_id = await category_id_of(connection, new.category)
        columns = {"id": product_id, "seller_id": seller_id, "category_id": category_id, "state": new.status, **said}
        if await _insert_product(connection, columns):
            await _insert_variant(connection, product_id, sku, new)
            await write_specifications(connection, {product_id: [*map(stored, specifications)]})
            after = {"sku": sku, "name": said["name"], "status": new.status, "price_minor": new.price_minor,
                     "stock": new.stock}  # fmt: skip
            await record(
                connection, actor_id=actor_id, action="product.created", subject_id=product_id, before={}, after=after
            )
    made = await get_listing(seller_id, product_id)
    if once:
        _demand_same(made, said, new, specifications)
    return made


async def _insert_product(connection: Connection, columns: dict[str, Any]) -> bool:
    """Under the name's own slug, or one with an ending where somebody has it or takes it at this moment. False where
    there is a product of this id.
    """
    plain = slugify(columns["name"], empty="product")
    suffixed = with_suffix(plain, columns["id"])
    free = not await connection.fetchval(SLUG_TAKEN, plain)
    names = ", ".join(columns)
    marks = ", ".join(f"${place}" for place in range(2, len(columns) + 2))
    for slug in (plain, suffixed) if free else (suffixed,):
        try:
            async with connection.transaction():
                await connection.execute(
                    f"INSERT INTO product (slug, {names}) VALUES ($1, {marks})", slug, *columns.values()
                )
        except asyncpg.UniqueViolationError as error:
            if await connection.fetchval("SELECT 1 FROM product WHERE id = $1", columns["id"]):
                return False
            refusal = taken(error)
            if refusal.code == "sku" or slug == suffixed:
                raise refusal from error
        else:
            break
    return True


async def _insert_variant(connection: Connection, product_id: UUID, sku: str, new: NewProduct) -> None:
    variant_id = uuid7()
    await connection.execute(
        "INSERT INTO variant (id, product_id, sku, price_minor, list_price_minor) VALUES ($1, $2, $3, $4, $5)",
        variant_id, product_id, sku, new.price_minor, new.list_price_minor,
    )  # fmt: skip
    await connection.execute("INSERT INTO stock (variant_id) VALUES ($1)", variant_id)
    await set_free(connection, {variant_id: new.stock})


def _demand_same(
    made: Listing, said: dict[str, Any], new: NewProduct, specifications: list[ListedSpecification]
) -> None:
    """Raises Conflict. A SKU of our own making differs where the name does, and is not compared."""
    same = all(getattr(made, name) == said[name] for name in AS_SAID) and (not new.sku or said["sku"] == made.sku)
    sums = (made.category, made.price_minor, made.list_price_minor, made.stock)
    same = same and made.specifications == specifications
    if not same or sums != (new.category, new.price_minor, new.list_price_minor, new.stock):
        raise Conflict(f"This made {made.name} already.", code="made", fields=[FieldError("product_id", str(made.id))])
