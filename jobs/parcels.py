"""Mails about what happens after the payment: parcels, returns, reviews. Each reads what it tells afresh.

The key of a mail, and so its Message-ID, is the job's own: a second sending is the same mail.
"""

from uuid import UUID

from jobs.mail import units_of
from jobs.registry import job
from models.moderation import read_decision
from models.order_view import OrderLineView, OrderView, ReturnView, ShipmentView, read_order
from models.returns import SENT_WITHIN
from models.seller import find_seller_email
from models.shipment import read_shipment
from server.context import Context

RETURN_REASONS = {
    "damaged": "it came damaged",
    "wrong_item": "it is not what was ordered",
    "not_as_described": "it is not as described",
    "changed_mind": "the buyer changed their mind",
}


@job("mail.shipment_sent")
async def tell_sent(context: Context, ids: dict[str, str]) -> None:
    await _about_parcel(context, ids, "shipment_sent")


@job("mail.shipment_delivered")
async def tell_delivered(context: Context, ids: dict[str, str]) -> None:
    await _about_parcel(context, ids, "shipment_delivered", days=context.settings.checkout.return_days)


@job("mail.shipment_lost")
async def tell_lost(context: Context, ids: dict[str, str]) -> None:
    await _about_parcel(context, ids, "shipment_lost")


@job("mail.shipments_cancelled")
async def tell_cancelled(context: Context, ids: dict[str, str]) -> None:
    """The buyer's wish can concern several parcels: all that are cancelled by now. Others call off one, and say why."""
    order = await read_order(UUID(ids["order_id"]), keyring=context.keyring)
    own = _parcel(order, UUID(ids["shipment_id"]))
    parcels = [own] if ids["by"] != "buyer" else [each for each in order.shipments if each.state == "cancelled"]
    gone = [unit for shipment in parcels for unit in shipment.lines]
    await context.mail.send(
        order.email,
        "shipments_cancelled",
        key=f"shipments-cancelled:{ids['shipment_id']}",
        order=order,
        lines=units_of(order, gone),
        by=ids["by"],
        reason=own.cancel_reason,
        url=_url(context, order),
    )


@job("mail.seller_cancelled")
async def tell_seller(context: Context, ids: dict[str, str]) -> None:
    """A seller without an account has nobody to tell."""
    facts = await read_shipment(UUID(ids["shipment_id"]), keyring=context.keyring)
    if facts.seller_email is None:
        return
    order = await read_order(facts.order_id, keyring=context.keyring)
    parcel = _parcel(order, facts.id)
    await context.mail.send(
        facts.seller_email,
        "seller_cancelled",
        key=f"seller-cancelled:{facts.id}",
        order=order,
        lines=units_of(order, parcel.lines),
        by=ids.get("by", "buyer"),
        reason=parcel.cancel_reason,
        seller_name=facts.seller_name,
        url=f"{context.settings.site.base_url}/seller/orders/{facts.id}",
    )


@job("mail.return_requested")
async def tell_requested(context: Context, ids: dict[str, str]) -> None:
    """The buyer has it in writing, and the seller has to answer."""
    order = await read_order(UUID(ids["order_id"]), keyring=context.keyring)
    asked = _asked(order, ids["return_id"])
    values = {"order": order, "asked": asked, "line": _line(order, asked), "reason": RETURN_REASONS[asked.reason]}
    key = f"return-requested:{asked.id}"
    await context.mail.send(order.email, "return_requested", key=key, url=_url(context, order), **values)
    seller_email = await find_seller_email(asked.seller_id, keyring=context.keyring)
    if seller_email:
        url = f"{context.settings.site.base_url}/seller/returns"
        await context.mail.send(seller_email, "seller_return", key=f"seller-return:{asked.id}", url=url, **values)


@job("mail.return_decided")
async def tell_decided(context: Context, ids: dict[str, str]) -> None:
    order = await read_order(UUID(ids["order_id"]), keyring=context.keyring)
    asked = _asked(order, ids["return_id"])
    line = _line(order, asked)
    address = next((s.seller_address for s in order.shipments if s.seller_slug == line.seller_slug), "")
    await context.mail.send(
        order.email,
        "return_refused" if asked.state == "refused" else "return_approved",
        key=f"return-decided:{asked.id}:{asked.state}",
        order=order,
        asked=asked,
        line=line,
        address=address,
        days=SENT_WITHIN.days,
        url=_url(context, order),
    )


@job("mail.review_decided")
async def tell_reviewed(context: Context, ids: dict[str, str]) -> None:
    decided = await read_decision(UUID(ids["review_id"]), keyring=context.keyring)
    await context.mail.send(
        decided.email,
        "review_decided",
        key=f"review-decided:{ids['review_id']}:{decided.state}",
        review=decided,
        url=f"{context.settings.site.base_url}/p/{decided.product_slug}#reviews",
    )


async def _about_parcel(context: Context, ids: dict[str, str], template: str, **values: object) -> None:
    facts = await read_shipment(UUID(ids["shipment_id"]), keyring=context.keyring)
    order = await read_order(facts.order_id, keyring=context.keyring)
    parcel = _parcel(order, facts.id)
    await context.mail.send(
        order.email,
        template,
        key=f"{template.replace('_', '-')}:{parcel.id}",
        order=order,
        parcel=parcel,
        lines=units_of(order, parcel.lines),
        url=_url(context, order),
        **values,
    )


def _parcel(order: OrderView, shipment_id: UUID) -> ShipmentView:
    return next(shipment for shipment in order.shipments if shipment.id == shipment_id)


def _asked(order: OrderView, return_id: str) -> ReturnView:
    return next(asked for asked in order.returns if str(asked.id) == return_id)


def _line(order: OrderView, asked: ReturnView) -> OrderLineView:
    return next(line for line in order.lines if line.id == asked.line_id)


def _url(context: Context, order: OrderView) -> str:
    return f"{context.settings.site.base_url}/orders/{order.number}"
