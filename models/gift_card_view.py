"""What is on a gift card, for whoever knows its code or has used it: amounts and days, and of orders only their own."""

from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

from models.cart_offers import gift_card_hash
from models.database import pool
from models.errors import Invalid

Standing = Literal["usable", "spent", "expired", "blocked"]


class CardMovement(msgspec.Struct, frozen=True, kw_only=True):
    """`released`: an order ended unpaid. `amount_minor` is below zero where the card paid; `order_number` only of an
    order of the one who looks.
    """

    kind: Literal["issued", "redeemed", "released", "refunded"]
    amount_minor: int
    at: datetime
    order_number: str | None


class CardView(msgspec.Struct, frozen=True, kw_only=True):
    """Movements are newest first."""

    last4: str
    currency: str
    balance_minor: int
    standing: Standing
    expires_at: datetime | None
    movements: list[CardMovement]


VIEW = """
SELECT g.last4, g.currency, g.balance_minor, g.expires_at,
       CASE WHEN NOT g.active THEN 'blocked' WHEN g.expires_at <= now() THEN 'expired'
            WHEN g.balance_minor = 0 THEN 'spent' ELSE 'usable' END AS standing,
       (SELECT json_agg(json_build_object('kind', m.kind, 'amount_minor', m.amount_minor, 'at', m.created_at,
                  'order_number', CASE WHEN o.user_id = $1 THEN o.number END) ORDER BY m.id DESC)
          FROM gift_card_movement m LEFT JOIN orders o ON o.id = m.order_id WHERE m.gift_card_id = g.id) AS movements
  FROM gift_card g
"""
BY_CODE = f"{VIEW} WHERE g.code_hash = $2"
OWN = f"""
{VIEW} WHERE g.id IN (
    SELECT m.gift_card_id FROM orders o JOIN gift_card_movement m ON m.order_id = o.id WHERE o.user_id = $1
     UNION SELECT x.gift_card_id FROM cart c JOIN cart_gift_card x ON x.cart_id = c.id WHERE c.user_id = $1)
 ORDER BY g.id DESC LIMIT $2
"""


async def read_gift_card(code: str, *, user_id: UUID | None) -> CardView:
    """Raises Invalid for a code that no card has."""
    row = await pool().fetchrow(BY_CODE, user_id, gift_card_hash(code))
    if row is None:
        raise Invalid.field("code", "is no gift card of this shop; look at the spelling", code="gift_card")
    return _view(dict(row))


async def list_own_gift_cards(user_id: UUID, *, limit: int = 100) -> list[CardView]:
    """Those that have paid for this user's orders or are on their cart: whoever put them there knew the code."""
    return [_view(dict(row)) for row in await pool().fetch(OWN, user_id, limit)]


def _view(row: dict[str, object]) -> CardView:
    movements = msgspec.json.decode(str(row.pop("movements")), type=list[CardMovement])
    return msgspec.convert({**row, "movements": movements}, CardView)
