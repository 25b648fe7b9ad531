"""The wishlist's page, and the buttons that fill and empty it; and what delivery of a product to a pin code costs."""

from uuid import UUID

import msgspec
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse

from handlers.pages import flash
from handlers.pages.forms import read_form
from handlers.pages.pictures import picture_url
from handlers.pages.product_view import charge_words
from handlers.pages.shell import Form, go, page, personal, render, wants_fragment
from handlers.pages.shop import shop_page
from handlers.shopper import shopper_of
from models.carriage import estimate
from models.cart import add_item
from models.errors import Invalid
from models.sign_in import get_profile
from models.wishlist import WishlistEntry, add_wish, drop_wish, list_wishlist
from server.auth import Access
from server.http import context

blueprint = Blueprint("wishlist_pages")


class Wish(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    product_id: UUID


class Move(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    variant_id: UUID


@page(blueprint, "GET", "/account/wishlist", access=Access.USER)
async def wishlist(request: Request) -> HTTPResponse:
    user_id = request.ctx.caller.user_id
    profile = await get_profile(context(request).keyring, user_id)
    return await shop_page(
        request,
        "shop/account_wishlist.html",
        user={"name": profile.name, "email": profile.email},
        section="wishlist",
        wishes=[_wish(entry) for entry in await list_wishlist(user_id)],
    )


@page(blueprint, "POST", "/account/wishlist", access=Access.USER, limit="default")
async def add(request: Request, *, form: Form) -> HTTPResponse:
    await add_wish(request.ctx.caller.user_id, read_form(form, Wish).product_id)
    if wants_fragment(request):
        return personal(render(request, "fragments/toast.html", flash=flash.MESSAGES["wished"]))
    return flash.leave(request, go(request, "/account/wishlist"), "wished")


@page(blueprint, "POST", "/account/wishlist/<product_id:uuid>/remove", access=Access.USER, limit="default")
async def remove(request: Request, product_id: UUID, **_: Form) -> HTTPResponse:
    await drop_wish(request.ctx.caller.user_id, product_id)
    return flash.leave(request, go(request, "/account/wishlist"), "wish-gone")


@page(blueprint, "POST", "/account/wishlist/<product_id:uuid>/move", access=Access.USER, limit="default")
async def move(request: Request, product_id: UUID, *, form: Form) -> HTTPResponse:
    """Into the cart first: cut off half way, the wish is still there."""
    variant_id = read_form(form, Move).variant_id
    quantity_max = context(request).settings.checkout.quantity_max
    await add_item(shopper_of(request), variant_id, quantity=1, quantity_max=quantity_max)
    await drop_wish(request.ctx.caller.user_id, product_id)
    return flash.leave(request, go(request, "/account/wishlist"), "wish-moved")


@page(blueprint, "GET", "/p/<slug:str>/delivery")
async def delivery(request: Request, slug: str) -> HTTPResponse:
    """A line about one pin code; without scripts, on a page of its own."""
    pin_code = request.args.get("pin_code", "")[:10]
    text, wrong = await _delivery(request, slug, pin_code)
    template = "shop/_delivery.html" if wants_fragment(request) else "shop/delivery.html"
    if wants_fragment(request):
        return personal(render(request, template, text=text, wrong=wrong))
    return await shop_page(request, template, slug=slug, text=text, wrong=wrong)


async def _delivery(request: Request, slug: str, pin_code: str) -> tuple[str, bool]:
    try:
        found = await estimate(slug, pin_code)
    except Invalid as error:
        return f"A PIN code {error.fields[0].detail.replace('wants', 'has', 1)}.", True
    if found is None:
        return "We deliver there; the cart shows what it costs.", False
    currency = context(request).settings.site.currency
    days = f"To {found.pin_code} in {found.days_min} to {found.days_max} days after dispatch."
    return f"{days} {charge_words(found, currency)}.", False


def _wish(entry: WishlistEntry) -> dict[str, object]:
    fields = {name: getattr(entry, name) for name in entry.__struct_fields__}
    return {**fields, "picture": picture_url(entry.image_key), "can_move": entry.on_sale and entry.in_stock}
