"""An order's page for those who may see it: its user, the holder of its cart, or who knows its number and e-mail."""

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, empty

from handlers.orders import own_order
from handlers.pages import csrf, flash
from handlers.pages.order_view import mark_of, order_view
from handlers.pages.shell import Form, go, page, personal, render, wants_fragment
from handlers.pages.shop import shop_page
from handlers.paying import open_order
from models.closing import cancel_order
from models.errors import Conflict, NotFound
from models.keyring import Keyring
from models.order_view import OrderView
from models.payment import ensure_payment
from server.auth import cookie_name, set_cookie
from server.http import context

blueprint = Blueprint("order_pages")
COOKIE = "look_up"
LOOK_UP_TTL_S = 3600
UNKNOWN = "No order has this number and e-mail. Both are in the mail that confirmed it."


@page(blueprint, "GET", "/orders")
async def orders(request: Request) -> HTTPResponse:
    return go(request, "/account/orders" if request.ctx.caller else "/orders/look-up")


@page(blueprint, "GET", "/orders/look-up")
async def look_up_form(request: Request) -> HTTPResponse:
    form = {"number": request.args.get("number", "")[:40], "email": ""}
    return await shop_page(request, "shop/look_up.html", form=form, errors={})


@page(blueprint, "POST", "/orders/look-up", limit="auth")
async def look_up(request: Request, *, form: Form) -> HTTPResponse:
    shared = context(request)
    number, email = form.get("number", "").strip()[:40], form.get("email", "").strip()[:254]
    try:
        order = await own_order(request, number, email or None)
    except NotFound:
        form = {"number": number, "email": email}
        return await shop_page(request, "shop/look_up.html", 404, form=form, errors={"": UNKNOWN})
    response = go(request, f"/orders/{order.number}")
    sealed = urlsafe_b64encode(shared.keyring.encrypt(email)).decode()
    set_cookie(response, shared.settings, COOKIE, sealed, ttl_s=LOOK_UP_TTL_S)
    return response


@page(blueprint, "GET", "/orders/<number:str>")
async def order(request: Request, number: str) -> HTTPResponse:
    try:
        found = await _own(request, number)
    except NotFound:
        if request.ctx.caller:
            raise
        return go(request, f"/orders/look-up?number={number[:40]}")
    if not wants_fragment(request):
        return await shop_page(request, "shop/order.html", order=order_view(found))
    if request.args.get("seen") == mark_of(found):
        return empty(204)
    body = render(request, "shop/_order.html", order=order_view(found), csrf_token=csrf.token_for(request))
    return personal(body)


@page(blueprint, "POST", "/orders/<number:str>/pay", limit="default")
async def pay(request: Request, number: str, **_: Form) -> HTTPResponse:
    """A fresh attempt where the last one ended, then the page that leads to the gateway."""
    found = await _own(request, number)
    try:
        await ensure_payment(found.id)
    except Conflict:
        return go(request, f"/orders/{found.number}")
    return go(request, f"/orders/{found.number}/pay")


@page(blueprint, "POST", "/orders/<number:str>/cancel", limit="default")
async def cancel(request: Request, number: str, **_: Form) -> HTTPResponse:
    found = await _own(request, number)
    await cancel_order(found.id)
    return flash.leave(request, go(request, f"/orders/{found.number}"), "order-cancelled")


@page(blueprint, "GET", "/orders/<number:str>/pay")
async def pay_page(request: Request, number: str) -> HTTPResponse:
    found = await _own(request, number)
    answer = await open_order(context(request), found)
    if answer.state != "pending":
        return go(request, f"/orders/{found.number}")
    return await shop_page(request, "shop/pay.html", order=order_view(found), checkout=answer.payment.checkout)


async def own_order_page(request: Request, number: str) -> OrderView:
    """Raises NotFound, for a stranger's order as for one that never was."""
    return await _own(request, number)


async def _own(request: Request, number: str) -> OrderView:
    shared = context(request)
    sealed = request.cookies.get(cookie_name(shared.settings, COOKIE)) or ""
    return await own_order(request, number, _opened(shared.keyring, sealed))


def _opened(keyring: Keyring, sealed: str) -> str | None:
    """The e-mail that a look-up proved within the hour."""
    try:
        return keyring.decrypt(urlsafe_b64decode(sealed)) if sealed else None
    except (ValueError, binascii.Error):
        return None
