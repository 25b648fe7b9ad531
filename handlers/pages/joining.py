"""Making an account, choosing a new password, proving a new address: what is done by following a link of a mail.

The pages that links lead to change nothing by themselves, since programs that read mail open links too.
"""

from uuid import UUID

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse

from handlers.account import Confirmation, Registration, finish_sign_up, sign_up
from handlers.credentials import ForgottenPassword, MailConfirmation, NewPassword, set_password
from handlers.pages import flash
from handlers.pages.forms import errors_of, read_form
from handlers.pages.shell import Form, go, page
from handlers.pages.sign_in import ask_second, entry_form, is_half_way, welcome
from handlers.pages.step import MAIL, NEW_PASSWORD, PASSWORD, More, next_of, step
from models.credentials import ask_to_reset, change_mail, demand_email, send_again
from models.errors import DomainError, Unavailable
from server.auth import Access
from server.http import context

blueprint = Blueprint("joining_pages")
SIGN_IN = More("Had an account before?", "Sign in", "/login")


@page(blueprint, "GET", "/register")
async def register_page(request: Request) -> HTTPResponse:
    return await entry_form(request, "shop/register.html", {}, {})


@page(blueprint, "POST", "/register", limit="auth")
async def register(request: Request, *, form: Form) -> HTTPResponse:
    try:
        body = read_form({name: form.get(name, "") for name in ("email", "password", "name")}, Registration)
        registration_id = await sign_up(request, body)
    except Unavailable:
        raise
    except DomainError as error:
        return await entry_form(request, "shop/register.html", form, errors_of(error))
    return await _look_for_mail(request, body.email, str(registration_id))


@page(blueprint, "POST", "/register/resend", limit="auth")
async def resend(request: Request, *, form: Form) -> HTTPResponse:
    try:
        await send_again(UUID(form.get("registration_id", "")))
    except ValueError:
        return go(request, "/register")
    return await _look_for_mail(request, form.get("email", ""), form["registration_id"])


@page(blueprint, "GET", "/register/confirm")
async def confirm_page(request: Request) -> HTTPResponse:
    return await _confirm(request, {"token": request.args.get("token", "")}, {})


@page(blueprint, "POST", "/register/confirm", limit="auth")
async def confirm(request: Request, *, form: Form) -> HTTPResponse:
    try:
        body = read_form({name: form.get(name, "") for name in ("token", "password")}, Confirmation)
        entry = await finish_sign_up(request, body)
    except Unavailable:
        raise
    except DomainError as error:
        if is_half_way(error):
            return ask_second(request, error, next_of(request, form))
        return await _confirm(request, form, errors_of(error))
    return await welcome(request, entry, next_of(request, form))


@page(blueprint, "GET", "/reset")
async def reset_page(request: Request) -> HTTPResponse:
    return await _reset(request, {}, {})


@page(blueprint, "POST", "/reset", limit="auth")
async def reset(request: Request, *, form: Form) -> HTTPResponse:
    try:
        body = read_form({"email": form.get("email", "")}, ForgottenPassword)
        await ask_to_reset(context(request).keyring, email=demand_email(body.email))
    except DomainError as error:
        return await _reset(request, form, errors_of(error))
    lines = (f"If {body.email} has an account, a mail with a link is on its way. It works for an hour.",)
    return await step(request, "Look for our mail", lines, links=[SIGN_IN])


@page(blueprint, "GET", "/reset/confirm")
async def new_password_page(request: Request) -> HTTPResponse:
    return await _new_password(request, {"token": request.args.get("token", "")}, {})


@page(blueprint, "POST", "/reset/confirm", limit="auth")
async def new_password(request: Request, *, form: Form) -> HTTPResponse:
    try:
        body = read_form({name: form.get(name, "") for name in ("token", "password")}, NewPassword)
        await set_password(request, body)
    except Unavailable:
        raise
    except DomainError as error:
        return await _new_password(request, form, errors_of(error))
    return flash.leave(request, go(request, "/login"), "password-set")


@page(blueprint, "GET", "/account/email/confirm", access=Access.USER)
async def new_mail_page(request: Request) -> HTTPResponse:
    return await _new_mail(request, {"token": request.args.get("token", "")}, {})


@page(blueprint, "POST", "/account/email/confirm", access=Access.USER, limit="auth")
async def new_mail(request: Request, *, form: Form) -> HTTPResponse:
    try:
        body = read_form({"token": form.get("token", "")}, MailConfirmation)
        await change_mail(context(request).keyring, body.token, user_id=request.ctx.caller.user_id)
    except DomainError as error:
        return await _new_mail(request, form, errors_of(error))
    return flash.leave(request, go(request, "/account/security"), "mail-changed")


async def _look_for_mail(request: Request, email: str, registration_id: str) -> HTTPResponse:
    """The same for every address: what became of it is in the mail."""
    return await step(
        request,
        "Look for our mail",
        [f"We have sent a link to {email}. Follow it to finish your account; it works for 24 hours."],
        action="/register/resend",
        button="Send it again",
        hidden={"registration_id": registration_id, "email": email},
        links=[SIGN_IN],
    )


async def _confirm(request: Request, form: Form, errors: dict[str, str]) -> HTTPResponse:
    return await step(
        request,
        "Finish your account",
        ["Give the password that you chose, so that nobody else can have chosen it for you."],
        action="/register/confirm",
        fields=[PASSWORD],
        button="Finish and sign in",
        hidden={"token": form.get("token", "")},
        errors=errors,
        links=[More("Link too old?", "Make the account anew", "/register")],
    )


async def _reset(request: Request, form: Form, errors: dict[str, str]) -> HTTPResponse:
    return await step(
        request,
        "Choose a new password",
        ["We send a link to the mail address of your account."],
        action="/reset",
        fields=[MAIL],
        button="Send the link",
        form=form,
        errors=errors,
        links=[SIGN_IN],
    )


async def _new_password(request: Request, form: Form, errors: dict[str, str]) -> HTTPResponse:
    return await step(
        request,
        "Choose a new password",
        ["Every device is signed out then."],
        action="/reset/confirm",
        fields=[NEW_PASSWORD],
        button="Save the password",
        hidden={"token": form.get("token", "")},
        errors=errors,
        links=[More("Link too old?", "Ask for another", "/reset")],
    )


async def _new_mail(request: Request, form: Form, errors: dict[str, str]) -> HTTPResponse:
    return await step(
        request,
        "Use this address from now on",
        ["You sign in with it, and mails about your orders go there."],
        action="/account/email/confirm",
        button="Use this address",
        hidden={"token": form.get("token", "")},
        errors=errors,
        links=[More("Changed your mind?", "Back to your account", "/account/security")],
    )
