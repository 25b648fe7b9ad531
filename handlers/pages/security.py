"""How one signs in, as a page of the account: password, mail, app, phone, other log-ins, devices."""

from typing import Any
from uuid import UUID

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse

from handlers.credentials import MailChange, PasswordChange, ask_for_mail, demand_password, replace_password
from handlers.devices import end_device, end_devices
from handlers.pages import flash
from handlers.pages.account import section
from handlers.pages.device_names import name_of
from handlers.pages.forms import errors_of, read_form
from handlers.pages.shell import Form, go, page
from handlers.pages.shop import shop_page
from handlers.second_factor import FirstCode, WithPassword, proposal
from models.credentials import get_password_hash
from models.errors import DomainError, Unavailable
from models.profile import find_phone
from models.second_factor import confirm, get_standing, remove, renew_codes
from models.sessions import list_devices
from models.social import list_linked, unlink
from server.auth import Access, drop_cookie
from server.http import context
from web.qr import qr

blueprint = Blueprint("security_pages")
HERE = "/account/security"


@page(blueprint, "GET", HERE, access=Access.USER)
async def security(request: Request) -> HTTPResponse:
    return await security_page(request, {}, {})


@page(blueprint, "POST", "/account/security/password", access=Access.USER, limit="auth")
async def password(request: Request, *, form: Form) -> HTTPResponse:
    try:
        given = {"current_password": form.get("old_password", ""), "password": form.get("password", "")}
        await replace_password(request, read_form(given, PasswordChange))
    except Unavailable:
        raise
    except DomainError as error:
        return await security_page(request, form, errors_about(error, "old_password"))
    return flash.leave(request, go(request, HERE), "password-changed")


@page(blueprint, "POST", "/account/security/email", access=Access.USER, limit="auth")
async def email(request: Request, *, form: Form) -> HTTPResponse:
    try:
        given = {"email": form.get("email", ""), "current_password": form.get("mail_password", "")}
        await ask_for_mail(request, read_form(given, MailChange))
    except Unavailable:
        raise
    except DomainError as error:
        return await security_page(request, form, errors_about(error, "mail_password"))
    return flash.leave(request, go(request, HERE), "mail-asked")


@page(blueprint, "POST", "/account/security/app", access=Access.USER, limit="auth")
async def app(request: Request, *, form: Form) -> HTTPResponse:
    user_id = request.ctx.caller.user_id
    try:
        await _demand_typed(request, form, "app_password")
        if form.get("do") == "remove":
            await remove(user_id)
            return flash.leave(request, go(request, HERE), "app-removed")
        if form.get("do") == "codes":
            codes = await renew_codes(context(request).keyring, user_id)
            return await shop_page(request, "shop/recovery_codes.html", codes=codes, next=HERE)
        return await _set_up(request, {})
    except Unavailable:
        raise
    except DomainError as error:
        return await security_page(request, form, errors_about(error, "app_password"))


@page(blueprint, "POST", "/account/security/app/confirm", access=Access.USER, limit="auth")
async def app_confirmed(request: Request, *, form: Form) -> HTTPResponse:
    try:
        code = read_form({"code": form.get("code", "")}, FirstCode).code
        codes = await confirm(context(request).keyring, request.ctx.caller.user_id, code)
    except DomainError as error:
        return await _set_up(request, {"code": " ".join(errors_of(error).values())})
    return await shop_page(request, "shop/recovery_codes.html", codes=codes, next=HERE)


@page(blueprint, "POST", "/account/security/google/unlink", access=Access.USER, limit="auth")
async def unlink_google(request: Request, *, form: Form) -> HTTPResponse:
    if refusal := await refusal_of(request, form, "google_password"):
        return refusal
    await unlink(request.ctx.caller.user_id, "google")
    return flash.leave(request, go(request, HERE), "unlinked")


@page(blueprint, "POST", "/account/security/devices/<session_id:uuid>", access=Access.USER, limit="auth")
async def device_out(request: Request, session_id: UUID, **_: Form) -> HTTPResponse:
    await end_device(request, session_id)
    return flash.leave(request, go(request, HERE), "device-out")


@page(blueprint, "POST", "/account/security/devices", access=Access.USER, limit="auth")
async def devices_out(request: Request, *, form: Form) -> HTTPResponse:
    others = form.get("who") == "others"
    await end_devices(request, others=others)
    response = flash.leave(request, go(request, HERE if others else "/"), "devices-out" if others else "signed-out")
    if not others:
        drop_cookie(response, context(request).settings, "session")
    return response


async def refusal_of(request: Request, form: Form, field: str) -> HTTPResponse | None:
    """The page once more where the password that was typed does not hold; nothing where it does. Raises Unavailable."""
    try:
        await _demand_typed(request, form, field)
    except Unavailable:
        raise
    except DomainError as error:
        return await security_page(request, form, errors_about(error, field))
    return None


async def _demand_typed(request: Request, form: Form, field: str) -> None:
    """The password again, before another way in is opened or closed. Raises Invalid, Forbidden, TooMany."""
    given = {"current_password": form.get(field, "")}
    await demand_password(request, read_form(given, WithPassword).current_password)


async def security_page(request: Request, form: Form, errors: dict[str, str]) -> HTTPResponse:
    shared, caller = context(request), request.ctx.caller
    found = await list_devices(caller.user_id, current=caller.session_id)
    values: dict[str, Any] = {
        "has_password": await get_password_hash(caller.user_id) is not None,
        "standing": await get_standing(caller.user_id),
        "devices": [
            {
                "id": d.id,
                "name": name_of(d.agent),
                "current": d.current,
                "created_at": d.created_at,
                "used_at": d.used_at,
            }
            for d in found
        ],
        "google": shared.google is not None,
        "linked": await list_linked(caller.user_id),
        "phone": await find_phone(caller.user_id, keyring=shared.keyring) or "",
        "form": {"email": form.get("email", ""), "phone": form.get("phone", "")},
        "errors": errors,
    }
    return await section(request, "shop/account_security.html", "security", 422 if errors else 200, **values)


async def _set_up(request: Request, errors: dict[str, str]) -> HTTPResponse:
    found = await proposal(request, request.ctx.caller.user_id)
    return await shop_page(
        request,
        "shop/set_up_app.html",
        422 if errors else 200,
        title="Set up an authenticator app",
        lines=["Point the app's camera at this, then type the code that it shows."],
        action="/account/security/app/confirm",
        square=qr(found.uri),
        secret=found.secret,
        uri=found.uri,
        hidden=[],
        errors=errors,
        button="Ask for codes from now on",
    )


def errors_about(error: DomainError, password_field: str) -> dict[str, str]:
    """What belongs to no field is about the password that was asked for."""
    found = errors_of(error)
    return {password_field if name in {"", "current_password"} else name: text for name, text in found.items()}
