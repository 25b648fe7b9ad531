"""Orders that end unpaid: their hold ran out by the database's clock, or their buyer cancelled.

What they held becomes free in the same transaction. A payment that arrives later is settled in `models/settlement.py`.
"""

from uuid import UUID

from models.crash import point
from models.database import Connection, transaction
from models.errors import Conflict
from models.order import note_write
from models.outbox import call_off_write
from models.redemption import release_offers
from models.states import ORDER, move
from models.stock import release_held
from models.write import write_all

LOCK = "SELECT state, expires_at <= now() AS overdue FROM orders WHERE id = $1 FOR NO KEY UPDATE"


def waiting_jobs(order_id: UUID) -> tuple[str, str]:
    """Keys of the jobs that are for an order as long as it waits to be paid; whoever ends the wait takes them back."""
    return f"orders.expire:{order_id}", f"mail.payment_reminder:{order_id}"


async def expire_order(order_id: UUID) -> bool:
    """End a pending order whose hold ran out. True when it is no longer pending, by whosever hand."""
    async with transaction() as connection:
        order = await connection.fetchrow(LOCK, order_id)
        if order is None or order["state"] != "pending":
            return True
        if not order["overdue"]:
            return False
        await _close(connection, order_id, "expired")
        point("expiry.before_commit")
    point("expiry.after_commit")
    return True


async def cancel_order(order_id: UUID) -> None:
    """End a pending order at its buyer's wish; again is no error. Raises Conflict once it is paid or expired."""
    async with transaction() as connection:
        order = await connection.fetchrow(LOCK, order_id)
        state = order["state"] if order else "gone"
        if state == "cancelled":
            return
        if state != "pending":
            raise Conflict(f"This order is {state} and can no longer be cancelled here.", code="orders_state")
        await _close(connection, order_id, "cancelled")
        point("cancel.before_commit")


async def _close(connection: Connection, order_id: UUID, new: str) -> None:
    await move(connection, ORDER, order_id, old="pending", new=new)
    await write_all(connection, [note_write(order_id, new), call_off_write(*waiting_jobs(order_id))])
    await release_offers(connection, order_id)
    await release_held(connection, order_id)
