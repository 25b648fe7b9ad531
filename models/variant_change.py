"""What a change of a product means for its variants: pure rules from request to prices and free quantities."""

from collections.abc import Sequence
from uuid import UUID

from msgspec import UNSET

from models.errors import Invalid
from models.listing import ListedVariant
from models.product_input import ProductChange, VariantChange

Prices = dict[UUID, tuple[int, int | None]]


def plan_prices(variants: Sequence[ListedVariant], change: ProductChange) -> Prices:
    """(price, list price) of each variant whose prices change; what is said of one variant wins over what is said of
    all. Raises Invalid for a variant of another product and for a list price below the price.
    """
    said = _by_id(variants, change)
    planned: Prices = {}
    for variant in variants:
        own = said.get(variant.id)
        new = _prices(variant, change, own[1] if own else None, field=own[0] if own else "")
        if new != (variant.price_minor, variant.list_price_minor):
            planned[variant.id] = new
    return planned


def plan_stock(variants: Sequence[ListedVariant], change: ProductChange) -> dict[UUID, int]:
    """The free quantity of each variant that is given one. Raises Invalid for `stock` of a product with several."""
    planned: dict[UUID, int] = {}
    if change.stock is not UNSET:
        for_sale = [variant for variant in variants if variant.status == "active"]
        if len(for_sale) != 1:
            raise Invalid.field(
                "stock", f'this product has {len(for_sale)} variants; give "variants": [{{"id": …, "stock": …}}]'
            )
        planned[for_sale[0].id] = change.stock
    return planned | {entry.id: entry.stock for entry in change.variants if entry.stock is not UNSET}


def _by_id(variants: Sequence[ListedVariant], change: ProductChange) -> dict[UUID, tuple[str, VariantChange]]:
    known = {variant.id for variant in variants}
    said: dict[UUID, tuple[str, VariantChange]] = {}
    for i, entry in enumerate(change.variants):
        if entry.id not in known:
            raise Invalid.field(f"variants[{i}].id", "not a variant of this product")
        if entry.id in said:
            raise Invalid.field(f"variants[{i}].id", "given twice")
        if entry.stock is UNSET and entry.stock_seen is not UNSET:
            raise Invalid.field(f"variants[{i}].stock_seen", 'wants "stock" beside it')
        said[entry.id] = (f"variants[{i}].", entry)
    return said


def _prices(
    variant: ListedVariant, change: ProductChange, own: VariantChange | None, *, field: str
) -> tuple[int, int | None]:
    price = own.price_minor if own and own.price_minor is not UNSET else change.price_minor
    if price is UNSET:
        price = variant.price_minor
    given = own.list_price_minor if own and own.list_price_minor is not UNSET else change.list_price_minor
    if given is UNSET:
        old = variant.list_price_minor
        return price, old if old is not None and old >= price else None
    if given is not None and given < price:
        raise Invalid.field(f"{field}list_price_minor", f"must not be below the price, {price}")
    return price, given
