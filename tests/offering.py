"""Coupons, gift cards, zones and rates for tests, with the least that the database accepts."""

from typing import Any
from uuid import UUID

from models.basket import Shopper
from models.cart_offers import gift_card_hash
from models.database import pool, transaction
from models.ledger import book, issue_entries
from tests.factories import insert


async def make_coupon(code: str = "DIWALI", **columns: Any) -> UUID:
    """100 rupees off, borne by the platform."""
    values = {"code": code, "kind": "amount", "value": 10_000, "borne_by": "platform"}
    return await insert("coupon", **{**values, **columns})


async def make_gift_card(code: str = "ABCD-EFGH", balance_minor: int = 50_000, **columns: Any) -> UUID:
    values = {"code_hash": gift_card_hash(code), "last4": code[-4:], "currency": "INR", "balance_minor": balance_minor}
    card_id = await insert("gift_card", **{**values, **columns})
    await insert("gift_card_movement", gift_card_id=card_id, kind="issued", amount_minor=balance_minor)
    async with transaction() as connection:
        entries = issue_entries(balance_minor)
        await book(connection, card_id, entries, order_id=None, reason="gift_card", currency="INR")
    return card_id


async def make_rate(zone: str, flat_minor: int, seller_id: UUID | None = None, **columns: Any) -> UUID:
    values = {"zone": zone, "flat_minor": flat_minor, "seller_id": seller_id, "days_min": 2, "days_max": 4}
    return await insert("shipping_rate", **{**values, **columns})


async def put_on_cart(shopper: Shopper, *, coupon: UUID | None = None, card: UUID | None = None) -> None:
    """Without looking at the code."""
    column, owner = shopper.owner
    for table, key, offer in (("cart_coupon", "coupon_id", coupon), ("cart_gift_card", "gift_card_id", card)):
        if offer:
            await pool().execute(
                f"INSERT INTO {table} (cart_id, {key}) SELECT id, $2 FROM cart WHERE {column} = $1", owner, offer
            )


async def uses_of(coupon_id: UUID) -> tuple[int, int]:
    """The counter, and the uses that hold."""
    row = await pool().fetchrow(
        "SELECT uses, (SELECT count(*) FROM coupon_use WHERE coupon_id = id AND number IS NOT NULL) AS held"
        " FROM coupon WHERE id = $1",
        coupon_id,
    )
    return row["uses"], row["held"]


async def balance_of(card_id: UUID) -> tuple[int, int]:
    """What the card holds, and what its movements add up to."""
    row = await pool().fetchrow(
        "SELECT balance_minor, (SELECT sum(amount_minor)::bigint FROM gift_card_movement WHERE gift_card_id = g.id)"
        " AS moved FROM gift_card g WHERE id = $1",
        card_id,
    )
    return row["balance_minor"], row["moved"]
