"""What becomes of a parcel: packed, sent, delivered, lost, split in two; each a conditional write with its history.

`seller_id` is the seller whose parcel it must be, None for the operator. A stranger's parcel is one that never was.
"""

from collections.abc import Mapping
from uuid import UUID

import asyncpg

from models.audit import about, record
from models.base import uuid7
from models.cash import collect, finish
from models.credit_note import credit_undelivered, credit_what_was_refunded
from models.database import Connection, transaction
from models.errors import Conflict, Invalid, NotFound
from models.invoice import issue_invoice
from models.order import note
from models.outbox import Queued, enqueue_all
from models.refunding import lock_order, refund_units
from models.states import SHIPMENT, move
from models.stock import Units, take_back

ORDER_OF = "SELECT order_id FROM shipment WHERE id = $1 AND ($2::uuid IS NULL OR seller_id = $2)"
SHIPMENT_NOW = "SELECT id, seller_id, state, value_minor, now() FROM shipment WHERE id = $1 FOR NO KEY UPDATE"
CONTENT = """
SELECT x.order_line_id, l.variant_id, x.quantity FROM shipment_line x JOIN order_line l ON l.id = x.order_line_id
 WHERE x.shipment_id = $1 ORDER BY l.position
"""
SPLIT_OFF = """
WITH wanted AS (SELECT * FROM unnest($3::uuid[], $4::uuid[], $5::int[]) AS w (id, order_line_id, quantity)),
     made AS (INSERT INTO shipment (id, order_id, seller_id) SELECT $2, order_id, seller_id FROM shipment WHERE id = $1)
INSERT INTO shipment_line (id, shipment_id, order_line_id, quantity) SELECT id, $2, order_line_id, quantity FROM wanted
"""
LESS = (
    "UPDATE shipment_line SET quantity = quantity - $3 WHERE shipment_id = $1 AND order_line_id = $2 AND quantity > $3"
)
GONE = "DELETE FROM shipment_line WHERE shipment_id = $1 AND order_line_id = $2 AND quantity = $3"
SHARE = """
WITH part AS (SELECT sum(l.total_minor * x.quantity / l.quantity)::bigint AS value
                FROM shipment_line x JOIN order_line l ON l.id = x.order_line_id WHERE x.shipment_id = $2)
UPDATE shipment SET value_minor = value_minor + CASE id WHEN $2 THEN 1 ELSE -1 END * part.value FROM part
 WHERE id IN ($1, $2)
"""


async def pack(seller_id: UUID | None, shipment_id: UUID, *, actor_id: UUID) -> None:
    """Raises NotFound, and Conflict when it no longer waits."""
    async with transaction() as connection:
        order, shipment = await lock_shipment(connection, seller_id, shipment_id)
        await move(connection, SHIPMENT, shipment_id, old="waiting", new="packed", packed_at=shipment["now"])
        await _tell(connection, order, shipment, "packed", actor_id=actor_id)


async def send(
    seller_id: UUID | None, shipment_id: UUID, *, carrier: str, tracking_number: str, actor_id: UUID
) -> None:
    """It is with the carrier, its invoice is issued. Raises Invalid, NotFound, and Conflict when it is not packed."""
    sent = {"carrier": " ".join(carrier.split()), "tracking_number": "".join(tracking_number.split())}
    for name, most in (("carrier", 64), ("tracking_number", 64)):
        if not 0 < len(sent[name]) <= most:
            raise Invalid.field(name, f"wants 1 to {most} characters, so that the buyer can follow the parcel")
    async with transaction() as connection:
        order, shipment = await lock_shipment(connection, seller_id, shipment_id)
        await move(connection, SHIPMENT, shipment_id, old="packed", new="shipped", shipped_at=shipment["now"], **sent)
        number = {"tracking_number": sent.pop("tracking_number")}
        await _tell(
            connection, order, shipment, "shipped", mail="mail.shipment_sent", actor_id=actor_id, sealed=number, **sent
        )
        await issue_invoice(connection, shipment_id)
        await credit_what_was_refunded(connection, shipment_id)


async def deliver(seller_id: UUID | None, shipment_id: UUID, *, actor_id: UUID) -> None:
    """The buyer has it; what is paid at the door is paid now. Raises NotFound, Conflict."""
    async with transaction() as connection:
        order, shipment = await lock_shipment(connection, seller_id, shipment_id)
        await move(connection, SHIPMENT, shipment_id, old="shipped", new="delivered", delivered_at=shipment["now"])
        await _tell(connection, order, shipment, "delivered", mail="mail.shipment_delivered", actor_id=actor_id)
        if order["payment_kind"] == "cash":
            await collect(connection, order, shipment, units_of(await content(connection, shipment_id)))
            await finish(connection, order)


async def lose(seller_id: UUID | None, shipment_id: UUID, *, came_back: bool, actor_id: UUID) -> None:
    """The buyer will not get it: what was paid for it goes back; `came_back`: its units are for sale again.

    Raises NotFound, Conflict.
    """
    async with transaction() as connection:
        order, shipment = await lock_shipment(connection, seller_id, shipment_id)
        await move(connection, SHIPMENT, shipment_id, old="shipped", new="lost")
        await _tell(
            connection, order, shipment, "lost", mail="mail.shipment_lost", actor_id=actor_id, came_back=came_back
        )
        inside = await content(connection, shipment_id)
        await give_up(connection, order, shipment_id, inside, cause="lost")
        if came_back:
            await put_back(connection, order, inside)


async def split(seller_id: UUID | None, shipment_id: UUID, units: Mapping[UUID, int], *, actor_id: UUID) -> UUID:
    """Take so many units of these order lines into a parcel of its own, which waits. Returns its id.

    Raises NotFound; Invalid for what is not inside, or for all of it; Conflict when it no longer waits.
    """
    async with transaction() as connection:
        order, shipment = await lock_shipment(connection, seller_id, shipment_id)
        if shipment["state"] != "waiting":
            raise Conflict(
                f"This parcel is {shipment['state']}: only one that waits can be split.", code="shipment_state"
            )
        inside = units_of(await content(connection, shipment_id))
        _demand_part(inside, units)
        part_id = uuid7()
        await connection.execute(
            SPLIT_OFF, shipment_id, part_id, [uuid7() for _ in units], list(units), list(units.values())
        )
        for line_id, number in units.items():
            statement = GONE if inside[line_id] == number else LESS
            await connection.execute(statement, shipment_id, line_id, number)
        await connection.execute(SHARE, shipment_id, part_id)
        await _tell(connection, order, shipment, "split", actor_id=actor_id, part_id=part_id)
    return part_id


async def lock_shipment(
    connection: Connection, seller_id: UUID | None, shipment_id: UUID
) -> tuple[asyncpg.Record, asyncpg.Record]:
    """The order, then the parcel, both as they are now. Raises NotFound, for a stranger's as for one that never was."""
    order_id = await connection.fetchval(ORDER_OF, shipment_id, seller_id)
    if order_id is None:
        raise NotFound("There is no such parcel.")
    order = await lock_order(connection, order_id)
    return order, await connection.fetchrow(SHIPMENT_NOW, shipment_id)


async def content(connection: Connection, shipment_id: UUID) -> list[asyncpg.Record]:
    """order_line_id, variant_id and quantity of what is inside."""
    rows: list[asyncpg.Record] = await connection.fetch(CONTENT, shipment_id)
    return rows


def units_of(rows: list[asyncpg.Record], column: str = "order_line_id") -> dict[UUID, int]:
    """Several parcels may hold units of one line."""
    sums: dict[UUID, int] = {}
    for row in rows:
        sums[row[column]] = sums.get(row[column], 0) + row["quantity"]
    return sums


async def put_back(connection: Connection, order: asyncpg.Record, inside: list[asyncpg.Record]) -> None:
    """What was inside is for sale again. Stock comes last."""
    units = [Units(variant_id, number) for variant_id, number in units_of(inside, "variant_id").items()]
    await take_back(connection, order["id"], units)


async def give_up(
    connection: Connection, order: asyncpg.Record, shipment_id: UUID, inside: list[asyncpg.Record], *, cause: str
) -> None:
    """What will not arrive: its money goes back, or will not be asked for. `shipment_id` is the (first) parcel's."""
    if order["payment_kind"] == "cash":
        await finish(connection, order)
        if cause == "lost":
            await credit_undelivered(connection, shipment_id)
        return
    await refund_units(
        connection, order, units_of(inside), cause=cause, cause_id=shipment_id, with_shipping=True, at_most=True
    )


def _demand_part(inside: Mapping[UUID, int], units: Mapping[UUID, int]) -> None:
    if not units:
        raise Invalid.field("lines", "say what goes into the other parcel")
    for line_id, number in units.items():
        if not 0 < number <= inside.get(line_id, 0):
            raise Invalid.field("lines", f"wants 1 to {inside.get(line_id, 0)} units of this line")
    if sum(units.values()) == sum(inside.values()):
        raise Invalid.field("lines", "would leave this parcel empty; leave something in it")


async def _tell(
    connection: Connection,
    order: asyncpg.Record,
    shipment: asyncpg.Record,
    kind: str,
    *,
    actor_id: UUID,
    mail: str = "",
    sealed: Mapping[str, object] | None = None,
    **detail: object,
) -> None:
    """History, audit and mail of what just happened. `sealed`: what leads to the buyer, whom erasure forgets."""
    shipment_id = shipment["id"]
    await note(connection, order["id"], kind, shipment_id=shipment_id, **detail)
    await record(
        connection, actor_id=actor_id, action=f"shipment.{kind}", subject_id=shipment_id,
        before={"state": shipment["state"]}, after={"state": kind, **detail},
        personal=about(order["user_id"], before={}, after=sealed) if sealed else None,
    )  # fmt: skip
    if mail:
        await enqueue_all(connection, [Queued(mail, {"shipment_id": shipment_id}, f"{mail}:{shipment_id}")])
