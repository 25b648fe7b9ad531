"""What a cart holds beside goods: coupons and gift cards, read as JSON within the statement that reads the cart.

What the cart's own pending order has taken of them counts as still there: coming back shows the same price.
"""

from typing import NamedTuple
from uuid import UUID

import msgspec

from models.discount import Coupon

COUPONS = """(
    SELECT json_agg(json_build_object('id', k.id, 'code', k.code, 'title', k.title, 'kind', k.kind, 'value', k.value,
           'cap_minor', k.cap_minor, 'minimum_minor', k.minimum_minor, 'seller_id', k.seller_id,
           'borne_by', k.borne_by, 'stackable', k.stackable, 'standing',
           CASE WHEN NOT k.active OR k.ends_at <= now() THEN 'ended' WHEN k.starts_at > now() THEN 'not_yet'
                WHEN k.uses - own.taken >= k.total_limit OR own.earlier >= k.buyer_limit THEN 'used_up'
                ELSE '' END) ORDER BY k.code)
      FROM cart_coupon x JOIN coupon k ON k.id = x.coupon_id
     CROSS JOIN LATERAL (
           SELECT count(*) FILTER (WHERE o.cart_id = c.id AND o.state = 'pending') AS taken,
                  count(*) FILTER (WHERE o.user_id = c.user_id AND NOT (o.cart_id = c.id AND o.state = 'pending'))
                      AS earlier
             FROM coupon_use u JOIN orders o ON o.id = u.order_id
            WHERE u.coupon_id = k.id AND u.number IS NOT NULL AND (o.cart_id = c.id OR o.user_id = c.user_id)) own
     WHERE x.cart_id = c.id)"""
GIFT_CARDS = """(
    SELECT json_agg(json_build_object('id', g.id, 'last4', g.last4, 'currency', g.currency,
           'usable', g.active AND (g.expires_at IS NULL OR g.expires_at > now()),
           'balance_minor', g.balance_minor + (
               SELECT coalesce(sum(-m.amount_minor), 0) FROM gift_card_movement m JOIN orders o ON o.id = m.order_id
                WHERE m.gift_card_id = g.id AND o.cart_id = c.id AND o.state = 'pending'))
           ORDER BY x.created_at, g.id)
      FROM cart_gift_card x JOIN gift_card g ON g.id = x.gift_card_id WHERE x.cart_id = c.id)"""
"""Scalar subqueries for a statement whose cart is `c`; null where the cart has none."""


class GiftCard(msgspec.Struct, frozen=True, kw_only=True):
    """A card as its holder sees it; the code itself is kept as a hash."""

    id: UUID
    last4: str
    currency: str
    usable: bool
    balance_minor: int

    def pays(self, currency: str) -> bool:
        return self.usable and self.currency == currency


class Offers(NamedTuple):
    coupons: tuple[Coupon, ...] = ()
    gift_cards: tuple[GiftCard, ...] = ()


def offers_of(coupons: str | None, gift_cards: str | None) -> Offers:
    """From the JSON of the statements above."""
    return Offers(
        msgspec.json.decode(coupons, type=tuple[Coupon, ...]) if coupons else (),
        msgspec.json.decode(gift_cards, type=tuple[GiftCard, ...]) if gift_cards else (),
    )
