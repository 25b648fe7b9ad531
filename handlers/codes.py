"""Codes of six digits over the API: logging in with one by mail or SMS, and proving a phone."""

from typing import Annotated
from uuid import UUID

import msgspec
from sanic import Blueprint
from sanic.request import Request

from handlers.account import Email, GivenPassword
from handlers.credentials import demand_password
from handlers.entry import Entered, Entry, enter, tokens_of
from models.credentials import demand_email
from models.delivery import read_phone
from models.errors import Invalid, TooMany, Unauthenticated
from models.otp import challenge, log_in_with, prove_phone
from server.auth import Access
from server.http import context, endpoint

blueprint = Blueprint("codes")
Digits = Annotated[str, msgspec.Meta(min_length=6, max_length=6, pattern=r"^[0-9]{6}(?!\n)$")]
Phone = Annotated[str, msgspec.Meta(max_length=30)]


class CodeRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One of the two: where the code is to go."""

    email: Email | None = None
    phone: Phone | None = None


class PhoneRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The password, since who reads that phone's messages can log in from then on."""

    phone: Phone
    current_password: GivenPassword


class Challenged(msgspec.Struct, frozen=True):
    """The same for every address and number; a code comes if there is such an account."""

    challenge_id: UUID


class CodeAnswer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    challenge_id: UUID
    code: Digits


@endpoint(
    blueprint,
    "POST",
    "/api/v1/auth/code",
    summary="Ask for a code to log in with, by mail or SMS; three an hour",
    limit="auth",
    body=CodeRequest,
    answer=Challenged,
    status=202,
    errors=(TooMany,),
)
async def ask(request: Request, *, body: CodeRequest) -> Challenged:
    return Challenged(await send_code(request, body))


async def send_code(request: Request, body: CodeRequest) -> UUID:
    """The challenge's id. Raises Invalid, and TooMany for the fourth in an hour."""
    if (body.email is None) == (body.phone is None):
        raise Invalid.field("email", "give either `email` or `phone`")
    keyring = context(request).keyring
    if body.email is not None:
        return await challenge(keyring, purpose="login", channel="mail", destination=demand_email(body.email))
    return await challenge(keyring, purpose="login", channel="sms", destination=read_phone("phone", body.phone or ""))


@endpoint(
    blueprint,
    "POST",
    "/api/v1/auth/code/confirm",
    summary="Log in with a code; five tries",
    limit="auth",
    body=CodeAnswer,
    answer=Entered,
    errors=(Unauthenticated,),
)
async def answer_code(request: Request, *, body: CodeAnswer) -> Entered:
    return tokens_of(request, await enter_with_code(request, body))


async def enter_with_code(request: Request, body: CodeAnswer) -> Entry:
    user_id = await log_in_with(context(request).keyring, body.challenge_id, body.code)
    return await enter(request, user_id, "code")


@endpoint(
    blueprint,
    "POST",
    "/api/v1/me/phone",
    summary="Prove a phone, with the password: a code goes there by SMS",
    access=Access.USER,
    limit="auth",
    body=PhoneRequest,
    answer=Challenged,
    status=202,
    errors=(TooMany,),
)
async def ask_phone(request: Request, *, body: PhoneRequest) -> Challenged:
    return Challenged(await send_phone_code(request, body))


async def send_phone_code(request: Request, body: PhoneRequest) -> UUID:
    """The challenge's id. Raises Forbidden for a wrong password or none, Invalid, TooMany."""
    await demand_password(request, body.current_password)
    return await challenge(
        context(request).keyring,
        purpose="phone",
        channel="sms",
        destination=read_phone("phone", body.phone),
        user_id=request.ctx.caller.user_id,
    )


@endpoint(
    blueprint,
    "POST",
    "/api/v1/me/phone/confirm",
    summary="Send the code that came to the phone; it is the account's from then on",
    access=Access.USER,
    limit="auth",
    body=CodeAnswer,
    status=204,
    errors=(Unauthenticated,),
)
async def confirm_phone(request: Request, *, body: CodeAnswer) -> None:
    await prove_phone(context(request).keyring, request.ctx.caller.user_id, body.challenge_id, body.code)
