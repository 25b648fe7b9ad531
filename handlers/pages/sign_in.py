"""Signing in, up and out with a cookie: the API's own functions, a form around them."""

from uuid import UUID

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse

from handlers.account import Login, Registration, sign_in, sign_up
from handlers.pages import flash
from handlers.pages.forms import errors_of, read_form
from handlers.pages.shell import Form, go, page
from handlers.pages.shop import local_path, shop_page
from handlers.shopper import COOKIE, cart_token
from models.cart import merge_guest_cart
from models.errors import DomainError, Invalid, Unavailable
from models.keyring import token_hash
from models.sessions import find_session, revoke_session
from server.auth import drop_cookie, forget_session, set_cookie, sign_token
from server.http import context

blueprint = Blueprint("sign_in_pages")
HOMES = {"admin": "/admin", "support": "/admin/orders"}


@page(blueprint, "GET", "/login")
async def login_page(request: Request) -> HTTPResponse:
    return await _form(request, "shop/login.html", {}, {})


@page(blueprint, "POST", "/login", limit="auth")
async def login(request: Request, *, form: Form) -> HTTPResponse:
    try:
        body = read_form({name: form.get(name, "") for name in ("email", "password")}, Login)
        session_id, _ = await sign_in(request, body)
    except Unavailable:
        raise
    except DomainError as error:
        errors = {"": "The mail address or the password is wrong."} if isinstance(error, Invalid) else errors_of(error)
        return await _form(request, "shop/login.html", form, errors)
    return await _welcome(request, session_id, form)


@page(blueprint, "GET", "/register")
async def register_page(request: Request) -> HTTPResponse:
    return await _form(request, "shop/register.html", {}, {})


@page(blueprint, "POST", "/register", limit="auth")
async def register(request: Request, *, form: Form) -> HTTPResponse:
    try:
        body = read_form({name: form.get(name, "") for name in ("email", "password", "name")}, Registration)
        session_id, _ = await sign_up(request, body)
    except Unavailable:
        raise
    except DomainError as error:
        return await _form(request, "shop/register.html", form, errors_of(error))
    return await _welcome(request, session_id, form)


@page(blueprint, "POST", "/logout", limit="default")
async def log_out(request: Request, **_: Form) -> HTTPResponse:
    shared, caller = context(request), request.ctx.caller
    response = flash.leave(request, go(request, "/"), "signed-out")
    if caller:
        await revoke_session(caller.session_id)
        await forget_session(shared.redis, shared.settings, caller.session_id)
        drop_cookie(response, shared.settings, "session")
    return response


async def _form(request: Request, template: str, form: Form, errors: dict[str, str]) -> HTTPResponse:
    shown = {name: form.get(name, "") for name in ("name", "email")}
    following = form.get("next") or request.args.get("next", "")
    next_path = local_path(following) if following else ""
    return await shop_page(request, template, 422 if errors else 200, form=shown, errors=errors, next=next_path)


async def _welcome(request: Request, session_id: UUID, form: Form) -> HTTPResponse:
    """The cookie of the new session, the guest's cart merged into the user's, and on to where one was going."""
    shared = context(request)
    settings, ttl_s = shared.settings, shared.settings.auth.refresh_ttl_s
    facts, token = await find_session(session_id), cart_token(request)
    assert facts is not None
    if token:
        await merge_guest_cart(token_hash(token), facts.user_id, quantity_max=settings.checkout.quantity_max)
    home = "/seller" if facts.seller_id else HOMES.get(facts.role, "/")
    response = flash.leave(request, go(request, local_path(form["next"]) if form.get("next") else home), "welcome")
    set_cookie(response, settings, "session", sign_token(settings, session_id, "cookie", ttl_s=ttl_s), ttl_s=ttl_s)
    if token:
        drop_cookie(response, settings, COOKIE)
    return response
