"""Cash on delivery: confirmed instead of paid, sold at once, paid parcel by parcel at the door.

An order goes pending -> confirmed -> paid, or cancelled where no parcel was taken. The books know of each parcel when
its money is there, so that nobody is owed what nobody has. See decision 5.
"""

from collections.abc import Mapping
from uuid import UUID

import asyncpg
from msgspec.structs import replace

from models.base import uuid7
from models.cart import CART_OF, subtract_writes
from models.closing import waiting_jobs
from models.crash import point
from models.database import Connection, pool, transaction
from models.errors import Conflict
from models.ledger import Entry, book, sale_entries
from models.order import note, priced_line
from models.outbox import Queued, call_off_write, enqueue_writes
from models.proration import Part, add_up, part_of
from models.refund import CASH
from models.shipment import shipment_writes
from models.states import ORDER, PAYMENT, move, try_move
from models.stock import Units, sell, sell_writes
from models.write import write_all

LOCK = f"""
SELECT id, state, {CART_OF}, currency, total_minor, gift_card_minor, expires_at <= now() AS overdue FROM orders o
 WHERE id = $1 FOR NO KEY UPDATE
"""
REFUSING = """
SELECT s.name FROM order_line l JOIN seller s ON s.id = l.seller_id WHERE l.order_id = $1 AND NOT s.cash_allowed
 ORDER BY l.position LIMIT 1
"""
ALLOWED = """
SELECT o.state = 'pending' AND o.total_minor <= $2 AND o.gift_card_minor = 0 AND NOT EXISTS (
       SELECT FROM order_line l JOIN seller s ON s.id = l.seller_id WHERE l.order_id = o.id AND NOT s.cash_allowed)
  FROM orders o WHERE o.id = $1
"""
CART_ALLOWED = """
SELECT count(*) > 0 AND bool_and(s.cash_allowed) FROM cart c JOIN cart_item i ON i.cart_id = c.id
  JOIN variant v ON v.id = i.variant_id JOIN product p ON p.id = v.product_id JOIN seller s ON s.id = p.seller_id
 WHERE c.{column} = $1 AND NOT i.saved_for_later
"""
LINES = "SELECT id, seller_id, variant_id, quantity, total_minor FROM order_line WHERE order_id = $1"
LIVE = "SELECT id, state FROM payment WHERE order_id = $1 AND state IN ('created', 'open') FOR NO KEY UPDATE"
OWE = """
INSERT INTO payment (id, order_id, gateway, amount_minor, currency) SELECT $1, id, $3, total_minor, currency
  FROM orders WHERE id = $2
"""
DUE = """
SELECT id, state FROM payment WHERE order_id = $1 AND gateway = 'cash' FOR NO KEY UPDATE
"""
DELIVERED = """
SELECT l.*, coalesce((SELECT sum(x.quantity)::int FROM shipment_line x JOIN shipment h ON h.id = x.shipment_id
                       WHERE x.order_line_id = l.id AND h.state = 'delivered' AND h.id <> $2), 0) AS before
  FROM order_line l WHERE l.order_id = $1 AND l.id = ANY($3)
"""
STATES = "SELECT array_agg(DISTINCT state) FROM shipment WHERE order_id = $1"
RETURNED = """
SELECT coalesce(sum(r.amount_minor), 0)::bigint AS owed, p.amount_minor AS paid
  FROM payment p LEFT JOIN refund r ON r.payment_id = p.id WHERE p.id = $1 GROUP BY p.id
"""


async def confirm_cash(order_id: UUID, *, limit_minor: int) -> None:
    """A pending order is paid at the door: sold now, one parcel a seller. Again is no error. Raises Conflict."""
    async with transaction() as connection:
        order = await connection.fetchrow(LOCK, order_id)
        if order["state"] == "confirmed":
            return
        await _demand_allowed(connection, order, limit_minor)
        await move(connection, ORDER, order_id, old="pending", new="confirmed", payment_kind="cash")
        await note(connection, order_id, "confirmed")
        for payment in await connection.fetch(LIVE, order_id):
            await move(connection, PAYMENT, payment["id"], old=payment["state"], new="failed")
        await connection.execute(OWE, uuid7(), order_id, CASH)
        await _sell(connection, order)
        point("cash.before_commit")
    point("cash.after_commit")


async def cash_allowed(order_id: UUID, *, limit_minor: int) -> bool:
    """Whether this order can be paid at the door: every seller takes it, and the sum is not too large to carry."""
    return bool(await pool().fetchval(ALLOWED, order_id, limit_minor))


async def cash_allowed_for_cart(owner: tuple[str, object], total_minor: int, *, limit_minor: int) -> bool:
    """The same before there is an order; `owner` is column and value that find the cart."""
    column, value = owner
    return total_minor <= limit_minor and bool(await pool().fetchval(CART_ALLOWED.format(column=column), value))


async def collect(
    connection: Connection, order: asyncpg.Record, shipment: asyncpg.Record, units: Mapping[UUID, int]
) -> None:
    """The carrier has what the slip of this parcel says: sale and cash are booked, the payment grows by it."""
    shipment_id, amount = shipment["id"], shipment["value_minor"]
    rows = await connection.fetch(DELIVERED, order["id"], shipment_id, list(units))
    parts = [part_of(priced_line(row), before=row["before"], units=units[row["id"]]) for row in rows]
    entries = _sale_for_cash(parts, amount)
    await book(connection, shipment_id, entries, order_id=order["id"], reason="cash_sale", currency=order["currency"])
    payment = await connection.fetchrow(DUE, order["id"])
    paid = {"amount_minor": amount, "gateway_payment_id": f"cash_{order['id'].hex}", "captured_at": order["now"]}
    if payment["state"] != "created" or not await try_move(
        connection, PAYMENT, payment["id"], old="created", new="captured", **paid
    ):
        await connection.execute(
            "UPDATE payment SET amount_minor = amount_minor + $2 WHERE id = $1", payment["id"], amount
        )
    await note(connection, order["id"], "cash_collected", shipment_id=shipment_id, amount_minor=amount)


async def finish(connection: Connection, order: asyncpg.Record) -> None:
    """After the last parcel has ended: paid where the buyer took any, cancelled where none."""
    states = set(await connection.fetchval(STATES, order["id"]))
    if order["state"] != "confirmed" or states & {"waiting", "packed", "shipped"}:
        return
    payment = await connection.fetchrow(DUE, order["id"])
    if payment["state"] == "created":
        await move(connection, ORDER, order["id"], old="confirmed", new="cancelled")
        await note(connection, order["id"], "cancelled")
        await move(connection, PAYMENT, payment["id"], old="created", new="failed")
        return
    await move(connection, ORDER, order["id"], old="confirmed", new="paid", paid_at=order["now"])
    await note(connection, order["id"], "paid")
    back = await connection.fetchrow(RETURNED, payment["id"])
    if back["owed"]:
        new = "refunded" if back["owed"] == back["paid"] else "partly_refunded"
        await move(connection, ORDER, order["id"], old="paid", new=new)


async def _demand_allowed(connection: Connection, order: asyncpg.Record, limit_minor: int) -> None:
    if order["state"] != "pending" or order["overdue"]:
        state = "expired" if order["overdue"] else order["state"]
        raise Conflict(f"This order is {state}: it can no longer be confirmed.", code="orders_state")
    if order["gift_card_minor"]:
        raise Conflict("What a gift card pays in part is paid online.", code="cash_gift_card")
    if order["total_minor"] > limit_minor:
        raise Conflict(f"At most {limit_minor // 100} can be paid on delivery. Pay online.", code="cash_limit")
    refusing = await connection.fetchval(REFUSING, order["id"])
    if refusing:
        raise Conflict(f"{refusing} takes no cash on delivery. Pay online.", code="cash_refused")


async def _sell(connection: Connection, order: asyncpg.Record) -> None:
    """What a payment does, less the money: parcels, mails, cart, and the stock last."""
    order_id, lines = order["id"], await connection.fetch(LINES, order["id"])
    units = [Units(line["variant_id"], line["quantity"]) for line in lines]
    shipments, shipping = shipment_writes(order_id, lines)
    mails = [Queued("mail.order_paid", {"order_id": order_id}, f"mail.order_paid:{order_id}")]
    mails += [Queued("mail.seller_order", {"shipment_id": made}, f"mail.seller_order:{made}") for made in shipments]
    done = call_off_write(*waiting_jobs(order_id))
    selling = sell_writes(order_id, units)
    writes = [*selling, *subtract_writes(order["cart_id"], order_id), *shipping, done, *enqueue_writes(mails)]
    await write_all(connection, writes)
    await sell(connection, units)


def _sale_for_cash(parts: list[Part], amount_minor: int) -> list[Entry]:
    """Seller, platform, carriage and tax are owed what lies in the carrier's till instead of what a buyer owes.

    The odd paise of a line whose parcels come in another turn than they were made in are its seller's, until the last.
    """
    [split] = add_up([part.split for part in parts])
    odd = amount_minor - sum(part.total_minor for part in parts)
    entries = sale_entries([replace(split, seller_minor=split.seller_minor + odd)])
    return [entry._replace(account="cash") if entry.account == "buyer" else entry for entry in entries]
