"""An order's page for those who may see it: its user, the holder of its cart, or who knows its number and e-mail."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, empty

from handlers.orders import own_order
from handlers.pages import csrf, flash
from handlers.pages.forms import errors_of
from handlers.pages.order_view import mark_of, order_view
from handlers.pages.pictures import picture_url
from handlers.pages.seller_orders import units_in
from handlers.pages.shell import Form, go, page, personal, render, wants_fragment
from handlers.pages.shop import shop_page
from handlers.paying import open_order
from handlers.shopper import shopper_of, terms_of
from models.cancellation import cancel_for_buyer
from models.cart_view import read_cart
from models.cash import cash_allowed, confirm_cash
from models.errors import Conflict, Invalid, NotFound
from models.order_view import OrderView, get_payment
from models.payment import ensure_payment
from models.returns import list_returnable, read_reason, request_return
from models.review import may_review
from server.auth import cookie_name, set_cookie
from server.http import context
from web.filters import options_text

blueprint = Blueprint("order_pages")
COOKIE = "look_up"
LOOK_UP_TTL_S = 3600
RETURN_REASONS = [
    ("damaged", "It came damaged"),
    ("wrong_item", "It is not what I ordered"),
    ("not_as_described", "It is not as described"),
    ("changed_mind", "I changed my mind"),
]
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
    sealed = shared.keyring.seal_cookie(COOKIE, email)
    set_cookie(response, shared.settings, COOKIE, sealed, ttl_s=LOOK_UP_TTL_S)
    return response


@page(blueprint, "GET", "/orders/<number:str>")
async def order(request: Request, number: str) -> HTTPResponse:
    fragment = wants_fragment(request)
    try:
        if fragment and await _is_seen(request, number):
            return empty(204)
        found = await _own(request, number)
    except NotFound:
        if request.ctx.caller:
            raise
        return go(request, f"/orders/look-up?number={number[:40]}")
    if not fragment:
        return await shop_page(request, "shop/order.html", order=await _view(request, found))
    body = render(request, "shop/_order.html", order=await _view(request, found), csrf_token=csrf.token_for(request))
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
    await cancel_for_buyer(found.id)
    if found.state == "pending":
        kept = (await read_cart(shopper_of(request), terms_of(context(request).settings))).items
        return flash.leave(
            request, go(request, f"/orders/{found.number}"), "order-cancelled" if kept else "order-ended"
        )
    return _cancelled(request, found)


@page(blueprint, "POST", "/orders/<number:str>/shipments/<shipment_id:uuid>/cancel", limit="default")
async def cancel_parcel(request: Request, number: str, shipment_id: UUID, **_: Form) -> HTTPResponse:
    found = await _own(request, number)
    await cancel_for_buyer(found.id, shipment_id)
    return _cancelled(request, found)


def _cancelled(request: Request, found: OrderView) -> HTTPResponse:
    code = "cash-cancel" if found.payment_kind == "cash" else "parcel-cancel"
    return flash.leave(request, go(request, f"/orders/{found.number}"), code)


@page(blueprint, "POST", "/orders/<number:str>/cash", limit="default")
async def pay_in_cash(request: Request, number: str, **_: Form) -> HTTPResponse:
    found = await _own(request, number)
    await confirm_cash(found.id, limit_minor=context(request).settings.checkout.cash_limit_minor)
    return go(request, f"/orders/{found.number}")


@page(blueprint, "GET", "/orders/<number:str>/return")
async def return_form(request: Request, number: str) -> HTTPResponse:
    return await _return_form(request, await _own(request, number), {}, {})


@page(blueprint, "POST", "/orders/<number:str>/return", limit="default")
async def ask_return(request: Request, number: str, *, form: Form) -> HTTPResponse:
    found = await _own(request, number)
    try:
        await request_return(
            found.id,
            units_in(form),
            reason=read_reason(form.get("reason", "")),
            comment=form.get("comment", ""),
            window=timedelta(days=context(request).settings.checkout.return_days),
        )
    except (Invalid, Conflict) as error:
        return await _return_form(request, found, form, {"": " ".join(errors_of(error).values())})
    return flash.leave(request, go(request, f"/orders/{found.number}"), "return-asked")


async def _return_form(request: Request, found: OrderView, form: Form, errors: dict[str, str]) -> HTTPResponse:
    days = context(request).settings.checkout.return_days
    free = await list_returnable(found.id, window=timedelta(days=days))
    lines = [
        {
            "id": str(line.id),
            "name": line.name,
            "options": options_text(line.options),
            "picture": picture_url(line.image_key),
            "left": free[line.id],
        }
        for line in found.lines
        if free.get(line.id, 0) > 0
    ]
    if not lines and not errors:
        return flash.leave(request, go(request, f"/orders/{found.number}"), "nothing-returnable")
    return await shop_page(
        request,
        "shop/return.html",
        422 if errors else 200,
        order={"number": found.number, "url": f"/orders/{found.number}", "currency": found.currency},
        lines=lines,
        reasons=RETURN_REASONS,
        days=days,
        form=form,
        errors=errors,
    )


async def _view(request: Request, found: OrderView) -> dict[str, Any]:
    """The order in words, with what can be done about it."""
    rules, caller = context(request).settings.checkout, request.ctx.caller
    cash = found.state == "pending" and await cash_allowed(found.id, limit_minor=rules.cash_limit_minor)
    slugs = [line.product_slug for line in found.lines] if any(s.delivered_at for s in found.shipments) else []
    reviewable = await may_review(caller.user_id, slugs) if caller and slugs else set[str]()
    return order_view(found, cash=cash, return_days=rules.return_days, reviewable=reviewable)


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
    return await own_order(request, number, _proved(request))


async def _is_seen(request: Request, number: str) -> bool:
    """Whether the page that polls shows all there is, for a fraction of the whole order's cost. Raises NotFound."""
    if not (seen := request.args.get("seen")):
        return False
    keyring = context(request).keyring
    found = await get_payment(number, shopper_of(request), keyring=keyring, email=_proved(request))
    return bool(seen == mark_of(found.order_state, found.payment))


def _proved(request: Request) -> str | None:
    """The e-mail that a look-up proved within the hour."""
    shared = context(request)
    sealed = request.cookies.get(cookie_name(shared.settings, COOKIE))
    return shared.keyring.open_cookie(COOKIE, sealed, ttl_s=LOOK_UP_TTL_S) if sealed else None
