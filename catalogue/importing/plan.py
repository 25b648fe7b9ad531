"""What a batch of items changes, compared with what is stored: pure, so that an unchanged row is provably no write."""

from collections.abc import Iterable, Mapping
from typing import Literal
from uuid import UUID

import msgspec

from catalogue.importing.item import Item
from catalogue.importing.lines import Damage
from catalogue.importing.stored import Stored
from catalogue.importing.waiting import asked_for, spoken_over
from models.base import uuid7
from models.product_change import Wanted
from models.specifications import Specification

Outcome = Literal["created", "updated", "unchanged"]


class New(msgspec.Struct, frozen=True, kw_only=True):
    product_id: UUID
    variant_id: UUID
    category_id: UUID | None
    stock: int
    item: Item


class Texts(msgspec.Struct, frozen=True):
    name: str
    brand: str
    description: str
    category_id: UUID | None


class Plan(msgspec.Struct):
    """The writes of a batch by table. `waits`: what waits for the market from now on, of products where it is another
    than before; `updated` are those of which something is written at once.
    """

    new: list[New] = []
    texts: dict[UUID, Texts] = {}
    prices: dict[UUID, tuple[int, int | None]] = {}
    free: dict[UUID, int] = {}
    images: dict[UUID, list[str]] = {}
    specifications: dict[UUID, list[Specification]] = {}
    waits: dict[UUID, Wanted] = {}
    updated: list[UUID] = []
    outcomes: dict[str, Outcome] = {}
    refused: list[Damage] = []


def make_plan(
    items: Iterable[Item],
    stored: Mapping[str, Stored],
    categories: Mapping[int, UUID | None],
    slugs: Mapping[UUID, str],
    *,
    stock_default: int,
    copy_pictures: bool = False,
) -> Plan:
    """`stored` by SKU, `categories` by the item's line, `slugs` by category. `stock_default` is for new products
    without a stock.
    """
    plan = Plan()
    for item in items:
        old = stored.get(item.sku)
        if old is None:
            plan.outcomes[item.sku] = "created"
            stock = stock_default if item.stock is None else item.stock
            category_id = categories[item.line]
            plan.new.append(
                New(product_id=uuid7(), variant_id=uuid7(), category_id=category_id, stock=stock, item=item)
            )
        elif old.variants != 1:
            reason = (
                f"this product has {old.variants} variants for sale: change it by variant, on its page or over the API"
            )
            plan.refused.append(Damage(item.line, "sku", item.sku, reason))
        else:
            category_id = categories[item.line] if item.category is not None else old.category_id
            category = slugs.get(category_id, "") if category_id else ""
            differs = _compare(plan, item, old, category_id, category, copy=copy_pictures)
            plan.outcomes[item.sku] = "updated" if differs else "unchanged"
    return plan


def _compare(plan: Plan, item: Item, old: Stored, category_id: UUID | None, category: str, *, copy: bool) -> bool:
    """Plan what differs, now or once the market agrees; `category` is the slug. Returns whether anything does."""
    if old.judged:
        wanted = asked_for(item, old, category_id, category, copy=copy)
    else:
        wanted = spoken_over(item, old.wanted)
        _compare_read(plan, item, old, category_id)
    _compare_sold(plan, item, old)
    if is_written := _is_written(plan, old):
        plan.updated.append(old.id)
    if wanted != old.wanted:
        plan.waits[old.id] = wanted
    return is_written or wanted != old.wanted


def _compare_read(plan: Plan, item: Item, old: Stored, category_id: UUID | None) -> None:
    """Plan what differs of what shoppers read."""
    new = Texts(item.name, _or(item.brand, old.brand), _or(item.description, old.description), category_id)
    if new != Texts(old.name, old.brand, old.description, old.category_id):
        plan.texts[old.id] = new
    if item.images is not None and item.images != old.images:
        plan.images[old.id] = item.images
    if item.specifications is not None and item.specifications != old.specifications:
        plan.specifications[old.id] = item.specifications


def _compare_sold(plan: Plan, item: Item, old: Stored) -> None:
    """Likewise of price and stock."""
    assert old.variant_id
    list_price = old.list_price_minor if item.list_price_minor is None else item.list_price_minor
    if list_price is not None and list_price < item.price_minor:
        list_price = None
    if (item.price_minor, list_price) != (old.price_minor, old.list_price_minor):
        plan.prices[old.variant_id] = (item.price_minor, list_price)
    if item.stock is not None and item.stock != old.free:
        plan.free[old.variant_id] = item.stock


def _is_written(plan: Plan, old: Stored) -> bool:
    read = (plan.texts, plan.images, plan.specifications)
    return any(old.id in part for part in read) or old.variant_id in plan.prices or old.variant_id in plan.free


def _or(given: str | None, stored: str) -> str:
    return stored if given is None else given
