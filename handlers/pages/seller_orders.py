"""The seller's pages of what was sold: packing and sending, slips to print, returns, shortages, reviews."""

from typing import Any
from uuid import UUID

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse

from handlers.pages import flash
from handlers.pages.desk import read_page, state_tabs
from handlers.pages.forms import errors_of, read_units
from handlers.pages.pictures import picture_url
from handlers.pages.seller import seller_page
from handlers.pages.shell import Form, go, page
from models.cancellation import cancel_shipment
from models.dispute_view import list_disputes
from models.errors import Conflict, Invalid, NotFound
from models.fulfilment import deliver, lose, pack, send, split
from models.moderation import answer_review, list_reviews_of
from models.parcel import Parcel, get_parcel, list_returns
from models.returns import SENT_WITHIN, approve_return, receive_return, refund_return, refuse_return
from models.selling import list_shortages
from server.auth import Access, may
from server.http import context
from web.filters import options_text

blueprint = Blueprint("seller_order_pages")
PER_PAGE = 25
RETURN_STATES = {
    "requested": "To answer",
    "approved": "On the way back",
    "received": "To refund",
    "refunded": "Refunded",
    "refused": "Refused",
}
REASONS = {
    "damaged": "Came damaged",
    "wrong_item": "Not what was ordered",
    "not_as_described": "Not as described",
    "changed_mind": "Changed their mind",
}


@page(blueprint, "GET", "/seller/orders/<shipment_id:uuid>", access=Access.ORDERS, limit="seller")
async def parcel(request: Request, shipment_id: UUID) -> HTTPResponse:
    return await _parcel(request, shipment_id)


@page(blueprint, "GET", "/seller/orders/<shipment_id:uuid>/slip", access=Access.ORDERS, limit="seller")
async def slip(request: Request, shipment_id: UUID) -> HTTPResponse:
    found = await get_parcel(_seller(request), shipment_id, keyring=context(request).keyring)
    return await seller_page(request, "seller/slip.html", parcel=parcel_view(found))


@page(blueprint, "POST", "/seller/orders/<shipment_id:uuid>/<act:str>", access=Access.ORDERS, limit="seller")
async def change_parcel(request: Request, shipment_id: UUID, act: str, *, form: Form) -> HTTPResponse:
    seller_id = _seller(request)
    try:
        await _change(seller_id, shipment_id, act, form, actor_id=request.ctx.caller.user_id)
    except (Invalid, Conflict) as error:
        errors = {field.field: field.detail for field in error.fields} or {"": error.detail}
        return await _parcel(request, shipment_id, form, {"": " ".join(errors_of(error).values()), **errors})
    return flash.leave(request, go(request, f"/seller/orders/{shipment_id}"), f"parcel-{act}")


async def _parcel(
    request: Request, shipment_id: UUID, form: Form | None = None, errors: dict[str, str] | None = None
) -> HTTPResponse:
    seller_id = _seller(request)
    found = await get_parcel(seller_id, shipment_id, keyring=context(request).keyring)
    return await seller_page(
        request,
        "seller/parcel.html",
        422 if errors else 200,
        parcel=parcel_view(found),
        disputes=await list_disputes(seller_id=seller_id, number=found.number),
        form=form or {},
        errors=errors or {},
    )


async def _change(seller_id: UUID, shipment_id: UUID, act: str, form: Form, *, actor_id: UUID) -> None:
    if act == "pack":
        await pack(seller_id, shipment_id, actor_id=actor_id)
    elif act == "ship":
        way = {"carrier": form.get("carrier", ""), "tracking_number": form.get("tracking_number", "")}
        await send(seller_id, shipment_id, actor_id=actor_id, **way)
    elif act == "deliver":
        await deliver(seller_id, shipment_id, actor_id=actor_id)
    elif act == "lose":
        await lose(seller_id, shipment_id, came_back=bool(form.get("came_back")), actor_id=actor_id)
    elif act == "cancel":
        await cancel_shipment(seller_id, shipment_id, reason=form.get("reason", ""), actor_id=actor_id)
    elif act == "split":
        await split(seller_id, shipment_id, units_in(form), actor_id=actor_id)
    else:
        raise NotFound("There is nothing at this address.")


@page(blueprint, "GET", "/seller/returns", access=Access.ORDERS, limit="seller")
async def returns(request: Request) -> HTTPResponse:
    return await _returns(request)


@page(blueprint, "POST", "/seller/returns/<return_id:uuid>/<act:str>", access=Access.ORDERS, limit="seller")
async def answer_return(request: Request, return_id: UUID, act: str, *, form: Form) -> HTTPResponse:
    seller_id, who = _seller(request), {"actor_id": request.ctx.caller.user_id}
    try:
        if act == "approve":
            await approve_return(seller_id, return_id, **who)
        elif act == "refuse":
            await refuse_return(seller_id, return_id, answer=form.get("answer", ""), **who)
        elif act == "receive":
            await receive_return(seller_id, return_id, restock=bool(form.get("restock")), **who)
        elif act == "refund":
            await refund_return(seller_id, return_id, **who)
        else:
            raise NotFound("There is nothing at this address.")
    except (Invalid, Conflict) as error:
        return await _returns(request, 422, error=" ".join(errors_of(error).values()))
    return flash.leave(request, go(request, "/seller/returns"), f"return-{act}")


async def _returns(request: Request, status: int = 200, *, error: str = "") -> HTTPResponse:
    number = read_page(request)
    state = request.args.get("state") if request.args.get("state") in RETURN_STATES else None
    rows, counts = await list_returns(_seller(request), state=state, page=number, per_page=PER_PAGE)
    total = counts.get(state, 0) if state else sum(counts.values())
    return await seller_page(
        request,
        "seller/returns.html",
        status,
        returns=[
            {
                "row": row,
                "options": options_text(row.options),
                "picture": picture_url(row.image_key),
                "reason": REASONS.get(row.reason, row.reason),
            }
            for row in rows
        ],
        error=error,
        days=SENT_WITHIN.days,
        tabs=state_tabs("/seller/returns", RETURN_STATES, counts, chosen=state),
        params=[("state", state or "")],
        page=number,
        pages=-(-total // PER_PAGE),
    )


@page(blueprint, "GET", "/seller/stock", access=Access.PRODUCTS, limit="seller")
async def stock(request: Request) -> HTTPResponse:
    low = await list_shortages(_seller(request), limit=200)
    shown = [
        {
            "id": item.product_id,
            "name": item.name,
            "variant": options_text(item.options),
            "free": item.free,
            "picture": picture_url(item.image),
        }
        for item in low
    ]
    money = may(request.ctx.caller, Access.MONEY)
    return await seller_page(request, "seller/stock.html", low=shown, money=money)


@page(blueprint, "GET", "/seller/reviews", access=Access.ORDERS, limit="seller")
async def reviews(request: Request) -> HTTPResponse:
    number = read_page(request)
    rows = await list_reviews_of(_seller(request), page=number, per_page=PER_PAGE + 1)
    pages = number + 1 if len(rows) > PER_PAGE else number
    shown = [{"row": row, "photos": [picture_url(key) for key in row.photos]} for row in rows[:PER_PAGE]]
    return await seller_page(request, "seller/reviews.html", reviews=shown, page=number, pages=pages)


@page(blueprint, "POST", "/seller/reviews/<review_id:uuid>", access=Access.ORDERS, limit="seller")
async def answer(request: Request, review_id: UUID, *, form: Form) -> HTTPResponse:
    await answer_review(_seller(request), review_id, form.get("answer", ""), actor_id=request.ctx.caller.user_id)
    return flash.leave(request, go(request, "/seller/reviews"), "profile-saved")


def units_in(form: Form, prefix: str = "units-") -> dict[UUID, int]:
    """The lines with a number above 0 in fields named units-LINE. Raises Invalid."""
    found = {}
    for name, text in form.items():
        if name.startswith(prefix) and text.strip() not in ("", "0"):
            try:
                line_id = UUID(name.removeprefix(prefix))
            except ValueError as error:
                raise Invalid.field("lines", "name lines of this order") from error
            found[line_id] = read_units("lines", text)
    return found


def parcel_view(found: Parcel) -> dict[str, Any]:
    """What seller/parcel.html and seller/slip.html want as `parcel`."""
    lines = [
        {"line": line, "options": options_text(line.options), "picture": picture_url(line.image_key)}
        for line in found.lines
    ]
    units = sum(line.quantity for line in found.lines)
    return {"row": found, "lines": lines, "units": units, "cash": found.payment_kind == "cash"}


def _seller(request: Request) -> UUID:
    seller_id: UUID | None = request.ctx.caller.seller_id
    assert seller_id is not None
    return seller_id
