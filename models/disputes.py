"""Chargebacks, as the gateway's webhooks tell them, in any order and more than once.

What is disputed is not paid out meanwhile. What the buyer's bank keeps is booked once, against the sellers of what was
paid, and so taken off their payouts; it is booked back where it comes back after all, or where the operator lets the
platform bear it.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal, NamedTuple
from uuid import UUID, uuid5

import asyncpg

from models.audit import record
from models.base import uuid7
from models.database import Connection, pool, transaction
from models.errors import NotFound
from models.gateway import Gateway, GatewayDispute
from models.ledger import book, dispute_entries
from models.money import allocate
from models.order import note
from models.outbox import Queued, enqueue_all
from models.refunding import lock_order
from models.states import DISPUTE, move

PHASES = ("fraud", "retrieval", "chargeback", "pre_arbitration", "arbitration")
"""As they follow one another: what was won can be taken up again in a later one."""

PAYMENT = "SELECT id, order_id FROM payment WHERE gateway_payment_id = $1"
KNOWN = """
SELECT id, state, phase, deducted_minor, made_up_minor, borne_by, currency, told_at FROM dispute WHERE {found} = $1
   FOR NO KEY UPDATE
"""
ORDER_OF = "SELECT p.order_id FROM dispute d JOIN payment p ON p.id = d.payment_id WHERE d.id = $1"
ADD = """
INSERT INTO dispute (id, payment_id, gateway_dispute_id, state, reason, amount_minor, currency, phase, deducted_minor,
                     respond_by, told_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
"""
CHANGE = "UPDATE dispute SET phase = $2, deducted_minor = $3, respond_by = $4, told_at = $5 WHERE id = $1"
SOLD = """
SELECT l.seller_id, sum(l.total_minor)::bigint AS sold_minor, sum(l.total_minor - coalesce(
           (SELECT sum(goods_minor + shipping_minor) FROM refund_line WHERE order_line_id = l.id), 0))::bigint
           AS kept_minor
  FROM order_line l WHERE l.order_id = $1
   AND NOT EXISTS (SELECT FROM refund r WHERE r.payment_id = $2 AND r.key LIKE 'unwanted:%')
 GROUP BY l.seller_id ORDER BY l.seller_id
"""
"""What each seller sold in the order, and what of it was not refunded; none where the payment was not for the order."""

ADD_SHARES = """
INSERT INTO dispute_share (dispute_id, seller_id, amount_minor)
SELECT $1, s.seller_id, s.amount_minor FROM unnest($2::uuid[], $3::bigint[]) AS s (seller_id, amount_minor)
"""
SHARES = "SELECT seller_id, amount_minor, lost_minor FROM dispute_share WHERE dispute_id = $1 ORDER BY seller_id"
LOSE = """
UPDATE dispute_share s SET lost_minor = n.lost_minor
  FROM unnest($2::uuid[], $3::bigint[]) AS n (seller_id, lost_minor)
 WHERE s.dispute_id = $1 AND s.seller_id = n.seller_id
"""
WAITING = "SELECT gateway_dispute_id FROM dispute WHERE state IN ('open', 'under_review')"
OPERATORS = "SELECT id FROM users WHERE role = 'admin' AND state = 'active' ORDER BY id"


Bearer = Literal["seller", "platform"]


class _Loss(NamedTuple):
    """What the bank keeps, who bears it, how much of it was booked before, and how much stood for a refund since."""

    dispute_id: UUID
    lost_minor: int
    borne_by: str
    booked_minor: int
    currency: str
    made_up_minor: int = 0


async def record_dispute(connection: Connection, told: GatewayDispute) -> bool:
    """False when it concerns no payment of ours. News that is older than what is known changes nothing."""
    payment = await connection.fetchrow(PAYMENT, told.payment_id)
    if payment is None:
        return False
    await lock_order(connection, payment["order_id"])
    known = await connection.fetchrow(KNOWN.format(found="gateway_dispute_id"), told.dispute_id)
    if known and not is_news(known, told):
        return True
    dispute_id = known["id"] if known else await _open(connection, payment, told)
    if known:
        await _change(connection, known, told)
    shares = await connection.fetch(SHARES, dispute_id)
    booked, borne_by = (known["deducted_minor"], known["borne_by"]) if known else (0, "seller")
    made_up = known["made_up_minor"] if known else 0
    loss = _Loss(dispute_id, lost_minor(told), borne_by, booked, told.currency, made_up)
    news = uuid5(dispute_id, f"{told.told_at.timestamp():.0f}:{loss.lost_minor}")
    await _book(connection, payment["order_id"], shares, loss, transaction_id=news)
    if known is None or known["state"] != told.status:
        await note(connection, payment["order_id"], "disputed", state=told.status, amount_minor=told.amount_minor)
    if known is None or (
        told.status != "under_review" and (known["state"], known["phase"]) != (told.status, told.phase)
    ):
        await _tell(connection, dispute_id, [share["seller_id"] for share in shares], told)
    return True


async def let_bear(dispute_id: UUID, bearer: Bearer, *, actor_id: UUID) -> None:
    """The operator decides whose loss a dispute is, whenever: what was booked moves. Again is no error.

    Raises NotFound.
    """
    async with transaction() as connection:
        order_id = await connection.fetchval(ORDER_OF, dispute_id)
        if order_id is None:
            raise NotFound("There is no such dispute.")
        await lock_order(connection, order_id)
        known = await connection.fetchrow(KNOWN.format(found="id"), dispute_id)
        if known["borne_by"] == bearer:
            return
        await connection.execute("UPDATE dispute SET borne_by = $2 WHERE id = $1", dispute_id, bearer)
        shares, lost = await connection.fetch(SHARES, dispute_id), known["deducted_minor"]
        loss = _Loss(dispute_id, lost, bearer, lost, known["currency"], known["made_up_minor"])
        await _book(connection, order_id, shares, loss, transaction_id=uuid7())
        await record(
            connection, actor_id=actor_id, action="dispute.borne", subject_id=dispute_id,
            before={"borne_by": known["borne_by"]}, after={"borne_by": bearer, "lost_minor": lost},
        )  # fmt: skip


async def ask_of_disputes(gateway: Gateway, first: datetime, last: datetime) -> None:
    """What no webhook told: disputes that began in that time, and what has become of those that are open."""
    began = await gateway.disputes_between(first, last)
    waiting = {row["gateway_dispute_id"] for row in await pool().fetch(WAITING)} - {told.dispute_id for told in began}
    for told in [*began, *[await gateway.get_dispute(dispute_id) for dispute_id in sorted(waiting)]]:
        async with transaction() as connection:
            await record_dispute(connection, told)


def is_news(known: asyncpg.Record, told: GatewayDispute) -> bool:
    """Whether it is later than what is known. What has ended stays so, but for a later phase of what was won."""
    later = _place(told.phase) > _place(known["phase"])
    if known["state"] == told.status:
        return later or told.told_at > known["told_at"]
    if not DISPUTE.allows(known["state"], told.status):
        return False
    return later or (known["state"] != "won" and told.told_at >= known["told_at"])


def _place(phase: str) -> int:
    return PHASES.index(phase) if phase in PHASES else -1


def lost_minor(told: GatewayDispute) -> int:
    """What the bank keeps as far as is known: some of it goes already when a dispute begins, and comes back."""
    return 0 if told.status == "won" else told.deducted_minor


async def _open(connection: Connection, payment: asyncpg.Record, told: GatewayDispute) -> UUID:
    """The dispute, and each seller's share of it: in proportion to what the buyer paid them and has not got back."""
    dispute_id = uuid7()
    words = (told.dispute_id, told.status, told.reason[:64], told.amount_minor, told.currency)
    news = (told.phase[:32], lost_minor(told), told.respond_by, told.told_at)
    await connection.execute(ADD, dispute_id, payment["id"], *words, *news)
    sold = await connection.fetch(SOLD, payment["order_id"], payment["id"])
    weights = "kept_minor" if any(row["kept_minor"] for row in sold) else "sold_minor"
    bearing = [row for row in sold if row[weights]]
    if bearing:
        parts = allocate(told.amount_minor, [row[weights] for row in bearing])
        await connection.execute(ADD_SHARES, dispute_id, [row["seller_id"] for row in bearing], parts)
    return dispute_id


async def _change(connection: Connection, known: asyncpg.Record, told: GatewayDispute) -> None:
    news = (told.phase[:32], lost_minor(told), told.respond_by, told.told_at)
    if known["state"] != told.status:
        await move(connection, DISPUTE, known["id"], old=known["state"], new=told.status)
    await connection.execute(CHANGE, known["id"], *news)


async def _book(
    connection: Connection, order_id: UUID, shares: Sequence[asyncpg.Record], loss: _Loss, *, transaction_id: UUID
) -> None:
    """The difference to what is booked; the same news has the same transaction, which the books take once."""
    borne = max(0, loss.lost_minor - loss.made_up_minor) if shares and loss.borne_by == "seller" else 0
    parts = allocate(borne, [share["amount_minor"] for share in shares]) if shares else []
    ours = loss.lost_minor - borne, loss.booked_minor - sum(share["lost_minor"] for share in shares)
    changes: list[tuple[UUID | None, int]] = [(None, ours[0] - ours[1])]
    changes += [(s["seller_id"], part - s["lost_minor"]) for s, part in zip(shares, parts, strict=True)]
    await connection.execute(LOSE, loss.dispute_id, [share["seller_id"] for share in shares], parts)
    entries = dispute_entries(changes)
    if entries:
        await book(connection, transaction_id, entries, order_id=order_id, reason="dispute", currency=loss.currency)


async def _tell(connection: Connection, dispute_id: UUID, seller_ids: Sequence[UUID], told: GatewayDispute) -> None:
    """A mail to each seller who has a share, and to each operator."""
    about = {"dispute_id": dispute_id, "state": told.status, "told": f"{told.told_at.timestamp():.0f}"}
    operators = [row["id"] for row in await connection.fetch(OPERATORS)]
    whom = [{"seller_id": id_} for id_ in seller_ids] + [{"operator_id": id_} for id_ in operators]
    key = f"mail.dispute:{dispute_id}:{about['told']}"
    mails = [Queued("mail.dispute", {**about, **who}, f"{key}:{next(iter(who.values()))}") for who in whom]
    await enqueue_all(connection, mails)
