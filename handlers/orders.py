"""Orders over the API: the shopper's own, and a guest's by cart token, or by number and mail address."""

from typing import Annotated

import msgspec
from sanic import Blueprint
from sanic.request import Request

from handlers.paying import CheckoutAnswer, open_order
from handlers.shopper import shopper_of
from models.closing import cancel_order
from models.errors import Conflict, Declined, NotFound, Unavailable
from models.order_view import OrderSummary, OrderView, get_order, list_orders
from models.payment import ensure_payment
from server.http import context, endpoint

blueprint = Blueprint("orders")


class Page(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    page: Annotated[int, msgspec.Meta(ge=1, le=1000)] = 1
    per_page: Annotated[int, msgspec.Meta(ge=1, le=100)] = 20


class Whose(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`email`: the mail address that the order was placed with, for a guest without the cart."""

    email: Annotated[str, msgspec.Meta(max_length=254)] | None = None


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
    summary="Cancel an order that is not paid",
    query=Whose,
    answer=OrderView,
    errors=(NotFound, Conflict),
)
async def cancel(request: Request, number: str, *, query: Whose) -> OrderView:
    order = await own_order(request, number, query.email)
    await cancel_order(order.id)
    return await own_order(request, number, query.email)


async def own_order(request: Request, number: str, email: str | None = None) -> OrderView:
    """Raises NotFound, for a stranger's order as for one that never was."""
    return await get_order(number, shopper_of(request), keyring=context(request).keyring, email=email)
