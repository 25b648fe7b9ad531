"""Payments: one row is one attempt to collect an order's total through the gateway.

created -> open (the gateway has an order) -> captured | failed; captured -> refunded. The gateway order is made by
whoever claims the row, so there is never a second payable one. A declined attempt leaves the row open: the same
gateway order can be paid again.
"""

from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from tortoise import fields

from models.base import Row, now_column, uuid7
from models.crash import point
from models.database import pool, transaction
from models.errors import Conflict, Declined
from models.gateway import Gateway
from models.order import Order, note
from models.states import PAYMENT, try_move

LEASE = timedelta(seconds=15)
"""How long a claim holds: longer than any one conversation with the gateway may take."""


class Payment(Row):
    order: fields.ForeignKeyRelation[Order] = fields.ForeignKeyField(
        "models.Order", on_delete=fields.RESTRICT, related_name="payments"
    )
    order_id: UUID
    gateway = fields.CharField(max_length=16, db_default="razorpay")
    state = fields.CharField(max_length=16, db_default="created")
    amount_minor = fields.BigIntField()
    currency = fields.CharField(max_length=3)
    gateway_order_id = fields.CharField(max_length=64, null=True, unique=True)
    gateway_payment_id = fields.CharField(max_length=64, null=True, unique=True)
    fee_minor = fields.BigIntField(db_default=0)
    fee_tax_minor = fields.BigIntField(db_default=0)
    claimed_until = fields.DatetimeField(null=True)
    error = fields.CharField(max_length=300, db_default="")
    created_at: datetime = now_column()
    captured_at = fields.DatetimeField(null=True)

    class Meta:
        table = "payment"


class WebhookEvent(Row):
    """An event of the gateway, once each: the unique (gateway, event_id) is the dedupe. The body is ciphertext."""

    gateway = fields.CharField(max_length=16)
    event_id = fields.CharField(max_length=64)
    kind = fields.CharField(max_length=64)
    body_encrypted = fields.BinaryField()
    outcome = fields.CharField(max_length=32, db_default="received")
    created_at: datetime = now_column()

    class Meta:
        table = "webhook_event"


TABLES: tuple[Any, ...] = (Payment, WebhookEvent)

CLAIM = """
UPDATE payment p SET claimed_until = now() + $2
  FROM (SELECT id, claimed_until FROM payment WHERE id = $1 FOR NO KEY UPDATE) was, orders o
 WHERE p.id = was.id AND o.id = p.order_id AND o.state = 'pending' AND p.state = 'created'
   AND (was.claimed_until IS NULL OR was.claimed_until < now())
RETURNING p.id, p.order_id, p.amount_minor, p.currency, was.claimed_until IS NULL AS fresh, o.number AS receipt,
          (SELECT count(*) FROM payment q WHERE q.order_id = p.order_id AND q.id < p.id) AS earlier
"""
ADD = """
INSERT INTO payment (id, order_id, amount_minor, currency)
SELECT $1, id, total_minor - gift_card_minor, currency FROM orders
 WHERE id = $2 AND state = 'pending' AND NOT EXISTS (
       SELECT FROM payment WHERE order_id = $2 AND state IN ('created', 'open'))
"""
PENDING = """
SELECT state, state = 'pending' AND expires_at <= now() AS overdue FROM orders WHERE id = $1 FOR NO KEY UPDATE
"""
NEEDS_OPENING = """
SELECT EXISTS (SELECT FROM payment p JOIN orders o ON o.id = p.order_id
                WHERE p.id = $1 AND p.state = 'created' AND o.state = 'pending')
"""
TO_REMIND = """
SELECT EXISTS (SELECT FROM orders o WHERE o.id = $1 AND o.state = 'pending' AND o.expires_at > now()
                  AND NOT EXISTS (SELECT FROM order_event WHERE order_id = o.id AND kind = 'payment_failed'))
"""
NUMBER = "SELECT o.number FROM orders o JOIN payment p ON p.order_id = o.id WHERE p.gateway_order_id = $1"


class Claim(NamedTuple):
    """The right to make the gateway's order for a payment. `fresh`: nobody can have made it already."""

    payment_id: UUID
    order_id: UUID
    receipt: str
    amount_minor: int
    currency: str
    fresh: bool


async def claim_payment(payment_id: UUID) -> Claim | None:
    """None when there is nothing to make, or somebody is making it."""
    row = await pool().fetchrow(CLAIM, payment_id, LEASE)
    if row is None:
        return None
    receipt = f"{row['receipt']}-{row['earlier'] + 1}" if row["earlier"] else row["receipt"]
    return Claim(row["id"], row["order_id"], receipt, row["amount_minor"], row["currency"], row["fresh"])


async def open_claimed(gateway: Gateway, claim: Claim) -> str:
    """Make the gateway's order, unless an earlier claimant did, and write it down. Returns the gateway's id of it.

    Raises Declined when the gateway refuses the order for good, which fails the payment; Unavailable when it does
    not answer.
    """
    point("payment.before_gateway")
    try:
        made = None if claim.fresh else await gateway.find_order(claim.receipt)
        made = made or await gateway.create_order(
            claim.receipt, amount_minor=claim.amount_minor, currency=claim.currency
        )
    except Declined as error:
        await _refused(claim, error.detail)
        raise
    point("payment.after_gateway")
    if await try_move(pool(), PAYMENT, claim.payment_id, old="created", new="open", gateway_order_id=made, error=""):
        return made
    stored: str = await pool().fetchval("SELECT gateway_order_id FROM payment WHERE id = $1", claim.payment_id)
    return stored


async def ensure_payment(order_id: UUID) -> None:
    """A pending order has one live payment: a new one where the gateway refused the last. Raises Conflict otherwise."""
    async with transaction() as connection:
        order = await connection.fetchrow(PENDING, order_id)
        if order is None or order["state"] != "pending" or order["overdue"]:
            state = "expired" if order and order["overdue"] else order["state"] if order else "gone"
            raise Conflict(f"This order is {state}: there is nothing to pay.", code="orders_state")
        await connection.execute(ADD, uuid7(), order_id)


async def needs_opening(payment_id: UUID) -> bool:
    """Whether a pending order still waits for the gateway's order of this payment."""
    return bool(await pool().fetchval(NEEDS_OPENING, payment_id))


async def wants_reminder(order_id: UUID) -> bool:
    """Whether an order is still held and still to be paid, and no mail of a declined payment has told its buyer so."""
    return bool(await pool().fetchval(TO_REMIND, order_id))


async def find_number(gateway_order_id: str) -> str | None:
    """The number of the order that a gateway order pays for."""
    number: str | None = await pool().fetchval(NUMBER, gateway_order_id)
    return number


async def _refused(claim: Claim, reason: str) -> None:
    async with transaction() as connection:
        error = reason[:300]
        if await try_move(connection, PAYMENT, claim.payment_id, old="created", new="failed", error=error):
            await note(connection, claim.order_id, "payment_refused", reason=error)
