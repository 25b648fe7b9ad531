"""Signing in with Google, and linking it to an account that is signed in.

What was begun is kept in a sealed cookie of this browser: a code that somebody else brought home is not finished here,
and nothing is linked without the password that was given before.
"""

import hmac
from uuid import UUID

import msgspec
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse

from handlers.entry import enter
from handlers.pages import flash
from handlers.pages.security import refusal_of
from handlers.pages.shell import Form, go, page
from handlers.pages.sign_in import ask_second, is_half_way, welcome
from handlers.pages.step import next_of, step
from models.errors import DomainError, Forbidden, NotFound
from models.social import link, log_in_by
from server.auth import Access, cookie_name, drop_cookie, set_cookie
from server.http import context
from server.integrations.oidc import CALLBACK, Begun, OidcProvider

blueprint = Blueprint("social_pages")
COOKIE = "google"
TTL_S = 600


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """`link_to`: the account that it shall be joined to; None signs in."""

    begun: Begun
    following: str
    link_to: UUID | None


@page(blueprint, "GET", "/login/google", limit="auth")
async def begin(request: Request) -> HTTPResponse:
    url, kept = await _begin(request, link_to=None)
    return _keep(request, go(request, url), kept)


@page(blueprint, "POST", "/account/security/google", access=Access.USER, limit="auth")
async def begin_link(request: Request, *, form: Form) -> HTTPResponse:
    """With the password. A page with a link comes, since a form may lead to no other site here."""
    if refusal := await refusal_of(request, form, "google_password"):
        return refusal
    url, kept = await _begin(request, link_to=request.ctx.caller.user_id)
    lines = ["Choose the account there that is to open this one."]
    return _keep(request, await step(request, "Now at Google", lines, onward=("Go on to Google", url)), kept)


@page(blueprint, "GET", CALLBACK, limit="auth")
async def come_back(request: Request) -> HTTPResponse:
    kept = _read(request)
    if request.args.get("error"):
        response = go(request, "/account/security" if kept.link_to else "/login")
        drop_cookie(response, context(request).settings, COOKIE)
        return response
    identity = await _provider(request).finish(kept.begun, request.args.get("code", ""))
    if kept.link_to:
        if request.ctx.caller is None or request.ctx.caller.user_id != kept.link_to:
            raise Forbidden("Another account is signed in by now. Begin anew.", code="oidc")
        await link(kept.link_to, identity)
        response = flash.leave(request, go(request, "/account/security"), "linked")
    else:
        response = await _enter(request, await log_in_by(context(request).keyring, identity), kept.following)
    drop_cookie(response, context(request).settings, COOKIE)
    return response


async def _begin(request: Request, *, link_to: UUID | None) -> tuple[str, Kept]:
    """Where to go, and what this browser must bring back. Raises NotFound, Unavailable."""
    url, begun = await _provider(request).begin()
    return url, Kept(begun=begun, following=next_of(request), link_to=link_to)


def _keep(request: Request, response: HTTPResponse, kept: Kept) -> HTTPResponse:
    shared = context(request)
    sealed = shared.keyring.seal_cookie(COOKIE, msgspec.json.encode(kept).decode())
    set_cookie(response, shared.settings, COOKIE, sealed, ttl_s=TTL_S)
    return response


async def _enter(request: Request, user_id: UUID, following: str) -> HTTPResponse:
    try:
        return await welcome(request, await enter(request, user_id, "google"), following)
    except DomainError as error:
        if is_half_way(error):
            return ask_second(request, error, following)
        raise


def _read(request: Request) -> Kept:
    """What this browser began. Raises Forbidden where it began nothing, or something else."""
    sealed = request.cookies.get(cookie_name(context(request).settings, COOKIE)) or ""
    given = request.args.get("state", "")
    text = context(request).keyring.open_cookie(COOKIE, sealed, ttl_s=TTL_S)
    if text is None:
        raise Forbidden("Nothing was begun here, or too long ago. Sign in anew.", code="oidc")
    kept = msgspec.json.decode(text, type=Kept)
    if not hmac.compare_digest(kept.begun.state.encode(), given.encode()):
        raise Forbidden("This answer belongs to another attempt. Sign in anew.", code="oidc")
    return kept


def _provider(request: Request) -> OidcProvider:
    found: OidcProvider | None = context(request).google
    if found is None:
        raise NotFound("This shop has no sign-in with Google.")
    return found
