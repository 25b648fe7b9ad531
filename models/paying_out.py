"""Pays sellers what is theirs: once the goods have arrived, can no longer be returned, none is coming back, and no bank
disputes it.

Each ledger entry is paid once. What is refunded or lost later is an entry too, and so taken off the next payout. The
gateway is asked for our reference before it is told to pay again: an unknown answer never becomes a second payment.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import NamedTuple
from uuid import UUID

import asyncpg

from models.audit import NOBODY, record
from models.base import uuid7
from models.crash import point
from models.database import pool, transaction
from models.errors import Declined, Unavailable
from models.gateway import Gateway
from models.money import COLLECTED_LEAST_MINOR, share_bps
from models.outbox import Queued, enqueue_all
from models.paid_out import OURS, end_unpaid, lock_payout, record_payout
from models.states import PAYOUT, move

TCS_BPS = 50
"""0.5 % of the net value of taxable supplies: CGST Act 2017, section 52, by Notification 15/2024-Central Tax."""

VALUE = ("seller", "commission", "shipping")
"""What the seller's supply is worth without its tax."""

SELLERS = """
SELECT DISTINCT e.seller_id FROM ledger_entry e JOIN seller s ON s.id = e.seller_id
 WHERE s.payout_account <> '' AND e.order_id IS NOT NULL
   AND NOT EXISTS (SELECT FROM payout_entry p WHERE p.entry_id = e.id AND p.freed_at IS NULL)
 UNION SELECT seller_id FROM payout WHERE state IN ('pending', 'unknown')
"""
LOCK_SELLER = "SELECT id, payout_account FROM seller WHERE id = $1 FOR NO KEY UPDATE"
UNDER_WAY = "SELECT id FROM payout WHERE seller_id = $1 AND state IN ('pending', 'unknown')"
HELD_BACK = """(
       EXISTS (SELECT FROM return_line r JOIN order_line l ON l.id = r.order_line_id
                WHERE l.order_id = e.order_id AND l.seller_id = e.seller_id
                  AND r.state IN ('requested', 'approved', 'received'))
    OR EXISTS (SELECT FROM dispute_share s JOIN dispute d ON d.id = s.dispute_id JOIN payment p ON p.id = d.payment_id
                WHERE s.seller_id = e.seller_id AND p.order_id = e.order_id AND d.state IN ('open', 'under_review')
                  AND d.borne_by = 'seller'))"""
"""Whether an entry `e` waits for the end of a return or of a dispute."""
DUE = f"""
SELECT e.id, e.order_id, e.account, e.amount_minor, e.currency FROM ledger_entry e
 WHERE e.seller_id = $1 AND e.order_id IS NOT NULL AND e.currency = $3
   AND NOT EXISTS (SELECT FROM payout_entry p WHERE p.entry_id = e.id AND p.freed_at IS NULL)
   AND NOT EXISTS (SELECT FROM shipment h WHERE h.order_id = e.order_id AND h.seller_id = $1
                      AND (h.state NOT IN ('delivered', 'lost', 'cancelled') OR h.delivered_at > now() - $2::interval))
   AND NOT {HELD_BACK}
 ORDER BY e.id
"""
ADD = """
WITH made AS (
    INSERT INTO payout (id, seller_id, amount_minor, tcs_minor, currency, reference, account)
    VALUES ($1, $2, $3, $4, $5, $6, $7)
)
INSERT INTO payout_entry (id, payout_id, entry_id)
SELECT e.id, $1, e.entry_id FROM unnest($8::uuid[], $9::bigint[]) AS e (id, entry_id)
"""
BEGUN_SINCE = f"""
SELECT EXISTS (SELECT FROM payout_entry x JOIN ledger_entry e ON e.id = x.entry_id
                WHERE x.payout_id = $1 AND {HELD_BACK})
"""
NOT_SENT = "Not sent: a return or a dispute of an order in it had begun. The rest goes out with the next payout."


class Due(NamedTuple):
    """What would be paid now: `gross_minor` less `tcs_minor`, settling these entries."""

    gross_minor: int
    tcs_minor: int
    entry_ids: list[int]

    @property
    def net_minor(self) -> int:
        return self.gross_minor - self.tcs_minor


async def prepare_payouts(*, hold: timedelta, currency: str, actor_id: UUID | None = None) -> int:
    """A payout, and its job, for each seller who is owed something. Returns how many.

    `actor_id`: the operator who asked for it now; None for the daily timer.
    """
    if actor_id:
        async with transaction() as connection:
            await record(connection, actor_id=actor_id, action="payouts.asked", subject_id=NOBODY, before={}, after={})
    sellers = [row["seller_id"] for row in await pool().fetch(SELLERS)]
    made = [await prepare_payout(seller_id, hold=hold, currency=currency) for seller_id in sellers]
    return sum(payout_id is not None for payout_id in made)


async def prepare_payout(seller_id: UUID, *, hold: timedelta, currency: str) -> UUID | None:
    """None where one is under way, no account is known, or nothing is owed that the gateway sends, which is a rupee at
    least; that, and a debt, is carried to the next payout.

    One that is under way is asked about again, if its job has given up by now.
    """
    async with transaction() as connection:
        seller = await connection.fetchrow(LOCK_SELLER, seller_id)
        under_way = await connection.fetchval(UNDER_WAY, seller_id)
        if under_way:
            await enqueue_all(connection, [_sending(under_way)])
        if under_way or not seller["payout_account"]:
            return None
        due = sum_due(await connection.fetch(DUE, seller_id, hold, currency))
        if due.net_minor < COLLECTED_LEAST_MINOR:
            return None
        payout_id = uuid7()
        amounts = (due.net_minor, due.tcs_minor, currency, str(payout_id), seller["payout_account"])
        settled = ([uuid7() for _ in due.entry_ids], due.entry_ids)
        await connection.execute(ADD, payout_id, seller_id, *amounts, *settled)
        await enqueue_all(connection, [_sending(payout_id)])
    return payout_id


def _sending(payout_id: UUID) -> Queued:
    return Queued("payouts.send", {"payout_id": payout_id}, f"payouts.send:{payout_id}")


def sum_due(rows: Sequence[asyncpg.Record]) -> Due:
    """TCS is taken on orders that bear tax, net of what was refunded, and so given back with a refund."""
    value: dict[UUID, int] = {}
    taxed: dict[UUID, int] = {}
    for row in rows:
        if row["account"] in VALUE:
            value[row["order_id"]] = value.get(row["order_id"], 0) + row["amount_minor"]
        if row["account"] == "tax":
            taxed[row["order_id"]] = taxed.get(row["order_id"], 0) + row["amount_minor"]
    base = sum(amount for order_id, amount in value.items() if taxed.get(order_id))
    gross = sum(row["amount_minor"] for row in rows if row["account"] in OURS)
    tcs = share_bps(base, TCS_BPS) if base >= 0 else -share_bps(-base, TCS_BPS)
    return Due(gross, tcs, [row["id"] for row in rows])


async def send_payout(gateway: Gateway, payout_id: UUID) -> None:
    """Pay, unless the gateway knows our reference already, or what is paid has to wait after all.

    A refusal counts only where the gateway knows nothing of the reference: it may be another worker's request, whose
    answer was lost, that is in the way. Raises Unavailable while nobody knows, or the bank has not done it yet: look
    again later.
    """
    row = await _begin(payout_id)
    if row is None:
        return
    told = await gateway.find_payout(row["reference"]) if row["state"] == "unknown" else None
    point("payout.before_gateway")
    try:
        told = told or await gateway.create_payout(
            row["account"], amount_minor=row["amount_minor"], currency=row["currency"], reference=row["reference"]
        )
    except Declined as error:
        told = await gateway.find_payout(row["reference"])
        if told is None:
            async with transaction() as connection:
                await end_unpaid(connection, payout_id, old="unknown", error=error.detail)
            return
    point("payout.after_gateway")
    async with transaction() as connection:
        final = await record_payout(connection, told)
    if not final:
        raise Unavailable(f"Payout {told.payout_id} is {told.status}; look again.", code="payout")


async def _begin(payout_id: UUID) -> asyncpg.Record | None:
    """The payout as it was, which the bank may have been told of from now on. None where there is nothing to send.

    What began after this is for the next payout to take off.
    """
    async with transaction() as connection:
        payout = await lock_payout(connection, payout_id)
        if payout is None or payout["state"] not in ("pending", "unknown"):
            return None
        if payout["state"] == "pending" and await connection.fetchval(BEGUN_SINCE, payout_id):
            await end_unpaid(connection, payout_id, old="pending", error=NOT_SENT)
            return None
        if payout["state"] == "pending":
            await move(connection, PAYOUT, payout_id, old="pending", new="unknown")
    return payout
