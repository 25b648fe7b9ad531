"""The cart as its shopper sees it: the same breakdown, line by line, that the order and its invoice will have."""

from collections.abc import Sequence
from uuid import UUID

import msgspec

from models.basket import TOLD, Basket, BasketLine, Place, Problem, Shopper, Terms, mark_of, read_basket
from models.discount import Problem as CouponProblem
from models.discount import Refusal
from models.offers import GiftCard
from models.pricing import PricedLine
from models.quote import Quote, quote
from models.tax import rate_of


class LineCost(msgspec.Struct, frozen=True, kw_only=True):
    """total = goods - discount + shipping; the taxes are contained. CGST and SGST, or IGST, by where it goes."""

    discount_minor: int = 0
    shipping_minor: int = 0
    taxable_minor: int = 0
    cgst_minor: int = 0
    sgst_minor: int = 0
    igst_minor: int = 0
    total_minor: int = 0


class CartItemView(msgspec.Struct, frozen=True, kw_only=True):
    """`available` is how many could be bought now; `problem` says what stands in the way of buying.

    `name_seen`, `options_seen`: those that it was added with. `wanted`: how many were asked for where two carts were
    joined and not all of them can be had.
    """

    id: UUID
    variant_id: UUID
    product_slug: str
    name: str
    name_seen: str
    sku: str
    options: dict[str, str]
    options_seen: dict[str, str]
    image_key: str
    seller_slug: str
    seller_name: str
    quantity: int
    available: int
    unit_price_minor: int
    price_seen_minor: int
    list_price_minor: int | None
    goods_minor: int
    problem: Problem
    wanted: int | None
    buyer_limit: int | None
    hsn_code: str
    gst_bps: int
    cost: LineCost


class ParcelView(msgspec.Struct, frozen=True, kw_only=True):
    """What one seller sends: its carriage, what is missing to free carriage (null: never free), days to the door."""

    seller_slug: str
    shipping_minor: int
    missing_to_free_minor: int | None
    zone: str
    days_min: int
    days_max: int


class CouponView(msgspec.Struct, frozen=True, kw_only=True):
    """`problem` says why it takes nothing off; for `minimum`, how much is missing."""

    id: UUID
    code: str
    title: str
    amount_minor: int
    problem: CouponProblem
    missing_minor: int


class GiftCardView(msgspec.Struct, frozen=True, kw_only=True):
    """`amount_minor` is what it pays of this cart."""

    id: UUID
    last4: str
    balance_minor: int
    amount_minor: int
    usable: bool


class CartView(msgspec.Struct, frozen=True, kw_only=True):
    """Totals are of the items that can be bought; the taxes are contained in the total.

    payable = total - gift_card, and is nothing or at least one rupee, since less cannot be collected: `kept_back_minor`
    is how much less coupons and gift cards pay for that, and `too_little` says that the goods cost less. Send
    `total_minor` and `payable_minor` with the checkout, and nothing else is charged; send `goods_mark`, and nothing is
    ordered whose name, options or number have changed since.
    Without a `region` the tax is shown as IGST; with one it is what the invoice will say.
    """

    goods_mark: str
    items: list[CartItemView]
    saved: list[CartItemView]
    parcels: list[ParcelView]
    coupons: list[CouponView]
    gift_cards: list[GiftCardView]
    pin_code: str
    region: str
    count: int
    currency: str
    subtotal_minor: int
    discount_minor: int
    shipping_minor: int
    taxable_minor: int
    cgst_minor: int
    sgst_minor: int
    igst_minor: int
    tax_minor: int
    total_minor: int
    gift_card_minor: int
    payable_minor: int
    kept_back_minor: int
    too_little: bool
    ready: bool


async def read_cart(shopper: Shopper, terms: Terms, place: Place | None = None) -> CartView:
    """The shopper's cart with current prices; an empty view where there is none."""
    return view_of(await read_basket(shopper, place), terms)


def view_of(basket: Basket, terms: Terms) -> CartView:
    """What cannot be bought is listed and not charged."""
    lines = [line for line in basket.lines if not line.saved_for_later]
    buyable = [line for line in lines if line.sellable and line.free > 0]
    costs = quote(buyable, terms, basket.offers)
    price = costs.price
    priced = {line.item_id: cost for line, cost in zip(buyable, price.lines, strict=True)}
    return CartView(
        goods_mark=mark_of(lines),
        items=[_item(line, terms, priced.get(line.item_id)) for line in lines],
        saved=[_item(line, terms, None) for line in basket.lines if line.saved_for_later],
        parcels=_parcels(buyable, costs, terms),
        coupons=_coupons(basket, costs),
        gift_cards=[_card(paid.card, paid.amount_minor) for paid in costs.redemptions],
        pin_code=basket.place.pin_code,
        region=basket.place.region,
        count=sum(line.quantity for line in lines),
        currency=costs.currency,
        subtotal_minor=price.subtotal_minor,
        discount_minor=price.discount_minor,
        shipping_minor=price.shipping_minor,
        taxable_minor=sum(line.taxable_minor for line in price.lines),
        cgst_minor=sum(line.cgst_minor for line in price.lines),
        sgst_minor=sum(line.sgst_minor for line in price.lines),
        igst_minor=sum(line.igst_minor for line in price.lines),
        tax_minor=price.tax_minor,
        total_minor=price.total_minor,
        gift_card_minor=costs.gift_card_minor,
        payable_minor=costs.payable_minor,
        kept_back_minor=costs.kept_back_minor,
        too_little=not costs.collectable,
        ready=_ready(lines, costs),
    )


def _ready(lines: Sequence[BasketLine], costs: Quote) -> bool:
    in_the_way = any(line.problem not in TOLD for line in lines) or costs.refused
    return bool(lines) and not in_the_way and costs.collectable


def _item(line: BasketLine, terms: Terms, cost: PricedLine | None) -> CartItemView:
    shared = {name: getattr(line, name) for name in CartItemView.__struct_fields__ if hasattr(line, name)}
    most = min(line.free, terms.quantity_max, line.buyer_limit or terms.quantity_max)
    own = {
        "id": line.item_id,
        "available": max(0, most) if line.sellable else 0,
        "unit_price_minor": line.price_minor,
        "goods_minor": line.price_minor * line.quantity,
        "gst_bps": _gst_bps(line, cost),
        "cost": _cost(cost) if cost else LineCost(),
    }
    return CartItemView(**{**shared, **own})


def _gst_bps(line: BasketLine, cost: PricedLine | None) -> int:
    """As it is charged, or would be at the price alone."""
    if cost:
        return cost.line.gst_bps
    return rate_of(line.rates, line.price_minor, pieces=1, otherwise=line.gst_bps)


def _cost(cost: PricedLine) -> LineCost:
    return LineCost(**{name: getattr(cost, name) for name in LineCost.__struct_fields__})


def _parcels(lines: Sequence[BasketLine], costs: Quote, terms: Terms) -> list[ParcelView]:
    """One for each seller, in the order of the cart."""
    found = []
    for slug in dict.fromkeys(line.seller_slug for line in lines):
        own = [i for i, line in enumerate(lines) if line.seller_slug == slug]
        first, priced = lines[own[0]], [costs.price.lines[i] for i in own]
        rule = priced[0].line.carriage or terms.shipping
        worth = sum(cost.line.goods_minor - cost.discount_minor for cost in priced)
        found.append(
            ParcelView(
                seller_slug=slug,
                shipping_minor=sum(cost.shipping_minor for cost in priced),
                missing_to_free_minor=None if rule.free_over_minor is None else max(0, rule.free_over_minor - worth),
                zone=first.zone,
                days_min=rule.days_min,
                days_max=rule.days_max,
            )
        )
    return found


def _coupons(basket: Basket, costs: Quote) -> list[CouponView]:
    taken = {applied.coupon.id: applied.amount_minor for applied in costs.price.coupons}
    found = []
    for coupon in basket.offers.coupons:
        refusal = costs.refused.get(coupon.id, Refusal(""))
        found.append(
            CouponView(
                id=coupon.id,
                code=coupon.code,
                title=coupon.title,
                amount_minor=taken.get(coupon.id, 0),
                problem=refusal.problem,
                missing_minor=refusal.missing_minor,
            )
        )
    return found


def _card(card: GiftCard, amount_minor: int) -> GiftCardView:
    return GiftCardView(
        id=card.id, last4=card.last4, balance_minor=card.balance_minor, amount_minor=amount_minor, usable=card.usable
    )
