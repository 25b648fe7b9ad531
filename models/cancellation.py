"""Orders and parcels that are called off: by the buyer before packing, by seller or operator before sending.

What was paid for them goes back, their units are for sale again, and whoever packs at the same moment wins or loses,
never both.
"""

from collections.abc import Sequence
from uuid import UUID

import asyncpg

from models.audit import about, record
from models.closing import cancel_order
from models.crash import point
from models.database import Connection, pool, transaction
from models.errors import Conflict, Invalid, NotFound
from models.fulfilment import content, give_up, lock_shipment, put_back
from models.order import note
from models.outbox import Queued, enqueue_all
from models.refunding import lock_order
from models.states import SHIPMENT, move

SHIPMENTS = """
SELECT id, seller_id, state FROM shipment WHERE order_id = $1 AND state = ANY($2) AND ($3::uuid IS NULL OR id = $3)
 ORDER BY id FOR NO KEY UPDATE
"""
NOT_PACKED = ("waiting",)
NOT_SENT = ("waiting", "packed")


async def cancel_for_buyer(order_id: UUID, shipment_id: UUID | None = None) -> None:
    """An unpaid order, or of a paid one whatever is not packed yet: all of it, or one parcel. Again is no error.

    Raises Conflict where everything is packed already, NotFound for a parcel of another order.
    """
    state = await _state(order_id)
    if state in ("pending", "cancelled"):
        try:
            await cancel_order(order_id)
        except Conflict:
            if await _state(order_id) not in ("paid", "confirmed"):
                raise
        else:
            return
    async with transaction() as connection:
        order = await lock_order(connection, order_id)
        shipments = await connection.fetch(SHIPMENTS, order_id, NOT_PACKED, shipment_id)
        if not shipments:
            await _explain(connection, order, shipment_id)
            return
        await _cancel(connection, order, shipments, by="buyer")
        await enqueue_all(connection, [_to_seller(row["id"], "buyer") for row in shipments])
        point("cancel.before_commit")


async def cancel_shipment(seller_id: UUID | None, shipment_id: UUID, *, reason: str, actor_id: UUID) -> None:
    """By its seller, or by the operator (None): whatever is not sent yet. Raises NotFound, Conflict, Invalid."""
    reason = " ".join(reason.split())[:300]
    if not reason:
        raise Invalid.field("reason", "say why: the buyer reads it")
    async with transaction() as connection:
        order, shipment = await lock_shipment(connection, seller_id, shipment_id)
        if shipment["state"] not in NOT_SENT:
            raise Conflict(f"This parcel is {shipment['state']}: it cannot be cancelled.", code="shipment_state")
        by = "operator" if seller_id is None else "seller"
        await _cancel(connection, order, [shipment], by=by, reason=reason)
        if seller_id is None:
            await enqueue_all(connection, [_to_seller(shipment_id, by)])
        await record(
            connection, actor_id=actor_id, action="shipment.cancelled", subject_id=shipment_id,
            before={"state": shipment["state"]}, after={"state": "cancelled"},
            personal=about(order["user_id"], before={}, after={"reason": reason}),
        )  # fmt: skip


async def _cancel(
    connection: Connection, order: asyncpg.Record, shipments: Sequence[asyncpg.Record], *, by: str, reason: str = ""
) -> None:
    """State, history, money and mail of each, and the stock of all of them last."""
    first, inside = shipments[0]["id"], []
    for shipment in shipments:
        await move(connection, SHIPMENT, shipment["id"], old=shipment["state"], new="cancelled", cancel_reason=reason)
        await note(connection, order["id"], "shipment_cancelled", shipment_id=shipment["id"], by=by)
        inside += await content(connection, shipment["id"])
    await give_up(connection, order, first, inside, cause="cancelled")
    ids = {"order_id": order["id"], "shipment_id": first, "by": by}
    mail = Queued("mail.shipments_cancelled", ids, f"mail.shipments_cancelled:{first}")
    await enqueue_all(connection, [mail])
    await put_back(connection, order, inside)


def _to_seller(shipment_id: UUID, by: str) -> Queued:
    return Queued(
        "mail.seller_cancelled", {"shipment_id": shipment_id, "by": by}, f"mail.seller_cancelled:{shipment_id}"
    )


async def _state(order_id: UUID) -> str:
    state: str | None = await pool().fetchval("SELECT state FROM orders WHERE id = $1", order_id)
    if state is None:
        raise NotFound("There is no such order.")
    return state


async def _explain(connection: Connection, order: asyncpg.Record, shipment_id: UUID | None) -> None:
    """Why nothing can be cancelled; silent where all of it is cancelled already."""
    rows = await connection.fetch("SELECT id, state FROM shipment WHERE order_id = $1", order["id"])
    states = {row["state"] for row in rows if shipment_id in (None, row["id"])}
    if shipment_id and not states:
        raise NotFound("This order has no such parcel.")
    if not states:
        raise Conflict(f"This order is {order['state']} and can no longer be cancelled.", code="orders_state")
    if states != {"cancelled"}:
        raise Conflict("It is packed already. Send it back if you do not want it.", code="packed")
