"""What a seller reads of their money: payouts, and the statement of each, order by order; and the operator's view."""

from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from models.database import pool
from models.errors import NotFound
from models.paying_out import DUE, sum_due

PAYOUT = """
SELECT p.id, p.state, p.amount_minor, p.tcs_minor, p.currency, p.error, p.created_at, p.sent_at, p.reversed_at,
       p.seller_id, s.name AS seller_name, s.payout_account <> '' AS account_known
  FROM payout p JOIN seller s ON s.id = p.seller_id WHERE ($1::uuid IS NULL OR p.seller_id = $1)
"""
ONE = f"{PAYOUT} AND p.id = $2"
PAYOUTS = f"{PAYOUT} ORDER BY p.created_at DESC, p.id LIMIT $2 OFFSET $3"
COUNT = "SELECT count(*) FROM payout WHERE $1::uuid IS NULL OR seller_id = $1"
LINES = """
SELECT o.number, e.reason, min(e.created_at) AS at,
       sum(e.amount_minor * (e.account IN ('seller', 'commission', 'shipping'))::int)::bigint AS value_minor,
       sum(e.amount_minor * (e.account = 'tax')::int)::bigint AS tax_minor,
       sum(e.amount_minor * (e.account = 'commission')::int)::bigint AS commission_minor,
       sum(e.amount_minor * (e.account = 'shipping')::int)::bigint AS shipping_minor,
       sum(e.amount_minor * (e.account IN ('seller', 'tax', 'dispute'))::int)::bigint AS net_minor
  FROM payout_entry p JOIN ledger_entry e ON e.id = p.entry_id JOIN orders o ON o.id = e.order_id
 WHERE p.payout_id = $1 GROUP BY o.id, e.transaction_id, e.reason ORDER BY at, o.number
"""
BALANCES = """
SELECT account, sum(amount_minor)::bigint AS amount_minor FROM ledger_entry WHERE currency = $1 GROUP BY account
 ORDER BY account
"""


class PayoutRow(msgspec.Struct, frozen=True, kw_only=True):
    """`account_known`: whether the next payout of this seller has somewhere to go."""

    id: UUID
    state: str
    amount_minor: int
    tcs_minor: int
    currency: str
    error: str
    created_at: datetime
    sent_at: datetime | None
    reversed_at: datetime | None
    seller_id: UUID
    seller_name: str
    account_known: bool


class StatementLine(msgspec.Struct, frozen=True, kw_only=True):
    """One sale or refund: value + tax - commission - shipping = net, before TCS. A lost dispute is net alone."""

    number: str
    reason: str
    at: datetime
    value_minor: int
    tax_minor: int
    commission_minor: int
    shipping_minor: int
    net_minor: int


async def list_payouts(seller_id: UUID | None, *, page: int = 1, per_page: int = 20) -> tuple[list[PayoutRow], int]:
    """Newest first, and how many there are; every seller's where `seller_id` is None."""
    rows = await pool().fetch(PAYOUTS, seller_id, per_page, (page - 1) * per_page)
    return [PayoutRow(**row) for row in rows], await pool().fetchval(COUNT, seller_id)


async def get_statement(payout_id: UUID, seller_id: UUID | None) -> tuple[PayoutRow, list[StatementLine]]:
    """Raises NotFound, for a stranger's payout as for one that never was."""
    payout = await pool().fetchrow(ONE, seller_id, payout_id)
    if payout is None:
        raise NotFound("There is no such payout.")
    return PayoutRow(**payout), [StatementLine(**row) for row in await pool().fetch(LINES, payout_id)]


async def owed_minor(seller_id: UUID, *, hold: timedelta, currency: str) -> int:
    """What the next payout would come to now; below zero when refunds outweigh sales."""
    return sum_due(await pool().fetch(DUE, seller_id, hold, currency)).net_minor


async def list_balances(currency: str) -> dict[str, int]:
    """Every account of the ledger; they add up to zero."""
    return {row["account"]: row["amount_minor"] for row in await pool().fetch(BALANCES, currency)}
