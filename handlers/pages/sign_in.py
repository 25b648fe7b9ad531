"""Signing in and out with a cookie, the second factor included: the API's own functions, a form around them."""

from urllib.parse import quote
from uuid import UUID

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse

from handlers.account import Login, sign_in
from handlers.entry import PENDING_TTL_S, Entry, enter_second, read_pending
from handlers.guesses import know_device
from handlers.pages import flash, unsent
from handlers.pages.forms import errors_of, read_form
from handlers.pages.shell import Form, go, page
from handlers.pages.shop import local_path, shop_page
from handlers.pages.step import CODE, More, next_of, step
from handlers.second_factor import FirstCode, proposal
from handlers.shopper import COOKIE, cart_token
from models.errors import DomainError, Invalid, TooMany, Unauthenticated, Unavailable
from models.second_factor import get_standing
from models.sessions import find_session, revoke_session
from server.auth import Access, cookie_name, drop_cookie, forget_session, set_cookie, sign_token
from server.http import context
from web.qr import qr

blueprint = Blueprint("sign_in_pages")
PENDING = "second"
HOMES = {"admin": "/admin", "support": "/admin/orders"}


@page(blueprint, "GET", "/login")
async def login_page(request: Request) -> HTTPResponse:
    return await entry_form(request, "shop/login.html", {}, {})


@page(blueprint, "POST", "/login", limit="auth")
async def login(request: Request, *, form: Form) -> HTTPResponse:
    try:
        body = read_form({name: form.get(name, "") for name in ("email", "password")}, Login)
        entry = await sign_in(request, body)
    except (Unavailable, TooMany):
        raise
    except DomainError as error:
        if is_half_way(error):
            return ask_second(request, error, next_of(request, form))
        errors = {"": "The mail address or the password is wrong."} if isinstance(error, Invalid) else errors_of(error)
        return await entry_form(request, "shop/login.html", form, errors)
    return await welcome(request, entry, next_of(request, form))


@page(blueprint, "GET", unsent.PATH, access=Access.USER)
async def again(request: Request) -> HTTPResponse:
    """What was typed before one had to sign in: one click sends it."""
    form = unsent.read(request)
    if form is None:
        return go(request, "/")
    return await shop_page(
        request,
        "shop/confirm.html",
        action=form.action,
        fields=list(form.fields.items()),
        why="You are signed in now. What you had begun is kept, and was not sent yet.",
        label="Go on",
        back=form.back,
    )


@page(blueprint, "GET", "/login/second")
async def second_page(request: Request) -> HTTPResponse:
    return await _second(request, next_of(request), {})


@page(blueprint, "POST", "/login/second", limit="auth")
async def second(request: Request, *, form: Form) -> HTTPResponse:
    following = next_of(request, form)
    try:
        pending = await read_pending(request, _pending(request))
    except Unauthenticated:
        return go(request, "/login")
    try:
        entry = await enter_second(request, pending, read_form({"code": form.get("code", "")}, FirstCode).code)
    except (Unauthenticated, Invalid) as error:
        return await _second(request, following, {"code": " ".join(errors_of(error).values())})
    return await welcome(request, entry, following)


@page(blueprint, "POST", "/logout", limit="default")
async def log_out(request: Request, **_: Form) -> HTTPResponse:
    """What was typed is not for who comes next to this browser."""
    response = flash.leave(request, go(request, "/"), "signed-out")
    drop_cookie(response, context(request).settings, unsent.COOKIE)
    if request.ctx.caller:
        await _end(request, request.ctx.caller.session_id)
        drop_cookie(response, context(request).settings, "session")
    return response


async def entry_form(request: Request, template: str, form: Form, errors: dict[str, str]) -> HTTPResponse:
    """The page to sign in or register on."""
    shown = {name: form.get(name, "") for name in ("name", "email")}
    google = context(request).google is not None
    status = 422 if errors else 200
    return await shop_page(
        request, template, status, form=shown, errors=errors, next=next_of(request, form), google=google
    )


def is_half_way(error: DomainError) -> bool:
    """Whether the first factor was given, and the second is asked for."""
    return error.code == "second_factor" and "pending_token" in error.facts


def ask_second(request: Request, error: DomainError, following: str) -> HTTPResponse:
    """On to the page that asks for the app's code; who is half way in is kept in a cookie for a few minutes."""
    response = go(request, f"/login/second?next={quote(following)}" if following else "/login/second")
    set_cookie(response, context(request).settings, PENDING, str(error.facts["pending_token"]), ttl_s=PENDING_TTL_S)
    return response


async def welcome(request: Request, entry: Entry, following: str) -> HTTPResponse:
    """The cookie of the new session, and on to where one was going; this browser's old session ends."""
    settings, ttl_s = context(request).settings, context(request).settings.auth.refresh_ttl_s
    if request.ctx.caller:
        await _end(request, request.ctx.caller.session_id)
    facts = await find_session(entry.session_id)
    if facts is None:
        raise Unauthenticated("This log-in has ended. Log in again.", code="session_ended")
    home = "/seller" if facts.seller_id else HOMES.get(facts.role, "/")
    url = local_path(following) if following else home
    if entry.recovery_codes:
        response = await shop_page(request, "shop/recovery_codes.html", codes=entry.recovery_codes, next=url)
    else:
        response = flash.leave(request, go(request, url), "welcome")
    cookie = sign_token(settings, entry.session_id, "cookie", ttl_s=ttl_s)
    set_cookie(response, settings, "session", cookie, ttl_s=ttl_s)
    know_device(request, response, facts.user_id)
    drop_cookie(response, settings, PENDING)
    if cart_token(request):
        drop_cookie(response, settings, COOKIE)
    return response


async def _second(request: Request, following: str, errors: dict[str, str]) -> HTTPResponse:
    """The code of the app; or the app itself is set up, where the role demands one and there is none yet."""
    try:
        user_id = (await read_pending(request, _pending(request))).user_id
    except Unauthenticated:
        return go(request, "/login")
    if (await get_standing(user_id)).confirmed_at is None:
        return await _set_up(request, user_id, following, errors)
    lines = ["Open the authenticator app and type the code that it shows.", "App lost? A recovery code does as well."]
    if context(request).settings.site.environment == "development":
        lines.append(
            "In development `haat code` prints the code of the demo's admin, and `haat code MAIL` that of others."
        )
    field = CODE._replace(label="Code", more={**CODE.more, "maxlength": "20", "inputmode": "text"})
    return await step(
        request,
        "One more step",
        lines,
        action="/login/second",
        fields=[field],
        button="Sign in",
        hidden={"next": following},
        errors=errors,
        links=[More("Somebody else?", "Sign in anew", "/login")],
    )


async def _set_up(request: Request, user_id: UUID, following: str, errors: dict[str, str]) -> HTTPResponse:
    found = await proposal(request, user_id)
    return await shop_page(
        request,
        "shop/set_up_app.html",
        422 if errors else 200,
        title="Set up an authenticator app",
        lines=["Whoever runs the market signs in with a code of an app too. Point the app's camera at this:"],
        action="/login/second",
        square=qr(found.uri),
        secret=found.secret,
        uri=found.uri,
        hidden=[("next", following)],
        errors=errors,
        button="Sign in",
    )


def _pending(request: Request) -> str:
    return request.cookies.get(cookie_name(context(request).settings, PENDING)) or ""


async def _end(request: Request, session_id: UUID) -> None:
    await revoke_session(session_id)
    await forget_session(context(request).redis, context(request).settings, session_id)
