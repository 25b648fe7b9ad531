"""The operator's look at the search: whether every change is findable, and what the index is like."""

from typing import Any

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse

from handlers.pages.admin_frame import lag_tone, numbers_of, search_page
from handlers.pages.desk import Stat
from handlers.pages.shell import page, personal, render, wants_fragment
from models.overview import Overview
from server.auth import Access
from web.filters import duration, grouped

blueprint = Blueprint("admin_search_pages")


@page(blueprint, "GET", "/admin/search", access=Access.ADMIN, limit="seller")
async def search_health(request: Request) -> HTTPResponse:
    health = _health(await numbers_of(request))
    if wants_fragment(request):
        return personal(render(request, "admin/_search.html", health=health))
    return await search_page(request, "admin/search.html", health=health)


def _health(numbers: Overview) -> dict[str, Any]:
    """What the queue of changes says; the index itself tells its own numbers on /metrics."""
    tone = lag_tone(numbers)
    verdict = {
        "good": "Every change is searchable, or will be in a moment.",
        "warn": "Changes take longer than usual to become searchable.",
        "bad": "Changes do not become searchable. Is the worker running, and does the search engine answer?",
    }[tone]
    stats = [
        Stat("Changes waiting", grouped(numbers.search_changes), tone=tone),
        Stat("Oldest has waited", duration(numbers.search_waiting_s), tone=tone),
        Stat("Products on sale", grouped(numbers.products_active)),
        Stat("Put right in 30 days", grouped(numbers.search_repaired), "documents that were not as they should be"),
    ]
    return {"verdict": verdict, "tone": tone, "stats": stats, "facts": []}
