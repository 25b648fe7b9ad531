"""What becomes of an order when its money moves: paid once, or given back once, in whatever order the news arrives.

Webhook, return from the payment page and reconciler all end in `settle`; what is known already changes nothing.
"""

from typing import Literal
from uuid import UUID

import asyncpg

from models.base import uuid7
from models.cart import subtract_bought
from models.crash import guarded, point
from models.database import Connection, pool, transaction
from models.disputes import record_dispute
from models.gateway import Charge, GatewayEvent
from models.keyring import Keyring
from models.ledger import Booking, book_all, collection_entries, gift_card_entries, sale_entries
from models.order import note, priced_line
from models.outbox import Queued, call_off, enqueue_all
from models.pricing import split_sale
from models.redemption import retake_offers
from models.refund import record_refund, request_refund
from models.shipment import create_shipments
from models.states import ORDER, PAYMENT, move
from models.stock import Units, sell_free, sell_held

Outcome = Literal["paid", "refunded", "disputed", "failed", "known", "ignored", "unknown"]

REMEMBER = """
INSERT INTO webhook_event (id, gateway, event_id, kind, body_encrypted, outcome, gateway_ids)
VALUES ($1, 'razorpay', $2, $3, $4, $5, $6)
ON CONFLICT DO NOTHING RETURNING id
"""
LOCK_ORDER = """
SELECT now(), id, state, cart_id, currency, total_minor, gift_card_minor FROM orders WHERE id = $1 FOR NO KEY UPDATE
"""
LOCK_BOTH = """
SELECT now(), o.id, o.state, o.cart_id, o.currency, o.total_minor, o.gift_card_minor, p.id AS payment_id,
       p.state AS payment_state, p.amount_minor, p.currency AS payment_currency, p.gateway_payment_id
  FROM payment p JOIN orders o ON o.id = p.order_id WHERE p.gateway_order_id = $1 FOR NO KEY UPDATE OF o, p
"""
"""The order before its payment, as everybody locks them: rows are locked in the order in which `OF` names them."""

ADD_EXTRA = """
INSERT INTO payment (id, order_id, state, amount_minor, currency, gateway_payment_id, fee_minor, fee_tax_minor,
                     captured_at) VALUES ($1, $2, 'captured', $3, $4, $5, $6, $7, now())
ON CONFLICT DO NOTHING RETURNING id
"""
LINES = "SELECT * FROM order_line WHERE order_id = $1 ORDER BY position"
SETTLED = ("captured", "failed")
CAPTURED = ("captured", "refunded")


async def receive_event(event: GatewayEvent, *, keyring: Keyring) -> Outcome:
    """Take one webhook whose signature held: once for each event id, all of its consequences or none."""
    expected = _expected(event)
    row = (uuid7(), event.id, event.kind, keyring.encrypt(event.body.decode()), expected, event.about)
    if expected == "ignored":
        return expected if await pool().fetchval(REMEMBER, *row) else "known"
    async with transaction() as connection:
        if await connection.fetchval(REMEMBER, *row) is None:
            return "known"
        point("webhook.after_insert")
        outcome = await _consequence(connection, event)
        if outcome != expected:
            await connection.execute("UPDATE webhook_event SET outcome = $2 WHERE id = $1", row[0], outcome)
        point("webhook.before_commit")
    point("webhook.after_commit")
    return outcome


async def settle(charge: Charge) -> Outcome:
    """What the gateway itself said of a payment when it was asked."""
    async with transaction() as connection:
        outcome = await _settle(connection, charge)
        point("settle.before_commit")
    return outcome


async def pay_at_once(connection: Connection, order_id: UUID) -> None:
    """An order that was just placed and that gift cards pay in full: nothing is left for the gateway."""
    order = await connection.fetchrow(LOCK_ORDER, order_id)
    await _pay(connection, order, await connection.fetch(LINES, order_id))
    await sell_held(connection, order_id)


def _expected(event: GatewayEvent) -> Outcome:
    """What will most likely come of it, so that one statement writes event and outcome; "ignored" is certain."""
    if event.dispute or event.refund:
        return "disputed" if event.dispute else "refunded"
    if event.charge is None or event.charge.status not in SETTLED:
        return "ignored"
    if event.charge.status == "failed":
        return "failed"
    return "paid" if event.kind == "payment.captured" else "known"


async def _consequence(connection: Connection, event: GatewayEvent) -> Outcome:
    if event.dispute:
        return "disputed" if await record_dispute(connection, event.dispute) else "unknown"
    if event.refund:
        return "refunded" if await record_refund(connection, event.refund) else "unknown"
    return await _settle(connection, event.charge) if event.charge else "ignored"


async def _settle(connection: Connection, charge: Charge) -> Outcome:
    if charge.status not in SETTLED:
        return "ignored"
    order = await connection.fetchrow(LOCK_BOTH, charge.order_id)
    if order is None:
        return "unknown"
    if charge.status == "failed":
        return await _failed(connection, order, charge)
    if guarded("dedupe") and charge.payment_id == order["gateway_payment_id"]:
        return "known"
    same = (charge.amount_minor, charge.currency) == (order["amount_minor"], order["payment_currency"])
    if not same or order["payment_state"] in CAPTURED:
        return await _give_back_extra(connection, order, charge, "second_payment" if same else "wrong_amount")
    return await _captured(connection, order, charge)


async def _failed(connection: Connection, order: asyncpg.Record, charge: Charge) -> Outcome:
    """A declined attempt: the gateway order stays open, and so does ours, to be paid another way."""
    if order["payment_state"] == "open":
        error = charge.error[:300]
        await connection.execute("UPDATE payment SET error = $2 WHERE id = $1", order["payment_id"], error)
    await note(connection, order["id"], "payment_failed", payment=charge.payment_id)
    return "failed"


async def _captured(connection: Connection, order: asyncpg.Record, charge: Charge) -> Outcome:
    """The money is here. It pays the order if the goods can still be had; otherwise it goes back."""
    payment_id = order["payment_id"]
    await move(
        connection,
        PAYMENT,
        payment_id,
        old=order["payment_state"],
        new="captured",
        gateway_payment_id=charge.payment_id,
        fee_minor=charge.fee_minor,
        fee_tax_minor=charge.fee_tax_minor,
        captured_at=order["now"],
        error="",
    )
    lines = await connection.fetch(LINES, order["id"])
    collected = _collected(payment_id, charge)
    if order["state"] == "pending":
        await _pay(connection, order, lines, collected)
        await sell_held(connection, order["id"])
        return "paid"
    if order["state"] == "expired" and await _pay_from_free(connection, order, lines, collected):
        return "paid"
    await book_all(connection, [collected], order_id=order["id"], currency=charge.currency)
    await _give_back(connection, order["id"], payment_id, charge, reason=f"order_{order['state']}")
    return "refunded"


async def _pay_from_free(
    connection: Connection, order: asyncpg.Record, lines: list[asyncpg.Record], collected: Booking
) -> bool:
    """A late payment: all of it is paid and sold, or nothing is written."""
    savepoint = connection.transaction()
    await savepoint.start()
    await _pay(connection, order, lines, collected)
    if await retake_offers(connection, order["id"]) and await sell_free(
        connection, order["id"], [Units(line["variant_id"], line["quantity"]) for line in lines]
    ):
        await savepoint.commit()
        return True
    await savepoint.rollback()
    return False


async def _pay(connection: Connection, order: asyncpg.Record, lines: list[asyncpg.Record], *collected: Booking) -> None:
    """Everything that being paid means, except for the stock. `collected` is what the gateway took for it."""
    order_id = order["id"]
    await move(connection, ORDER, order_id, old=order["state"], new="paid", paid_at=order["now"])
    await note(connection, order_id, "paid")
    if order["cart_id"]:
        await subtract_bought(connection, order["cart_id"], order_id)
    shipments = await create_shipments(connection, order_id, lines)
    bookings = [*collected, Booking(order_id, "sale", sale_entries(split_sale([priced_line(line) for line in lines])))]
    if order["gift_card_minor"]:
        bookings.append(Booking(uuid7(), "gift_card", gift_card_entries(order["gift_card_minor"])))
    await book_all(connection, bookings, order_id=order_id, currency=order["currency"])
    await call_off(connection, f"orders.expire:{order_id}", *(f"payments.open:{c.transaction_id}" for c in collected))
    paid = ("mail.order_paid", "sms.order_paid")
    mails = [Queued(name, {"order_id": order_id}, f"{name}:{order_id}") for name in paid]
    mails += [Queued("mail.seller_order", {"shipment_id": made}, f"mail.seller_order:{made}") for made in shipments]
    await enqueue_all(connection, mails)


async def _give_back_extra(connection: Connection, order: asyncpg.Record, charge: Charge, reason: str) -> Outcome:
    """Money that no payment of ours waits for: kept as a payment of its own, and returned in full."""
    fees = (charge.fee_minor, charge.fee_tax_minor)
    payment_id = await connection.fetchval(
        ADD_EXTRA, uuid7(), order["id"], charge.amount_minor, charge.currency, charge.payment_id, *fees
    )
    if payment_id is None:
        return "known"
    collected = _collected(payment_id, charge)
    await book_all(connection, [collected], order_id=order["id"], currency=charge.currency)
    await _give_back(connection, order["id"], payment_id, charge, reason=reason)
    return "refunded"


def _collected(payment_id: UUID, charge: Charge) -> Booking:
    entries = collection_entries(charge.amount_minor, charge.fee_minor, charge.fee_tax_minor)
    return Booking(payment_id, "payment", entries)


async def _give_back(connection: Connection, order_id: UUID, payment_id: UUID, charge: Charge, *, reason: str) -> None:
    await request_refund(
        connection,
        payment_id,
        order_id=order_id,
        amount_minor=charge.amount_minor,
        currency=charge.currency,
        reason=reason,
        key=f"unwanted:{payment_id}",
    )
