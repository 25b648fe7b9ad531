"""Finds what no webhook and no job has finished: payments nobody told us about, orders nobody ended.

Each is asked about less and less often, by the database's clock, until the gateway can have no more news of it.
"""

from datetime import timedelta
from uuid import UUID

from models.database import pool, transaction
from models.gateway import Charge, Gateway
from models.order import note
from models.outbox import Queued, enqueue_all
from models.settlement import settle
from models.states import PAYMENT, try_move

FIRST_LOOK = timedelta(seconds=45)
GIVE_UP = timedelta(hours=24)
BATCH = 200

DUE = """
UPDATE payment SET claimed_until = now() + greatest($1::interval, now() - created_at)
 WHERE id IN (SELECT id FROM payment WHERE state = 'open' AND created_at < now() - $1::interval
                 AND (claimed_until IS NULL OR claimed_until < now())
               ORDER BY created_at LIMIT $2 FOR NO KEY UPDATE SKIP LOCKED)
RETURNING id
"""
UNOPENED = """
SELECT p.id FROM payment p JOIN orders o ON o.id = p.order_id
 WHERE p.state = 'created' AND o.state = 'pending' AND p.created_at < now() - $1::interval
   AND (p.claimed_until IS NULL OR p.claimed_until < now()) LIMIT $2
"""
OVERDUE = "SELECT id FROM orders WHERE state = 'pending' AND expires_at < now() - $1::interval LIMIT $2"
OPEN = """
SELECT p.gateway_order_id, p.order_id, o.state = 'pending' AND o.expires_at > now() AS waits,
       o.state <> 'pending' AND p.created_at < now() - $2::interval AS hopeless
  FROM payment p JOIN orders o ON o.id = p.order_id WHERE p.id = $1 AND p.state = 'open'
"""


async def enqueue_unfinished() -> int:
    """Enqueue a job for everything that is due. Returns how many."""
    async with transaction() as connection:
        due = [row["id"] for row in await connection.fetch(DUE, FIRST_LOOK, BATCH)]
        unopened = [row["id"] for row in await connection.fetch(UNOPENED, FIRST_LOOK, BATCH)]
        overdue = [row["id"] for row in await connection.fetch(OVERDUE, FIRST_LOOK, BATCH)]
        batch = [Queued("payments.reconcile", {"payment_id": id_}, f"payments.reconcile:{id_}") for id_ in due]
        batch += [Queued("payments.open", {"payment_id": id_}, f"payments.open:{id_}") for id_ in unopened]
        batch += [Queued("orders.expire", {"order_id": id_}, f"orders.expire:{id_}") for id_ in overdue]
        await enqueue_all(connection, batch)
    return len(batch)


async def reconcile_payment(gateway: Gateway, payment_id: UUID) -> None:
    """Ask the gateway what became of an open payment, and settle what was captured."""
    payment = await pool().fetchrow(OPEN, payment_id, GIVE_UP)
    if payment is None:
        return
    charges = await gateway.charges_of(payment["gateway_order_id"])
    if payment["waits"] and not any(charge.status == "captured" for charge in charges):
        charges = [await _take(gateway, charge) for charge in charges]
    captured = [charge for charge in charges if charge.status == "captured"]
    for charge in captured:
        await settle(charge)
    if payment["hopeless"] and not captured:
        async with transaction() as connection:
            if await try_move(connection, PAYMENT, payment_id, old="open", new="failed"):
                await note(connection, payment["order_id"], "payment_abandoned")


async def _take(gateway: Gateway, charge: Charge) -> Charge:
    """Capture what the bank authorised too late for the gateway to do it; an ended order's payment is left to lapse."""
    if charge.status != "authorized":
        return charge
    return await gateway.capture(charge.payment_id, amount_minor=charge.amount_minor, currency=charge.currency)
