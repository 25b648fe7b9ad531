"""What some units of an order line are worth: pure, and exact, so that all of its units add up to the line.

Units are counted from the first that was given back: the share of units n to m is what the first m are worth less what
the first n are. The books are split in the same shares, with the seller's as the balance.
"""

from collections.abc import Sequence
from uuid import UUID

import msgspec

from models.pricing import PricedLine, Split, split_sale


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """Price after discount and carriage of some units; `tax_minor` is contained in both together. `split` books it."""

    goods_minor: int
    shipping_minor: int
    tax_minor: int
    split: Split

    @property
    def total_minor(self) -> int:
        return self.goods_minor + self.shipping_minor


def part_of(priced: PricedLine, *, before: int, units: int, with_shipping: bool = True) -> Part:
    """The worth of `units` after the first `before`. Raises ValueError where the line has not so many."""
    quantity = priced.line.quantity
    if not 0 <= before < before + units <= quantity:
        raise ValueError(f"{before} and {units} more of {quantity}")
    whole = split_sale([priced])[0]

    def share(amount: int) -> int:
        return amount * (before + units) // quantity - amount * before // quantity

    goods = share(priced.total_minor - priced.shipping_minor)
    shipping_tax_whole = priced.shipping_minor - whole.shipping_minor
    goods_tax, commission = share(whole.tax_minor - shipping_tax_whole), share(whole.commission_minor)
    promotion = share(whole.promotion_minor)
    shipping = share(priced.shipping_minor) if with_shipping else 0
    shipping_tax = share(shipping_tax_whole) if with_shipping else 0
    return Part(
        goods_minor=goods,
        shipping_minor=shipping,
        tax_minor=goods_tax + shipping_tax,
        split=Split(
            seller_id=whole.seller_id,
            seller_minor=goods + promotion - goods_tax - commission,
            commission_minor=commission,
            shipping_minor=shipping - shipping_tax,
            tax_minor=goods_tax + shipping_tax,
            promotion_minor=promotion,
        ),
    )


def add_up(splits: Sequence[Split]) -> list[Split]:
    """One split for each seller."""
    sums: dict[UUID, Split] = {}
    for split in splits:
        had = sums.get(split.seller_id)
        sums[split.seller_id] = split if had is None else _sum(had, split)
    return list(sums.values())


def _sum(one: Split, other: Split) -> Split:
    return Split(
        seller_id=one.seller_id,
        seller_minor=one.seller_minor + other.seller_minor,
        commission_minor=one.commission_minor + other.commission_minor,
        shipping_minor=one.shipping_minor + other.shipping_minor,
        tax_minor=one.tax_minor + other.tax_minor,
        promotion_minor=one.promotion_minor + other.promotion_minor,
    )
