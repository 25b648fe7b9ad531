"""Changing a product: product, specifications, variants, stock, redirect and audit trail in one transaction.

The owner stands in every WHERE. Sellers set the free quantity; the state moves only as the PRODUCT machine allows, and
a seller who is not trusted gets `pending` where `active` was asked for. A change that waits loses what was said later
of the live product, and all of it where the product goes off sale.
"""

from typing import Any, NamedTuple
from uuid import UUID

import asyncpg
import msgspec
from msgspec import UNSET
from msgspec.structs import replace

from models.audit import record
from models.base import uuid7
from models.checklist import demand_steps, product_steps
from models.database import Connection, transaction
from models.errors import Conflict, FieldError, Forbidden, Invalid, NotFound
from models.legible import is_legible, one_line
from models.listing import Listing, get_listing
from models.plain_text import plain_text
from models.product_change import FIELDS, TEXTS, Wanted, find_waiting, rewrite
from models.product_input import NewSpecification, ProductChange
from models.product_plan import Plan, Specified, told
from models.specifications import ListedSpecification, demand_specifications, listed, stored, write_specifications
from models.states import PRODUCT, move
from models.stock import set_free
from models.variant_set import write_variants
from models.variant_wish import split

FACTS = ("hsn_code", "country_of_origin", "buyer_limit")
"""What the law wants to know, and a limit: never kept waiting."""
ASKED = frozenset({"pending", "active"})
"""States that want the product's checklist done by whoever comes from another."""
MAY_WRITE = frozenset({"draft", "pending", "approved"})
"""States of a seller who may make and change products."""


class Owner(NamedTuple):
    """What decides whether a seller may write: one who was refused or suspended may not."""

    state: str
    trusted: bool


async def change_product(seller_id: UUID, product_id: UUID, change: ProductChange, *, actor_id: UUID) -> Listing:
    """The product after the change. Raises NotFound, Invalid, and Conflict for a state or slug that cannot be had."""
    async with transaction() as connection:
        owner = await demand_owner(connection, seller_id, product_id)
        old = await get_listing(seller_id, product_id, connection)
        waiting = await find_waiting(connection, product_id) or Wanted()
        plan = await _plan(connection, old, waiting, change, trusted=owner.trusted)
        await rewrite(connection, product_id, plan.wanted, actor_id=actor_id)
        if not plan.changes(old):
            return old
        await write_columns(connection, old, plan.columns | plan.facts)
        if plan.status != old.status:
            await _move(connection, _after(old, plan, change), plan.status)
        if plan.prices:
            await _write_prices(connection, product_id, plan.prices)
        if plan.specified is not None:
            await write_specifications(connection, {product_id: [*map(stored, plan.specified)]})
        await write_variants(connection, product_id, plan.variants)
        seen = {entry.id: entry.stock_seen for entry in change.variants if entry.stock_seen is not UNSET}
        await set_free(connection, plan.free | {added.id: added.stock for added in plan.variants.added}, seen=seen)
        before, after = told(old, plan)
        await record(
            connection, actor_id=actor_id, action="product.changed", subject_id=product_id, before=before, after=after
        )
    return await get_listing(seller_id, product_id)


async def _plan(connection: Connection, old: Listing, waiting: Wanted, change: ProductChange, *, trusted: bool) -> Plan:
    """What is written, and what waits from now on: what shoppers read of a live product, where the market does not
    trust the seller. Raises Invalid, and Conflict for a stock of a waiting variant that is another one by now.
    """
    columns = _texts(old, change)
    if change.category is not UNSET and change.category != old.category:
        columns["category_id"] = await category_id_of(connection, change.category)
    status = granted(old.status if change.status is UNSET else change.status, trusted=trusted, old=old.status)
    specified = _specified(old, change)
    is_judged = looks_first(old.status, status, trusted=trusted)
    kept = waiting if outlasts(old.status, status) else Wanted()
    variants, prices, free, wanted = split(old, change, kept, judged=is_judged)
    said = [name for name in FIELDS if getattr(change, name) is not UNSET]
    wanted = msgspec.structs.replace(wanted, **dict.fromkeys(said))
    if is_judged:
        wanted = msgspec.structs.replace(wanted, **_asked(columns, specified, change))
        columns, specified = {}, None
    return Plan(columns, specified, _facts(old, change), prices, free, variants, status, wanted)


def _asked(columns: dict[str, Any], specified: Specified, change: ProductChange) -> dict[str, Any]:
    """What differs from the live product, as it waits."""
    asked = {name: columns[name] for name in TEXTS if name in columns}
    if "category_id" in columns:
        asked["category"] = change.category or ""
    if specified is not None:
        asked["specifications"] = tuple(specified)
    return asked


def read_specifications(given: list[NewSpecification]) -> list[ListedSpecification]:
    """Raises Invalid with every field that is wrong."""
    wrong: list[FieldError] = []
    found = demand_specifications([(f"specifications[{i}].", entry) for i, entry in enumerate(given)], wrong)
    if wrong:
        raise Invalid(f"{wrong[0].field}: {wrong[0].detail}", fields=wrong)
    return [*map(listed, found)]


def tidy(text: str, field: str) -> str:
    """One line without double spaces. Raises Invalid where nothing can be read in it."""
    if not is_legible(text):
        raise Invalid.field(field, "must not be blank: it wants a letter or a digit")
    return one_line(text)


def tidy_brand(text: str) -> str:
    """Likewise; a product need have none."""
    return tidy(text, "brand") if text.strip() else ""


def granted(wanted: str, *, trusted: bool, old: str = "") -> str:
    """The state that a seller gets who asks for `wanted`."""
    return "pending" if wanted == "active" and old != "active" and not trusted else wanted


def looks_first(old: str, new: str, *, trusted: bool) -> bool:
    """Whether the market looks first at what shoppers read of a product that goes from one state to the other."""
    return not trusted and old == new == "active"


def outlasts(old: str, new: str) -> bool:
    """Whether what waits goes on waiting: it ends with the sale that it was made for."""
    return old != "active" or new == "active"


def _texts(old: Listing, change: ProductChange) -> dict[str, Any]:
    given = {name: getattr(change, name) for name in TEXTS if getattr(change, name) is not UNSET}
    tidied = {"name": lambda text: tidy(text, "name"), "brand": tidy_brand, "description": plain_text}
    clean = {name: tidied.get(name, str.strip)(text) for name, text in given.items()}
    return {name: text for name, text in clean.items() if text != getattr(old, name)}


def _specified(old: Listing, change: ProductChange) -> Specified:
    """None where they stay as they are."""
    specified = None if change.specifications is UNSET else read_specifications(change.specifications)
    return None if specified == old.specifications else specified


def _facts(old: Listing, change: ProductChange) -> dict[str, Any]:
    given = {name: getattr(change, name) for name in FACTS if getattr(change, name) is not UNSET}
    return {name: value for name, value in given.items() if value != getattr(old, name)}


async def demand_owner(connection: Connection, seller_id: UUID, product_id: UUID | None = None) -> Owner:
    """Lock the product, where one is given, and say who owns it. An order that refers to the product meanwhile does not
    wait for it: it may hold a variant whose SKU is to be changed.
    """
    if product_id:
        row = await connection.fetchrow(
            "SELECT s.state, s.trusted FROM product p JOIN seller s ON s.id = p.seller_id"
            " WHERE p.id = $1 AND p.seller_id = $2 FOR NO KEY UPDATE OF p",
            product_id,
            seller_id,
        )
    else:
        row = await connection.fetchrow("SELECT state, trusted FROM seller WHERE id = $1", seller_id)
    if row is None:
        raise NotFound("You have no such product.")
    if row["state"] not in MAY_WRITE:
        raise Forbidden(f"This seller account is {row['state']}: it cannot change products.", code="seller_state")
    return Owner(row["state"], row["trusted"])


async def category_id_of(connection: Connection, slug: str | None) -> UUID | None:
    """Raises Invalid for an unknown one."""
    if slug is None:
        return None
    category_id: UUID | None = await connection.fetchval("SELECT id FROM category WHERE slug = $1", slug)
    if category_id is None:
        raise Invalid.field("category", f"there is no category {slug}; GET /api/v1/categories lists them")
    return category_id


async def write_columns(connection: Connection, old: Listing, columns: dict[str, Any]) -> None:
    """Always marks the product as changed; a new slug leaves a redirect from the old one."""
    if "slug" in columns:
        await _redirect(connection, old, columns["slug"])
    settings = "".join(f", {name} = ${i}" for i, name in enumerate(columns, start=2))
    try:
        await connection.execute(
            f"UPDATE product SET updated_at = now(){settings} WHERE id = $1", old.id, *columns.values()
        )
    except asyncpg.UniqueViolationError as error:
        raise taken(error) from error


async def _redirect(connection: Connection, old: Listing, slug: str) -> None:
    await connection.execute("DELETE FROM product_redirect WHERE slug = $1 AND product_id = $2", slug, old.id)
    if await connection.fetchval("SELECT 1 FROM product_redirect WHERE slug = $1", slug):
        raise Conflict(f"The slug {slug} leads to another product.", code="slug")
    await connection.execute(
        "INSERT INTO product_redirect (id, slug, product_id) VALUES ($1, $2, $3) ON CONFLICT (slug) DO NOTHING",
        uuid7(),
        old.slug,
        old.id,
    )


def _after(old: Listing, plan: Plan, change: ProductChange) -> Listing:
    """What its checklist is of, with what this change says; its state is the old one."""
    category = old.category if change.category is UNSET else change.category
    return replace(old, category=category, description=plan.columns.get("description", old.description))


async def _move(connection: Connection, old: Listing, status: str) -> None:
    """Raises Conflict, and Invalid (`checklist`) where it asks for shoppers or the market too early."""
    if not PRODUCT.allows(old.status, status):
        raise Conflict(f"A product that is {old.status} cannot become {status}.", code="product_state")
    if status in ASKED and old.status not in ASKED:
        demand_steps(product_steps(old))
    await move(connection, PRODUCT, old.id, old=old.status, new=status)


async def _write_prices(connection: Connection, product_id: UUID, prices: dict[UUID, tuple[int, int | None]]) -> None:
    await connection.execute(
        "UPDATE variant v SET price_minor = w.price, list_price_minor = w.list_price"
        " FROM unnest($2::uuid[], $3::bigint[], $4::bigint[]) AS w (id, price, list_price)"
        " WHERE v.id = w.id AND v.product_id = $1",
        product_id,
        list(prices),
        [price for price, _ in prices.values()],
        [list_price for _, list_price in prices.values()],
    )


def taken(error: asyncpg.UniqueViolationError) -> Conflict:
    if "sku" in (error.constraint_name or ""):
        return Conflict("You have a product with this SKU already.", code="sku")
    return Conflict("This slug belongs to another product.", code="slug")
