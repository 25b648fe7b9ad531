"""A shopper's account: orders, addresses, name."""

from typing import Any
from uuid import UUID

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse

from handlers.pages import flash
from handlers.pages.checkout import REGION_OPTIONS
from handlers.pages.desk import read_page
from handlers.pages.forms import errors_of
from handlers.pages.pictures import picture_url
from handlers.pages.shell import Form, go, page
from handlers.pages.shop import shop_page
from handlers.shopper import shopper_of
from models.delivery import Delivery, check_contact
from models.errors import Invalid
from models.order_view import OrderSummary, list_orders
from models.profile import (
    change_address,
    drop_address,
    get_address,
    joined_at,
    keep_address,
    list_addresses,
    make_default,
    rename,
)
from models.sign_in import get_profile
from server.auth import Access
from server.http import context

blueprint = Blueprint("account_pages")
PER_PAGE = 20
LABELS = {
    "pending": "To be paid",
    "confirmed": "Cash on delivery",
    "paid": "Paid",
    "expired": "Lapsed",
    "cancelled": "Cancelled",
    "refunded": "Refunded",
    "partly_refunded": "Partly refunded",
}
ADDRESS_FIELDS = ("name", "phone", "line1", "line2", "city", "region", "pin_code")


@page(blueprint, "GET", "/account", access=Access.USER)
async def account(request: Request) -> HTTPResponse:
    return go(request, "/account/orders")


@page(blueprint, "GET", "/account/orders", access=Access.USER)
async def orders(request: Request) -> HTTPResponse:
    number = read_page(request)
    found = await list_orders(shopper_of(request), limit=PER_PAGE + 1, offset=(number - 1) * PER_PAGE)
    pages = number + 1 if len(found) > PER_PAGE else number
    shown = [_summary(order) for order in found[:PER_PAGE]]
    return await section(request, "shop/account_orders.html", "orders", orders=shown, page=number, pages=pages)


@page(blueprint, "GET", "/account/addresses", access=Access.USER)
async def addresses(request: Request) -> HTTPResponse:
    return await _addresses(request, dict.fromkeys(ADDRESS_FIELDS, ""), {})


@page(blueprint, "POST", "/account/addresses", access=Access.USER, limit="default")
async def add_address(request: Request, *, form: Form) -> HTTPResponse:
    keyring, user_id = context(request).keyring, request.ctx.caller.user_id
    email = (await get_profile(keyring, user_id)).email
    given = {name: form.get(name, "") for name in ADDRESS_FIELDS}
    try:
        await keep_address(user_id, check_contact(email, Delivery(**given)).delivery, keyring=keyring)
    except Invalid as error:
        return await _addresses(request, given, errors_of(error))
    return flash.leave(request, go(request, "/account/addresses"), "address-kept")


@page(blueprint, "POST", "/account/addresses/<address_id:uuid>/remove", access=Access.USER, limit="default")
async def remove_address(request: Request, address_id: UUID, **_: Form) -> HTTPResponse:
    await drop_address(request.ctx.caller.user_id, address_id)
    return flash.leave(request, go(request, "/account/addresses"), "address-gone")


@page(blueprint, "POST", "/account/addresses/<address_id:uuid>/default", access=Access.USER, limit="default")
async def choose_address(request: Request, address_id: UUID, **_: Form) -> HTTPResponse:
    await make_default(request.ctx.caller.user_id, address_id)
    return flash.leave(request, go(request, "/account/addresses"), "address-default")


@page(blueprint, "GET", "/account/addresses/<address_id:uuid>", access=Access.USER)
async def edit_address(request: Request, address_id: UUID) -> HTTPResponse:
    saved = await get_address(request.ctx.caller.user_id, address_id, keyring=context(request).keyring)
    given = {name: getattr(saved.delivery, name) for name in ADDRESS_FIELDS}
    return await _addresses(request, given, {}, edited=address_id)


@page(blueprint, "POST", "/account/addresses/<address_id:uuid>", access=Access.USER, limit="default")
async def save_address(request: Request, address_id: UUID, *, form: Form) -> HTTPResponse:
    keyring, user_id = context(request).keyring, request.ctx.caller.user_id
    given = {name: form.get(name, "") for name in ADDRESS_FIELDS}
    try:
        email = (await get_profile(keyring, user_id)).email
        await change_address(user_id, address_id, check_contact(email, Delivery(**given)).delivery, keyring=keyring)
    except Invalid as error:
        return await _addresses(request, given, errors_of(error), edited=address_id)
    return flash.leave(request, go(request, "/account/addresses"), "address-kept")


@page(blueprint, "GET", "/account/profile", access=Access.USER)
async def profile(request: Request) -> HTTPResponse:
    found = await get_profile(context(request).keyring, request.ctx.caller.user_id)
    return await _profile(request, {"name": found.name}, {})


@page(blueprint, "POST", "/account/profile", access=Access.USER, limit="default")
async def save_profile(request: Request, *, form: Form) -> HTTPResponse:
    try:
        await rename(request.ctx.caller.user_id, form.get("name", ""))
    except Invalid as error:
        return await _profile(request, {"name": form.get("name", "")}, errors_of(error))
    return flash.leave(request, go(request, "/account/profile"), "profile-saved")


async def section(request: Request, template: str, section: str, /, status: int = 200, **values: Any) -> HTTPResponse:
    user_id = request.ctx.caller.user_id
    found = await get_profile(context(request).keyring, user_id)
    user = {"name": found.name, "email": found.email, "created_at": await joined_at(user_id)}
    return await shop_page(request, template, status, user=user, section=section, **values)


async def _addresses(
    request: Request, form: Form, errors: dict[str, str], *, edited: UUID | None = None
) -> HTTPResponse:
    kept = await list_addresses(request.ctx.caller.user_id, keyring=context(request).keyring)
    shown = [
        {
            "id": saved.id,
            "is_default": saved.is_default,
            **{name: getattr(saved.delivery, name) for name in ADDRESS_FIELDS},
        }
        for saved in kept
    ]
    return await section(
        request,
        "shop/account_addresses.html",
        "addresses",
        422 if errors else 200,
        addresses=shown,
        edited=edited,
        form=form,
        errors=errors,
        regions=REGION_OPTIONS,
    )


async def _profile(request: Request, form: Form, errors: dict[str, str]) -> HTTPResponse:
    status = 422 if errors else 200
    return await section(request, "shop/account_profile.html", "profile", status, form=form, errors=errors)


def _summary(order: OrderSummary) -> dict[str, Any]:
    return {
        "number": order.number,
        "url": f"/orders/{order.number}",
        "placed_at": order.created_at,
        "state": order.state,
        "label": LABELS[order.state],
        "total_minor": order.total_minor,
        "currency": order.currency,
        "count": order.count,
        "name": order.first_name,
        "picture": picture_url(order.image_key),
    }
