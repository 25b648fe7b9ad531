"""The page of one product of a seller: all of it in one form, with what waits for the market and what is missing."""

from typing import Any
from uuid import UUID

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse

from handlers.pages import flash
from handlers.pages.category_choice import category_groups
from handlers.pages.forms import errors_of
from handlers.pages.pictures import picture_url
from handlers.pages.product_form import checklist, filled, offered_states, read_change, typed
from handlers.pages.product_view import COUNTRIES
from handlers.pages.search import category_tree
from handlers.pages.seller import seller_desk, seller_of
from handlers.pages.shell import Form, go, page
from handlers.pages.specification_form import KIND_CHOICES, reshaped, shown_lines, usual_words
from handlers.pages.variant_form import STATES, shown_new, shown_variants
from models.approval import find_rejection
from models.errors import Conflict, Forbidden, Invalid
from models.listing import Listing, get_listing
from models.product_change import PICTURES_MAX, WaitingChange, Wanted, find_change
from models.product_write import change_product
from models.seller import get_seller
from models.specifications import list_usual
from server.auth import Access

blueprint = Blueprint("product_edit_pages")
ASKED_FROM = frozenset({"draft", "rejected"})
"""States of a product from which the market is asked for its approval."""
COMES, LEAVES = "Waits for the market", "Goes once the market agrees"


@page(blueprint, "GET", "/seller/products/<product_id:uuid>", access=Access.PRODUCTS, limit="seller")
async def product(request: Request, product_id: UUID) -> HTTPResponse:
    listing = await get_listing(seller_of(request), product_id)
    return await edit_page(request, listing, filled(listing), {})


@page(blueprint, "POST", "/seller/products/<product_id:uuid>", access=Access.PRODUCTS, limit="seller")
async def save_product(request: Request, product_id: UUID, *, form: Form) -> HTTPResponse:
    listing = await get_listing(seller_of(request), product_id)
    if (other := reshaped(typed(form, listing))) is not None:
        return await edit_page(request, listing, {**filled(listing), **other}, {}, unsaved=True)
    if form.pop("ask", None):
        form["status"] = "pending" if listing.status == "rejected" else "active"
    try:
        change = read_change(form, listing, await category_tree(request))
        saved = await change_product(seller_of(request), product_id, change, actor_id=request.ctx.caller.user_id)
    except (Invalid, Conflict, Forbidden) as error:
        shown = {**filled(listing), **typed(form, listing)}
        errors = errors_of(error)
        if not errors.keys() & {"", *shown}:
            errors[""] = " ".join(errors.values())
        return await edit_page(request, listing, shown, errors)
    became_pending = saved.status == "pending" != listing.status
    response = go(request, f"/seller/products/{product_id}")
    change_waits = await find_change(seller_of(request), product_id)
    waits = change_waits and change_waits.state == "pending"
    seen = "saved" if saved.status == "active" else "unseen-saved"
    return flash.leave(request, response, "pending" if became_pending else "change-waits" if waits else seen)


async def edit_page(
    request: Request, listing: Listing, form: Form, errors: dict[str, str], *, unsaved: bool = False
) -> HTTPResponse:
    """`unsaved`: the form holds what is not kept yet, and nothing of it is wrong."""
    rejection = await find_rejection(listing.id) if listing.status == "rejected" else None
    usual = await list_usual(listing.category)
    change, shop = await find_change(seller_of(request), listing.id), await get_seller(seller_of(request))
    return await seller_desk(
        request,
        "seller/product.html",
        422 if errors else 200,
        product=listing,
        pictures=_pictures(listing, change),
        pictures_max=PICTURES_MAX,
        rejection=rejection or "",
        change=change,
        statuses=offered_states(listing.status, trusted=shop.trusted),
        steps=checklist(listing) if listing.status in ASKED_FROM else [],
        trusted=shop.trusted,
        category_groups=category_groups(await category_tree(request), (listing.category, listing.category_name)),
        countries=list(COUNTRIES.items()),
        variants=shown_variants(form, listing),
        new_variants=shown_new(form, listing),
        variant_states=STATES,
        lines=shown_lines(form),
        line_kinds=KIND_CHOICES,
        usual=usual,
        usual_words=usual_words(usual, listing),
        unsaved=unsaved or bool(errors),
        form=form,
        errors=errors,
    )


def _pictures(listing: Listing, change: WaitingChange | None) -> list[dict[str, Any]]:
    """Those that shoppers see, then those that wait for the market."""
    waits = change.wanted if change and change.state == "pending" else Wanted()
    live = [
        {"id": image.id, "url": picture_url(image.key), "note": LEAVES if image.id in waits.removed else ""}
        for image in listing.images
    ]
    return live + [{"id": new.id, "url": picture_url(new.key), "note": COMES} for new in waits.added]
