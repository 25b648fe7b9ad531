"""Books every paisa: entries of one transaction add up to zero, and the database refuses others. A credit is positive.

A sale is booked once an order (its id is the transaction), money that came in once a payment, money that went back once
a refund. The buyer's account is then even: what was bought has been paid, what was not bought has been returned.
"""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from models.database import Connection
from models.pricing import Split
from models.write import Write

BOOK = """
INSERT INTO ledger_entry (transaction_id, order_id, seller_id, account, reason, amount_minor, currency)
SELECT e.transaction_id, $1, e.seller_id, e.account, e.reason, e.amount_minor, $2
  FROM unnest($3::uuid[], $4::text[], $5::uuid[], $6::text[], $7::bigint[])
    AS e (transaction_id, reason, seller_id, account, amount_minor)
"""


class Entry(NamedTuple):
    account: str
    amount_minor: int
    seller_id: UUID | None = None


def sale_entries(splits: Sequence[Split]) -> list[Entry]:
    """The buyer owes, and the platform what it pays for the buyer; sellers, platform, carriage and tax are owed."""
    entries = [
        Entry(account, amount, split.seller_id)
        for split in splits
        for account, amount in (
            ("seller", split.seller_minor),
            ("commission", split.commission_minor),
            ("shipping", split.shipping_minor),
            ("tax", split.tax_minor),
            ("promotion", -split.promotion_minor),
        )
    ]
    return _balanced("buyer", entries)


def collection_entries(amount_minor: int, fee_minor: int, fee_tax_minor: int = 0) -> list[Entry]:
    """The buyer has paid; the gateway owes us that less its fee, and the GST on the fee, which is contained in it."""
    kept = [Entry("gateway_fee", fee_tax_minor - fee_minor), Entry("gateway_tax", -fee_tax_minor)]
    return _balanced("buyer", [Entry("gateway", fee_minor - amount_minor), *kept])


def dispute_entries(lost: Sequence[tuple[UUID | None, int]]) -> list[Entry]:
    """The gateway has taken it from us and given it to the buyer's bank: the loss of each seller, or of nobody but us.

    What is below zero has come back, or is somebody else's loss by now. Empty where nothing has changed.
    """
    losses = [Entry("dispute", -amount, seller_id) for seller_id, amount in lost if amount]
    total = sum(amount for _, amount in lost)
    return losses + ([Entry("gateway", total)] if total else [])


def issue_entries(amount_minor: int) -> list[Entry]:
    """The operator has given a gift card away: the shop owes its holder what it promises."""
    return _balanced("promotion", [Entry("gift_card", amount_minor)])


def gift_card_entries(amount_minor: int) -> list[Entry]:
    """The buyer has paid with money that the shop has owed since the card was issued."""
    return _balanced("buyer", [Entry("gift_card", -amount_minor)])


def refund_entries(amount_minor: int) -> list[Entry]:
    """The gateway has paid the buyer back."""
    return _balanced("buyer", [Entry("gateway", amount_minor)])


class Booking(NamedTuple):
    """One transaction of the books, which adds up to zero."""

    transaction_id: UUID
    reason: str
    entries: Sequence[Entry]


async def book(
    connection: Connection,
    transaction_id: UUID,
    entries: Sequence[Entry],
    *,
    order_id: UUID | None,
    reason: str,
    currency: str,
) -> None:
    """Raises asyncpg.UniqueViolationError when this transaction was booked before."""
    await book_all(connection, [Booking(transaction_id, reason, entries)], order_id=order_id, currency=currency)


async def book_all(
    connection: Connection, bookings: Sequence[Booking], *, order_id: UUID | None, currency: str
) -> None:
    """Like `book` for several transactions about one order, in one statement."""
    write = book_write(bookings, order_id=order_id, currency=currency)
    await connection.execute(write.statement, *write.arguments)


def book_write(bookings: Sequence[Booking], *, order_id: UUID | None, currency: str) -> Write:
    """`book_all` as one of several writes."""
    rows = [(b.transaction_id, b.reason, e.seller_id, e.account, e.amount_minor) for b in bookings for e in b.entries]
    columns = zip(*rows, strict=True) if rows else ((),) * 5
    return Write(BOOK, (order_id, currency, *(list(column) for column in columns)))


def _balanced(account: str, entries: Sequence[Entry]) -> list[Entry]:
    """The entries that are not zero, with one of `account` where it takes that to make them add up."""
    entries = [*entries, Entry(account, -sum(entry.amount_minor for entry in entries))]
    return [entry for entry in entries if entry.amount_minor]
