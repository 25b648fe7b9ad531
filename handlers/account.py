"""Registering, logging in and out, and who one is, over the API. Pages set cookies from the same functions."""

from typing import Annotated
from uuid import UUID

import msgspec
from sanic import Blueprint
from sanic.request import Request

from handlers.entry import Entered, Entry, enter, tokens_of
from handlers.guesses import count_guess, forgive, of_address
from models.common_passwords import demand_uncommon
from models.credentials import ask_to_register, demand_email, finish_registration, send_again
from models.database import transaction
from models.errors import Conflict, Unauthenticated, Unavailable
from models.links import find_open
from models.sessions import revoke_session, rotate_session
from models.sign_in import Profile, find_credentials, get_profile
from server.auth import Access, Tokens, forget_session, new_secret, read_token, tokens_for
from server.http import context, endpoint

blueprint = Blueprint("account")

Email = Annotated[str, msgspec.Meta(min_length=3, max_length=254, pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+(?!\n)$")]
Password = Annotated[str, msgspec.Meta(min_length=8, max_length=256)]
GivenPassword = Annotated[str, msgspec.Meta(max_length=256)]
PersonName = Annotated[str, msgspec.Meta(min_length=1, max_length=120)]
LinkToken = Annotated[str, msgspec.Meta(max_length=100)]


class Registration(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    email: Email
    password: Password
    name: PersonName


class Registered(msgspec.Struct, frozen=True):
    """The same for every address: what became of it is in the mail."""

    registration_id: UUID
    detail: str = "A mail is on its way. Follow its link to finish the account."


class SendAgain(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    registration_id: UUID


class Confirmation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The password that was chosen: a link that somebody else asked for opens nothing."""

    token: LinkToken
    password: GivenPassword


class Login(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    email: Email
    password: GivenPassword


class Refresh(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    refresh_token: Annotated[str, msgspec.Meta(max_length=2000)]


@endpoint(
    blueprint,
    "POST",
    "/api/v1/auth/register",
    summary="Ask for an account; a mail brings the link that opens it",
    limit="auth",
    body=Registration,
    answer=Registered,
    status=202,
    errors=(Unavailable,),
)
async def register_account(request: Request, *, body: Registration) -> Registered:
    return Registered(await sign_up(request, body))


async def sign_up(request: Request, body: Registration) -> UUID:
    """A registration that waits for its mail to be read; its id. Nobody learns whether the address has an account."""
    email = demand_email(body.email)
    demand_uncommon(body.password, personal=(email, body.name))
    shared = context(request)
    password_hash = await shared.passwords.hash(body.password)
    return await ask_to_register(shared.keyring, email=email, name=body.name, password_hash=password_hash)


@endpoint(
    blueprint,
    "POST",
    "/api/v1/auth/register/resend",
    summary="Send the link of a registration once more",
    limit="auth",
    body=SendAgain,
    status=204,
)
async def resend(_: Request, *, body: SendAgain) -> None:
    await send_again(body.registration_id)


@endpoint(
    blueprint,
    "POST",
    "/api/v1/auth/register/confirm",
    summary="Finish a registration with the token of its mail, and log in",
    limit="auth",
    body=Confirmation,
    answer=Entered,
    status=201,
    errors=(Conflict, Unauthenticated),
)
async def confirm_registration(request: Request, *, body: Confirmation) -> Entered:
    return tokens_of(request, await finish_sign_up(request, body))


async def finish_sign_up(request: Request, body: Confirmation) -> Entry:
    """The account, and its first session. Raises Invalid for a dead link, Unauthenticated for another password."""
    shared = context(request)
    link = await find_open(shared.keyring, "register", body.token)
    if not await shared.passwords.verify(body.password, link.password_hash):
        raise Unauthenticated("This is not the password that was chosen with this link.", code="credentials")
    async with transaction() as connection:
        user_id = await finish_registration(connection, shared.keyring, body.token)
    return await enter(request, user_id, "link")


@endpoint(
    blueprint,
    "POST",
    "/api/v1/auth/login",
    summary="Log in with mail and password",
    limit="auth",
    body=Login,
    answer=Entered,
    errors=(Unauthenticated, Unavailable),
)
async def log_in(request: Request, *, body: Login) -> Entered:
    return tokens_of(request, await sign_in(request, body))


async def sign_in(request: Request, body: Login) -> Entry:
    """A new session. Raises TooMany, or Unauthenticated: with code `second_factor` the app's code is asked for next."""
    shared = context(request)
    found = await find_credentials(shared.keyring, body.email)
    guesser = of_address(request, body.email, found.user_id if found else None)
    await count_guess(request, guesser)
    if not await shared.passwords.verify(body.password, found.password_hash if found else None) or found is None:
        raise Unauthenticated("The mail address or the password is wrong.", code="credentials")
    await forgive(guesser)
    return await enter(request, found.user_id, "password", mark=found.mark)


@endpoint(
    blueprint,
    "POST",
    "/api/v1/auth/refresh",
    summary="Exchange a refresh token, once, for new tokens",
    limit="auth",
    body=Refresh,
    answer=Tokens,
    errors=(Unauthenticated,),
)
async def refresh(request: Request, *, body: Refresh) -> Tokens:
    shared = context(request)
    claims = read_token(shared.settings, body.refresh_token, "refresh")
    secret = new_secret()
    try:
        await rotate_session(
            claims["sid"], old_token=claims["jti"], new_token=secret, ttl_s=shared.settings.auth.refresh_ttl_s
        )
    except Unauthenticated:
        await forget_session(shared.redis, shared.settings, claims["sid"])
        raise
    return tokens_for(shared.settings, claims["sid"], secret)


@endpoint(blueprint, "POST", "/api/v1/auth/logout", summary="End this log-in", access=Access.USER, status=204)
async def log_out(request: Request) -> None:
    await revoke_session(request.ctx.caller.session_id)
    await forget_session(context(request).redis, context(request).settings, request.ctx.caller.session_id)


@endpoint(blueprint, "GET", "/api/v1/me", summary="Who is logged in", access=Access.USER, answer=Profile, limit="read")
async def me(request: Request) -> Profile:
    return await get_profile(context(request).keyring, request.ctx.caller.user_id)
