"""The shop's frame around a page: the category bar and the text in the search box."""

import hashlib
from typing import Any
from urllib.parse import unquote

import msgspec
from sanic.request import Request
from sanic.response import HTTPResponse

from handlers.pages import csrf
from handlers.pages.shell import personal, public, render, wants_fragment
from search.engine import Engine
from search.query import Q_MAX
from server.decode import legible
from server.http import context

NAV_MAX = 9
PATH_MAX = 2_048
"""Characters; ours are shorter, and to decode more of them takes time."""


async def public_page(request: Request, template: str, /, **values: Any) -> HTTPResponse:
    """The same for everybody: no token, no name, no cart."""
    return public(request, await render_public(request, template, **values))


async def render_public(request: Request, template: str, /, **values: Any) -> str:
    """The text of such a page, which depends on the path, on `search_text` and on the values alone."""
    return render(request, template, **await _frame(request), **values)


def page_key(request: Request, shown: object) -> str:
    """Names a page in the cache: what the frame depends on, and `shown`, which is what the values depend on."""
    whole = (request.path, search_text(request), wants_fragment(request), shown)
    return f"page:{hashlib.blake2b(msgspec.json.encode(whole), digest_size=16).hexdigest()}"


def search_text(request: Request) -> str:
    """What stands in the search box."""
    return legible(request.args.get("q", ""))[:Q_MAX]


async def shop_page(request: Request, template: str, /, status: int = 200, **values: Any) -> HTTPResponse:
    """For this person alone."""
    frame = {**await _frame(request), "csrf_token": csrf.token_for(request)}
    return personal(render(request, template, **{**frame, **values}), status)


async def _frame(request: Request) -> dict[str, Any]:
    engine: Engine = context(request).search
    roots = (await engine.category_tree()).grow("", 1)
    nav = [node for node in roots if node.count][:NAV_MAX]
    return {"nav": nav, "q": search_text(request), "path": request.path}


def local_path(url: str) -> str:
    """Where to go on to, if it is a path of ours, else home.

    Never `//host`, `/\\host` or with control characters, nor what becomes so once somebody decodes it.
    """
    ours = len(url) <= PATH_MAX and all(_plain(text) for text in (url, unquote(url)))
    return url if ours else "/"


def _plain(path: str) -> bool:
    return path.startswith("/") and not path.startswith("//") and path.isprintable() and "\\" not in path
