"""The operator's queue of changed products, what is live beside what is wanted; and a seller's way to take one back."""

import difflib
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse

from handlers.pages import flash
from handlers.pages.admin_frame import admin_page, numbers_of, shown_anew
from handlers.pages.desk import read_page
from handlers.pages.pictures import picture_url
from handlers.pages.seller import seller_of
from handlers.pages.shell import Form, go, page, personal, render, wants_fragment
from models.change_queue import ChangeRow, decide_change, get_change, list_changes, withdraw_change
from models.errors import Conflict, Invalid
from models.listing import ListedVariant, Listing
from models.product_change import Wanted
from models.specifications import ListedSpecification
from models.variant_wish import with_wishes
from server.auth import Access
from web.filters import grouped, money

blueprint = Blueprint("change_pages")
PER_PAGE = 20
QUEUE = "/admin/products/changes"
LABELS = {
    "name": "Name",
    "slug": "Address",
    "brand": "Brand",
    "category": "Category",
    "specifications": "Specifications",
    "description": "Description",
}


@page(blueprint, "GET", QUEUE, access=Access.ADMIN, limit="seller")
async def changes(request: Request) -> HTTPResponse:
    number = read_page(request)
    rows, total = await list_changes(page=number, per_page=PER_PAGE)
    return await admin_page(
        request,
        "admin/changes.html",
        await numbers_of(request),
        changes=[_card(row) for row in rows],
        total=total,
        page=number,
        pages=-(-total // PER_PAGE),
    )


@page(blueprint, "POST", f"{QUEUE}/<change_id:uuid>", access=Access.ADMIN, limit="seller")
async def decide(request: Request, change_id: UUID, *, form: Form) -> HTTPResponse:
    approve, reason = form.get("decision") == "approve", form.get("reason", "").strip()[:500]
    if not approve and not reason:
        raise Invalid.field("reason", "say why: the seller reads it")
    version, actor_id = form.get("version", ""), request.ctx.caller.user_id
    try:
        await decide_change(change_id, version=version, approve=approve, actor_id=actor_id, reason=reason)
    except Conflict as error:
        if error.code != "product_changed":
            raise
        return await _as_it_is(request, change_id, reason)
    code = "approved" if approve else "refused"
    if not wants_fragment(request):
        return flash.leave(request, go(request, QUEUE), code)
    label, outcome = form.get("label", "The change"), "approved" if approve else "rejected"
    return personal(render(request, "admin/decided.html", label=label, outcome=outcome, flash=flash.MESSAGES[code]))


async def _as_it_is(request: Request, change_id: UUID, reason: str) -> HTTPResponse:
    """What was to be decided, as it is by now. Raises NotFound where it does not wait any more."""
    card = _card(await get_change(change_id), moved=True, reason=reason)
    return await shown_anew(request, "admin/changes.html", "admin/_change.html", changes=[card], change=card)


@page(blueprint, "POST", "/seller/products/<product_id:uuid>/change/withdraw", access=Access.PRODUCTS, limit="seller")
async def withdraw(request: Request, product_id: UUID, **_: Form) -> HTTPResponse:
    dropped = await withdraw_change(seller_of(request), product_id, actor_id=request.ctx.caller.user_id)
    code = "change-withdrawn-pictures" if dropped.added else "change-withdrawn"
    return flash.leave(request, go(request, f"/seller/products/{product_id}"), code)


def _card(row: ChangeRow, *, moved: bool = False, reason: str = "") -> dict[str, Any]:
    """`moved`: it was rewritten before the decision; `reason`: what was typed then."""
    live, wanted = row.live, row.wanted
    said = {name: getattr(wanted, name) for name in LABELS if getattr(wanted, name) is not None}
    gone = {image.id: image.key for image in live.images if image.id in wanted.removed}
    return {
        "moved": moved,
        "reason": reason,
        "id": row.id,
        "version": row.version,
        "name": live.name,
        "slug": live.slug,
        "seller": row.seller_name,
        "waiting_since": row.created_at,
        "texts": [(LABELS[name], word_diff(_words(getattr(live, name)), _words(text))) for name, text in said.items()],
        "variants": _variants(live, wanted),
        "added": [picture_url(picture.key) for picture in wanted.added],
        "removed": [picture_url(key) for key in gone.values()],
    }


def _variants(live: Listing, wanted: Wanted) -> list[list[tuple[str, str]]]:
    """A line for each, where one is to be called otherwise or is new; else none."""
    meant = with_wishes(live, wanted)
    if meant is live:
        return []
    shown = {variant.id: variant for variant in live.variants}
    return [
        word_diff(_called(shown[one.id]), _called(one)) if one.id in shown else [("new", _new(one, live.currency))]
        for one in meant.variants
    ]


def _called(variant: ListedVariant) -> str:
    options = ", ".join(f"{name}: {value}" for name, value in variant.options.items()) or "No options"
    retired = " · no longer sold" if variant.status == "archived" else ""
    return f"{options} · SKU {variant.sku}{retired}"


def _new(variant: ListedVariant, currency: str) -> str:
    """With all that goes on sale with it."""
    price = money(variant.price_minor, currency)
    mrp = f"MRP {money(variant.list_price_minor, currency)}" if variant.list_price_minor else "no MRP"
    return f"{_called(variant)} · {price} · {mrp} · {grouped(variant.stock)} in stock"


def _words(said: str | Sequence[ListedSpecification] | None) -> str:
    """A text as it is; of specifications a line each."""
    return said or "" if isinstance(said, str | None) else "\n ".join(f"{one.name}: {one.text}" for one in said)


def word_diff(old: str, new: str) -> list[tuple[str, str]]:
    """Runs of words: `same`, `gone` or `new`."""
    before, after = old.split(" "), new.split(" ")
    runs: list[tuple[str, str]] = []
    matcher = difflib.SequenceMatcher(a=before, b=after, autojunk=False)
    for kind, left, left_end, right, right_end in matcher.get_opcodes():
        if kind == "equal":
            runs.append(("same", " ".join(before[left:left_end])))
        else:
            runs += [("gone", " ".join(before[left:left_end]))] if left < left_end else []
            runs += [("new", " ".join(after[right:right_end]))] if right < right_end else []
    return runs
