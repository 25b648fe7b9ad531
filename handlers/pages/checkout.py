"""From cart to payment page: the API's own functions behind a form, whose hidden key makes a second click harmless."""

from typing import Any
from uuid import UUID

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse

from handlers.checkout import open_new
from handlers.pages import flash
from handlers.pages.cart_view import cart_view
from handlers.pages.forms import errors_of
from handlers.pages.shell import Form, go, page, personal, render
from handlers.pages.shop import shop_page
from handlers.shopper import shopper_of, terms_of
from models.basket import Place
from models.cart_view import read_cart
from models.cash import cash_allowed_for_cart, confirm_cash
from models.checkout import NewOrder, Wish, place_order
from models.delivery import REGIONS, Contact, Delivery, check_contact
from models.errors import Conflict, Invalid, NotFound, OutOfStock
from models.order_view import read_order
from models.profile import SavedAddress, get_address, keep_address, list_addresses
from models.shipping import PIN_CODE
from models.sign_in import get_profile
from server.auth import new_secret
from server.http import context

blueprint = Blueprint("checkout_pages")
FIELDS = ("email", "phone", "name", "line1", "line2", "city", "region", "pin_code", "address_id", "save_address")
SOLD = "Somebody else was faster. Nothing was ordered and nothing was charged."
CHANGED = "The total changed while you were here. Nothing was ordered: look at the new one, and order if it suits you."
OTHER_GOODS = (
    "What is in your cart changed while you were here. Nothing was ordered: look at it, and order if it suits you."
)
AT_WORK = "Your order is being placed this very moment. Press once more in a second: it stays one order."
SAID = {"price_changed": CHANGED, "goods_changed": OTHER_GOODS, "in_flight": AT_WORK}
"""In place of what the API says, by the code of the error."""

SPENT = ("key_reused", "key_expired", "form_key")
"""Codes of keys that no order can be placed with any more: the form gets a new one."""
OUT_OF_DATE = "This page is out of date. Please check the form and send it again."
REGION_OPTIONS = [(name, name) for name in sorted(REGIONS)]


@page(blueprint, "GET", "/checkout")
async def checkout(request: Request) -> HTTPResponse:
    if not (await read_cart(shopper_of(request), terms_of(context(request).settings))).ready:
        return go(request, "/cart")
    form = {**dict.fromkeys(FIELDS, ""), "save_address": "1"}
    if request.ctx.caller:
        form["email"] = (await get_profile(context(request).keyring, request.ctx.caller.user_id)).email
        if known := await _addresses(request):
            form["address_id"], form["phone"] = str(known[0].id), known[0].delivery.phone
    return await _form(request, form, {}, key=new_secret())


@page(blueprint, "GET", "/checkout/summary")
async def summary(request: Request) -> HTTPResponse:
    """The sums for another address, while the form is being filled in."""
    asked = {name: request.args.get(name, "")[:64] for name in ("pin_code", "region", "address_id")}
    terms = terms_of(context(request).settings)
    cart = await read_cart(shopper_of(request), terms, await _place(request, asked))
    return personal(render(request, "shop/_summary.html", cart=cart_view(cart)))


@page(blueprint, "POST", "/checkout", limit="default")
async def place(request: Request, *, form: Form) -> HTTPResponse:
    shared, key = context(request), form.get("idempotency_key", "")
    try:
        contact = await _contact(request, form)
        seen = {f"{name}_seen_minor": _amount_seen(form, f"{name}_minor") for name in ("total", "payable")}
        goods = form.get("goods_mark") or None
        wish = Wish(key=_demand_key(key), contact=contact, goods_seen=goods, **seen)
        placed = await place_order(shopper_of(request), wish, terms=terms_of(shared.settings), keyring=shared.keyring)
    except OutOfStock:
        return await _again(request, form, {"": SOLD})
    except Conflict as error:
        if error.code == "pending_order" and error.fields:
            return flash.leave(request, go(request, f"/orders/{error.fields[0].detail}"), "pending-order")
        return await _again(request, form, {"": SAID.get(error.code, f"{error.detail} Nothing was ordered.")})
    except (Invalid, NotFound) as error:
        if error.code in SPENT:
            return await _again(request, {**form, "idempotency_key": ""}, {"": OUT_OF_DATE})
        return await _again(request, form, errors_of(error))
    if form.get("save_address") and request.ctx.caller:
        await _keep(request, contact.delivery)
    if form.get("pay") == "cash":
        return await _pay_in_cash(request, placed)
    if isinstance(placed, NewOrder):
        number = (await open_new(shared, placed, contact.email)).number
    else:
        number = (await read_order(placed, keyring=shared.keyring)).number
    return go(request, f"/orders/{number}/pay")


async def _pay_in_cash(request: Request, placed: NewOrder | UUID) -> HTTPResponse:
    """Where it is not allowed after all, the order waits, and its page offers what is."""
    shared, order_id = context(request), placed.order_id if isinstance(placed, NewOrder) else placed
    number = (await read_order(order_id, keyring=shared.keyring)).number
    back = go(request, f"/orders/{number}")
    try:
        await confirm_cash(order_id, limit_minor=shared.settings.checkout.cash_limit_minor)
    except Conflict:
        return flash.leave(request, back, "no-cash")
    return back


async def _again(request: Request, form: Form, errors: dict[str, str]) -> HTTPResponse:
    known = {name: form.get(name, "") for name in FIELDS}
    return await _form(request, known, errors, key=form.get("idempotency_key") or new_secret())


async def _form(request: Request, form: Form, errors: dict[str, str], *, key: str) -> HTTPResponse:
    terms = terms_of(context(request).settings)
    cart = await read_cart(shopper_of(request), terms, await _place(request, form))
    if not cart.items:
        return go(request, "/cart")
    limit, owner = context(request).settings.checkout.cash_limit_minor, shopper_of(request).owner
    cash = cart.ready and not cart.gift_card_minor
    return await shop_page(
        request,
        "shop/checkout.html",
        422 if errors else 200,
        cart=cart_view(cart),
        cash=cash and await cash_allowed_for_cart(owner, cart.total_minor, limit_minor=limit),
        idempotency_key=key,
        form=form,
        errors=errors,
        addresses=[_address(saved) for saved in await _addresses(request)],
        regions=REGION_OPTIONS,
        signed_in=request.ctx.caller is not None,
    )


async def _place(request: Request, form: Form) -> Place:
    """The chosen address, or what is typed so far; what is no pin code yet counts for nothing."""
    if form.get("address_id") and request.ctx.caller:
        for saved in await _addresses(request):
            if str(saved.id) == form["address_id"]:
                return Place(saved.delivery.pin_code, saved.delivery.region)
    pin_code, region = form.get("pin_code", "").replace(" ", ""), form.get("region", "")
    return Place(pin_code if PIN_CODE.fullmatch(pin_code) else "", region if region in REGIONS else "")


async def _contact(request: Request, form: Form) -> Contact:
    """What was typed, or the chosen address with the number that was typed. Raises Invalid, NotFound."""
    keyring, phone = context(request).keyring, form.get("phone", "")
    if form.get("address_id") and request.ctx.caller:
        saved = await get_address(request.ctx.caller.user_id, _uuid(form["address_id"]), keyring=keyring)
        fields = {name: getattr(saved.delivery, name) for name in saved.delivery.__struct_fields__}
        delivery = Delivery(**{**fields, "phone": phone or fields["phone"]})
    else:
        delivery = Delivery(
            name=form.get("name", ""),
            phone=phone,
            line1=form.get("line1", ""),
            line2=form.get("line2", ""),
            city=form.get("city", ""),
            region=form.get("region", ""),
            pin_code=form.get("pin_code", ""),
        )
    return check_contact(form.get("email", ""), delivery)


async def _keep(request: Request, delivery: Delivery) -> None:
    """The order stands; an address book that is full is no reason to fail."""
    try:
        await keep_address(request.ctx.caller.user_id, delivery, keyring=context(request).keyring)
    except Invalid:
        return


async def _addresses(request: Request) -> list[SavedAddress]:
    caller = request.ctx.caller
    return await list_addresses(caller.user_id, keyring=context(request).keyring) if caller else []


def _address(saved: SavedAddress) -> dict[str, Any]:
    fields = {name: getattr(saved.delivery, name) for name in saved.delivery.__struct_fields__}
    return {"id": str(saved.id), **fields}


def _demand_key(key: str) -> str:
    if not (0 < len(key) <= 64 and key.isascii() and key.isprintable() and " " not in key):
        raise Invalid(OUT_OF_DATE, code="form_key")
    return key


def _amount_seen(form: Form, name: str) -> int | None:
    text = form.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 16 else None


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise NotFound("You have no such address.") from error
