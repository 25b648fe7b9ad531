"""Price and stock of a product of one variant, edited in its row of the seller's list.

The row names its variant and carries what it was filled with: other variants and what was not altered stay as they are.
"""

from typing import Any
from uuid import UUID

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse

from handlers.pages import csrf, flash
from handlers.pages.forms import errors_of
from handlers.pages.meanwhile import rebased
from handlers.pages.pictures import picture_url
from handlers.pages.product_edit import edit_page, open_product
from handlers.pages.product_form import filled_quickly, read_quick_change
from handlers.pages.seller import seller_of
from handlers.pages.shell import Form, go, page, personal, render, wants_fragment
from models.errors import Conflict, Invalid
from models.listing import ListedVariant, Listing, get_listing
from models.product_write import change_product
from server.auth import Access

blueprint = Blueprint("quick_edit_pages")
GONE = "What is on sale of this product has changed meanwhile: please look again."


@page(blueprint, "POST", "/seller/products/<product_id:uuid>/quick", access=Access.PRODUCTS, limit="seller")
async def quick_edit(request: Request, product_id: UUID, *, form: Form) -> HTTPResponse:
    listing = await get_listing(seller_of(request), product_id)
    variant = next((one for one in _for_sale(listing) if str(one.id) == form.get("variant")), None)
    if variant is None:
        return await _answer(request, listing, None, {}, {"": GONE})
    edit = rebased(form, filled_quickly(variant.price_minor, variant.stock))
    try:
        change = read_quick_change(edit, variant)
        saved = await change_product(seller_of(request), product_id, change, actor_id=request.ctx.caller.user_id)
    except (Invalid, Conflict) as refused:
        return await _answer(request, listing, variant, edit.told(), errors_of(refused))
    return await _answer(request, saved, None, {}, {})


async def _answer(
    request: Request, listing: Listing, variant: ListedVariant | None, typed: Form, errors: dict[str, str]
) -> HTTPResponse:
    """The row; for who has no scripts the list, or the product's page with what was typed and what is wrong of it."""
    if wants_fragment(request):
        row = _row_of(listing, variant, typed, errors)
        body = render(request, "seller/_product_row.html", row=row, csrf_token=csrf.token_for(request))
        return personal(body, 422 if errors else 200)
    if not errors:
        seen = "saved" if listing.status == "active" else "unseen-saved"
        return flash.leave(request, go(request, "/seller/products"), seen)
    opened = await open_product(request, listing.id)
    ends = f"-{variant.id}" if variant else ""
    named = {f"{name}{ends}": typed[name] for name in ("price", "stock") if name in typed}
    said = {f"{name}{ends}" if name in typed else "": text for name, text in errors.items()}
    return await edit_page(request, opened, {**opened.filled(), **named}, said)


def _row_of(listing: Listing, variant: ListedVariant | None, typed: Form, errors: dict[str, str]) -> dict[str, Any]:
    """The line of the list after an edit; of a refused one with what was typed, whatever else is on sale by now."""
    for_sale = _for_sale(listing)
    only = variant or (for_sale[0] if len(for_sale) == 1 else None)
    return {
        "id": listing.id,
        "name": listing.name,
        "sku": listing.sku,
        "picture": picture_url(listing.images[0].key if listing.images else None),
        "price_minor": listing.price_minor,
        "currency": listing.currency,
        "free": listing.stock,
        "variants": len(for_sale),
        "variant_id": only.id if only else None,
        "form": typed or filled_quickly(listing.price_minor, listing.stock),
        "status": listing.status,
        "errors": errors,
        "saved": not errors,
    }


def _for_sale(listing: Listing) -> list[ListedVariant]:
    return [variant for variant in listing.variants if variant.status == "active"]
