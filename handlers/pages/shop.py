"""The shop's frame around a page: the category bar and the text in the search box."""

from typing import Any

from sanic.request import Request
from sanic.response import HTTPResponse

from handlers.pages import csrf
from handlers.pages.shell import Pages, personal, public, render
from models.storefront import Shelf, list_shelves
from server.http import context

NAV_MAX = 9
SHELVES_TTL_S = 60


async def public_page(request: Request, template: str, /, **values: Any) -> HTTPResponse:
    """The same for everybody: no token, no name, no cart."""
    return public(request, render(request, template, **await _frame(request), **values))


async def shop_page(request: Request, template: str, /, status: int = 200, **values: Any) -> HTTPResponse:
    """For this person alone."""
    frame = {**await _frame(request), "csrf_token": csrf.token_for(request)}
    return personal(render(request, template, **{**frame, **values}), status)


async def _frame(request: Request) -> dict[str, Any]:
    nav = (await shelves(request))[:NAV_MAX]
    return {"nav": nav, "q": request.args.get("q", "")[:200], "path": request.path}


async def shelves(request: Request) -> list[Shelf]:
    """The upper two levels of the category tree."""
    pages: Pages = context(request).templates
    return await pages.kept.get("shelves", list_shelves, ttl_s=SHELVES_TTL_S)


def local_path(url: str) -> str:
    """Where to go on to, if it is a path of ours (never `//host`, `/\\host` or with control characters), else home."""
    plain = url.startswith("/") and not url.startswith(("//", "/\\")) and url.isprintable() and "\\" not in url
    return url if plain else "/"
