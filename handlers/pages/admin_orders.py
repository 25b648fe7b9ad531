"""The operator's pages of orders: search, one order with its parcels, refunds and history, reviews to look at."""

from datetime import date
from typing import Any
from uuid import UUID

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse

from handlers.pages import flash
from handlers.pages.admin_frame import admin_page, numbers_of
from handlers.pages.desk import read_page
from handlers.pages.forms import errors_of
from handlers.pages.order_view import EVENTS, RETURN_WORDS, order_view
from handlers.pages.pictures import picture_url
from handlers.pages.seller_orders import REASONS, units_in
from handlers.pages.shell import Form, go, page
from models.cancellation import cancel_shipment
from models.dispute_view import list_disputes
from models.disputes import Bearer, let_bear
from models.errors import Conflict, Invalid, NotFound
from models.moderation import decide_review, list_reviews_in
from models.order_search import OrderQuery, find_order_id, search_orders
from models.order_view import OrderView, read_order
from models.parked import drop_parked
from models.repayment import pay_back_by_hand, refund_by_operator, retry_refund
from server.auth import Access, may, new_secret
from server.http import context
from web.filters import options_text

blueprint = Blueprint("admin_order_pages")
PER_PAGE = 25
STATES = [
    ("", "Any state"),
    ("pending", "To be paid"),
    ("confirmed", "Cash on delivery"),
    ("paid", "Paid"),
    ("partly_refunded", "Partly refunded"),
    ("refunded", "Refunded"),
    ("expired", "Lapsed"),
    ("cancelled", "Cancelled"),
]
CAUSES = {
    "cancelled": "for what will not be sent",
    "lost": "for a parcel that did not arrive",
    "return": "for what was sent back",
    "operator": "by the market",
    "order_expired": "paid after the order had lapsed",
    "order_cancelled": "paid after the order was cancelled",
    "order_confirmed": "paid online after cash was chosen",
    "second_payment": "paid twice",
    "wrong_amount": "not the order's amount",
}
"""What money went back for."""
FIELDS = ("number", "email", "state", "seller", "first_day", "last_day")


@page(blueprint, "GET", "/admin/orders", access=Access.SUPPORT, limit="seller")
async def orders(request: Request) -> HTTPResponse:
    asked = {name: (request.args.get(name) or "").strip()[:254] for name in FIELDS}
    number = read_page(request)
    query = OrderQuery(
        number=asked["number"],
        email=asked["email"],
        state=asked["state"],
        seller=asked["seller"],
        first_day=_day(asked["first_day"]),
        last_day=_day(asked["last_day"]),
    )
    found, more = await search_orders(query, keyring=context(request).keyring, page=number, per_page=PER_PAGE)
    return await admin_page(
        request,
        "admin/orders.html",
        await numbers_of(request),
        orders=found,
        form=asked,
        states=STATES,
        params=list(asked.items()),
        page=number,
        pages=number + 1 if more else number,
    )


@page(blueprint, "GET", "/admin/orders/<number:str>", access=Access.SUPPORT, limit="seller")
async def order(request: Request, number: str) -> HTTPResponse:
    return await _order(request, number)


@page(blueprint, "POST", "/admin/orders/<number:str>/refund", access=Access.ADMIN, limit="seller")
async def refund(request: Request, number: str, *, form: Form) -> HTTPResponse:
    try:
        await refund_by_operator(
            await find_order_id(number),
            units_in(form),
            with_shipping=bool(form.get("with_shipping")),
            reason=form.get("reason", ""),
            key=form.get("key", "")[:64] or new_secret(),
            actor_id=request.ctx.caller.user_id,
        )
    except (Invalid, Conflict) as error:
        return await _order(request, number, 422, error=" ".join(errors_of(error).values()))
    return flash.leave(request, go(request, f"/admin/orders/{number}"), "refund-asked")


@page(blueprint, "POST", "/admin/orders/<number:str>/refunds/<refund_id:uuid>", access=Access.ADMIN, limit="seller")
async def settle_refund(request: Request, number: str, refund_id: UUID, *, form: Form) -> HTTPResponse:
    """Send one that failed again, or say that cash was paid back."""
    actor_id = request.ctx.caller.user_id
    try:
        if form.get("act") == "paid":
            await pay_back_by_hand(
                context(request).gateway, refund_id, reference=form.get("reference", ""), actor_id=actor_id
            )
        else:
            await retry_refund(refund_id, actor_id=actor_id)
    except (Invalid, Conflict) as error:
        return await _order(request, number, 422, error=" ".join(errors_of(error).values()))
    return flash.leave(request, go(request, f"/admin/orders/{number}"), "refund-asked")


@page(blueprint, "POST", "/admin/orders/<number:str>/shipments/<shipment_id:uuid>", access=Access.ADMIN, limit="seller")
async def cancel_parcel(request: Request, number: str, shipment_id: UUID, *, form: Form) -> HTTPResponse:
    try:
        reason, actor_id = form.get("reason", ""), request.ctx.caller.user_id
        await cancel_shipment(None, shipment_id, reason=reason, actor_id=actor_id)
    except (Invalid, Conflict) as error:
        return await _order(request, number, 422, error=" ".join(errors_of(error).values()))
    return flash.leave(request, go(request, f"/admin/orders/{number}"), "parcel-cancel")


@page(blueprint, "POST", "/admin/orders/<number:str>/disputes/<dispute_id:uuid>", access=Access.ADMIN, limit="seller")
async def bear(request: Request, number: str, dispute_id: UUID, *, form: Form) -> HTTPResponse:
    bearer: Bearer = "platform" if form.get("borne_by") == "platform" else "seller"
    await let_bear(dispute_id, bearer, actor_id=request.ctx.caller.user_id)
    return flash.leave(request, go(request, f"/admin/orders/{number}"), "dispute-borne")


@page(blueprint, "GET", "/admin/reviews", access=Access.SUPPORT, limit="seller")
async def reviews(request: Request) -> HTTPResponse:
    number = read_page(request)
    rows, total = await list_reviews_in("pending", page=number, per_page=PER_PAGE)
    shown = [{"row": row, "photos": [picture_url(key) for key in row.photos]} for row in rows]
    pages = -(-total // PER_PAGE)
    numbers = await numbers_of(request)
    return await admin_page(
        request, "admin/reviews.html", numbers, reviews=shown, total=total, page=number, pages=pages
    )


@page(blueprint, "POST", "/admin/reviews/<review_id:uuid>", access=Access.SUPPORT, limit="seller")
async def decide(request: Request, review_id: UUID, *, form: Form) -> HTTPResponse:
    approve = form.get("decision") == "approve"
    await decide_review(
        review_id,
        "published" if approve else "rejected",
        actor_id=request.ctx.caller.user_id,
        reason=form.get("reason", ""),
        version=form.get("version", ""),
    )
    return flash.leave(request, go(request, "/admin/reviews"), "approved" if approve else "refused")


@page(blueprint, "POST", "/admin/jobs/<job_id:int>/drop", access=Access.ADMIN, limit="seller")
async def drop_job(request: Request, job_id: int, **_: Form) -> HTTPResponse:
    await drop_parked(job_id, actor_id=request.ctx.caller.user_id)
    return flash.leave(request, go(request, "/admin/jobs"), "job-dropped")


async def _order(request: Request, number: str, status: int = 200, *, error: str = "") -> HTTPResponse:
    found = await read_order(await find_order_id(number), keyring=context(request).keyring)
    if found.number != number.upper():
        raise NotFound("There is no such order.")
    return await admin_page(
        request,
        "admin/order.html",
        await numbers_of(request),
        status,
        order=order_view(found),
        raw=found,
        disputes=await list_disputes(number=found.number),
        lines=_lines(found),
        causes=CAUSES,
        returns=[
            {"row": row, "words": RETURN_WORDS.get(row.state, row.state), "reason": REASONS.get(row.reason, row.reason)}
            for row in found.returns
        ],
        names={line.id: line.name for line in found.lines},
        history=[
            {"at": event.at, "label": EVENTS.get(event.kind, event.kind.replace("_", " "))} for event in found.events
        ],
        key=new_secret(),
        decides=may(request.ctx.caller, Access.ADMIN),
        error=error,
    )  # fmt: skip


def _lines(found: OrderView) -> list[dict[str, Any]]:
    """The lines with how many units of each can still be refunded."""
    given: dict[UUID, int] = {}
    for refund_ in found.refunds:
        for unit in refund_.lines:
            given[unit.line_id] = given.get(unit.line_id, 0) + unit.quantity
    return [
        {"line": line, "options": options_text(line.options), "left": line.quantity - given.get(line.id, 0)}
        for line in found.lines
    ]


def _day(text: str) -> date | None:
    """Nonsense is no day at all."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None
