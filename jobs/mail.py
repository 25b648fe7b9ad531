"""Mails about orders. Each reads what it tells afresh; its key, and so its Message-ID, is the job's own."""

from collections.abc import Sequence
from uuid import UUID

import msgspec

from jobs.registry import job
from models.crash import point
from models.errors import Unavailable
from models.order_view import OrderLineView, OrderView, Units, read_order
from models.payment import wants_reminder
from models.reconciliation import reconcile_payment
from models.refund import read_refund
from models.shipment import read_shipment
from models.wishlist import read_back_in_stock
from server.context import Context

REASONS = {
    "order_expired": "Your payment came after your order had expired, and what you chose could no longer be had.",
    "order_confirmed": "You had chosen to pay for this order in cash at the door.",
    "order_cancelled": "Your payment came after you had cancelled the order.",
    "second_payment": "Your order was paid twice.",
    "wrong_amount": "Your payment was not the amount of the order.",
}
GOODS = {
    "cancelled": "What you paid for and will not get is paid back.",
    "lost": "Your parcel did not reach you, so it is paid back.",
    "return": "What you sent back has arrived.",
    "operator": "The market has decided to pay you back.",
}
"""Refunds for goods, which say what they pay for; all others are payments that came in vain."""
OTHER_REASON = "We could not use your payment for this order."


def units_of(order: OrderView, units: Sequence[Units]) -> list[OrderLineView]:
    """The order's lines with so many units each."""
    lines = {line.id: line for line in order.lines}
    return [msgspec.structs.replace(lines[unit.line_id], quantity=unit.quantity) for unit in units]


@job("mail.order_paid")
async def confirm_order(context: Context, ids: dict[str, str]) -> None:
    order = await read_order(UUID(ids["order_id"]), keyring=context.keyring)
    url = f"{context.settings.site.base_url}/orders/{order.number}"
    point("mail.before_send")
    await context.mail.send(order.email, "order_paid", key=f"order-paid:{order.id}", order=order, url=url)
    point("mail.after_send")


@job("mail.payment_declined")
async def ask_again(context: Context, ids: dict[str, str]) -> None:
    """Nothing to say once it is paid, given up or lapsed."""
    order = await read_order(UUID(ids["order_id"]), keyring=context.keyring)
    if order.state != "pending" or not order.payment.error:
        return
    url = f"{context.settings.site.base_url}/orders/{order.number}"
    await context.mail.send(order.email, "payment_declined", key=f"payment-declined:{order.id}", order=order, url=url)


@job("mail.payment_reminder")
async def remind(context: Context, ids: dict[str, str]) -> None:
    """Taken back with the wait, unless it has begun: so it looks once more, and asks the gateway for money that came
    without news. While the gateway is away nobody could pay, and nobody is told to.
    """
    order_id = UUID(ids["order_id"])
    if not await wants_reminder(order_id):
        return
    order = await read_order(order_id, keyring=context.keyring)
    try:
        await reconcile_payment(context.gateway, order.payment.id)
    except Unavailable:
        return
    if not await wants_reminder(order_id):
        return
    url = f"{context.settings.site.base_url}/orders/{order.number}"
    point("mail.before_send")
    await context.mail.send(order.email, "payment_reminder", key=f"payment-reminder:{order.id}", order=order, url=url)
    point("mail.after_send")


@job("mail.seller_order")
async def tell_seller(context: Context, ids: dict[str, str]) -> None:
    """A seller without an account has nobody to tell."""
    shipment = await read_shipment(UUID(ids["shipment_id"]), keyring=context.keyring)
    if shipment.seller_email is None:
        return
    order = await read_order(shipment.order_id, keyring=context.keyring)
    await context.mail.send(
        shipment.seller_email,
        "seller_order",
        key=f"seller-order:{shipment.id}",
        order=order,
        lines=[line for line in order.lines if line.id in shipment.line_ids],
        seller_name=shipment.seller_name,
        url=f"{context.settings.site.base_url}/seller/orders/{shipment.id}",
    )


@job("mail.back_in_stock")
async def tell_of_stock(context: Context, ids: dict[str, str]) -> None:
    wish = await read_back_in_stock(UUID(ids["wish_id"]), keyring=context.keyring)
    if wish is None:
        return
    site = context.settings.site.base_url
    await context.mail.send(
        wish.email,
        "back_in_stock",
        key=f"back-in-stock:{ids['notice_id']}",
        product=wish,
        url=f"{site}/p/{wish.slug}",
        wishlist_url=f"{site}/account/wishlist",
    )


@job("mail.order_refunded")
async def apologise(context: Context, ids: dict[str, str]) -> None:
    refund = await read_refund(UUID(ids["refund_id"]))
    order = await read_order(refund.order_id, keyring=context.keyring)
    await context.mail.send(
        order.email,
        "order_refunded",
        key=f"order-refunded:{refund.id}",
        order=order,
        refund=refund,
        lines=units_of(order, next((told.lines for told in order.refunds if told.id == refund.id), [])),
        reason={**REASONS, **GOODS}.get(refund.reason, OTHER_REASON),
        url=f"{context.settings.site.base_url}/orders/{order.number}",
    )
