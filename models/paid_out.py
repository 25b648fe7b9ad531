"""What becomes of a payout by the bank's word, whoever brings it: an answer, a webhook, the nightly question.

Sent and booked once it is processed; due again, once, where the bank refused it or gave the money back afterwards.
"""

from datetime import datetime
from uuid import UUID, uuid5

import asyncpg

from models.audit import NOBODY, record
from models.database import Connection, transaction
from models.gateway import Gateway, GatewayPayout
from models.ledger import Entry, book
from models.outbox import Queued, enqueue_all
from models.states import PAYOUT, move, try_move

OURS = ("seller", "tax", "dispute")
"""The accounts of what a seller is owed, or owes; the seller pays the tax to the government (an operator under section
52)."""

NOT_PAID = ("failed", "reversed", "rejected", "cancelled")
LOCK = """
SELECT now(), id, seller_id, state, amount_minor, tcs_minor, currency, reference, account FROM payout
 WHERE {found} = $1 FOR NO KEY UPDATE
"""
SHARES = """
SELECT e.account, sum(e.amount_minor)::bigint AS amount_minor
  FROM payout_entry p JOIN ledger_entry e ON e.id = p.entry_id
 WHERE p.payout_id = $1 AND e.account = ANY($2) GROUP BY e.account
"""
FREE = "UPDATE payout_entry SET freed_at = now() WHERE payout_id = $1 AND freed_at IS NULL"
OPERATORS = "SELECT id FROM users WHERE role = 'admin' AND state = 'active' ORDER BY id"
MAIL = "mail.payout_reversed"


async def lock_payout(connection: Connection, payout_id: UUID) -> asyncpg.Record | None:
    return await connection.fetchrow(LOCK.format(found="id"), payout_id)


async def record_payout(connection: Connection, told: GatewayPayout) -> bool:
    """False when it is none of ours, or says nothing final. What is known already changes nothing."""
    payout = await connection.fetchrow(LOCK.format(found="reference"), told.reference)
    if payout is None:
        return False
    if told.status in NOT_PAID:
        reason = f"The bank says: {told.status}{f', {told.reason}' if told.reason else ''}."
        await end_unpaid(connection, payout["id"], old="unknown", error=reason, gateway_payout_id=told.payout_id)
        if payout["state"] == "sent":
            await _reverse(connection, payout, reason)
        return True
    if told.status == "processed" and payout["state"] == "unknown":
        columns = {"gateway_payout_id": told.payout_id, "sent_at": payout["now"], "error": ""}
        await move(connection, PAYOUT, payout["id"], old="unknown", new="sent", **columns)
        await _book(connection, payout)
    return told.status == "processed"


async def ask_of_payouts(gateway: Gateway, first: datetime, last: datetime) -> None:
    """What no webhook told of the payouts of that time."""
    for told in await gateway.payouts_between(first, last):
        async with transaction() as connection:
            await record_payout(connection, told)


async def end_unpaid(connection: Connection, payout_id: UUID, *, old: str, error: str, **columns: object) -> None:
    """Nothing was paid: what it would have settled is due again."""
    if await try_move(connection, PAYOUT, payout_id, old=old, new="failed", error=error[:300], **columns):
        await connection.execute("DELETE FROM payout_entry WHERE payout_id = $1", payout_id)


async def _reverse(connection: Connection, payout: asyncpg.Record, reason: str) -> None:
    """It had been paid, and has come back: booked the other way round, due again; its statement stays."""
    payout_id = payout["id"]
    await move(connection, PAYOUT, payout_id, old="sent", new="reversed", error=reason[:300], reversed_at=payout["now"])
    await _book(connection, payout, back=True)
    await connection.execute(FREE, payout_id)
    await record(
        connection, actor_id=NOBODY, action="payout.reversed", subject_id=payout_id, before={"state": "sent"},
        after={"state": "reversed", "amount_minor": payout["amount_minor"], "seller_id": payout["seller_id"]},
    )  # fmt: skip
    operators = [{"operator_id": row["id"]} for row in await connection.fetch(OPERATORS)]
    mails = [
        Queued(MAIL, {"payout_id": payout_id, **whom}, f"{MAIL}:{payout_id}:{next(iter(whom.values()))}")
        for whom in [{"seller_id": payout["seller_id"]}, *operators]
    ]
    await enqueue_all(connection, mails)


async def _book(connection: Connection, payout: asyncpg.Record, *, back: bool = False) -> None:
    """The seller is owed less, the government the TCS, and the money has left our account; `back`: none of it."""
    seller_id, payout_id = payout["seller_id"], payout["id"]
    shares = await connection.fetch(SHARES, payout_id, OURS)
    entries = [Entry(share["account"], -share["amount_minor"], seller_id) for share in shares if share["amount_minor"]]
    entries += [Entry("tcs", payout["tcs_minor"], seller_id)] if payout["tcs_minor"] else []
    entries.append(Entry("bank", payout["amount_minor"], seller_id))
    reason = "payout"
    if back:
        entries, reason = [entry._replace(amount_minor=-entry.amount_minor) for entry in entries], "payout_reversed"
    booked = uuid5(payout_id, reason) if back else payout_id
    await book(connection, booked, entries, order_id=None, reason=reason, currency=payout["currency"])
