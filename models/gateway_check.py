"""Compares the books with the gateway, payment by payment and refund by refund, and keeps what they disagree on.

Captured money that we had not heard of is settled first; what differs then waits for a person.
"""

import contextlib
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from models.base import uuid7
from models.database import Connection, pool, transaction
from models.errors import Declined
from models.gateway import Charge, Gateway, GatewayRefund
from models.settlement import settle

SLACK = timedelta(hours=1)
"""What was moved so shortly before the end of the window may be on one side only."""

PAID = ("captured", "refunded")
PAYMENTS = """
SELECT gateway_payment_id AS id, amount_minor, fee_minor FROM payment
 WHERE gateway = 'razorpay' AND state IN ('captured', 'refunded') AND amount_minor > 0
   AND (gateway_payment_id = ANY($1) OR captured_at BETWEEN $2 AND $3)
"""
REFUNDS = """
SELECT r.gateway_refund_id AS id, r.amount_minor FROM refund r JOIN payment p ON p.id = r.payment_id
 WHERE p.gateway = 'razorpay' AND r.state = 'processed' AND r.amount_minor > 0
   AND NOT starts_with(r.gateway_refund_id, 'cash_')
   AND (r.gateway_refund_id = ANY($1) OR r.processed_at BETWEEN $2 AND $3)
"""
"""What gift cards alone paid, or got back, the gateway has never heard of, nor of what a person paid back."""

KEEP = """
INSERT INTO gateway_difference AS d (id, kind, gateway_id, ours_minor, theirs_minor)
SELECT x.id, x.kind, x.gateway_id, x.ours_minor, x.theirs_minor
  FROM unnest($1::uuid[], $2::text[], $3::text[], $4::bigint[], $5::bigint[])
       AS x (id, kind, gateway_id, ours_minor, theirs_minor)
ON CONFLICT (kind, gateway_id) DO UPDATE
   SET ours_minor = EXCLUDED.ours_minor, theirs_minor = EXCLUDED.theirs_minor, resolved_at = NULL
"""
RESOLVE = """
UPDATE gateway_difference SET resolved_at = now()
 WHERE resolved_at IS NULL AND gateway_id = ANY($1) AND (kind, gateway_id) NOT IN (
       SELECT * FROM unnest($2::text[], $3::text[]))
"""
LIST = """
SELECT kind, gateway_id, ours_minor, theirs_minor, found_at FROM gateway_difference
 WHERE resolved_at IS NULL ORDER BY found_at DESC, id LIMIT $1
"""


class Difference(NamedTuple):
    """None: that side does not know of it."""

    kind: str
    gateway_id: str
    ours_minor: int | None
    theirs_minor: int | None


async def compare(gateway: Gateway, first: datetime, last: datetime) -> list[Difference]:
    """What differs of all that was paid and refunded in that time; kept until a later comparison finds it right."""
    charges = await gateway.charges_between(first, last)
    refunds = await gateway.refunds_between(first, last)
    captured = [charge for charge in charges if charge.status in PAID]
    for charge in captured:
        if charge.status == "captured":
            await settle(charge)
    refunds += await _asked_for(gateway, {refund.refund_id for refund in refunds}, first, last - SLACK)
    async with transaction() as connection:
        found = await _payments(connection, captured, first, last - SLACK)
        found += await _refunds(connection, refunds, first, last - SLACK)
        seen = {charge.payment_id for charge in captured} | {refund.refund_id for refund in refunds}
        await _keep(connection, found, seen)
    return found


async def _asked_for(gateway: Gateway, listed: set[str], first: datetime, last: datetime) -> list[GatewayRefund]:
    """Those that ended in that time and are not listed: a bank may take days, and the list goes by when they began."""
    found = []
    for row in await pool().fetch(REFUNDS, [], first + SLACK, last):
        if row["id"] not in listed:
            with contextlib.suppress(Declined):
                found.append(await gateway.get_refund(row["id"]))
    return found


async def list_differences(*, limit: int = 100) -> list[tuple[str, str, int | None, int | None, datetime]]:
    """Kind, the gateway's id, our and the gateway's amount, and since when: newest first."""
    return [tuple(row) for row in await pool().fetch(LIST, limit)]


async def _payments(
    connection: Connection, charges: Iterable[Charge], first: datetime, last: datetime
) -> list[Difference]:
    theirs = {charge.payment_id: charge for charge in charges}
    rows = {row["id"]: row for row in await connection.fetch(PAYMENTS, list(theirs), first + SLACK, last)}
    ours = {id_: row["amount_minor"] for id_, row in rows.items()}
    found = _differ("payment", ours, {id_: charge.amount_minor for id_, charge in theirs.items()})
    both = rows.keys() & theirs.keys()
    fees = {id_: theirs[id_].fee_minor for id_ in both}
    return found + _differ("fee", {id_: rows[id_]["fee_minor"] for id_ in both}, fees)


async def _refunds(
    connection: Connection, refunds: Iterable[GatewayRefund], first: datetime, last: datetime
) -> list[Difference]:
    theirs = {refund.refund_id: refund.amount_minor for refund in refunds if refund.status == "processed"}
    rows = await connection.fetch(REFUNDS, list(theirs), first + SLACK, last)
    return _differ("refund", {row["id"]: row["amount_minor"] for row in rows}, theirs)


def _differ(kind: str, ours: dict[str, int], theirs: dict[str, int]) -> list[Difference]:
    return [
        Difference(kind, id_, ours.get(id_), theirs.get(id_))
        for id_ in sorted(ours.keys() | theirs.keys())
        if ours.get(id_) != theirs.get(id_)
    ]


async def _keep(connection: Connection, found: list[Difference], seen: set[str]) -> None:
    kinds, ids, ours, theirs = zip(*found, strict=True) if found else ((), (), (), ())
    await connection.execute(KEEP, [uuid7() for _ in found], kinds, ids, ours, theirs)
    await connection.execute(RESOLVE, [*seen, *ids], kinds, ids)
