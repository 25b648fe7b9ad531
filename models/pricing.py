"""What a basket costs: pure functions over structs, the same for the cart, the order and the invoice.

Prices include GST. Every sum is split among the lines exactly, so that lines add up to sellers and sellers to orders.
"""

from collections.abc import Sequence
from itertools import groupby
from uuid import UUID

import msgspec

from models.money import allocate, included_tax, share_bps


class ShippingRule(msgspec.Struct, frozen=True):
    """A flat charge for each seller; nothing where the seller's goods come to `free_over_minor` or more."""

    flat_minor: int
    free_over_minor: int


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """What is bought: `unit_price_minor` includes tax at `gst_bps`."""

    variant_id: UUID
    seller_id: UUID
    quantity: int
    unit_price_minor: int
    gst_bps: int
    commission_bps: int

    @property
    def goods_minor(self) -> int:
        return self.unit_price_minor * self.quantity


class PricedLine(msgspec.Struct, frozen=True, kw_only=True):
    """total = goods - discount + shipping; `tax_minor` is contained in the total."""

    line: Line
    discount_minor: int
    shipping_minor: int
    tax_minor: int
    total_minor: int


class Price(msgspec.Struct, frozen=True, kw_only=True):
    """total = subtotal - discount + shipping; `tax_minor` is contained in the total."""

    lines: tuple[PricedLine, ...]
    subtotal_minor: int
    discount_minor: int
    shipping_minor: int
    tax_minor: int
    total_minor: int


class Split(msgspec.Struct, frozen=True, kw_only=True):
    """How the total of one seller's lines is shared out; the parts add up to it. All in minor units."""

    seller_id: UUID
    seller_minor: int
    commission_minor: int
    shipping_minor: int
    tax_minor: int


def price(lines: Sequence[Line], rule: ShippingRule, *, discount_minor: int = 0) -> Price:
    """Price lines, in the order given. A discount beyond the goods' worth takes the goods' worth."""
    goods = [line.goods_minor for line in lines]
    discounts = allocate(min(discount_minor, sum(goods)), goods) if lines else []
    shipping = _shipping(lines, discounts, rule)
    priced = tuple(_priced(*parts) for parts in zip(lines, discounts, shipping, strict=True))
    return Price(
        lines=priced,
        subtotal_minor=sum(goods),
        discount_minor=sum(discounts),
        shipping_minor=sum(shipping),
        tax_minor=sum(line.tax_minor for line in priced),
        total_minor=sum(line.total_minor for line in priced),
    )


def split_sale(lines: Sequence[PricedLine]) -> list[Split]:
    """What each seller, the platform, the carrier's account and the tax account get, one row a seller."""
    by_seller = sorted(lines, key=lambda priced: priced.line.seller_id)
    return [_split(seller_id, list(own)) for seller_id, own in groupby(by_seller, key=lambda p: p.line.seller_id)]


def _shipping(lines: Sequence[Line], discounts: Sequence[int], rule: ShippingRule) -> list[int]:
    """The charge of each seller, spread over that seller's lines by what they cost."""
    worth = [line.goods_minor - discount for line, discount in zip(lines, discounts, strict=True)]
    charges = [0] * len(lines)
    for seller_id in {line.seller_id for line in lines}:
        own = [i for i, line in enumerate(lines) if line.seller_id == seller_id]
        if sum(worth[i] for i in own) < rule.free_over_minor:
            for i, part in zip(own, allocate(rule.flat_minor, [worth[i] for i in own]), strict=True):
                charges[i] = part
    return charges


def _priced(line: Line, discount_minor: int, shipping_minor: int) -> PricedLine:
    """Goods and their carriage are one composite supply, taxed at the goods' rate (CGST Act 2017, section 8)."""
    total = line.goods_minor - discount_minor + shipping_minor
    return PricedLine(
        line=line,
        discount_minor=discount_minor,
        shipping_minor=shipping_minor,
        tax_minor=included_tax(total, line.gst_bps),
        total_minor=total,
    )


def _split(seller_id: UUID, lines: Sequence[PricedLine]) -> Split:
    """Tax is contained in goods and carriage alike; commission is charged on the goods after discount."""
    total = sum(line.total_minor for line in lines)
    tax = sum(line.tax_minor for line in lines)
    shipping = sum(line.shipping_minor - included_tax(line.shipping_minor, line.line.gst_bps) for line in lines)
    commission = sum(share_bps(line.line.goods_minor - line.discount_minor, line.line.commission_bps) for line in lines)
    return Split(
        seller_id=seller_id,
        seller_minor=total - tax - shipping - commission,
        commission_minor=commission,
        shipping_minor=shipping,
        tax_minor=tax,
    )
