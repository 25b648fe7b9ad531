"""What comes back: requested by the buyer within the time for it, answered by the seller, received, refunded.

No unit is asked back twice, whoever asks at the same moment, and none is refunded twice, whatever it was refunded for.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Literal, get_args
from uuid import UUID

import asyncpg

from models.audit import record
from models.base import uuid7
from models.database import Connection, pool, transaction
from models.errors import Conflict, FieldError, Invalid, NotFound
from models.order import note
from models.outbox import Queued, enqueue_all
from models.refunding import lock_order, refund_units
from models.states import RETURN_LINE, move
from models.stock import Units, take_back

Reason = Literal["damaged", "wrong_item", "not_as_described", "changed_mind"]
SELLERS_FAULT = ("damaged", "wrong_item", "not_as_described")
"""Reasons for which the carriage is paid back too."""

SENT_WITHIN = timedelta(days=14)
"""So long a buyer has for sending what may come back. One that never comes would hold its order's payout for ever."""

# What was refunded because it never arrived is not taken off what did; nor is what came back before the first of these
# parcels was there, for it was of another.
RETURNABLE = """
SELECT l.id, l.name, here.units
     - greatest(coalesce((SELECT sum(r.quantity)::int FROM return_line r WHERE r.order_line_id = l.id
                             AND r.state <> 'refused' AND r.created_at >= here.since), 0),
                coalesce((SELECT sum(f.quantity)::int FROM refund_line f JOIN refund g ON g.id = f.refund_id
                           WHERE f.order_line_id = l.id AND g.reason NOT IN ('cancelled', 'lost')
                             AND NOT EXISTS (SELECT FROM return_line r WHERE r.refund_id = g.id
                                                AND r.created_at < here.since)), 0)) AS units
  FROM order_line l
 CROSS JOIN LATERAL (SELECT coalesce(sum(x.quantity), 0)::int AS units, min(h.delivered_at) AS since
                       FROM shipment_line x JOIN shipment h ON h.id = x.shipment_id
                      WHERE x.order_line_id = l.id AND h.state = 'delivered'
                        AND h.delivered_at > now() - $2::interval) here
 WHERE l.order_id = $1
"""
ADD = """
INSERT INTO return_line (id, order_line_id, quantity, reason, comment)
SELECT r.id, r.order_line_id, r.quantity, $4, $5
  FROM unnest($1::uuid[], $2::uuid[], $3::int[]) AS r (id, order_line_id, quantity)
"""
ORDER_OF = """
SELECT l.order_id FROM return_line r JOIN order_line l ON l.id = r.order_line_id
 WHERE r.id = $1 AND ($2::uuid IS NULL OR l.seller_id = $2)
"""
RETURN_NOW = """
SELECT r.id, r.state, r.quantity, r.reason, r.order_line_id, l.variant_id, now(),
       r.state = 'approved' AND r.approved_at < now() - $2::interval AS overdue
  FROM return_line r JOIN order_line l ON l.id = r.order_line_id WHERE r.id = $1 FOR NO KEY UPDATE OF r
"""


async def request_return(
    order_id: UUID, units: Mapping[UUID, int], *, reason: Reason, comment: str, window: timedelta
) -> list[UUID]:
    """Ask to send back so many units of these order lines, all for one reason. Returns the ids, one a line.

    Raises Invalid, and Conflict for units that were not delivered within `window`, or are on their way back already.
    """
    if not units:
        raise Invalid.field("lines", "say what you want to send back")
    async with transaction() as connection:
        await lock_order(connection, order_id)
        free = {row["id"]: row for row in await connection.fetch(RETURNABLE, order_id, window)}
        _demand_returnable(free, units)
        ids = [uuid7() for _ in units]
        await connection.execute(ADD, ids, list(units), list(units.values()), reason, comment.strip()[:500])
        for return_id, line_id in zip(ids, units, strict=True):
            await note(connection, order_id, "return_requested", return_id=return_id, name=free[line_id]["name"])
        mails = [
            Queued("mail.return_requested", {"order_id": order_id, "return_id": id_}, f"mail.return_requested:{id_}")
            for id_ in ids
        ]
        await enqueue_all(connection, mails)
    return ids


async def list_returnable(order_id: UUID, *, window: timedelta) -> dict[UUID, int]:
    """How many units of each line can be sent back now."""
    rows = await pool().fetch(RETURNABLE, order_id, window)
    return {row["id"]: max(0, row["units"]) for row in rows}


def read_reason(text: str) -> Reason:
    """Raises Invalid."""
    for reason in get_args(Reason):
        if text == reason:
            found: Reason = reason
            return found
    raise Invalid.field("reason", "choose one of the reasons")


async def approve_return(seller_id: UUID | None, return_id: UUID, *, actor_id: UUID) -> None:
    """The buyer may send it. Raises NotFound, Conflict."""
    async with transaction() as connection:
        order, row = await _lock(connection, seller_id, return_id)
        await move(connection, RETURN_LINE, return_id, old="requested", new="approved", approved_at=row["now"])
        await _decided(connection, order, row, "approved", actor_id=actor_id)


async def refuse_return(seller_id: UUID | None, return_id: UUID, *, answer: str, actor_id: UUID) -> None:
    """Also one that was approved and has not come in time. Raises NotFound, Conflict, and Invalid without an answer for
    the buyer.
    """
    answer = " ".join(answer.split())[:300]
    if not answer:
        raise Invalid.field("answer", "say why: the buyer reads it")
    async with transaction() as connection:
        order, row = await _lock(connection, seller_id, return_id)
        if row["state"] == "approved" and not row["overdue"]:
            detail = f"The buyer has {SENT_WITHIN.days} days to send it. Refuse it then, if it has not come."
            raise Conflict(detail, code="return_line_state")
        old = "approved" if row["overdue"] else "requested"
        await move(connection, RETURN_LINE, return_id, old=old, new="refused", answer=answer)
        await _decided(connection, order, row, "refused", actor_id=actor_id)


async def receive_return(seller_id: UUID | None, return_id: UUID, *, restock: bool, actor_id: UUID) -> None:
    """It has come back; `restock`: fit to be sold again. Raises NotFound, Conflict."""
    async with transaction() as connection:
        order, row = await _lock(connection, seller_id, return_id)
        await move(connection, RETURN_LINE, return_id, old="approved", new="received", restock=restock)
        await _tell(connection, order, row, "return_received", actor_id=actor_id, restock=restock)
        if restock:
            await take_back(connection, order["id"], [Units(row["variant_id"], row["quantity"])])


async def refund_return(seller_id: UUID | None, return_id: UUID, *, actor_id: UUID) -> None:
    """Its price goes back, and its carriage where the seller is to blame. Raises NotFound, Conflict."""
    async with transaction() as connection:
        order, row = await _lock(connection, seller_id, return_id)
        if row["state"] != "received":
            raise Conflict(f"This return is {row['state']}: refund it once it has come back.", code="return_line_state")
        refund_id = await refund_units(
            connection, order, {row["order_line_id"]: row["quantity"]}, cause="return", cause_id=return_id,
            with_shipping=row["reason"] in SELLERS_FAULT, at_most=True,
        )  # fmt: skip
        await move(connection, RETURN_LINE, return_id, old="received", new="refunded", refund_id=refund_id)
        await _tell(connection, order, row, "return_refunded", actor_id=actor_id)


async def _decided(
    connection: Connection, order: asyncpg.Record, row: asyncpg.Record, new: str, *, actor_id: UUID
) -> None:
    await _tell(connection, order, row, f"return_{new}", actor_id=actor_id)
    asked = {"order_id": order["id"], "return_id": row["id"]}
    await enqueue_all(connection, [Queued("mail.return_decided", asked, f"mail.return_decided:{row['id']}")])


async def _lock(
    connection: Connection, seller_id: UUID | None, return_id: UUID
) -> tuple[asyncpg.Record, asyncpg.Record]:
    order_id = await connection.fetchval(ORDER_OF, return_id, seller_id)
    if order_id is None:
        raise NotFound("There is no such return.")
    order = await lock_order(connection, order_id)
    return order, await connection.fetchrow(RETURN_NOW, return_id, SENT_WITHIN)


async def _tell(
    connection: Connection, order: asyncpg.Record, row: asyncpg.Record, kind: str, *, actor_id: UUID, **detail: object
) -> None:
    await note(connection, order["id"], kind, return_id=row["id"], **detail)
    await record(
        connection, actor_id=actor_id, action=kind.replace("return_", "return."), subject_id=row["id"],
        before={"state": row["state"]}, after={"state": kind.removeprefix("return_"), **detail},
    )  # fmt: skip


def _demand_returnable(free: Mapping[UUID, asyncpg.Record], units: Mapping[UUID, int]) -> None:
    for line_id, number in units.items():
        if line_id not in free:
            raise Invalid.field("lines", "name lines of this order")
        left = max(0, free[line_id]["units"])
        if number < 1:
            raise Invalid.field("lines", "wants at least 1 unit of each line")
        if number > left:
            detail = f"{free[line_id]['name']}: {left} can be sent back now"
            raise Conflict(detail, code="not_returnable", fields=[FieldError("lines", detail)])
