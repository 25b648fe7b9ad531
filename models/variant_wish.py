"""Variants of a live product as a seller wants them whom the market does not trust: what shoppers read of them, and new
ones, wait for the market's look. Prices, stock and the sale of those that there are never do.

A new one has its id from the day it is asked for, and its seller changes it under that id while it waits. What is live
and what waits fit together at every moment: a change is held to both.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple
from uuid import UUID

import msgspec
from msgspec import UNSET

from models.errors import Conflict, FieldError, Invalid
from models.listing import ListedVariant, Listing
from models.product_change import VariantWish, Wanted
from models.product_input import ProductChange
from models.variant_change import Prices, plan_prices, plan_stock
from models.variant_set import AddedVariant, Described, VariantPlan, plan_variants

NOT_YET = "What waits for the market does not count yet"


class Split(NamedTuple):
    """A change of variants: what holds at once, and `wanted` with what waits from now on."""

    variants: VariantPlan
    prices: Prices
    free: dict[UUID, int]
    wanted: Wanted


def with_wishes(live: Listing, wanted: Wanted) -> Listing:
    """With its variants as their seller goes on with them: in the texts that wait, new ones last."""
    texts = {wish.id: wish for wish in wanted.variants}
    known = {variant.id for variant in live.variants}
    variants = [_reworded(variant, texts.get(variant.id)) for variant in live.variants]
    variants += [
        ListedVariant(**msgspec.structs.asdict(new), reserved=0, status="active")
        for new in wanted.new_variants
        if new.id not in known
    ]
    return live if variants == live.variants else msgspec.structs.replace(live, variants=variants)


def split(live: Listing, change: ProductChange, wanted: Wanted, *, judged: bool) -> Split:
    """`judged`: the market looks first at what the change says of variants, and it joins what is `wanted`; else it is
    written, and only what the change does not speak of goes on waiting. Raises Invalid, and Conflict for a stock that
    is another one than was seen.
    """
    meant = with_wishes(live, wanted)
    prices = plan_prices(meant.variants, change)
    free = plan_stock(live.variants, change)
    whole = plan_variants(meant, change)
    if judged:
        now = _at_once(live, change)
    else:
        now = whole if meant is live else plan_variants(live, change, taken={variant.sku for variant in meant.variants})
    _demand_seen(meant, change, live)
    mine = {variant.id for variant in live.variants}
    return Split(
        now,
        {one: said for one, said in prices.items() if one in mine},
        {one: units for one, units in free.items() if one in mine},
        msgspec.structs.replace(
            wanted,
            variants=_texts_left(live, meant, whole, now),
            new_variants=(
                *_still_new(meant, whole, prices, free, mine=mine),
                *(whole.added if judged else ()),
            ),
        ),
    )


def agreed(live: Listing, wanted: Wanted) -> VariantPlan:
    """What is written of variants once the market agrees."""
    meant = with_wishes(live, wanted)
    known = {variant.id for variant in live.variants}
    now = {variant.id: (variant.sku, variant.options) for variant in live.variants}
    return VariantPlan(
        altered={
            variant.id: Described(variant.sku, variant.options, variant.status)
            for variant in meant.variants
            if variant.id in known and now[variant.id] != (variant.sku, variant.options)
        },
        moved={},
        added=[new for new in wanted.new_variants if new.id not in known],
    )


def _reworded(variant: ListedVariant, wish: VariantWish | None) -> ListedVariant:
    if wish is None:
        return variant
    said = {name: text for name in ("sku", "options") if (text := getattr(wish, name)) is not None}
    return msgspec.structs.replace(variant, **said)


def _at_once(live: Listing, change: ProductChange) -> VariantPlan:
    """What of a change that is judged holds now. Raises Invalid where only what waits would make it possible."""
    silent = [msgspec.structs.replace(entry, sku=UNSET, options=UNSET) for entry in change.variants]
    try:
        return plan_variants(live, msgspec.structs.replace(change, variants=silent, new_variants=[]))
    except Invalid as error:
        fields = [FieldError(field.field, f"{field.detail}. {NOT_YET}") for field in error.fields]
        raise Invalid(f"{fields[0].field}: {fields[0].detail}", fields=fields) from error


def _texts_left(live: Listing, meant: Listing, whole: VariantPlan, now: VariantPlan) -> tuple[VariantWish, ...]:
    """Where what is meant differs from what is live once `now` is written."""
    shown = {variant.id: _described(variant, now.altered) for variant in live.variants}
    wished = {variant.id: _described(variant, whole.altered) for variant in meant.variants if variant.id in shown}
    return tuple(
        VariantWish(
            id=one,
            sku=None if said.sku == shown[one].sku else said.sku,
            options=None if said.options == shown[one].options else _texts(said.options),
        )
        for one, said in wished.items()
        if said[:2] != shown[one][:2]
    )


def _still_new(
    meant: Listing, whole: VariantPlan, prices: Prices, free: Mapping[UUID, int], *, mine: set[UUID]
) -> Iterator[AddedVariant]:
    """Those that waited before, as they are wanted by now; who retires one does not want it any more."""
    for variant in meant.variants:
        if variant.id in mine or variant.id in whole.moved:
            continue
        said = _described(variant, whole.altered)
        price, list_price = prices.get(variant.id, (variant.price_minor, variant.list_price_minor))
        yield AddedVariant(
            id=variant.id, sku=said.sku, options=_texts(said.options), price_minor=price, list_price_minor=list_price,
            stock=free.get(variant.id, variant.stock),
        )  # fmt: skip


def _texts(options: Mapping[str, object]) -> dict[str, str]:
    return {name: str(value) for name, value in options.items()}


def _described(variant: ListedVariant, altered: Mapping[UUID, Described]) -> Described:
    return altered.get(variant.id, Described(variant.sku, variant.options, variant.status))


def _demand_seen(meant: Listing, change: ProductChange, live: Listing) -> None:
    """Of variants that wait; `set_free` sees to those that are live."""
    waiting = {variant.id: variant.stock for variant in meant.variants[len(live.variants) :]}
    for entry in change.variants:
        units = waiting.get(entry.id)
        if units is not None and entry.stock_seen not in (UNSET, units):
            raise Conflict(f"The stock was changed meanwhile: {units} are free by now.", code="stock_changed")
