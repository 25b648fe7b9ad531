"""What a buyer's bank has given back stands for the refund of goods: nobody is paid the same money twice.

Who lost it, seller or market, has it back then: the refund takes the whole of the goods' price from their sellers.
"""

from uuid import UUID

import asyncpg

from models.base import uuid7
from models.database import Connection
from models.errors import Unavailable
from models.ledger import Entry, book
from models.money import allocate
from models.order import note
from models.states import REFUND, move

LOST = """
SELECT id, deducted_minor - made_up_minor AS left_minor FROM dispute
 WHERE payment_id = $1 AND state IN ('lost', 'closed') AND deducted_minor > made_up_minor ORDER BY id FOR NO KEY UPDATE
"""
UNSENT = """
SELECT now(), r.id AS refund_id, r.state, r.amount_minor, p.id AS payment_id, o.id, o.currency, r.amount_minor + (
       SELECT coalesce(sum(amount_minor), 0)::bigint FROM refund WHERE payment_id = p.id AND id <> r.id)
       + d.taken_minor - p.amount_minor AS over_minor, d.disputed_minor, d.lost_minor
  FROM refund r JOIN payment p ON p.id = r.payment_id JOIN orders o ON o.id = p.order_id
 CROSS JOIN LATERAL (
       SELECT coalesce(sum(deducted_minor) FILTER (WHERE state IN ('lost', 'closed')), 0)::bigint AS taken_minor,
              coalesce(sum(greatest(deducted_minor - made_up_minor, 0)) FILTER (WHERE state IN ('lost', 'closed')), 0
              )::bigint AS lost_minor,
              coalesce(sum(greatest(amount_minor, deducted_minor)) FILTER (WHERE state IN ('open', 'under_review')), 0
              )::bigint AS disputed_minor
         FROM dispute WHERE payment_id = p.id) d
 WHERE r.id = $1 AND r.state IN ('requested', 'failed') FOR NO KEY UPDATE OF o, p, r
"""
LESS = "UPDATE refund SET amount_minor = amount_minor - $2, bank_minor = bank_minor + $2 WHERE id = $1"
LOCK_ORDER = """
SELECT FROM orders o JOIN payment p ON p.order_id = o.id JOIN refund r ON r.payment_id = p.id WHERE r.id = $1
   FOR NO KEY UPDATE OF o
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


async def leave_to_bank(connection: Connection, refund_id: UUID) -> None:
    """A refund that was asked for before the buyer's bank took money shrinks to what is left of the payment, before the
    gateway is told of it. Nothing of one that the gateway may know of already.

    Raises Unavailable while a bank decides about money that it needs.
    """
    await connection.execute(LOCK_ORDER, refund_id)
    row = await connection.fetchrow(UNSENT, refund_id)
    if row is None:
        return
    if row["disputed_minor"] and row["over_minor"] + row["disputed_minor"] > 0:
        raise Unavailable("The buyer's bank is deciding about this money; look again.", code="disputed")
    given = min(row["over_minor"], row["amount_minor"], row["lost_minor"])
    if given <= 0:
        return
    await connection.execute(LESS, refund_id, given)
    await count_as_refund(connection, row, row["payment_id"], given)
    if given == row["amount_minor"]:
        await move(connection, REFUND, refund_id, old=row["state"], new="processed", processed_at=row["now"])


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
