"""What a basket costs: pure functions over structs, the same for the cart, the order and the invoice.

Prices include GST. Every sum is split among the lines exactly, so that lines add up to sellers and sellers to orders.
"""

from collections.abc import Sequence
from itertools import groupby
from uuid import UUID

import msgspec
from msgspec.structs import replace

from models import tax
from models.discount import Applied, Coupon, apply_all, give_back
from models.money import COLLECTED_LEAST_MINOR, allocate, included_tax, share_bps
from models.shipping import ShippingRule


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """What is bought: `unit_price_minor` includes tax; `weight_grams` is of one unit.

    The tax is the first of `rates` that fits what a piece is sold for, else `gst_bps`; once priced, `gst_bps` is it.
    """

    variant_id: UUID
    seller_id: UUID
    quantity: int
    unit_price_minor: int
    gst_bps: int
    commission_bps: int
    weight_grams: int = 0
    intra_state: bool = False
    carriage: ShippingRule | None = None
    rates: tuple[tax.Rate, ...] = ()

    @property
    def goods_minor(self) -> int:
        return self.unit_price_minor * self.quantity


class PricedLine(msgspec.Struct, frozen=True, kw_only=True):
    """What the buyer pays for a line: total = goods - discount + shipping.

    The supply is worth what the buyer pays and what the platform pays for the buyer: taxable value and taxes add up
    to total + platform_discount.
    """

    line: Line
    seller_discount_minor: int
    platform_discount_minor: int
    shipping_minor: int
    taxable_minor: int
    cgst_minor: int
    sgst_minor: int
    igst_minor: int
    total_minor: int

    @property
    def discount_minor(self) -> int:
        return self.seller_discount_minor + self.platform_discount_minor

    @property
    def tax_minor(self) -> int:
        return self.cgst_minor + self.sgst_minor + self.igst_minor


class Price(msgspec.Struct, frozen=True, kw_only=True):
    """total = subtotal - discount + shipping; the taxes are contained in it (and in what the platform adds).

    `kept_back_minor`: so much less coupons take off than they could.
    """

    lines: tuple[PricedLine, ...]
    coupons: tuple[Applied, ...] = ()
    kept_back_minor: int = 0
    subtotal_minor: int
    discount_minor: int
    shipping_minor: int
    tax_minor: int
    total_minor: int


class Split(msgspec.Struct, frozen=True, kw_only=True):
    """How one seller's lines are shared out: seller, commission, shipping and tax add up to total + promotion."""

    seller_id: UUID
    seller_minor: int
    commission_minor: int
    shipping_minor: int
    tax_minor: int
    promotion_minor: int = 0


def price(lines: Sequence[Line], rule: ShippingRule, *, coupons: Sequence[Coupon] = ()) -> Price:
    """Price lines, in the order given; `rule` is the carriage of those that bring none of their own.

    Coupons pay for everything, or leave what can be collected.
    """
    goods, sellers = [line.goods_minor for line in lines], [line.seller_id for line in lines]
    taken = apply_all([c for c in coupons if c.kind != "free_shipping"], sellers, goods)
    worth = [part - sum(applied.shares[i] for applied in taken) for i, part in enumerate(goods)]
    shipping = _shipping(lines, worth, rule)
    taken += apply_all([c for c in coupons if c.kind == "free_shipping"], sellers, shipping)
    most = sum(applied.amount_minor for applied in taken)
    taken = _collectable(taken, sum(goods) + sum(shipping) - most)
    priced = tuple(_priced(line, shipping[i], i, taken) for i, line in enumerate(lines))
    return Price(
        lines=priced,
        coupons=tuple(taken),
        kept_back_minor=most - sum(applied.amount_minor for applied in taken),
        subtotal_minor=sum(goods),
        discount_minor=sum(line.discount_minor for line in priced),
        shipping_minor=sum(shipping),
        tax_minor=sum(line.tax_minor for line in priced),
        total_minor=sum(line.total_minor for line in priced),
    )


def split_sale(lines: Sequence[PricedLine]) -> list[Split]:
    """What each seller, the platform, the carrier's account and the tax account get, one row a seller."""
    by_seller = sorted(lines, key=lambda priced: priced.line.seller_id)
    return [_split(seller_id, list(own)) for seller_id, own in groupby(by_seller, key=lambda p: p.line.seller_id)]


def _collectable(taken: Sequence[Applied], total_minor: int) -> list[Applied]:
    """Coupons that leave nothing to pay, or no less than can be collected, as far as they can give."""
    return give_back(taken, COLLECTED_LEAST_MINOR - total_minor if 0 < total_minor < COLLECTED_LEAST_MINOR else 0)


def _shipping(lines: Sequence[Line], worth: Sequence[int], rule: ShippingRule) -> list[int]:
    """The charge for each seller's parcel, spread over that seller's lines by what is paid for them."""
    charges = [0] * len(lines)
    for seller_id in {line.seller_id for line in lines}:
        own = [i for i, line in enumerate(lines) if line.seller_id == seller_id]
        grams = sum(lines[i].weight_grams * lines[i].quantity for i in own)
        charge = (lines[own[0]].carriage or rule).charge(grams=grams, worth_minor=sum(worth[i] for i in own))
        if charge:
            for i, part in zip(own, allocate(charge, [worth[i] for i in own]), strict=True):
                charges[i] = part
    return charges


def _priced(line: Line, shipping_minor: int, place: int, taken: Sequence[Applied]) -> PricedLine:
    """Goods and their carriage are one composite supply, taxed at the goods' rate (CGST Act 2017, section 8)."""
    by_seller = sum(applied.shares[place] for applied in taken if applied.coupon.borne_by == "seller")
    by_platform = sum(applied.shares[place] for applied in taken if applied.coupon.borne_by == "platform")
    line = _taxed(line, place, taken)
    supply = tax.included(line.goods_minor - by_seller + shipping_minor, line.gst_bps, intra_state=line.intra_state)
    return PricedLine(
        line=line,
        seller_discount_minor=by_seller,
        platform_discount_minor=by_platform,
        shipping_minor=shipping_minor,
        taxable_minor=supply.taxable_minor,
        cgst_minor=supply.cgst_minor,
        sgst_minor=supply.sgst_minor,
        igst_minor=supply.igst_minor,
        total_minor=line.goods_minor - by_seller - by_platform + shipping_minor,
    )


def _taxed(line: Line, place: int, taken: Sequence[Applied]) -> Line:
    """With the rate that its pieces are sold at: what the platform takes off is paid all the same."""
    off = sum(
        applied.shares[place]
        for applied in taken
        if applied.coupon.borne_by == "seller" and applied.coupon.kind != "free_shipping"
    )
    bps = tax.rate_of(line.rates, line.goods_minor - off, pieces=line.quantity, otherwise=line.gst_bps)
    return line if bps == line.gst_bps else replace(line, gst_bps=bps)


def _split(seller_id: UUID, lines: Sequence[PricedLine]) -> Split:
    """Tax is contained in goods and carriage alike; commission is charged on goods less what their seller takes off."""
    promotion = sum(line.platform_discount_minor for line in lines)
    total = sum(line.total_minor for line in lines) + promotion
    taxes = sum(line.tax_minor for line in lines)
    shipping = sum(line.shipping_minor - _carriage_tax(line) for line in lines)
    commission = sum(_commission(line) for line in lines)
    return Split(
        seller_id=seller_id,
        seller_minor=total - taxes - shipping - commission,
        commission_minor=commission,
        shipping_minor=shipping,
        tax_minor=taxes,
        promotion_minor=promotion,
    )


def _carriage_tax(priced: PricedLine) -> int:
    """What of the line's tax is in its carriage; half a paisa up, but never more than all of it."""
    return min(included_tax(priced.shipping_minor, priced.line.gst_bps), priced.tax_minor)


def _commission(priced: PricedLine) -> int:
    return share_bps(max(0, priced.line.goods_minor - priced.seller_discount_minor), priced.line.commission_bps)
