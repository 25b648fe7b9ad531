"""What every page shares: declaring it, rendering it, and how long who may keep it.

Public pages hold nothing personal and carry an ETag; everything else is `no-store`. An unsafe request needs the CSRF
token besides the Origin check of the middleware.
"""

import functools
import hashlib
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import quote, unquote

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, empty, html, redirect

from handlers.pages import csrf, flash, unsent
from handlers.pages.kept import Kept
from models.errors import DomainError, Forbidden, Invalid, Unauthenticated
from server.auth import Access, Declared, require
from server.decode import clean_text
from server.errors import Problem
from server.http import context, demand_path, demand_size, read_body, spend
from server.settings import Settings
from web import STATIC, environment, load_assets

Handler = Callable[..., Awaitable[HTTPResponse]]
Form = dict[str, str]
FIELDS_MAX = 5_000
NO_STORE = {"Cache-Control": "no-store"}
REVALIDATE = {"Cache-Control": "public, no-cache", "Vary": "HX-Request"}
TITLES = {
    400: "That could not be read",
    401: "Please sign in",
    403: "This part is for somebody else",
    404: "Nothing here",
    405: "Not this way",
    409: "That has changed meanwhile",
    429: "A little too fast",
    500: "Something broke on our side",
    503: "The market is catching its breath",
}
DETAILS = {
    "http_404": "There is no page at this address. It may have moved, or a letter is wrong.",
    "http_405": "This address takes other requests. Go to the market and start from there.",
}


class Pages:
    """Templates, static files and slow answers of one process."""

    def __init__(self, settings: Settings) -> None:
        self.assets = load_assets(STATIC)
        self.kept = Kept()
        self._jinja = environment(self.assets, site=settings.site)

    def render(self, template: str, /, **values: Any) -> str:
        return self._jinja.get_template(template).render(**values)

    def error(self, request: Request, problem: Problem) -> HTTPResponse:
        """The page for people; it needs no server but this one, so that it can be shown when nothing else works."""
        title = TITLES.get(problem.status, problem.title)
        page = self.render(
            "errors/error.html",
            path=request.path,
            status=problem.status,
            title=title,
            detail=DETAILS.get(problem.code, problem.detail),
        )
        return html(page, problem.status, NO_STORE)


def page(
    blueprint: Blueprint,
    method: str,
    path: str,
    *,
    access: Access = Access.PUBLIC,
    limit: str | None = "read",
    upload: bool = False,
) -> Callable[[Handler], Handler]:
    """Register a page. A POST handler gets `form`: first values by name, clean, the token checked and taken out.

    `limit` None: the handler's answers come from the cache, which takes the tokens itself. `upload`: it takes files.
    """

    def register(handler: Handler) -> Handler:
        @functools.wraps(handler)
        async def respond(request: Request, **arguments: Any) -> HTTPResponse:
            try:
                response = await _answer(request, handler, arguments, access=access, limit=limit, upload=upload)
            except DomainError as error:
                if not wants_fragment(request):
                    raise
                response = _toast(request, error)
            return flash.tidy(request, csrf.remember(request, response))

        respond.declared = Declared(method, path, access)  # type: ignore[attr-defined]
        methods = ["GET", "HEAD"] if method == "GET" else [method]
        blueprint.add_route(respond, path, methods, name=handler.__name__, stream=True, error_format="html")
        return handler

    return register


async def _answer(
    request: Request, handler: Handler, arguments: dict[str, Any], *, access: Access, limit: str | None, upload: bool
) -> HTTPResponse:
    await spend(request, limit)
    demand_size(request, upload=upload)
    try:
        require(request.ctx.caller, access)
    except Unauthenticated:
        return await _sign_in_first(request, upload=upload)
    demand_path(arguments)
    if limit and "%" in request.query_string:
        clean_text(unquote(request.query_string), "address")
    await read_body(request, upload=upload)
    if request.method == "POST":
        _demand_form(request)
        form, token = _typed(request)
        if unsent.MARK in form and request.ctx.caller is None:
            return _after_sign_in(request, form)
        if not csrf.holds(request, token):
            return _ask_again(request, form)
        arguments["form"] = {name: clean_text(value, name) for name, value in form.items()}
    return await handler(request, **arguments)


async def _sign_in_first(request: Request, *, upload: bool) -> HTTPResponse:
    """To the sign-in, and back here afterwards; a form comes back with what was typed, as far as that can be kept."""
    if request.method != "POST":
        return go(request, f"/login?next={quote(_here(request))}")
    if upload and not _is_small(request):
        return go(request, f"/login?next={quote(unsent.page_before(request))}")
    await read_body(request)
    _demand_form(request)
    return _after_sign_in(request, _typed(request)[0])


def _is_small(request: Request) -> bool:
    """Words alone; pictures are chosen again."""
    length: str = request.headers.get("content-length", "")
    return length.isdecimal() and int(length[:20]) <= context(request).settings.http.body_max_bytes


def _after_sign_in(request: Request, form: Form) -> HTTPResponse:
    kept = unsent.Unsent(request.path, form, unsent.page_before(request))
    if not unsent.may_be_kept(request, kept):
        return go(request, f"/login?next={quote(kept.back)}")
    response = go(request, f"/login?next={unsent.PATH}")
    unsent.keep(request, response, kept)
    return response


def _typed(request: Request) -> tuple[Form, str]:
    """The first value of each field, and the token, which is none of them."""
    form = {name: values[0] for name, values in (request.form or {}).items()}
    return form, form.pop(csrf.FIELD, "")


def _demand_form(request: Request) -> None:
    """Raises Invalid for a form of more fields than any of ours has: to take it apart holds everybody up."""
    is_plain = request.headers.get("content-type", "").lower().startswith("application/x-www-form-urlencoded")
    if is_plain and request.body.count(b"&") >= FIELDS_MAX:
        raise Invalid(f"A form has at most {FIELDS_MAX:,} fields.", code="form")


def _toast(request: Request, error: DomainError) -> HTTPResponse:
    """What went wrong with a part of the page, said beside it: htmx swaps nothing but the message."""
    text = " ".join(field.detail for field in error.fields) or error.detail
    message = flash.Flash(text[:1].upper() + text[1:], "bad")
    return personal(render(request, "fragments/toast.html", flash=message), 422, {"HX-Reswap": "none"})


def wants_fragment(request: Request) -> bool:
    return request.headers.get("hx-request") == "true"


def render(request: Request, template: str, /, **values: Any) -> str:
    pages: Pages = context(request).templates
    return pages.render(template, **values)


def public(request: Request, body: str) -> HTTPResponse:
    """A page that is the same for everybody: caches keep it and ask each time whether it still holds."""
    tag = f'W/"{hashlib.sha256(body.encode()).hexdigest()[:16]}"'
    headers = {**REVALIDATE, "ETag": tag}
    return empty(304, headers) if tag in request.headers.get("if-none-match", "") else html(body, headers=headers)


def personal(body: str, status: int = 200, headers: Mapping[str, str] | None = None) -> HTTPResponse:
    """A page for one person; nobody keeps it."""
    return html(body, status, {**NO_STORE, **(headers or {})})


def go(request: Request, url: str) -> HTTPResponse:
    """See another page next; htmx is told so that it leaves the page rather than swapping it in."""
    if wants_fragment(request):
        return empty(200, {**NO_STORE, "HX-Redirect": url})
    return redirect(url, headers={**NO_STORE}, status=303)  # Sanic writes the address into what it is given


def _here(request: Request) -> str:
    return request.path + (f"?{request.query_string}" if request.query_string else "")


def _ask_again(request: Request, form: Form) -> HTTPResponse:
    """A form without its token (scripts off, or a page left open) is shown once more with one; passwords never are."""
    if any("password" in name for name in form):
        raise Forbidden("This page was open for too long. Go back, reload it and try again.", code="csrf")
    if wants_fragment(request):
        return flash.leave(request, empty(200, {**NO_STORE, "HX-Refresh": "true"}), "renewed")
    body = render(
        request,
        "shop/confirm.html",
        nav=[],
        q="",
        path=request.path,
        action=request.path,
        fields=list(form.items()),
        why="Please confirm that this came from you.",
        label="Go on",
        back=unsent.page_before(request),
        csrf_token=csrf.token_for(request),
    )
    return csrf.remember(request, personal(body, 403))
