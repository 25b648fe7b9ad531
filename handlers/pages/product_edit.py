"""The page of one product of a seller: all of it in one form, with what waits for the market and what is missing."""

from typing import Any, NamedTuple
from uuid import UUID

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse

from handlers.pages import flash
from handlers.pages.category_choice import category_groups
from handlers.pages.forms import errors_of
from handlers.pages.meanwhile import Edit, read_was
from handlers.pages.pictures import picture_url
from handlers.pages.product_form import edited, filled, offered_states, read_change
from handlers.pages.product_view import COUNTRIES
from handlers.pages.search import category_tree
from handlers.pages.seller import seller_desk, seller_of
from handlers.pages.shell import Form, go, page
from handlers.pages.specification_form import present_specifications, reshaped, specification_rows
from handlers.pages.variant_form import present_variants, shown_new, shown_variants
from models.approval import find_rejection
from models.checklist import product_steps
from models.errors import Conflict, DomainError, Forbidden, Invalid
from models.listing import Listing, get_listing
from models.product_change import PICTURES_MAX, WaitingChange, Wanted, find_change, waiting_of
from models.product_write import change_product, looks_first
from models.seller import get_seller
from server.auth import Access

blueprint = Blueprint("product_edit_pages")
ASKED_FROM = frozenset({"draft", "rejected"})
"""States of a product from which the market is asked for its approval."""
COMES, LEAVES = "Waits for the market", "Goes once the market agrees"


class Opened(NamedTuple):
    """A product as its seller finds it; `change` waits for the market, or was refused last."""

    listing: Listing
    change: WaitingChange | None
    trusted: bool

    @property
    def waiting(self) -> Wanted:
        return waiting_of(self.change)

    @property
    def looks_first(self) -> bool:
        """Whether the market looks first at what is changed of it now."""
        return looks_first(self.listing.status, self.listing.status, trusted=self.trusted)

    def filled(self) -> Form:
        return filled(self.listing, self.change)

    def edited(self, sent: Form) -> Edit:
        return edited(sent, self.listing, self.change, trusted=self.trusted)


async def open_product(request: Request, product_id: UUID) -> Opened:
    """Raises NotFound, also for a product of another seller."""
    seller_id = seller_of(request)
    listing = await get_listing(seller_id, product_id)
    return Opened(listing, await find_change(seller_id, product_id), (await get_seller(seller_id)).trusted)


@page(blueprint, "GET", "/seller/products/<product_id:uuid>", access=Access.PRODUCTS, limit="seller")
async def product(request: Request, product_id: UUID) -> HTTPResponse:
    opened = await open_product(request, product_id)
    return await edit_page(request, opened, opened.filled(), {})


@page(blueprint, "POST", "/seller/products/<product_id:uuid>", access=Access.PRODUCTS, limit="seller")
async def save_product(request: Request, product_id: UUID, *, form: Form) -> HTTPResponse:
    opened = await open_product(request, product_id)
    if (other := reshaped(form)) is not None:
        return await edit_page(request, opened, opened.edited(other).form, {}, unsaved=True)
    if form.pop("ask", None):
        form["status"] = "pending" if read_was(form).get("status") == "rejected" else "active"
    try:
        try:
            await _save(request, opened, form)
        except (Invalid, Conflict):
            # Somebody may have been faster, such as the other half of a double click: read it once more.
            opened = await open_product(request, product_id)
            await _save(request, opened, form)
    except (Invalid, Conflict, Forbidden) as error:
        if error.code == "checklist":
            return await _kept_unsent(request, opened, form, error)
        return await _refused(request, opened, form, errors_of(error))
    code = _code(opened, await open_product(request, product_id))
    return flash.leave(request, go(request, f"/seller/products/{product_id}"), code)


def _code(before: Opened, saved: Opened) -> str:
    """What is said of a product that was saved."""
    state = saved.listing.status
    if state == "pending" != before.listing.status:
        return "pending"
    if state != "active":
        if before.waiting == Wanted():
            return "unseen-saved"
        return "unseen-taken-back-pictures" if before.waiting.added else "unseen-taken-back"
    if saved.waiting == Wanted():
        return "saved"
    return "change-waits" if saved.looks_first else "saved-beside"


async def _save(request: Request, opened: Opened, form: Form) -> Listing:
    listing = opened.listing
    tree = await category_tree(request)
    change = read_change(opened.edited(form), listing, opened.change, tree, trusted=opened.trusted)
    return await change_product(seller_of(request), listing.id, change, actor_id=request.ctx.caller.user_id)


async def _kept_unsent(request: Request, opened: Opened, form: Form, error: DomainError) -> HTTPResponse:
    """What was typed is saved, for pictures are added by another form: only what was asked for is refused."""
    listing = opened.listing
    try:
        await _save(request, opened, {**form, "status": listing.status})
    except (Invalid, Conflict, Forbidden) as other:
        return await _refused(request, opened, form, errors_of(other))
    opened = await open_product(request, listing.id)
    refused = "put on sale" if opened.trusted else "sent to the market"
    errors = {**errors_of(error), "": f"Saved, but not {refused}. {error.detail}"}
    return await edit_page(request, opened, opened.filled(), errors, unsaved=False)


async def _refused(request: Request, opened: Opened, form: Form, errors: dict[str, str]) -> HTTPResponse:
    shown = opened.edited(form).told()
    if not errors.keys() & {"", *shown}:
        errors[""] = " ".join(errors.values())
    return await edit_page(request, opened, shown, errors)


async def edit_page(
    request: Request, opened: Opened, form: Form, errors: dict[str, str], *, unsaved: bool | None = None
) -> HTTPResponse:
    """`unsaved`: whether the form holds what is not kept yet; None where it does if something of it is wrong."""
    listing, change, trusted = opened
    rejection = await find_rejection(listing.id) if listing.status == "rejected" else None
    meant = present_variants(listing, change)
    return await seller_desk(
        request,
        "seller/product.html",
        422 if errors else 200,
        product=listing,
        pictures=_pictures(listing, change),
        pictures_max=PICTURES_MAX,
        rejection=rejection or "",
        change=change,
        statuses=offered_states(listing.status, trusted=trusted),
        steps=product_steps(listing) if listing.status in ASKED_FROM else [],
        trusted=trusted,
        category_groups=category_groups(await category_tree(request), (listing.category, listing.category_name)),
        countries=list({listing.country_of_origin: listing.country_of_origin, **COUNTRIES}.items()),
        variants=shown_variants(form, listing, meant),
        new_variants=shown_new(form, meant),
        variants_wait=meant is not listing,
        lines_wait=present_specifications(listing, change) is not listing.specifications,
        **await specification_rows(form),
        unsaved=bool(errors) if unsaved is None else unsaved,
        form=form,
        errors=errors,
    )


def _pictures(listing: Listing, change: WaitingChange | None) -> list[dict[str, Any]]:
    """Those that shoppers see, then those that wait for the market."""
    waits = waiting_of(change)
    live = [
        {"id": image.id, "url": picture_url(image.key), "note": LEAVES if image.id in waits.removed else ""}
        for image in listing.images
    ]
    return live + [{"id": new.id, "url": picture_url(new.key), "note": COMES} for new in waits.added]
