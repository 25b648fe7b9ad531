"""The account's page about one's own data: a copy of it, a picture of oneself, and erasing it all."""

from sanic import Blueprint
from sanic.request import File, Request
from sanic.response import HTTPResponse

from handlers.pages import flash
from handlers.pages.account import section
from handlers.pages.forms import errors_of
from handlers.pages.pictures import picture_url
from handlers.pages.shell import Form, go, page
from handlers.personal import erase_caller, exported, keep_avatar
from models.errors import Conflict, Forbidden, Invalid
from models.profile import avatar_of, password_of, set_avatar
from server.auth import Access, drop_cookie
from server.http import context

blueprint = Blueprint("privacy_pages")
HERE = "/account/privacy"


@page(blueprint, "GET", HERE, access=Access.USER)
async def privacy(request: Request) -> HTTPResponse:
    return await _shown(request, {})


@page(blueprint, "GET", "/account/export", access=Access.USER, limit="export")
async def my_data(request: Request) -> HTTPResponse:
    return await exported(request)


@page(blueprint, "POST", "/account/avatar", access=Access.USER, limit="default", upload=True)
async def save_avatar(request: Request, *, form: Form) -> HTTPResponse:
    if form.get("remove"):
        await set_avatar(request.ctx.caller.user_id, "")
        return flash.leave(request, go(request, HERE), "picture-gone")
    sent: File | None = request.files.get("picture") if request.files else None
    try:
        await keep_avatar(request, sent.body if sent else b"")
    except Invalid as error:
        return await _shown(request, errors_of(error))
    return flash.leave(request, go(request, HERE), "picture-kept")


@page(blueprint, "POST", "/account/erase", access=Access.USER, limit="auth")
async def erase(request: Request, *, form: Form) -> HTTPResponse:
    try:
        await erase_caller(request, form.get("password", ""))
    except (Conflict, Forbidden) as error:
        return await _shown(request, {"password": error.detail})
    response = flash.leave(request, go(request, "/"), "erased")
    drop_cookie(response, context(request).settings, "session")
    return response


async def _shown(request: Request, errors: dict[str, str]) -> HTTPResponse:
    user_id = request.ctx.caller.user_id
    return await section(
        request,
        "shop/account_privacy.html",
        "privacy",
        422 if errors else 200,
        avatar=picture_url(await avatar_of(user_id)),
        sells=request.ctx.caller.role == "seller",
        has_password=await password_of(user_id) is not None,
        errors=errors,
    )
