"""Refunds of captured payments: requested -> sent -> processed | failed. `key` makes each one happen once.

The gateway is asked what it knows of the key before it is told to pay, and told with the key as its idempotency key.
"""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

import asyncpg
import msgspec
from tortoise import fields

from models.base import Row, now_column, uuid7
from models.charged_back import leave_to_bank
from models.crash import point
from models.database import Connection, pool, transaction
from models.errors import Declined, NotFound
from models.gateway import Gateway, GatewayRefund
from models.ledger import book, refund_entries
from models.money import COLLECTED_LEAST_MINOR
from models.order import OrderLine, note
from models.outbox import Queued, enqueue_all
from models.payment import Payment
from models.states import PAYMENT, REFUND, try_move


class Refund(Row):
    payment: fields.ForeignKeyRelation[Payment] = fields.ForeignKeyField(
        "models.Payment", on_delete=fields.RESTRICT, related_name="refunds"
    )
    payment_id: UUID
    key = fields.CharField(max_length=80, unique=True)
    state = fields.CharField(max_length=16, db_default="requested")
    amount_minor = fields.BigIntField()
    gift_card_minor = fields.BigIntField(db_default=0)
    bank_minor = fields.BigIntField(db_default=0)
    currency = fields.CharField(max_length=3)
    reason = fields.CharField(max_length=64)
    gateway_refund_id = fields.CharField(max_length=64, null=True, unique=True)
    error = fields.CharField(max_length=300, db_default="")
    created_at: datetime = now_column()
    processed_at = fields.DatetimeField(null=True)

    class Meta:
        table = "refund"


class RefundLine(Row):
    """What of an order a refund pays for: so many units, their price and, where it is given back, their carriage.

    `tax_minor` is contained in the two. Unwanted payments that are returned have no lines.
    """

    refund: fields.ForeignKeyRelation[Refund] = fields.ForeignKeyField(
        "models.Refund", on_delete=fields.RESTRICT, related_name="lines"
    )
    refund_id: UUID
    order_line: fields.ForeignKeyRelation[OrderLine] = fields.ForeignKeyField(
        "models.OrderLine", on_delete=fields.RESTRICT
    )
    order_line_id: UUID
    quantity = fields.IntField()
    goods_minor = fields.BigIntField()
    shipping_minor = fields.BigIntField()
    tax_minor = fields.BigIntField()

    class Meta:
        table = "refund_line"


TABLES: tuple[Any, ...] = (Refund, RefundLine)

CASH = "cash"
"""The gateway of what was paid at the door: it cannot be told to pay back, a person does that and says so."""

REQUEST = """
INSERT INTO refund (id, payment_id, key, amount_minor, currency, reason, gift_card_minor, bank_minor, state,
                    processed_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, CASE $4::bigint WHEN 0 THEN 'processed' ELSE 'requested' END,
        CASE $4::bigint WHEN 0 THEN now() END)
ON CONFLICT (key) DO NOTHING
"""
TOO_LITTLE = "The gateway sends no less than one rupee: pay it back by bank or UPI."

UNDER_WAY = "SELECT gateway_refund_id FROM refund WHERE state = 'sent' ORDER BY id"
UNSENT = """
SELECT r.id FROM refund r JOIN payment p ON p.id = r.payment_id
 WHERE r.state = 'requested' AND p.gateway <> $1 AND r.created_at < now() - interval '1 hour'
"""
TO_SEND = """
SELECT r.state, r.amount_minor, r.gateway_refund_id, p.gateway, p.gateway_payment_id
  FROM refund r JOIN payment p ON p.id = r.payment_id
 WHERE r.id = $1
"""
FACTS = """
SELECT r.id, p.order_id, r.amount_minor + r.gift_card_minor AS amount_minor, r.gift_card_minor, r.currency,
       r.reason, r.bank_minor
  FROM refund r JOIN payment p ON p.id = r.payment_id
 WHERE r.id = $1
"""
LOCK = """
SELECT now(), r.id, r.state, r.amount_minor, r.currency, r.gateway_refund_id, p.id AS payment_id, p.order_id,
       p.amount_minor AS paid_minor,
       (SELECT coalesce(sum(amount_minor), 0) FROM refund
         WHERE payment_id = p.id AND state = 'processed' AND id <> r.id) AS returned_minor
  FROM refund r JOIN payment p ON p.id = r.payment_id WHERE {found} FOR NO KEY UPDATE OF p, r
"""


class RefundFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What a mail tells of a refund; `gift_card_minor` of it is on gift cards again, `bank_minor` came before it."""

    id: UUID
    order_id: UUID
    amount_minor: int
    gift_card_minor: int
    bank_minor: int
    currency: str
    reason: str


async def read_refund(refund_id: UUID) -> RefundFacts:
    """Raises NotFound."""
    row = await pool().fetchrow(FACTS, refund_id)
    if row is None:
        raise NotFound("There is no such refund.")
    return RefundFacts(**row)


async def request_refund(
    connection: Connection,
    payment_id: UUID,
    *,
    order_id: UUID,
    amount_minor: int,
    currency: str,
    reason: str,
    key: str,
    gift_card_minor: int = 0,
    bank_minor: int = 0,
) -> UUID | None:
    """Owe the buyer money back, once for each key: the row, its job, the apology. None when it was asked before.
    Nothing is told of a refund of nothing.

    `gift_card_minor` of it the caller puts back onto gift cards; where that is all, the gateway is not asked.
    `bank_minor` beside it the buyer's bank has given back before.
    """
    refund_id = uuid7()
    status = await connection.execute(
        REQUEST, refund_id, payment_id, key, amount_minor, currency, reason, gift_card_minor, bank_minor
    )
    if status != "INSERT 0 1":
        return None
    if not amount_minor + gift_card_minor:
        return refund_id
    await note(connection, order_id, "refund_requested", reason=reason, amount_minor=amount_minor + gift_card_minor)
    sending = _sending(refund_id)
    apology = Queued("mail.order_refunded", {"refund_id": refund_id}, f"mail.order_refunded:{refund_id}")
    await enqueue_all(connection, [sending, apology] if amount_minor else [apology])
    return refund_id


async def send_refund(gateway: Gateway, refund_id: UUID) -> None:
    """Tell the gateway, unless it knows already; its key for the refund is our id, a further one after a failure.

    Raises Unavailable when the outcome is unknown or a bank is deciding about the money (ask again later), Declined
    when the gateway will not.
    """
    row = await pool().fetchrow(TO_SEND, refund_id)
    if row is None or row["state"] in ("processed", "sent") or row["gateway"] == CASH:
        return
    point("refund.before_gateway")
    if row["amount_minor"] < COLLECTED_LEAST_MINOR:
        await try_move(pool(), REFUND, refund_id, old="requested", new="failed", error=TOO_LITTLE)
        return
    try:
        told = await _tell(gateway, refund_id, row)
    except Declined as error:
        if REFUND.allows(row["state"], "failed"):
            await try_move(pool(), REFUND, refund_id, old=row["state"], new="failed", error=error.detail[:300])
        raise
    if told is None:
        return
    point("refund.after_gateway")
    async with transaction() as connection:
        locked = await connection.fetchrow(LOCK.format(found="r.id = $1"), refund_id)
        await _record(connection, locked, told, own=True)


async def _tell(gateway: Gateway, refund_id: UUID, row: asyncpg.Record) -> GatewayRefund | None:
    """None where the buyer's bank has given back all of it."""
    key = _key(refund_id, row)
    known = await gateway.find_refund(row["gateway_payment_id"], key)
    if known:
        return known
    async with transaction() as connection:
        await leave_to_bank(connection, refund_id)
    left = await pool().fetchval("SELECT amount_minor FROM refund WHERE id = $1 AND state <> 'processed'", refund_id)
    if not left:
        return None
    if left < COLLECTED_LEAST_MINOR:
        raise Declined(TOO_LITTLE)
    return await gateway.create_refund(row["gateway_payment_id"], amount_minor=left, key=key)


def _key(refund_id: UUID, row: asyncpg.Record) -> str:
    """The gateway repeats its answer to a key for ever: what failed is asked for under a key made from the failure."""
    failed = row["state"] == "failed" and row["gateway_refund_id"]
    return str(uuid5(refund_id, failed) if failed else refund_id)


def _sending(refund_id: UUID) -> Queued:
    return Queued("refunds.send", {"refund_id": refund_id}, sending_key(refund_id))


def sending_key(refund_id: UUID) -> str:
    """Of the one job that sends a refund."""
    return f"refunds.send:{refund_id}"


async def ask_of_refunds(gateway: Gateway) -> None:
    """What no webhook told: what has become of those that the gateway had not paid yet when it was told to. Those whose
    job gave up before it told the gateway have one again.

    Raises Declined in the end for those of which it knows nothing any more, Unavailable where it does not answer.
    """
    async with transaction() as connection:
        await enqueue_all(connection, [_sending(row["id"]) for row in await connection.fetch(UNSENT, CASH)])
    lost = []
    for row in await pool().fetch(UNDER_WAY):
        try:
            told = await gateway.get_refund(row["gateway_refund_id"])
        except Declined:
            lost.append(row["gateway_refund_id"])
            continue
        async with transaction() as connection:
            await record_refund(connection, told)
    if lost:
        raise Declined(f"The gateway does not know these refunds: {', '.join(lost)}.")


async def ask_of_failed(gateway: Gateway, refund_id: UUID) -> None:
    """Whether the gateway has sent after all what failed: an attempt whose answer was lost. Raises Unavailable."""
    row = await pool().fetchrow(TO_SEND, refund_id)
    if row is None or row["state"] != "failed" or row["gateway"] == CASH:
        return
    told = await gateway.find_refund(row["gateway_payment_id"], _key(refund_id, row))
    if told:
        async with transaction() as connection:
            locked = await connection.fetchrow(LOCK.format(found="r.id = $1"), refund_id)
            await _record(connection, locked, told, own=True)


async def record_refund(connection: Connection, told: GatewayRefund) -> bool:
    """What a webhook says of a refund of ours. False when it is none of ours."""
    found = "r.gateway_refund_id = $1 OR (r.id::text = $2 AND p.gateway_payment_id = $3)"
    row = await connection.fetchrow(LOCK.format(found=found), told.refund_id, told.key, told.payment_id)
    if row is None:
        return False
    await _record(connection, row, told)
    return True


async def _record(connection: Connection, row: asyncpg.Record, told: GatewayRefund, *, own: bool = False) -> None:
    """processed ends it; failed waits for an operator, who sends it again; anything else is on its way.

    `own`: the answer to what we asked just now.
    """
    state, columns = row["state"], {"gateway_refund_id": told.refund_id}
    if state == "processed" or not _is_news(row, told, own=own):
        return
    if state == "failed":
        await try_move(connection, REFUND, row["id"], old="failed", new="sent", **columns)
        state = "sent"
    if told.status == "failed":
        await try_move(connection, REFUND, row["id"], old=state, new="failed", **columns)
        await note(connection, row["order_id"], "refund_failed")
    elif told.status == "processed":
        await try_move(connection, REFUND, row["id"], old=state, new="processed", **columns, processed_at=row["now"])
        await _returned(connection, row)
    elif state == "requested":
        await try_move(connection, REFUND, row["id"], old=state, new="sent", **columns)


def _is_news(row: asyncpg.Record, told: GatewayRefund, *, own: bool) -> bool:
    """An attempt that failed stays so, and says nothing of the one after it."""
    known = row["gateway_refund_id"]
    if told.status == "processed" or known is None:
        return True
    return own if told.refund_id != known else row["state"] != "failed"


async def _returned(connection: Connection, row: asyncpg.Record) -> None:
    """The money is back with the buyer: books, history, and the payment once all of it is back."""
    entries, order_id = refund_entries(row["amount_minor"]), row["order_id"]
    await book(connection, row["id"], entries, order_id=order_id, reason="refund", currency=row["currency"])
    await note(connection, order_id, "refunded", amount_minor=row["amount_minor"])
    if row["returned_minor"] + row["amount_minor"] >= row["paid_minor"]:
        await try_move(connection, PAYMENT, row["payment_id"], old="captured", new="refunded")
