"""What becomes of an order when its money moves: paid once, or given back once, in whatever order the news arrives.

Webhook, return from the payment page and reconciler all end in `settle`; what is known already changes nothing.
"""

from typing import Literal
from uuid import UUID

import asyncpg

from models.base import uuid7
from models.cart import subtract_bought
from models.crash import guarded, point
from models.database import Connection, transaction
from models.disputes import record_dispute
from models.gateway import Charge, GatewayEvent
from models.keyring import Keyring
from models.ledger import book, collection_entries, gift_card_entries, sale_entries
from models.order import note, priced_line
from models.outbox import Queued, enqueue_all
from models.pricing import split_sale
from models.redemption import retake_offers
from models.refund import record_refund, request_refund
from models.shipment import create_shipments
from models.states import ORDER, PAYMENT, move
from models.stock import Units, sell_free, sell_held

Outcome = Literal["paid", "refunded", "disputed", "failed", "known", "ignored", "unknown"]

REMEMBER = """
INSERT INTO webhook_event (id, gateway, event_id, kind, body_encrypted) VALUES ($1, 'razorpay', $2, $3, $4)
ON CONFLICT DO NOTHING RETURNING id
"""
ORDER_OF = "SELECT order_id FROM payment WHERE gateway_order_id = $1"
LOCK_ORDER = """
SELECT now(), id, state, cart_id, currency, total_minor, gift_card_minor FROM orders WHERE id = $1 FOR NO KEY UPDATE
"""
LOCK_PAYMENT = """
SELECT id, state, amount_minor, currency, gateway_payment_id FROM payment WHERE gateway_order_id = $1 FOR NO KEY UPDATE
"""
ADD_EXTRA = """
INSERT INTO payment (id, order_id, state, amount_minor, currency, gateway_payment_id, fee_minor, fee_tax_minor,
                     captured_at) VALUES ($1, $2, 'captured', $3, $4, $5, $6, $7, now())
ON CONFLICT DO NOTHING RETURNING id
"""
LINES = "SELECT * FROM order_line WHERE order_id = $1 ORDER BY position"
CAPTURED = ("captured", "refunded")


async def receive_event(event: GatewayEvent, *, keyring: Keyring) -> Outcome:
    """Take one webhook whose signature held: once for each event id, all of its consequences or none."""
    async with transaction() as connection:
        body = keyring.encrypt(event.body.decode())
        remembered = await connection.fetchval(REMEMBER, uuid7(), event.id, event.kind, body)
        if remembered is None:
            return "known"
        point("webhook.after_insert")
        outcome = await _consequence(connection, event)
        await connection.execute("UPDATE webhook_event SET outcome = $2 WHERE id = $1", remembered, outcome)
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


async def _consequence(connection: Connection, event: GatewayEvent) -> Outcome:
    if event.dispute:
        return "disputed" if await record_dispute(connection, event.dispute) else "unknown"
    if event.refund:
        return "refunded" if await record_refund(connection, event.refund) else "unknown"
    return await _settle(connection, event.charge) if event.charge else "ignored"


async def _settle(connection: Connection, charge: Charge) -> Outcome:
    if charge.status not in ("captured", "failed"):
        return "ignored"
    order_id = await connection.fetchval(ORDER_OF, charge.order_id)
    if order_id is None:
        return "unknown"
    order = await connection.fetchrow(LOCK_ORDER, order_id)
    payment = await connection.fetchrow(LOCK_PAYMENT, charge.order_id)
    if charge.status == "failed":
        return await _failed(connection, order_id, payment, charge)
    if guarded("dedupe") and charge.payment_id == payment["gateway_payment_id"]:
        return "known"
    same = (charge.amount_minor, charge.currency) == (payment["amount_minor"], payment["currency"])
    if not same or payment["state"] in CAPTURED:
        return await _give_back_extra(connection, order, charge, "second_payment" if same else "wrong_amount")
    return await _captured(connection, order, payment["id"], old=payment["state"], charge=charge)


async def _failed(connection: Connection, order_id: UUID, payment: asyncpg.Record, charge: Charge) -> Outcome:
    """A declined attempt: the gateway order stays open, and so does ours, to be paid another way."""
    if payment["state"] == "open":
        await connection.execute("UPDATE payment SET error = $2 WHERE id = $1", payment["id"], charge.error[:300])
    await note(connection, order_id, "payment_failed", payment=charge.payment_id)
    return "failed"


async def _captured(
    connection: Connection, order: asyncpg.Record, payment_id: UUID, *, old: str, charge: Charge
) -> Outcome:
    """The money is here. It pays the order if the goods can still be had; otherwise it goes back."""
    await move(
        connection,
        PAYMENT,
        payment_id,
        old=old,
        new="captured",
        gateway_payment_id=charge.payment_id,
        fee_minor=charge.fee_minor,
        fee_tax_minor=charge.fee_tax_minor,
        captured_at=order["now"],
        error="",
    )
    await _collect(connection, order["id"], payment_id, charge)
    lines = await connection.fetch(LINES, order["id"])
    if order["state"] == "pending":
        await _pay(connection, order, lines)
        await sell_held(connection, order["id"])
        return "paid"
    if order["state"] == "expired" and await _pay_from_free(connection, order, lines):
        return "paid"
    await _give_back(connection, order["id"], payment_id, charge, reason=f"order_{order['state']}")
    return "refunded"


async def _pay_from_free(connection: Connection, order: asyncpg.Record, lines: list[asyncpg.Record]) -> bool:
    """A late payment: all of it is paid and sold, or nothing is written."""
    savepoint = connection.transaction()
    await savepoint.start()
    await _pay(connection, order, lines)
    if await retake_offers(connection, order["id"]) and await sell_free(
        connection, order["id"], [Units(line["variant_id"], line["quantity"]) for line in lines]
    ):
        await savepoint.commit()
        return True
    await savepoint.rollback()
    return False


async def _pay(connection: Connection, order: asyncpg.Record, lines: list[asyncpg.Record]) -> None:
    """Everything that being paid means, except for the stock."""
    order_id, sellers = order["id"], {line["id"]: line["seller_id"] for line in lines}
    await move(connection, ORDER, order_id, old=order["state"], new="paid", paid_at=order["now"])
    await note(connection, order_id, "paid")
    if order["cart_id"]:
        await subtract_bought(connection, order["cart_id"], order_id)
    shipments = await create_shipments(connection, order_id, sellers)
    sale = sale_entries(split_sale([priced_line(line) for line in lines]))
    await book(connection, order_id, sale, order_id=order_id, reason="sale", currency=order["currency"])
    if order["gift_card_minor"]:
        gift = gift_card_entries(order["gift_card_minor"])
        await book(connection, uuid7(), gift, order_id=order_id, reason="gift_card", currency=order["currency"])
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
    await _collect(connection, order["id"], payment_id, charge)
    await _give_back(connection, order["id"], payment_id, charge, reason=reason)
    return "refunded"


async def _collect(connection: Connection, order_id: UUID, payment_id: UUID, charge: Charge) -> None:
    entries = collection_entries(charge.amount_minor, charge.fee_minor, charge.fee_tax_minor)
    await book(connection, payment_id, entries, order_id=order_id, reason="payment", currency=charge.currency)


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
