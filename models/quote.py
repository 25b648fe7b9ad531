"""What a basket would cost in all: the price, the coupons that hold and those that do not, and what gift cards pay.

Pure; the cart shows it and the checkout charges it.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

from models.basket import BasketLine, Terms
from models.discount import Refusal, refusals
from models.money import COLLECTED_LEAST_MINOR
from models.offers import GiftCard, Offers
from models.pricing import Price, price


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

    @property
    def kept_back_minor(self) -> int:
        """So much less than they could coupons and gift cards pay, since so little cannot be collected."""
        cards = sum(paid.card.balance_minor for paid in self.redemptions if paid.card.pays(self.currency))
        return self.price.kept_back_minor + min(cards, self.price.total_minor) - self.gift_card_minor

    @property
    def collectable(self) -> bool:
        """False where goods cost less than the gateway collects, and no gift card pays them."""
        return self.payable_minor == 0 or self.payable_minor >= COLLECTED_LEAST_MINOR


def quote(lines: Sequence[BasketLine], terms: Terms, offers: Offers) -> Quote:
    """Price lines that can be bought, with the coupons that hold for them."""
    currency, priced = terms.currency, [line.priced_as for line in lines]
    refused = refusals(offers.coupons, [line.seller_id for line in priced], [line.goods_minor for line in priced])
    holding = [coupon for coupon in offers.coupons if coupon.id not in refused]
    cost = price(priced, terms.shipping, coupons=holding)
    return Quote(cost, currency, refused, redeem(offers.gift_cards, cost.total_minor, currency))


def redeem(cards: Sequence[GiftCard], due_minor: int, currency: str) -> tuple[Redemption, ...]:
    """The first to be entered pays first, until nothing is due, or no less than can be collected."""
    held = [card.balance_minor if card.pays(currency) else 0 for card in cards]
    together = min(sum(held), due_minor)
    if 0 < due_minor - together < COLLECTED_LEAST_MINOR:
        together = max(0, due_minor - COLLECTED_LEAST_MINOR)
    found = []
    for card, balance in zip(cards, held, strict=True):
        found.append(Redemption(card, min(balance, together)))
        together -= found[-1].amount_minor
    return tuple(found)
