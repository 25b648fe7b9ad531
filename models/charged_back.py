"""What a buyer's bank has given back stands for the refund of goods: nobody is paid the same money twice.

Who lost it, seller or market, has it back then: the refund takes the whole of the goods' price from their sellers.
"""

from uuid import UUID

import asyncpg

from models.base import uuid7
from models.database import Connection
from models.ledger import Entry, book
from models.money import allocate
from models.order import note

LOST = """
SELECT id, deducted_minor - made_up_minor AS left_minor FROM dispute
 WHERE payment_id = $1 AND state IN ('lost', 'closed') AND deducted_minor > made_up_minor ORDER BY id FOR NO KEY UPDATE
"""
MAKE_UP = "UPDATE dispute SET made_up_minor = made_up_minor + $2 WHERE id = $1"
SHARES = "SELECT seller_id, lost_minor FROM dispute_share WHERE dispute_id = $1 ORDER BY seller_id"
LOSE_LESS = "UPDATE dispute_share SET lost_minor = lost_minor - $3 WHERE dispute_id = $1 AND seller_id = $2"


async def count_as_refund(connection: Connection, order: asyncpg.Record, payment_id: UUID, amount_minor: int) -> None:
    """So much of what disputes of this payment lost was a refund. The order is locked, and so much is left of them."""
    if not amount_minor:
        return
    rest, back = amount_minor, list[Entry]()
    for dispute in await connection.fetch(LOST, payment_id):
        part = min(rest, dispute["left_minor"])
        rest -= part
        if part:
            back += await _make_up(connection, dispute, part)
    entries = [*back, Entry("buyer", -amount_minor)]
    await book(connection, uuid7(), entries, order_id=order["id"], reason="dispute", currency=order["currency"])
    await note(connection, order["id"], "refunded_by_bank", amount_minor=amount_minor)


async def _make_up(connection: Connection, dispute: asyncpg.Record, amount_minor: int) -> list[Entry]:
    """In proportion to what each of its sellers lost, and the market for them."""
    await connection.execute(MAKE_UP, dispute["id"], amount_minor)
    shares = await connection.fetch(SHARES, dispute["id"])
    ours = dispute["left_minor"] - sum(share["lost_minor"] for share in shares)
    own, *parts = allocate(amount_minor, [ours, *(share["lost_minor"] for share in shares)])
    back = [(share["seller_id"], part) for share, part in zip(shares, parts, strict=True) if part]
    for seller_id, part in back:
        await connection.execute(LOSE_LESS, dispute["id"], seller_id, part)
    return [Entry("dispute", part, seller_id) for seller_id, part in back] + ([Entry("dispute", own)] if own else [])
