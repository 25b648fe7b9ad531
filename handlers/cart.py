"""The cart over the API, for users and guests alike; every answer is the whole cart at current prices."""

from typing import Annotated
from uuid import UUID

import msgspec
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse

from handlers.shopper import give_token, shopper_of, shopper_with_cart, terms_of
from models.basket import Shopper
from models.cart import add_item, change_item, remove_item, save_item, set_place
from models.cart_offers import drop_coupon, drop_gift_card, enter_coupon, enter_gift_card
from models.cart_view import CartView, read_cart
from models.errors import Invalid, NotFound
from server.http import answer, context, endpoint

blueprint = Blueprint("cart")

Quantity = Annotated[int, msgspec.Meta(ge=1, le=1000)]


class NewItem(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    variant_id: UUID
    quantity: Quantity = 1


class CodeBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    code: Annotated[str, msgspec.Meta(min_length=3, max_length=40)]


class PlaceBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`region`: the state or union territory by name; it decides between CGST with SGST and IGST."""

    pin_code: Annotated[str, msgspec.Meta(max_length=10)]
    region: Annotated[str, msgspec.Meta(max_length=64)] = ""


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


@endpoint(
    blueprint,
    "POST",
    "/api/v1/cart/items/<item_id:uuid>/save",
    summary="Put an item aside for later",
    answer=CartView,
    errors=(NotFound,),
)
async def save_for_later(request: Request, item_id: UUID) -> CartView:
    await save_item(shopper_of(request), item_id, for_later=True)
    return await _cart(request)


@endpoint(
    blueprint,
    "POST",
    "/api/v1/cart/items/<item_id:uuid>/restore",
    summary="Put a saved item back into the cart",
    answer=CartView,
    errors=(NotFound,),
)
async def restore_to_cart(request: Request, item_id: UUID) -> CartView:
    await save_item(shopper_of(request), item_id, for_later=False)
    return await _cart(request)


@endpoint(
    blueprint,
    "PUT",
    "/api/v1/cart/place",
    summary="Where the cart would go: for carriage, days to the door and taxes",
    body=PlaceBody,
    answer=CartView,
    errors=(Invalid,),
)
async def place_of_cart(request: Request, *, body: PlaceBody) -> HTTPResponse:
    shopper, token = shopper_with_cart(request)
    await set_place(shopper, body.pin_code, body.region)
    return await _whole(request, shopper, token)


@endpoint(
    blueprint,
    "POST",
    "/api/v1/cart/coupons",
    summary="Enter a coupon; the cart says what it takes off, or what it still wants",
    body=CodeBody,
    answer=CartView,
    errors=(Invalid,),
)
async def add_coupon(request: Request, *, body: CodeBody) -> HTTPResponse:
    shopper, token = shopper_with_cart(request)
    await enter_coupon(shopper, body.code)
    return await _whole(request, shopper, token)


@endpoint(
    blueprint,
    "DELETE",
    "/api/v1/cart/coupons/<coupon_id:uuid>",
    summary="Take a coupon off the cart",
    answer=CartView,
    errors=(NotFound,),
)
async def remove_coupon(request: Request, coupon_id: UUID) -> CartView:
    await drop_coupon(shopper_of(request), coupon_id)
    return await _cart(request)


@endpoint(
    blueprint,
    "POST",
    "/api/v1/cart/gift-cards",
    summary="Pay with a gift card, as far as it goes",
    limit="gift_card",
    body=CodeBody,
    answer=CartView,
    errors=(Invalid,),
)
async def add_gift_card(request: Request, *, body: CodeBody) -> HTTPResponse:
    shopper, token = shopper_with_cart(request)
    await enter_gift_card(shopper, body.code)
    return await _whole(request, shopper, token)


@endpoint(
    blueprint,
    "DELETE",
    "/api/v1/cart/gift-cards/<card_id:uuid>",
    summary="Take a gift card off the cart",
    answer=CartView,
    errors=(NotFound,),
)
async def remove_gift_card(request: Request, card_id: UUID) -> CartView:
    await drop_gift_card(shopper_of(request), card_id)
    return await _cart(request)


async def _cart(request: Request) -> CartView:
    return await read_cart(shopper_of(request), terms_of(context(request).settings))


async def _whole(request: Request, shopper: Shopper, token: str | None) -> HTTPResponse:
    settings = context(request).settings
    return give_token(answer(await read_cart(shopper, terms_of(settings)), 200), settings, token)


def demand_quantity(quantity: int, quantity_max: int) -> None:
    if quantity > quantity_max:
        raise Invalid.field("quantity", f"wants a whole number from 1 to {quantity_max}")
