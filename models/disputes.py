"""Chargebacks, as the gateway's webhooks tell them, in any order; what is lost for good is booked once."""

from models.base import uuid7
from models.database import Connection
from models.gateway import GatewayDispute
from models.ledger import book, dispute_entries
from models.order import note

PAYMENT = "SELECT id, order_id FROM payment WHERE gateway_payment_id = $1"
ENDED = ("won", "lost", "closed")
TELL = """
INSERT INTO dispute AS d (id, payment_id, gateway_dispute_id, state, phase, reason, amount_minor, deducted_minor,
                          currency) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
ON CONFLICT (gateway_dispute_id) DO UPDATE
   SET state = EXCLUDED.state, phase = EXCLUDED.phase, deducted_minor = EXCLUDED.deducted_minor
 WHERE d.state <> ALL($10) AND d.state <> EXCLUDED.state
RETURNING id
"""


async def record_dispute(connection: Connection, told: GatewayDispute) -> bool:
    """False when it concerns no payment of ours. One that has ended stays as it ended."""
    payment = await connection.fetchrow(PAYMENT, told.payment_id)
    if payment is None:
        return False
    words = (told.dispute_id, told.status[:16], told.phase[:32], told.reason[:64])
    amounts = (told.amount_minor, told.deducted_minor, told.currency)
    dispute_id = await connection.fetchval(TELL, uuid7(), payment["id"], *words, *amounts, ENDED)
    if dispute_id is None:
        return True
    await note(connection, payment["order_id"], "disputed", state=told.status, amount_minor=told.amount_minor)
    if told.status == "lost" and told.deducted_minor:
        await book(
            connection, dispute_id, dispute_entries(told.deducted_minor),
            order_id=payment["order_id"], reason="dispute", currency=told.currency,
        )  # fmt: skip
    return True
