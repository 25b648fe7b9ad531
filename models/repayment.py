"""The operator's hand on refunds: giving back by line and quantity, trying again, saying that it was paid by hand."""

from collections.abc import Mapping
from uuid import NAMESPACE_OID, UUID, uuid5

import asyncpg

from models.audit import record
from models.base import uuid7
from models.database import Connection, transaction
from models.errors import Conflict, FieldError, Invalid, NotFound
from models.gateway import Gateway
from models.ledger import Entry, book
from models.money import COLLECTED_LEAST_MINOR
from models.order import note
from models.outbox import enqueue
from models.refund import CASH, ask_of_failed, sending_key
from models.refunding import lock_order, refund_units
from models.states import PAYMENT, REFUND, move, try_move

LOCK = """
SELECT r.id, r.state, r.amount_minor, r.currency, p.id AS payment_id, p.order_id, p.gateway, now(),
       p.amount_minor AS paid_minor, (SELECT coalesce(sum(amount_minor), 0)::bigint FROM refund
         WHERE payment_id = p.id AND state = 'processed' AND id <> r.id) AS returned_minor
  FROM refund r JOIN payment p ON p.id = r.payment_id WHERE r.id = $1 FOR NO KEY UPDATE OF p, r
"""

BEING_SENT = "SELECT EXISTS (SELECT FROM pgqueuer WHERE dedupe_key = $1 AND status IN ('queued', 'picked'))"


async def refund_by_operator(
    order_id: UUID, units: Mapping[UUID, int], *, with_shipping: bool, reason: str, key: str, actor_id: UUID
) -> UUID | None:
    """Give back so many units of these lines, once for each `key` of an order; None when it was asked before.

    Raises Invalid, and Conflict beyond what was sold and paid.
    """
    reason = " ".join(reason.split())[:300]
    if not reason:
        raise Invalid.field("reason", "say why: it stays in the trail")
    if not units or min(units.values()) < 1:
        raise Invalid.field("lines", "say how many units of which lines, at least one")
    cause_id = uuid5(NAMESPACE_OID, f"{order_id}:{key}")
    async with transaction() as connection:
        order = await lock_order(connection, order_id)
        if await connection.fetchval("SELECT true FROM refund WHERE key = $1", f"operator:{cause_id}"):
            return None
        refund_id = await refund_units(
            connection, order, units, cause="operator", cause_id=cause_id, with_shipping=with_shipping
        )
        await record(
            connection,
            actor_id=actor_id,
            action="order.refunded",
            subject_id=order_id,
            before={"state": order["state"]},
            after={"refund_id": refund_id, "with_shipping": with_shipping, "reason": reason},
        )
    return refund_id


async def retry_refund(refund_id: UUID, *, actor_id: UUID) -> None:
    """Send a refund that failed once more. Raises NotFound, Conflict."""
    async with transaction() as connection:
        row = await connection.fetchrow(LOCK, refund_id)
        if row is None:
            raise NotFound("There is no such refund.")
        if row["state"] != "failed":
            raise Conflict(f"This refund is {row['state']}: only one that failed is sent again.", code="refund_state")
        await enqueue(connection, "refunds.send", {"refund_id": refund_id}, key=sending_key(refund_id))
        await record(
            connection, actor_id=actor_id, action="refund.retried", subject_id=refund_id, before={"state": "failed"},
            after={},
        )  # fmt: skip


async def pay_back_by_hand(gateway: Gateway, refund_id: UUID, *, reference: str, actor_id: UUID) -> None:
    """What was paid at the door, is too little for the gateway, or could not be sent by it, was paid back by bank or
    UPI; `reference` finds it there.

    Raises NotFound, Conflict, and Unavailable where the gateway does not say whether it sent it after all.
    """
    reference = "".join(reference.split())[:60]
    if not reference:
        raise Invalid.field("reference", "give the number of the bank's or UPI's transfer")
    if "@" in reference:
        raise Invalid.field("reference", "is the number of the transfer, not the buyer's address at UPI: it is kept")
    await ask_of_failed(gateway, refund_id)
    try:
        await _paid_back(refund_id, reference, actor_id)
    except asyncpg.UniqueViolationError as error:
        taken = [FieldError("reference", "is that of another refund; each is paid back by a transfer of its own")]
        raise Conflict(f"Transfer {reference} paid another refund back.", code="reference", fields=taken) from error


async def _paid_back(refund_id: UUID, reference: str, actor_id: UUID) -> None:
    async with transaction() as connection:
        order_id = await connection.fetchval(
            "SELECT p.order_id FROM refund r JOIN payment p ON p.id = r.payment_id WHERE r.id = $1", refund_id
        )
        if order_id is None:
            raise NotFound("There is no such refund.")
        await lock_order(connection, order_id)
        row = await connection.fetchrow(LOCK, refund_id)
        await _demand_by_hand(connection, row)
        columns = {"processed_at": row["now"], "gateway_refund_id": f"cash_{reference}"}
        old = "failed" if row["state"] == "failed" else "requested"
        await move(connection, REFUND, refund_id, old=old, new="processed", **columns)
        entries = [Entry("buyer", -row["amount_minor"]), Entry("cash", row["amount_minor"])]
        await book(connection, uuid7(), entries, order_id=order_id, reason="refund", currency=row["currency"])
        await note(connection, order_id, "refunded", amount_minor=row["amount_minor"])
        if row["returned_minor"] + row["amount_minor"] >= row["paid_minor"]:
            await try_move(connection, PAYMENT, row["payment_id"], old="captured", new="refunded")
        await record(
            connection, actor_id=actor_id, action="refund.paid", subject_id=refund_id, before={"state": old},
            after={"state": "processed", "reference": reference},
        )  # fmt: skip


async def _demand_by_hand(connection: Connection, row: asyncpg.Record) -> None:
    """Not what the gateway has still to do: whoever lets it try again locks the refund too."""
    if row["gateway"] == CASH or row["amount_minor"] < COLLECTED_LEAST_MINOR:
        return
    if row["state"] != "failed" or await connection.fetchval(BEING_SENT, sending_key(row["id"])):
        raise Conflict("This refund goes back through the gateway by itself.", code="refund_gateway")
