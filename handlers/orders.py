"""Orders over the API: the shopper's own, and a guest's by cart token, or by number and mail address."""

from datetime import timedelta
from typing import Annotated
from uuid import UUID

import msgspec
from sanic import Blueprint
from sanic.request import Request

from handlers.paying import CheckoutAnswer, open_order
from handlers.seller_orders import units_by_line
from handlers.shopper import shopper_of
from models.cancellation import cancel_for_buyer
from models.cash import confirm_cash
from models.errors import Conflict, Declined, Invalid, NotFound, Unavailable
from models.order_view import OrderPayment, OrderSummary, OrderView, Units, get_order, get_payment, list_orders
from models.payment import ensure_payment
from models.returns import Reason, request_return
from server.http import context, endpoint

blueprint = Blueprint("orders")


class Page(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    page: Annotated[int, msgspec.Meta(ge=1, le=1000)] = 1
    per_page: Annotated[int, msgspec.Meta(ge=1, le=100)] = 20


class Whose(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`email`: the mail address that the order was placed with, for a guest without the cart."""

    email: Annotated[str, msgspec.Meta(max_length=254)] | None = None


class Returning(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """So many units of these lines, all for one reason; `comment` is for the seller to read."""

    lines: Annotated[list[Units], msgspec.Meta(min_length=1, max_length=100)]
    reason: Reason
    comment: Annotated[str, msgspec.Meta(max_length=500)] = ""


class OrderList(msgspec.Struct, frozen=True):
    items: list[OrderSummary]
    page: int
    per_page: int


@endpoint(
    blueprint, "GET", "/api/v1/orders", summary="My orders, newest first", limit="read", query=Page, answer=OrderList
)
async def my_orders(request: Request, *, query: Page) -> OrderList:
    offset = (query.page - 1) * query.per_page
    return OrderList(
        await list_orders(shopper_of(request), limit=query.per_page, offset=offset), query.page, query.per_page
    )


@endpoint(
    blueprint,
    "GET",
    "/api/v1/orders/<number:str>",
    summary="One order of mine",
    limit="read",
    query=Whose,
    answer=OrderView,
    errors=(NotFound,),
)
async def show_order(request: Request, number: str, *, query: Whose) -> OrderView:
    return await own_order(request, number, query.email)


@endpoint(
    blueprint,
    "GET",
    "/api/v1/orders/<number:str>/payment",
    summary="Whether an order is paid by now: ask this again and again, not for the whole order",
    limit="read",
    query=Whose,
    answer=OrderPayment,
    errors=(NotFound,),
)
async def show_payment(request: Request, number: str, *, query: Whose) -> OrderPayment:
    return await get_payment(number, shopper_of(request), keyring=context(request).keyring, email=query.email)


@endpoint(
    blueprint,
    "POST",
    "/api/v1/orders/<number:str>/pay",
    summary="What is needed to pay an order, again where an attempt failed",
    query=Whose,
    answer=CheckoutAnswer,
    errors=(NotFound, Conflict, Declined, Unavailable),
)
async def pay_order(request: Request, number: str, *, query: Whose) -> CheckoutAnswer:
    order = await own_order(request, number, query.email)
    await ensure_payment(order.id)
    return await open_order(context(request), await own_order(request, number, query.email))


@endpoint(
    blueprint,
    "POST",
    "/api/v1/orders/<number:str>/cancel",
    summary="Cancel an order: unpaid, or whatever of it is not packed yet",
    query=Whose,
    answer=OrderView,
    errors=(NotFound, Conflict),
)
async def cancel(request: Request, number: str, *, query: Whose) -> OrderView:
    order = await own_order(request, number, query.email)
    await cancel_for_buyer(order.id)
    return await own_order(request, number, query.email)


@endpoint(
    blueprint,
    "POST",
    "/api/v1/orders/<number:str>/shipments/<shipment_id:uuid>/cancel",
    summary="Cancel one parcel that is not packed yet",
    query=Whose,
    answer=OrderView,
    errors=(NotFound, Conflict),
)
async def cancel_one(request: Request, number: str, shipment_id: UUID, *, query: Whose) -> OrderView:
    order = await own_order(request, number, query.email)
    await cancel_for_buyer(order.id, shipment_id)
    return await own_order(request, number, query.email)


@endpoint(
    blueprint,
    "POST",
    "/api/v1/orders/<number:str>/cash-on-delivery",
    summary="Pay a pending order in cash at the door, where every seller takes it",
    query=Whose,
    answer=OrderView,
    errors=(NotFound, Conflict),
)
async def pay_cash(request: Request, number: str, *, query: Whose) -> OrderView:
    order = await own_order(request, number, query.email)
    await confirm_cash(order.id, limit_minor=context(request).settings.checkout.cash_limit_minor)
    return await own_order(request, number, query.email)


@endpoint(
    blueprint,
    "POST",
    "/api/v1/orders/<number:str>/returns",
    summary="Ask to send something back that was delivered lately",
    query=Whose,
    body=Returning,
    answer=OrderView,
    status=201,
    errors=(NotFound, Conflict, Invalid),
)
async def ask_return(request: Request, number: str, *, query: Whose, body: Returning) -> OrderView:
    order = await own_order(request, number, query.email)
    window = timedelta(days=context(request).settings.checkout.return_days)
    units = units_by_line(body.lines)
    await request_return(order.id, units, reason=body.reason, comment=body.comment, window=window)
    return await own_order(request, number, query.email)


async def own_order(request: Request, number: str, email: str | None = None) -> OrderView:
    """Raises NotFound, for a stranger's order as for one that never was."""
    return await get_order(number, shopper_of(request), keyring=context(request).keyring, email=email)
