"""The seller's dashboard: the day's numbers, one's own products, and what is to be sent."""

from typing import Any
from uuid import UUID

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse

from handlers.pages.desk import Link, Stat, bars, desk_page, read_page, state_tabs, today
from handlers.pages.pictures import picture_url
from handlers.pages.product_form import filled_quickly
from handlers.pages.shell import page
from models.listing import ListingLine, list_listings
from models.product_write import MAY_WRITE
from models.seller import find_payout_account, get_seller
from models.selling import Shortage, count_products, list_shortages, list_to_send, sales_by_day
from server.auth import Access, may
from server.http import context
from web.filters import grouped, money, options_text, plural

blueprint = Blueprint("seller_pages")
PER_PAGE = 25
PRODUCT_STATES = {
    "active": "On sale",
    "pending": "Waiting for approval",
    "draft": "Drafts",
    "rejected": "Rejected",
    "archived": "Archived",
}
SHIPMENT_STATES = {"waiting": "To pack", "packed": "Packed", "shipped": "On the way", "delivered": "Delivered",
    "lost": "Lost", "cancelled": "Cancelled"}  # fmt: skip
SHOP_STATES = {
    "draft": "Your shop is not open yet. Fill in the checklist under Shop, then send it to the market.",
    "pending": "Your shop is being checked. You can prepare products meanwhile; they go on sale once it is approved.",
    "rejected": "Your shop was not approved. Write to the market to have it looked at again.",
    "suspended": "Your shop is suspended: its products are not shown. Write to the market to clear it up.",
}


@page(blueprint, "GET", "/seller", access=Access.SELLER, limit="seller")
async def overview(request: Request) -> HTTPResponse:
    seller_id, currency = _seller(request), context(request).settings.site.currency
    shop, sales = await get_seller(seller_id), await sales_by_day(today=today(), currency=currency, seller_id=seller_id)
    shipments, sending = await list_to_send(seller_id, state="waiting", per_page=6)
    products, low = await count_products(seller_id), await list_shortages(seller_id)
    total = sum(day.paid_minor for day in sales)
    waiting, empty = sending.get("waiting", 0), sum(item.free == 0 for item in low)
    stats = [
        Stat("To send", grouped(waiting), tone="warn" if waiting else "", href="/seller/orders?state=waiting"),
        Stat("Products on sale", grouped(products.get("active", 0)), href="/seller/products?state=active"),
        Stat("Sold out", grouped(empty), tone="bad" if empty else ""),
    ]
    if may(request.ctx.caller, Access.MONEY):
        sold = Stat("Sold, last 28 days", money(total, currency), plural(sum(day.orders for day in sales), "order"))
        stats.insert(1, sold)
    return await _desk(
        request,
        "seller/dashboard.html",
        shop={"name": shop.name, "slug": shop.slug, "state": shop.state, "reason": SHOP_STATES.get(shop.state, "")},
        stats=stats,
        sees={"money": may(request.ctx.caller, Access.MONEY), "orders": may(request.ctx.caller, Access.ORDERS)},
        first=not products and shop.state in MAY_WRITE and may(request.ctx.caller, Access.PRODUCTS),
        unpaid=shop.state == "approved"
        and may(request.ctx.caller, Access.MONEY)
        and not await find_payout_account(seller_id),
        sales=bars(sales, currency),
        sales_total_minor=total,
        currency=currency,
        shipments=shipments,
        low=[_short(item) for item in low],
        waiting=waiting,
    )


@page(blueprint, "GET", "/seller/products", access=Access.PRODUCTS, limit="seller")
async def products(request: Request) -> HTTPResponse:
    words, number = request.args.get("q", "")[:100], read_page(request)
    state = request.args.get("state") if request.args.get("state") in PRODUCT_STATES else None
    lines, total = await list_listings(
        _seller(request), words=words or None, state=state, page=number, per_page=PER_PAGE
    )
    counts, shop = await count_products(_seller(request)), await get_seller(_seller(request))
    return await _desk(
        request,
        "seller/products.html",
        may_write=shop.state in MAY_WRITE,
        reason=SHOP_STATES.get(shop.state, ""),
        first=not counts,
        rows=[_row(line) for line in lines],
        q=words,
        tabs=state_tabs("/seller/products", PRODUCT_STATES, counts, chosen=state),
        params=[("state", state or ""), ("q", words)],
        total=total,
        page=number,
        pages=-(-total // PER_PAGE),
    )


@page(blueprint, "GET", "/seller/orders", access=Access.ORDERS, limit="seller")
async def orders(request: Request) -> HTTPResponse:
    number = read_page(request)
    state = request.args.get("state") if request.args.get("state") in SHIPMENT_STATES else None
    shipments, counts = await list_to_send(_seller(request), state=state, page=number, per_page=PER_PAGE)
    total = counts.get(state, 0) if state else sum(counts.values())
    return await _desk(
        request,
        "seller/orders.html",
        shipments=shipments,
        tabs=state_tabs("/seller/orders", SHIPMENT_STATES, counts, chosen=state),
        params=[("state", state or "")],
        page=number,
        pages=-(-total // PER_PAGE),
    )


async def seller_desk(request: Request, template: str, status: int = 200, **values: Any) -> HTTPResponse:
    """A page of this desk that another module fills."""
    return await _desk(request, template, status, **values)


async def _desk(request: Request, template: str, /, status: int = 200, **values: Any) -> HTTPResponse:
    links = [
        Link("Overview", "/seller", "chart"),
        Link("Products", "/seller/products", "tag", access=Access.PRODUCTS),
        Link("Orders", "/seller/orders", "box", values.get("waiting"), Access.ORDERS),
        Link("Returns", "/seller/returns", "swap", access=Access.ORDERS),
        Link("Running out", "/seller/stock", "warning", access=Access.PRODUCTS),
        Link("Reviews", "/seller/reviews", "star", access=Access.ORDERS),
        Link("Payouts", "/seller/payouts", "chart", access=Access.MONEY),
        Link("Coupons", "/seller/coupons", "list", access=Access.MONEY),
        Link("Delivery", "/seller/shipping", "truck", access=Access.MONEY),
        Link("Shop", "/seller/shop", "store", access=Access.OWNER),
        Link("Staff", "/seller/staff", "person", access=Access.OWNER),
    ]
    return await desk_page(request, template, "Seller", links, status, **values)


async def seller_page(request: Request, template: str, /, status: int = 200, **values: Any) -> HTTPResponse:
    """A page of this dashboard that another module fills."""
    return await _desk(request, template, status, **values)


def seller_of(request: Request) -> UUID:
    """Whose desk it is."""
    return _seller(request)


def _seller(request: Request) -> UUID:
    seller_id: UUID | None = request.ctx.caller.seller_id
    assert seller_id is not None
    return seller_id


def _row(line: ListingLine) -> dict[str, Any]:
    """A line of the list; a product of one variant is edited in place."""
    return {
        "id": line.id,
        "name": line.name,
        "sku": line.sku,
        "picture": picture_url(line.image),
        "price_minor": line.price_minor,
        "currency": line.currency,
        "free": line.stock,
        "variants": line.variants,
        "variant_id": line.variant_id,
        "form": filled_quickly(line.price_minor, line.stock),
        "status": line.status,
        "errors": {},
        "saved": False,
    }


def _short(item: Shortage) -> dict[str, Any]:
    return {
        "id": item.product_id,
        "name": item.name,
        "variant": options_text(item.options),
        "free": item.free,
        "picture": picture_url(item.image),
    }
