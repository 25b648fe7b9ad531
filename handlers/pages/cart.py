"""The cart's page, and the forms that fill and change it; each works without scripts too."""

from collections.abc import Awaitable
from typing import NamedTuple
from uuid import UUID

import msgspec
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse

from handlers.cart import CodeBody, demand_quantity
from handlers.pages import csrf, flash
from handlers.pages.cart_view import cart_view
from handlers.pages.forms import errors_of, read_form
from handlers.pages.shell import Form, go, page, personal, render, wants_fragment
from handlers.pages.shop import shop_page
from handlers.shopper import COOKIE, COOKIE_TTL_S, shopper_of, shopper_with_cart, terms_of
from models.basket import Shopper
from models.cart import add_item, change_item, remove_item, save_item, set_place
from models.cart_offers import drop_coupon, drop_gift_card, enter_coupon, enter_gift_card
from models.cart_view import read_cart
from models.errors import Invalid, NotFound
from server.auth import set_cookie
from server.http import context

blueprint = Blueprint("cart_pages")
CHANGED = {"HX-Trigger": "cart-changed"}
OF_CODES = ("coupon_unknown", "coupon_over", "gift_card")
"""Codes of errors whose detail is said of the code that was typed."""


class NewItem(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    variant_id: UUID
    quantity: int = 1


class Step(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`step` is the button that was pressed: one more or one less than `quantity`."""

    quantity: int
    step: int = 0


class Wrong(NamedTuple):
    """What was typed into one of the summary's fields, and why it cannot be."""

    field: str
    value: str
    detail: str


@page(blueprint, "GET", "/cart")
async def cart(request: Request) -> HTTPResponse:
    terms = terms_of(context(request).settings)
    view = cart_view(await read_cart(shopper_of(request), terms))
    return await shop_page(request, "shop/cart.html", cart=view, wrong=None, suggested=[])


@page(blueprint, "POST", "/cart/items", limit="default")
async def add(request: Request, *, form: Form) -> HTTPResponse:
    settings = context(request).settings
    quantity_max = settings.checkout.quantity_max
    item = read_form(form, NewItem)
    demand_quantity(item.quantity, quantity_max)
    shopper, token = shopper_with_cart(request)
    await add_item(shopper, item.variant_id, quantity=item.quantity, quantity_max=quantity_max)
    if wants_fragment(request):
        response = personal(render(request, "fragments/toast.html", flash=flash.MESSAGES["added"]), headers=CHANGED)
    else:
        response = flash.leave(request, go(request, "/cart"), "added")
    if token:
        set_cookie(response, settings, COOKIE, token, ttl_s=COOKIE_TTL_S)
    return response


@page(blueprint, "POST", "/cart/items/<item_id:uuid>", limit="default")
async def change(request: Request, item_id: UUID, *, form: Form) -> HTTPResponse:
    wanted = read_form(form, Step)
    quantity = max(1, wanted.quantity + wanted.step)
    demand_quantity(quantity, context(request).settings.checkout.quantity_max)
    return await _after(request, change_item(shopper_of(request), item_id, quantity=quantity))


@page(blueprint, "POST", "/cart/items/<item_id:uuid>/remove", limit="default")
async def remove(request: Request, item_id: UUID, **_: Form) -> HTTPResponse:
    return await _after(request, remove_item(shopper_of(request), item_id))


@page(blueprint, "POST", "/cart/items/<item_id:uuid>/save", limit="default")
async def save(request: Request, item_id: UUID, **_: Form) -> HTTPResponse:
    return await _after(request, save_item(shopper_of(request), item_id, for_later=True))


@page(blueprint, "POST", "/cart/items/<item_id:uuid>/restore", limit="default")
async def restore(request: Request, item_id: UUID, **_: Form) -> HTTPResponse:
    return await _after(request, save_item(shopper_of(request), item_id, for_later=False))


@page(blueprint, "POST", "/cart/place", limit="default")
async def place(request: Request, *, form: Form) -> HTTPResponse:
    pin_code = form.get("pin_code", "").strip()
    try:
        await set_place(_own(request), pin_code, "")
    except Invalid as error:
        return await _changed(request, Wrong("pin_code", pin_code, errors_of(error).get("pin_code", error.detail)))
    return await _changed(request)


@page(blueprint, "POST", "/cart/coupons", limit="default")
async def add_coupon(request: Request, *, form: Form) -> HTTPResponse:
    code = form.get("code", "").strip()[:40]
    try:
        await enter_coupon(_own(request), read_form(form, CodeBody).code)
    except Invalid as error:
        return await _changed(request, Wrong("coupon", code, _sentence(code.upper(), error)))
    return await _changed(request)


@page(blueprint, "POST", "/cart/coupons/<coupon_id:uuid>/remove", limit="default")
async def remove_coupon(request: Request, coupon_id: UUID, **_: Form) -> HTTPResponse:
    await drop_coupon(shopper_of(request), coupon_id)
    return await _changed(request)


@page(blueprint, "POST", "/cart/gift-cards", limit="gift_card")
async def add_gift_card(request: Request, *, form: Form) -> HTTPResponse:
    code = form.get("code", "").strip()[:40]
    try:
        await enter_gift_card(_own(request), read_form(form, CodeBody).code)
    except Invalid as error:
        return await _changed(request, Wrong("gift-card", code, _sentence("This", error)))
    return await _changed(request)


@page(blueprint, "POST", "/cart/gift-cards/<card_id:uuid>/remove", limit="default")
async def remove_gift_card(request: Request, card_id: UUID, **_: Form) -> HTTPResponse:
    await drop_gift_card(shopper_of(request), card_id)
    return await _changed(request)


def _own(request: Request) -> Shopper:
    """Offers go onto a cart that is there. Raises NotFound."""
    shopper = shopper_of(request)
    if not (shopper.user_id or shopper.token_hash):
        raise NotFound("Your cart is empty.")
    return shopper


def _sentence(subject: str, error: Invalid) -> str:
    """A domain error says what the code is, or wants; the field says it of the code that was typed."""
    detail = error.fields[0].detail if error.code in OF_CODES else "is no code of this shop; look at the spelling"
    return f"{subject} {detail}."


async def _after(request: Request, change: Awaitable[None]) -> HTTPResponse:
    """The cart after the change of an item; where another tab took it out, a word about that too."""
    try:
        await change
    except NotFound:
        if not wants_fragment(request):
            raise
        return await _changed(request, said="item-gone")
    return await _changed(request)


async def _changed(request: Request, wrong: Wrong | None = None, *, said: str = "") -> HTTPResponse:
    """The cart as it is now; with `wrong`, what was typed and what is wrong with it, beside its field.

    `said`: the code of a message that comes along with the part of the page.
    """
    fragment = wants_fragment(request)
    if not fragment and not wrong:
        return go(request, "/cart")
    terms = terms_of(context(request).settings)
    view, status = cart_view(await read_cart(shopper_of(request), terms)), 422 if wrong else 200
    if not fragment:
        return await shop_page(request, "shop/cart.html", status, cart=view, wrong=wrong, suggested=[])
    body = render(request, "shop/_cart.html", cart=view, wrong=wrong, csrf_token=csrf.token_for(request))
    toast = render(request, "fragments/toast.html", flash=flash.MESSAGES[said]) if said else ""
    return personal(body + toast, status, CHANGED)
