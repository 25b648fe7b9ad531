"""Gift cards as the operator issues them: a code is shown once, its hash finds the card, each change is a movement."""

import secrets
from datetime import datetime
from uuid import UUID

import msgspec

from models.audit import record
from models.base import uuid7
from models.cart_offers import gift_card_hash
from models.database import pool, transaction
from models.errors import Invalid, NotFound
from models.ledger import book, issue_entries

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
GROUPS = 4
AMOUNT_MAX_MINOR = 5_000_000
ISSUE = """
WITH card AS (
    INSERT INTO gift_card (id, code_hash, last4, currency, balance_minor, expires_at) VALUES ($1, $2, $3, $4, $5, $6))
INSERT INTO gift_card_movement (id, gift_card_id, kind, amount_minor) VALUES ($7, $1, 'issued', $5)
"""
LIST = """
SELECT id, last4, currency, balance_minor, expires_at, active, created_at,
       (SELECT amount_minor FROM gift_card_movement WHERE gift_card_id = g.id AND kind = 'issued') AS issued_minor
  FROM gift_card g ORDER BY id DESC LIMIT $1
"""


class GiftCardRow(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    last4: str
    currency: str
    issued_minor: int
    balance_minor: int
    expires_at: datetime | None
    active: bool
    created_at: datetime


class IssuedGiftCard(msgspec.Struct, frozen=True, kw_only=True):
    """The only place where the code stands."""

    id: UUID
    code: str
    amount_minor: int
    currency: str


async def issue_gift_card(
    *, amount_minor: int, currency: str, actor_id: UUID, expires_at: datetime | None = None
) -> IssuedGiftCard:
    """A new card with 78 random bits in its code. Raises Invalid."""
    if not 0 < amount_minor <= AMOUNT_MAX_MINOR:
        raise Invalid.field("amount_minor", f"wants 1 to {AMOUNT_MAX_MINOR}, in minor units")
    card_id = uuid7()
    code = "-".join("".join(secrets.choice(ALPHABET) for _ in range(4)) for _ in range(GROUPS))
    async with transaction() as connection:
        found = (gift_card_hash(code), code[-4:], currency, amount_minor, expires_at, uuid7())
        await connection.execute(ISSUE, card_id, *found)
        entries = issue_entries(amount_minor)
        await book(connection, card_id, entries, order_id=None, reason="gift_card", currency=currency)
        await record(
            connection,
            actor_id=actor_id,
            action="gift_card.issued",
            subject_id=card_id,
            before={},
            after={"amount_minor": amount_minor, "currency": currency},
        )
    return IssuedGiftCard(id=card_id, code=code, amount_minor=amount_minor, currency=currency)


async def list_gift_cards(*, limit: int = 100) -> list[GiftCardRow]:
    """Newest first."""
    return [GiftCardRow(**row) for row in await pool().fetch(LIST, limit)]


async def switch_gift_card(card_id: UUID, *, active: bool, actor_id: UUID) -> None:
    """Block a card, or free it again. Raises NotFound."""
    async with transaction() as connection:
        old = await connection.fetchval("SELECT active FROM gift_card WHERE id = $1 FOR UPDATE", card_id)
        if old is None:
            raise NotFound("There is no such gift card.")
        await connection.execute("UPDATE gift_card SET active = $2 WHERE id = $1", card_id, active)
        await record(
            connection,
            actor_id=actor_id,
            action="gift_card.switched",
            subject_id=card_id,
            before={"active": old},
            after={"active": active},
        )
