"""Coupons, gift cards and delivery charges on both dashboards: the operator's for the shop, a seller's for its own."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import msgspec
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse

from handlers.pages import flash
from handlers.pages.admin_frame import admin_page, numbers_of
from handlers.pages.forms import errors_of, read_money
from handlers.pages.seller import seller_page
from handlers.pages.shell import Form, go, page
from models.carriage import ZONES, RateInput, drop_rate, list_rates, set_rate
from models.coupon import CouponInput, create_coupon, list_coupons, switch_coupon
from models.errors import DomainError, FieldError, Invalid
from models.gift_card import issue_gift_card, list_gift_cards, switch_gift_card
from models.seller import take_cash, takes_cash
from server.auth import Access
from server.decode import decode_json
from server.http import context

blueprint = Blueprint("offer_pages")
Handler = Callable[..., Awaitable[HTTPResponse]]
KINDS = [("percent", "Percent off"), ("amount", "Amount off"), ("free_shipping", "Free delivery")]
ZONE_NAMES = {
    "local": "The seller's own district",
    "metro": "Big cities",
    "national": "The rest of India",
    "remote": "Hills, islands, north-east",
}
NUMBERS = ("total_limit", "buyer_limit", "base_grams", "step_grams", "days_min", "days_max")
STANDINGS = {
    "on": ("On", "good"),
    "off": ("Off", ""),
    "not_yet": ("Not begun", ""),
    "ended": ("Ended", ""),
    "used_up": ("Used up", ""),
}
AMOUNTS = ("cap_minor", "minimum_minor", "flat_minor", "step_minor", "free_over_minor")


def both(method: str, suffix: str) -> Callable[[Handler], Handler]:
    """One page at the operator's path and at the seller's."""

    def register(handler: Handler) -> Handler:
        for who, access in (("admin", Access.ADMIN), ("seller", Access.MONEY)):

            async def call(request: Request, **arguments: Any) -> HTTPResponse:
                return await handler(request, **arguments)

            call.__name__ = f"{who}_{handler.__name__}"
            page(blueprint, method, f"/{who}/{suffix}", access=access, limit="seller")(call)
        return handler

    return register


@both("GET", "coupons")
async def coupons(request: Request) -> HTTPResponse:
    return await _coupons(request, {}, {})


@both("POST", "coupons")
async def add_coupon(request: Request, *, form: Form) -> HTTPResponse:
    try:
        wanted = read_typed({**form, "value": _value(form)}, CouponInput)
        await create_coupon(wanted, seller_id=_mine(request), actor_id=request.ctx.caller.user_id)
    except DomainError as error:
        return await _coupons(request, form, errors_of(error))
    return flash.leave(request, go(request, f"{_base(request)}/coupons"), "coupon-made")


@both("POST", "coupons/<coupon_id:uuid>")
async def switch(request: Request, coupon_id: UUID, *, form: Form) -> HTTPResponse:
    await switch_coupon(
        coupon_id, active=form.get("active") == "1", seller_id=_mine(request), actor_id=request.ctx.caller.user_id
    )
    return go(request, f"{_base(request)}/coupons")


@both("GET", "shipping")
async def shipping(request: Request) -> HTTPResponse:
    return await _shipping(request, {}, {})


@both("POST", "shipping")
async def change_rate(request: Request, *, form: Form) -> HTTPResponse:
    try:
        await set_rate(_mine(request), read_typed(form, RateInput), actor_id=request.ctx.caller.user_id)
    except DomainError as error:
        return await _shipping(request, form, errors_of(error))
    return flash.leave(request, go(request, f"{_base(request)}/shipping"), "rate-set")


@both("POST", "shipping/<zone:str>/remove")
async def remove_rate(request: Request, zone: str, **_: Form) -> HTTPResponse:
    await drop_rate(_mine(request), zone, actor_id=request.ctx.caller.user_id)
    return go(request, f"{_base(request)}/shipping")


@page(blueprint, "GET", "/seller/cash", access=Access.MONEY, limit="seller")
async def cash(request: Request) -> HTTPResponse:
    """Whoever reloads what the form was sent to."""
    return go(request, "/seller/shipping#cash")


@page(blueprint, "POST", "/seller/cash", access=Access.MONEY, limit="seller")
async def set_cash(request: Request, *, form: Form) -> HTTPResponse:
    actor_id = request.ctx.caller.user_id
    await take_cash(request.ctx.caller.seller_id, allowed=bool(form.get("allowed")), actor_id=actor_id)
    return flash.leave(request, go(request, "/seller/shipping"), "profile-saved")


@page(blueprint, "GET", "/admin/gift-cards", access=Access.ADMIN, limit="seller")
async def gift_cards(request: Request) -> HTTPResponse:
    return await _gift_cards(request, errors={}, issued=None)


@page(blueprint, "POST", "/admin/gift-cards", access=Access.ADMIN, limit="seller")
async def issue(request: Request, *, form: Form) -> HTTPResponse:
    """The code is on this answer and nowhere else."""
    currency, actor_id = context(request).settings.site.currency, request.ctx.caller.user_id
    try:
        amount = read_money("amount", form.get("amount", ""))
        issued = await issue_gift_card(amount_minor=amount, currency=currency, actor_id=actor_id)
    except Invalid as error:
        fields = [field._replace(field="amount") for field in error.fields]
        return await _gift_cards(request, errors=errors_of(Invalid(error.detail, fields=fields)), issued=None)
    return await _gift_cards(request, errors={}, issued=issued)


@page(blueprint, "POST", "/admin/gift-cards/<card_id:uuid>", access=Access.ADMIN, limit="seller")
async def switch_card(request: Request, card_id: UUID, *, form: Form) -> HTTPResponse:
    await switch_gift_card(card_id, active=form.get("active") == "1", actor_id=request.ctx.caller.user_id)
    return go(request, "/admin/gift-cards")


def read_typed(form: Form, kind: Any) -> Any:
    """A form as the API's own body: rupees to minor units, times of India, empty fields left out. Raises Invalid."""
    body: dict[str, Any] = {}
    for name, typed in form.items():
        text = typed.strip()
        if not text:
            continue
        if name in AMOUNTS:
            body[name] = 0 if text == "0" else read_money(name, text)
        elif name in NUMBERS or name == "value":
            body[name] = _whole(name, text)
        elif name in ("starts_at", "ends_at"):
            body[name] = f"{text}:00+05:30"
        else:
            body[name] = text == "1" if name == "stackable" else text
    return decode_json(msgspec.json.encode(body), kind)


def _value(form: Form) -> str:
    """Percent as basis points, an amount as minor units."""
    text, kind = form.get("value", "").strip().removesuffix("%").strip(), form.get("kind")
    if not text or kind == "free_shipping":
        return ""
    try:
        return str(read_money("value", text))
    except Invalid as error:
        if kind != "percent":
            raise
        raise Invalid.field("value", "wants a percentage from 0.01 to 100") from error


def _whole(name: str, text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise Invalid(f"{name}: not a number", fields=[FieldError(name, "write a whole number")])
    return int(text)


def _mine(request: Request) -> UUID | None:
    """The seller whose own they are; None on the operator's paths."""
    if request.path.startswith("/admin"):
        return None
    seller_id: UUID = request.ctx.caller.seller_id
    return seller_id


def _base(request: Request) -> str:
    return "/admin" if request.path.startswith("/admin") else "/seller"


async def _desk(request: Request, template: str, errors: dict[str, str], **values: Any) -> HTTPResponse:
    status = 422 if errors else 200
    shown = {"base": _base(request), "currency": context(request).settings.site.currency, "errors": errors, **values}
    if request.path.startswith("/admin"):
        return await admin_page(request, template, await numbers_of(request), status, **shown)
    return await seller_page(request, template, status, **shown)


async def _coupons(request: Request, form: Form, errors: dict[str, str]) -> HTTPResponse:
    found = await list_coupons(seller_id=_mine(request))
    return await _desk(request, "desk/coupons.html", errors, coupons=found, standings=STANDINGS, kinds=KINDS, form=form)


async def _shipping(request: Request, form: Form, errors: dict[str, str]) -> HTTPResponse:
    rates = await list_rates(_mine(request))
    zones, seller_id = [(zone, ZONE_NAMES[zone]) for zone in ZONES], _mine(request)
    shown = {"rates": rates, "zones": zones, "names": ZONE_NAMES, "form": form}
    cash = await takes_cash(seller_id) if seller_id else None
    return await _desk(request, "desk/shipping.html", errors, cash=cash, **shown)


async def _gift_cards(request: Request, *, errors: dict[str, str], issued: Any) -> HTTPResponse:
    return await _desk(request, "admin/gift_cards.html", errors, cards=await list_gift_cards(), issued=issued)
