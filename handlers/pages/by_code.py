"""Signing in with a code in place of a password, and proving a phone with one."""

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse

from handlers.codes import (
    CodeAnswer,
    CodeRequest,
    PhoneRequest,
    confirm_phone,
    enter_with_code,
    send_code,
    send_phone_code,
)
from handlers.pages import flash
from handlers.pages.forms import errors_of, read_form
from handlers.pages.security import errors_about, security_page
from handlers.pages.shell import Form, go, page
from handlers.pages.sign_in import ask_second, is_half_way, welcome
from handlers.pages.step import CODE, Field, More, next_of, step
from models.errors import DomainError, Unauthenticated, Unavailable
from server.auth import Access

blueprint = Blueprint("by_code_pages")
WHERE = Field("where", "E-mail, or mobile number", hint="A number works once it is proved in your account",
              more={"autocomplete": "username", "maxlength": "254"})  # fmt: skip
PASSWORD = More("Rather with a password?", "Sign in with it", "/login")


@page(blueprint, "GET", "/login/by-code")
async def ask_page(request: Request) -> HTTPResponse:
    return await _ask(request, {}, {})


@page(blueprint, "POST", "/login/by-code", limit="auth")
async def ask(request: Request, *, form: Form) -> HTTPResponse:
    where = form.get("where", "").strip()
    try:
        body = read_form({"email" if "@" in where else "phone": where}, CodeRequest)
        challenge_id = await send_code(request, body)
    except DomainError as error:
        return await _ask(request, form, {"where": " ".join(errors_of(error).values())})
    return await _answer(request, {"challenge_id": str(challenge_id), "where": where, "next": form.get("next", "")}, {})


@page(blueprint, "POST", "/login/by-code/confirm", limit="auth")
async def answer(request: Request, *, form: Form) -> HTTPResponse:
    try:
        body = read_form({name: form.get(name, "") for name in ("challenge_id", "code")}, CodeAnswer)
        entry = await enter_with_code(request, body)
    except DomainError as error:
        if is_half_way(error):
            return ask_second(request, error, next_of(request, form))
        return await _answer(request, form, {"code": " ".join(errors_of(error).values())})
    return await welcome(request, entry, next_of(request, form))


@page(blueprint, "POST", "/account/security/phone", access=Access.USER, limit="auth")
async def prove(request: Request, *, form: Form) -> HTTPResponse:
    phone = form.get("phone", "")
    try:
        given = {"phone": phone, "current_password": form.get("phone_password", "")}
        challenge_id = await send_phone_code(request, read_form(given, PhoneRequest))
    except Unavailable:
        raise
    except DomainError as error:
        return await security_page(request, form, errors_about(error, "phone_password"))
    return await _prove(request, {"challenge_id": str(challenge_id), "phone": phone}, {})


@page(blueprint, "POST", "/account/security/phone/confirm", access=Access.USER, limit="auth")
async def proved(request: Request, *, form: Form) -> HTTPResponse:
    try:
        body = read_form({name: form.get(name, "") for name in ("challenge_id", "code")}, CodeAnswer)
        await confirm_phone(request, body=body)
    except Unauthenticated as error:
        return await _prove(request, form, {"code": error.detail})
    except DomainError as error:
        return await _prove(request, form, errors_of(error))
    return flash.leave(request, go(request, "/account/security"), "phone-proved")


async def _ask(request: Request, form: Form, errors: dict[str, str]) -> HTTPResponse:
    return await step(
        request,
        "Sign in with a code",
        ["We send six digits, by mail or SMS. They work once, for 10 minutes."],
        action="/login/by-code",
        fields=[WHERE],
        button="Send the code",
        hidden={"next": next_of(request, form)},
        form=form,
        errors=errors,
        links=[PASSWORD],
    )


async def _answer(request: Request, form: Form, errors: dict[str, str]) -> HTTPResponse:
    return await step(
        request,
        "Type the code",
        [f"If {form.get('where', 'this')} belongs to an account, a code is on its way there."],
        action="/login/by-code/confirm",
        fields=[CODE],
        button="Sign in",
        hidden={name: form.get(name, "") for name in ("challenge_id", "where", "next")},
        errors=errors,
        links=[More("Nothing came?", "Ask for another", "/login/by-code"), PASSWORD],
    )


async def _prove(request: Request, form: Form, errors: dict[str, str]) -> HTTPResponse:
    return await step(
        request,
        "Type the code",
        [f"We have sent six digits to {form.get('phone', 'your phone')}."],
        action="/account/security/phone/confirm",
        fields=[CODE],
        button="This is my number",
        hidden={name: form.get(name, "") for name in ("challenge_id", "phone")},
        errors=errors,
        links=[More("Nothing came?", "Back to your account", "/account/security")],
    )
