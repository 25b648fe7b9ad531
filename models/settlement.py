"""What becomes of an order when its money moves: paid once, or given back once, in whatever order the news arrives.

Webhook, return from the payment page and reconciler all end in `settle`; what is known already changes nothing.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Literal
from uuid import UUID

import asyncpg

from models.base import uuid7
from models.cart import CART_OF, subtract_writes
from models.closing import waiting_jobs
from models.crash import guarded, point
from models.database import Connection, pool, transaction
from models.delivery import NOBODY
from models.demands import may_still_be_had
from models.disputes import record_dispute
from models.gateway import Charge, GatewayEvent
from models.keyring import Keyring
from models.ledger import Booking, book_all, book_write, collection_entries, gift_card_entries, sale_entries
from models.order import note, note_write, priced_line
from models.outbox import Queued, call_off_write, enqueue_writes
from models.paid_out import record_payout
from models.pricing import split_sale
from models.redemption import retake_offers
from models.refund import record_refund, request_refund
from models.shipment import shipment_writes
from models.states import ORDER, PAYMENT, move_write
from models.stock import Units, sell, sell_free, sell_writes
from models.write import Write, write_all

Outcome = Literal["paid", "refunded", "disputed", "paid_out", "failed", "known", "ignored", "unknown"]

ERASED = """
EXISTS (SELECT FROM payment p JOIN orders o ON o.id = p.order_id
         WHERE (p.gateway_order_id = ANY($6) OR p.gateway_payment_id = ANY($6)) AND o.pin_code = $7)
OR EXISTS (SELECT FROM payout t JOIN seller s ON s.id = t.seller_id
            WHERE t.reference = $9 AND s.user_id IS NULL)
"""
"""About an order of somebody, or a payout to somebody, who was erased: what is said of it still is done, but not kept.
"""

_VALUES = f"""
SELECT $1::uuid, 'razorpay', $2::text, $3::text, CASE WHEN e.gone THEN $8::bytea ELSE $4::bytea END, $5::text,
       CASE WHEN e.gone THEN '{{}}' ELSE $6::text[] END FROM (SELECT {ERASED} AS gone) e
"""
REMEMBER = f"""
INSERT INTO webhook_event (id, gateway, event_id, kind, body_encrypted, outcome, gateway_ids)
{_VALUES} ON CONFLICT DO NOTHING RETURNING id
"""
REMEMBER_KNOWN = f"""
INSERT INTO webhook_event (id, gateway, event_id, kind, body_encrypted, outcome, gateway_ids)
{_VALUES} WHERE EXISTS (SELECT FROM payment WHERE gateway_order_id = $10 AND gateway_payment_id = $11)
ON CONFLICT DO NOTHING RETURNING id
"""
ORDER_LINES = f"l.*, now(), o.state AS order_state, {CART_OF}, o.currency, o.gift_card_minor"
LOCK_ORDER = f"""
SELECT {ORDER_LINES} FROM orders o JOIN order_line l ON l.order_id = o.id WHERE o.id = $1
 ORDER BY l.position FOR NO KEY UPDATE OF o
"""
LOCK_BOTH = f"""
SELECT {ORDER_LINES}, p.id AS payment_id, p.state AS payment_state, p.amount_minor, p.currency AS payment_currency,
       p.gateway_payment_id, p.error AS payment_error
  FROM payment p JOIN orders o ON o.id = p.order_id JOIN order_line l ON l.order_id = o.id
 WHERE p.gateway_order_id = $1 ORDER BY l.position FOR NO KEY UPDATE OF o, p
"""
"""An order's lines, each with the order and its payment, which are locked as everybody locks them: `OF` names the order
first.
"""

ADD_EXTRA = """
INSERT INTO payment (id, order_id, state, amount_minor, currency, gateway_payment_id, fee_minor, fee_tax_minor,
                     captured_at) VALUES ($1, $2, 'captured', $3, $4, $5, $6, $7, now())
ON CONFLICT DO NOTHING RETURNING id
"""
RETRY_FIRST = timedelta(minutes=2)
"""So long a buyer whose payment was declined is left to pay again on the page that said so, before a mail says it."""

SETTLED = ("captured", "failed")
CAPTURED = ("captured", "refunded")


async def receive_event(event: GatewayEvent, *, keyring: Keyring) -> Outcome:
    """Take one webhook whose signature held: once for each event id, all of its consequences or none."""
    expected = _expected(event)
    body, nothing = keyring.encrypt(event.body.decode()), keyring.encrypt("{}")
    paid_out = event.payout.reference if event.payout else None
    row = (uuid7(), event.id, event.kind, body, expected, event.about, NOBODY.pin_code, nothing, paid_out)
    if expected == "ignored":
        return expected if await pool().fetchval(REMEMBER, *row) else "known"
    if expected == "known" and event.charge and guarded("dedupe"):
        about = (event.charge.order_id, event.charge.payment_id)
        if await pool().fetchval(REMEMBER_KNOWN, *row, *about):
            return "known"
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
    lines = await connection.fetch(LOCK_ORDER, order_id)
    units = _units(lines)
    await _pay(connection, lines, sell_writes(order_id, units))
    await sell(connection, units)


def _expected(event: GatewayEvent) -> Outcome:
    """What will most likely come of it, so that one statement writes event and outcome; "ignored" is certain."""
    if event.payout:
        return "paid_out"
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
    if event.payout:
        return "paid_out" if await record_payout(connection, event.payout) else "ignored"
    if event.refund:
        return "refunded" if await record_refund(connection, event.refund) else "unknown"
    return await _settle(connection, event.charge) if event.charge else "ignored"


async def _settle(connection: Connection, charge: Charge) -> Outcome:
    if charge.status not in SETTLED:
        return "ignored"
    lines = await connection.fetch(LOCK_BOTH, charge.order_id)
    if not lines:
        return "unknown"
    order = lines[0]
    if charge.status == "failed":
        return await _failed(connection, order, charge)
    if guarded("dedupe") and charge.payment_id == order["gateway_payment_id"]:
        return "known"
    same = (charge.amount_minor, charge.currency) == (order["amount_minor"], order["payment_currency"])
    if not same or order["payment_state"] in CAPTURED:
        return await _give_back_extra(connection, order, charge, "second_payment" if same else "wrong_amount")
    return await _captured(connection, lines, charge)


async def _failed(connection: Connection, order: asyncpg.Record, charge: Charge) -> Outcome:
    """A declined attempt: the gateway order stays open, and so does ours, to be paid another way.

    The mail that says so takes the place of the one that would remind.
    """
    order_id = order["order_id"]
    if order["payment_state"] == "open":
        error = charge.error[:300]
        await connection.execute("UPDATE payment SET error = $2 WHERE id = $1", order["payment_id"], error)
        if order["order_state"] == "pending" and not order["payment_error"]:
            ids, key = {"order_id": order_id}, f"mail.payment_declined:{order_id}"
            told = Queued("mail.payment_declined", ids, key, RETRY_FIRST)
            _, reminder = waiting_jobs(order_id)
            await write_all(connection, [call_off_write(reminder), *enqueue_writes([told])])
    await note(connection, order_id, "payment_failed", payment=charge.payment_id)
    return "failed"


async def _captured(connection: Connection, lines: Sequence[asyncpg.Record], charge: Charge) -> Outcome:
    """The money is here. It pays the order if the goods can still be had; otherwise it goes back."""
    order, units = lines[0], _units(lines)
    order_id, state, payment_id = order["order_id"], order["order_state"], order["payment_id"]
    capture = move_write(
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
    collected = _collected(payment_id, charge)
    if state == "pending":
        await _pay(connection, lines, [capture, *sell_writes(order_id, units)], collected)
        await sell(connection, units)
        return "paid"
    await write_all(connection, [capture])
    if state == "expired" and await _pay_from_free(connection, lines, collected):
        return "paid"
    await book_all(connection, [collected], order_id=order_id, currency=charge.currency)
    await _give_back(connection, order_id, payment_id, charge, reason=f"order_{state}")
    return "refunded"


async def _pay_from_free(connection: Connection, lines: Sequence[asyncpg.Record], collected: Booking) -> bool:
    """A late payment: all of it is paid and sold, or nothing is written."""
    order_id = lines[0]["order_id"]
    if not await may_still_be_had(connection, order_id):
        return False
    savepoint = connection.transaction()
    await savepoint.start()
    await _pay(connection, lines, [], collected)
    if await retake_offers(connection, order_id) and await sell_free(connection, order_id, _units(lines)):
        await savepoint.commit()
        return True
    await savepoint.rollback()
    return False


async def _pay(
    connection: Connection, lines: Sequence[asyncpg.Record], writes: Sequence[Write], *collected: Booking
) -> None:
    """Everything that being paid means, and `writes`, except for the stock. `collected` is what the gateway took."""
    order, order_id = lines[0], lines[0]["order_id"]
    shipments, shipping = shipment_writes(order_id, lines)
    bookings = [*collected, Booking(order_id, "sale", sale_entries(split_sale([priced_line(line) for line in lines])))]
    if order["gift_card_minor"]:
        bookings.append(Booking(uuid7(), "gift_card", gift_card_entries(order["gift_card_minor"])))
    paid = ("mail.order_paid", "sms.order_paid")
    mails = [Queued(name, {"order_id": order_id}, f"{name}:{order_id}") for name in paid]
    mails += [Queued("mail.seller_order", {"shipment_id": made}, f"mail.seller_order:{made}") for made in shipments]
    done = (*waiting_jobs(order_id), *(f"payments.open:{booking.transaction_id}" for booking in collected))
    await write_all(
        connection,
        [
            move_write(ORDER, order_id, old=order["order_state"], new="paid", paid_at=order["now"]),
            note_write(order_id, "paid"),
            *writes,
            *subtract_writes(order["cart_id"], order_id),
            *shipping,
            book_write(bookings, order_id=order_id, currency=order["currency"]),
            call_off_write(*done),
            *enqueue_writes(mails),
        ],
    )


async def _give_back_extra(connection: Connection, order: asyncpg.Record, charge: Charge, reason: str) -> Outcome:
    """Money that no payment of ours waits for: kept as a payment of its own, and returned in full."""
    fees = (charge.fee_minor, charge.fee_tax_minor)
    payment_id = await connection.fetchval(
        ADD_EXTRA, uuid7(), order["order_id"], charge.amount_minor, charge.currency, charge.payment_id, *fees
    )
    if payment_id is None:
        return "known"
    collected = _collected(payment_id, charge)
    await book_all(connection, [collected], order_id=order["order_id"], currency=charge.currency)
    await _give_back(connection, order["order_id"], payment_id, charge, reason=reason)
    return "refunded"


def _units(lines: Sequence[asyncpg.Record]) -> list[Units]:
    return [Units(line["variant_id"], line["quantity"]) for line in lines]


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
