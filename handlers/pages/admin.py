"""The operator's dashboard: today's numbers, who and what waits for approval, jobs that gave up."""

from typing import Any
from uuid import UUID

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse

from handlers.pages import flash
from handlers.pages.admin_frame import admin_page, lag_tone, numbers_of, shown_anew
from handlers.pages.desk import Stat, bars, read_page, state_tabs, today
from handlers.pages.pictures import picture_url
from handlers.pages.product_view import COUNTRIES
from handlers.pages.shell import Form, go, page, personal, render, wants_fragment
from models.approval import PendingProduct, PendingVariant, decide_product, get_pending, list_pending
from models.errors import Conflict, Invalid
from models.overview import Overview
from models.parked import list_parked, list_waiting, retry_parked
from models.seller import SellerRow, count_sellers, decide_seller, list_sellers
from models.selling import list_latest_orders, sales_by_day
from server.auth import Access, may
from server.http import context
from web.filters import duration, grouped, money

blueprint = Blueprint("admin_pages")
PER_PAGE = 20
ACTIONS = {"approve": "approve", "suspend": "suspend", "restore": "restore", "reopen": "reopen"}
SELLER_STATES = {
    "draft": "Drafts",
    "pending": "Waiting",
    "approved": "Approved",
    "rejected": "Rejected",
    "suspended": "Suspended",
}


@page(blueprint, "GET", "/admin", access=Access.ADMIN, limit="seller")
async def overview(request: Request) -> HTTPResponse:
    currency = context(request).settings.site.currency
    numbers, sales = await numbers_of(request), await sales_by_day(today=today(), currency=currency)
    return await admin_page(
        request,
        "admin/dashboard.html",
        numbers,
        stats=_stats(numbers),
        sales=bars(sales, currency),
        sales_total_minor=sum(day.paid_minor for day in sales),
        currency=currency,
        orders=await list_latest_orders(),
    )


@page(blueprint, "GET", "/admin/sellers", access=Access.SUPPORT, limit="seller")
async def sellers(request: Request) -> HTTPResponse:
    number, words = read_page(request), (request.args.get("q") or "").strip()[:254]
    state = request.args.get("state", "" if words else "pending")
    chosen = state if state in SELLER_STATES else None
    rows, total = await list_sellers(
        words, state=chosen, keyring=context(request).keyring, page=number, per_page=PER_PAGE
    )
    tabs = state_tabs("/admin/sellers", SELLER_STATES, await count_sellers(), chosen=chosen)
    tabs[0]["url"] = "/admin/sellers?state=all"
    return await admin_page(
        request,
        "admin/sellers.html",
        await numbers_of(request),
        sellers=[_seller_card(row) for row in rows],
        decides=may(request.ctx.caller, Access.ADMIN),
        tabs=tabs,
        words=words,
        params=[("q", words), ("state", state)],
        page=number,
        pages=-(-total // PER_PAGE),
    )


@page(blueprint, "POST", "/admin/sellers/<seller_id:uuid>", access=Access.ADMIN, limit="seller")
async def decide_on_seller(request: Request, seller_id: UUID, *, form: Form) -> HTTPResponse:
    action, reason = ACTIONS.get(form.get("decision", ""), "reject"), form.get("reason", "").strip()[:500]
    if action in {"reject", "suspend"} and not reason:
        raise Invalid.field("reason", "say why: the seller reads it")
    row = await decide_seller(seller_id, action, actor_id=request.ctx.caller.user_id, reason=reason)
    approve = action not in {"reject", "suspend"}
    return _decided(request, "/admin/sellers", row.name, row.state, approve=approve)


@page(blueprint, "GET", "/admin/products", access=Access.ADMIN, limit="seller")
async def products(request: Request) -> HTTPResponse:
    number = read_page(request)
    rows, total = await list_pending(page=number, per_page=PER_PAGE)
    return await admin_page(
        request,
        "admin/products.html",
        await numbers_of(request),
        products=[_product_card(row) for row in rows],
        total=total,
        page=number,
        pages=-(-total // PER_PAGE),
    )


@page(blueprint, "POST", "/admin/products/<product_id:uuid>", access=Access.ADMIN, limit="seller")
async def decide_on_product(request: Request, product_id: UUID, *, form: Form) -> HTTPResponse:
    approve, reason = _decision(form)
    new, version = "active" if approve else "rejected", form.get("version", "")
    try:
        await decide_product(product_id, version=version, new=new, actor_id=request.ctx.caller.user_id, reason=reason)
    except Conflict as error:
        if error.code != "product_changed":
            raise
        return await _product_as_it_is(request, product_id, reason)
    return _decided(request, "/admin/products", form.get("label", "The product"), new, approve=approve)


async def _product_as_it_is(request: Request, product_id: UUID, reason: str) -> HTTPResponse:
    """What was to be decided, as its seller has changed it. Raises NotFound where it does not wait any more."""
    card = _product_card(await get_pending(product_id), moved=True, reason=reason)
    return await shown_anew(request, "admin/products.html", "admin/_product.html", products=[card], product=card)


@page(blueprint, "GET", "/admin/jobs", access=Access.ADMIN, limit="seller")
async def jobs(request: Request) -> HTTPResponse:
    number = read_page(request)
    parked, total = await list_parked(page=number, per_page=PER_PAGE)
    waiting = await list_waiting()
    stats = [
        Stat("Parked", grouped(total), tone="bad" if total else "good"),
        Stat("Waiting", grouped(sum(count for _, count, _ in waiting))),
        Stat("Oldest waiting", duration(max((age for _, _, age in waiting), default=0))),
    ]
    return await admin_page(
        request,
        "admin/jobs.html",
        await numbers_of(request),
        stats=stats,
        jobs=parked,
        page=number,
        pages=-(-total // PER_PAGE),
    )


@page(blueprint, "POST", "/admin/jobs/<job_id:int>/retry", access=Access.ADMIN, limit="seller")
async def retry_job(request: Request, job_id: int, **_: Form) -> HTTPResponse:
    await retry_parked(job_id, actor_id=request.ctx.caller.user_id)
    return flash.leave(request, go(request, "/admin/jobs"), "job-retried")


def _stats(numbers: Overview) -> list[Stat]:
    return [
        Stat(
            "Paid today", money(numbers.revenue_minor, numbers.currency), f"{numbers.paid} of {numbers.orders} orders"
        ),
        Stat(
            "On sale",
            grouped(numbers.products_active),
            f"{grouped(numbers.products_waiting)} wait",
            "",
            "/admin/products",
        ),
        Stat("Sellers waiting", grouped(numbers.sellers_waiting), "", _tone(numbers.sellers_waiting), "/admin/sellers"),
        Stat("Parcels to pack", grouped(numbers.shipments_waiting)),
        Stat(
            "Jobs parked",
            grouped(numbers.jobs_parked),
            f"{grouped(numbers.jobs_queued)} queued",
            _tone(numbers.jobs_parked, "bad"),
            "/admin/jobs",
        ),
        Stat(
            "Not yet searchable",
            grouped(numbers.search_changes),
            duration(numbers.search_waiting_s),
            lag_tone(numbers),
            "/admin/search",
        ),
    ]


def _tone(count: int, tone: str = "warn") -> str:
    return tone if count else ""


def _decision(form: Form) -> tuple[bool, str]:
    """Approve or refuse. Raises Invalid for a refusal without a reason."""
    reason = form.get("reason", "").strip()[:500]
    approve = form.get("decision") == "approve"
    if not approve and not reason:
        raise Invalid.field("reason", "say why: the seller reads it")
    return approve, reason


def _decided(request: Request, url: str, label: str, state: str, *, approve: bool) -> HTTPResponse:
    code = "approved" if approve else "refused"
    if not wants_fragment(request):
        return flash.leave(request, go(request, url), code)
    return personal(render(request, "admin/decided.html", label=label, outcome=state, flash=flash.MESSAGES[code]))


def _seller_card(row: SellerRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "name": row.name,
        "legal_name": row.legal_name,
        "address": ", ".join(part for part in (row.city, row.region) if part),
        "gstin": row.gstin,
        "state": row.state,
        "applied_at": row.created_at,
        "products": row.products,
    }


def _product_card(row: PendingProduct, *, moved: bool = False, reason: str = "") -> dict[str, Any]:
    """`moved`: it was changed before the decision; `reason`: what was typed then."""
    return {
        "moved": moved,
        "reason": reason,
        "id": row.id,
        "version": row.version,
        "name": row.name,
        "slug": row.slug,
        "seller": row.seller_name,
        "category": row.category_name or "no category",
        "price_minor": row.price_minor,
        "list_price_minor": row.list_price_minor,
        "variants": [_variant_line(one, row.currency) for one in row.variants],
        "currency": row.currency,
        "pictures": [picture_url(key) for key in row.images],
        "paragraphs": [part.strip() for part in row.description.splitlines() if part.strip()],
        "specifications": row.specifications,
        "brand": row.brand,
        "hsn_code": row.hsn_code,
        "country": COUNTRIES.get(row.country_of_origin, row.country_of_origin),
        "submitted_at": row.updated_at,
    }


def _variant_line(variant: PendingVariant, currency: str) -> str:
    """All that shoppers read of it."""
    options = ", ".join(f"{name}: {value}" for name, value in variant.options.items()) or "No options"
    mrp = f"MRP {money(variant.list_price_minor, currency)}" if variant.list_price_minor else "no MRP"
    retired = ["not for sale"] if variant.status == "archived" else []
    return " · ".join([options, money(variant.price_minor, currency), mrp, f"SKU {variant.sku}", *retired])
