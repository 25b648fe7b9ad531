"""What a basket would cost in all: the price, the coupons that hold and those that do not, and what gift cards pay.

Pure; the cart shows it and the checkout charges it.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

from msgspec.structs import replace

from models.basket import BasketLine, Terms
from models.discount import Refusal, refusals
from models.offers import GiftCard, Offers
from models.pricing import Price, price
from models.shipping import FREE

COLLECTED_LEAST_MINOR = 100
"""The gateway collects no less than one rupee."""


class Redemption(NamedTuple):
    """What one gift card pays."""

    card: GiftCard
    amount_minor: int


class Quote(NamedTuple):
    """`payable_minor` is what the gateway has to collect: the total less what gift cards pay."""

    price: Price
    currency: str
    refused: Mapping[UUID, Refusal]
    redemptions: tuple[Redemption, ...]

    @property
    def gift_card_minor(self) -> int:
        return sum(redemption.amount_minor for redemption in self.redemptions)

    @property
    def payable_minor(self) -> int:
        return self.price.total_minor - self.gift_card_minor


def quote(lines: Sequence[BasketLine], terms: Terms, offers: Offers) -> Quote:
    """Price lines that can be bought, with the coupons that hold for them.

    Goods in a foreign currency travel free and take no coupons: both are set in the shop's own currency.
    """
    currency = lines[0].currency if lines else terms.currency
    at_home = currency == terms.currency
    priced = [line.priced_as if at_home else replace(line.priced_as, carriage=FREE) for line in lines]
    if at_home:
        sellers = [line.seller_id for line in priced]
        refused = refusals(offers.coupons, sellers, [line.goods_minor for line in priced])
    else:
        refused = {coupon.id: Refusal("currency") for coupon in offers.coupons}
    holding = [coupon for coupon in offers.coupons if coupon.id not in refused]
    cost = price(priced, terms.shipping if at_home else FREE, coupons=holding)
    return Quote(cost, currency, refused, _redeemed(offers.gift_cards, cost.total_minor, currency))


def _redeemed(cards: Sequence[GiftCard], due_minor: int, currency: str) -> tuple[Redemption, ...]:
    """Each card in turn, the first to be entered first, until nothing is due, or no less than can be collected."""
    found = []
    for card in cards:
        usable = card.usable and card.currency == currency
        amount = min(card.balance_minor, due_minor) if usable else 0
        if 0 < due_minor - amount < COLLECTED_LEAST_MINOR:
            amount = max(0, due_minor - COLLECTED_LEAST_MINOR)
        due_minor -= amount
        found.append(Redemption(card, amount))
    return tuple(found)
