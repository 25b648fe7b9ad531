"""The cart over the API, for users and guests alike; every answer is the whole cart at current prices."""

from typing import Annotated
from uuid import UUID

import msgspec
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse

from handlers.shopper import give_token, shopper_of, shopper_with_cart, terms_of
from models.cart import add_item, change_item, remove_item
from models.cart_view import CartView, read_cart
from models.errors import Invalid, NotFound
from server.http import answer, context, endpoint

blueprint = Blueprint("cart")

Quantity = Annotated[int, msgspec.Meta(ge=1, le=1000)]


class NewItem(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    variant_id: UUID
    quantity: Quantity = 1


class ItemPatch(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    quantity: Quantity


@endpoint(blueprint, "GET", "/api/v1/cart", summary="The cart at current prices", limit="read", answer=CartView)
async def show_cart(request: Request) -> CartView:
    return await read_cart(shopper_of(request), terms_of(context(request).settings))


@endpoint(
    blueprint,
    "POST",
    "/api/v1/cart/items",
    summary="Put units of a variant into the cart",
    body=NewItem,
    answer=CartView,
    status=201,
    errors=(Invalid,),
)
async def add_to_cart(request: Request, *, body: NewItem) -> HTTPResponse:
    settings = context(request).settings
    terms = terms_of(settings)
    demand_quantity(body.quantity, terms.quantity_max)
    shopper, token = shopper_with_cart(request)
    await add_item(shopper, body.variant_id, quantity=body.quantity, quantity_max=terms.quantity_max)
    return give_token(answer(await read_cart(shopper, terms), 201), settings, token)


@endpoint(
    blueprint,
    "PATCH",
    "/api/v1/cart/items/<item_id:uuid>",
    summary="Set how many of an item",
    body=ItemPatch,
    answer=CartView,
    errors=(Invalid, NotFound),
)
async def change_cart_item(request: Request, item_id: UUID, *, body: ItemPatch) -> CartView:
    terms = terms_of(context(request).settings)
    demand_quantity(body.quantity, terms.quantity_max)
    shopper = shopper_of(request)
    await change_item(shopper, item_id, quantity=body.quantity)
    return await read_cart(shopper, terms)


@endpoint(
    blueprint,
    "DELETE",
    "/api/v1/cart/items/<item_id:uuid>",
    summary="Take an item out of the cart",
    answer=CartView,
    errors=(NotFound,),
)
async def remove_from_cart(request: Request, item_id: UUID) -> CartView:
    shopper = shopper_of(request)
    await remove_item(shopper, item_id)
    return await read_cart(shopper, terms_of(context(request).settings))


def demand_quantity(quantity: int, quantity_max: int) -> None:
    if quantity > quantity_max:
        raise Invalid.field("quantity", f"wants a whole number from 1 to {quantity_max}")
