"""The frame of every page of the operator: the links with what waits behind each, and the tabs of the search."""

from typing import Any

from sanic.request import Request
from sanic.response import HTTPResponse

from handlers.pages import csrf
from handlers.pages.desk import Link, desk_page, midnight
from handlers.pages.shell import personal, render, wants_fragment
from models.overview import Overview, get_overview
from server.auth import Access
from server.http import context

LAG_WARN_S, LAG_BAD_S = 2, 30
SEARCH_TABS = (
    ("Health", "/admin/search"),
    ("Statistics", "/admin/search/statistics"),
    ("Rules", "/admin/search/rules"),
    ("Words", "/admin/search/words"),
)


async def numbers_of(request: Request) -> Overview:
    return await get_overview(since=midnight(), currency=context(request).settings.site.currency)


async def admin_page(
    request: Request, template: str, numbers: Overview, /, status: int = 200, **values: Any
) -> HTTPResponse:
    links = [
        Link("Overview", "/admin", "chart", access=Access.ADMIN),
        Link("Orders", "/admin/orders", "box", access=Access.SUPPORT),
        Link("People", "/admin/users", "person", access=Access.SUPPORT),
        Link("Sellers", "/admin/sellers", "store", numbers.sellers_waiting, Access.SUPPORT),
        Link("Products", "/admin/products", "tag", numbers.products_waiting, Access.ADMIN),
        Link("Coupons", "/admin/coupons", "list", access=Access.ADMIN),
        Link("Gift cards", "/admin/gift-cards", "tag", access=Access.ADMIN),
        Link("Delivery", "/admin/shipping", "truck", access=Access.ADMIN),
        Link("Taxes", "/admin/taxes", "list", access=Access.ADMIN),
        Link("Reviews", "/admin/reviews", "star", numbers.reviews_waiting, Access.SUPPORT),
        Link("Mails", "/admin/mails", "list", access=Access.ADMIN),
        Link("Jobs", "/admin/jobs", "gear", numbers.jobs_parked, Access.ADMIN),
        Link("Money", "/admin/money", "chart", access=Access.ADMIN),
        Link("Search", "/admin/search", "pulse", access=Access.ADMIN),
        Link("Trail", "/admin/audit", "clock", access=Access.ADMIN),
    ]
    return await desk_page(request, template, "Admin", links, status, **values)


async def shown_anew(request: Request, whole: str, part: str, /, **values: Any) -> HTTPResponse:
    """What was to be decided is another thing by now: it alone, on the page `whole`, or as the `part` of it that is
    swapped in where htmx asked; for htmx with the status that it swaps.
    """
    if wants_fragment(request):
        return personal(render(request, part, csrf_token=csrf.token_for(request), **values), 422)
    return await admin_page(request, whole, await numbers_of(request), 409, total=1, page=1, pages=1, **values)


async def search_page(request: Request, template: str, /, status: int = 200, **values: Any) -> HTTPResponse:
    """A page under /admin/search, with the tabs of them all."""
    tabs = [
        {"label": label, "url": url, "current": _is_under(request.path, url), "count": None}
        for label, url in SEARCH_TABS
    ]
    return await admin_page(request, template, await numbers_of(request), status, tabs=tabs, **values)


def lag_tone(numbers: Overview) -> str:
    return (
        "good" if numbers.search_waiting_s < LAG_WARN_S else "warn" if numbers.search_waiting_s < LAG_BAD_S else "bad"
    )


def _is_under(path: str, url: str) -> bool:
    return path == url or (url != SEARCH_TABS[0][1] and path.startswith(f"{url}/"))
