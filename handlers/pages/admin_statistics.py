"""The operator's page of what shoppers search for: how often, what they find and open, and how long it takes."""

from typing import Any

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse

from handlers.pages import flash
from handlers.pages.admin_frame import search_page
from handlers.pages.desk import Stat
from handlers.pages.shell import Form, go, page
from models.search_log import hide_query, list_hidden, show_query
from models.search_stats import SearchDay, SearchStats, get_search_stats
from search.query import clean
from server.auth import Access
from web.filters import duration, grouped

blueprint = Blueprint("admin_statistics_pages")
PATH = "/admin/search/statistics"
SPANS = (7, 28, 90)
LATENCY_WARN_MS = 500


@page(blueprint, "GET", PATH, access=Access.ADMIN, limit="seller")
async def statistics(request: Request) -> HTTPResponse:
    asked = request.args.get("days", "")
    days = int(asked) if asked in {str(span) for span in SPANS} else 28
    stats = await get_search_stats(days=days)
    spans = [
        {"label": f"{span} days", "url": f"{PATH}?days={span}", "current": span == days, "count": None}
        for span in SPANS
    ]
    return await search_page(
        request,
        "admin/statistics.html",
        spans=spans,
        stats=_tiles(stats),
        searches=_bars(stats.days, "searches"),
        empty=_bars(stats.days, "empty"),
        numbers=stats,
        hidden=await list_hidden(),
    )


@page(blueprint, "POST", PATH, access=Access.ADMIN, limit="seller")
async def decide(request: Request, *, form: Form) -> HTTPResponse:
    """Hide a query from the suggestions, or show it again."""
    shown = form.get("do") == "show"
    await (show_query if shown else hide_query)(clean(form.get("query", "")), actor_id=request.ctx.caller.user_id)
    return flash.leave(request, go(request, PATH), "query-shown" if shown else "query-hidden")


def _tiles(stats: SearchStats) -> list[Stat]:
    found = stats.searches - stats.empty
    latency = stats.latency_ms
    return [
        Stat("Searches", grouped(stats.searches), f"{_share(stats.cached, stats.searches)} from the cache"),
        Stat("Found nothing", _share(stats.empty, stats.searches), grouped(stats.empty), "warn" if stats.empty else ""),
        Stat(
            "Results opened",
            grouped(stats.clicks),
            f"{_per_hundred(stats.clicks, found)} in 100 searches that found some",
        ),
        Stat("Mean place opened", f"{stats.position:.1f}" if stats.position else "–"),
        Stat("Answered in", duration(latency[0] / 1000) if latency else "–", "the median"),
        Stat(
            "The slowest in a hundred",
            duration(latency[2] / 1000) if latency else "–",
            f"{duration(latency[1] / 1000)} for 95 in a hundred" if latency else "",
            "warn" if latency and latency[2] > LATENCY_WARN_MS else "",
        ),
    ]


def _per_hundred(part: int, whole: int) -> str:
    return f"{part * 100 / whole:.0f}" if whole else "none"


def _share(part: int, whole: int) -> str:
    return f"{part * 100 / whole:.0f}%" if whole else "–"


def _bars(days: list[SearchDay], name: str) -> list[dict[str, Any]]:
    return [
        {"label": f"{day.day.day} {day.day:%b}", "value": getattr(day, name), "text": grouped(getattr(day, name))}
        for day in days
    ]
