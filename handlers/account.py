"""Registering, logging in and out, and who one is, over the API. Pages set cookies from the same functions."""

from typing import Annotated
from uuid import UUID

import msgspec
from sanic import Blueprint
from sanic.request import Request

from handlers.shopper import keep_cart
from models.database import pool, transaction
from models.errors import Conflict, Unauthenticated, Unavailable
from models.sessions import revoke_session, rotate_session, start_session
from models.sign_in import Profile, find_credentials, get_profile, register
from server.auth import Access, Tokens, forget_session, new_secret, read_token, tokens_for
from server.http import context, endpoint

blueprint = Blueprint("account")

Email = Annotated[str, msgspec.Meta(min_length=3, max_length=254, pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$")]
Password = Annotated[str, msgspec.Meta(min_length=8, max_length=256)]
PersonName = Annotated[str, msgspec.Meta(min_length=1, max_length=120)]


class Registration(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    email: Email
    password: Password
    name: PersonName


class Login(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    email: Email
    password: Annotated[str, msgspec.Meta(max_length=256)]


class Refresh(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    refresh_token: Annotated[str, msgspec.Meta(max_length=2000)]


@endpoint(
    blueprint,
    "POST",
    "/api/v1/auth/register",
    summary="Open an account and log in",
    limit="auth",
    body=Registration,
    answer=Tokens,
    status=201,
    errors=(Conflict, Unavailable),
)
async def register_account(request: Request, *, body: Registration) -> Tokens:
    return tokens_for(context(request).settings, *await sign_up(request, body))


async def sign_up(request: Request, body: Registration) -> tuple[UUID, str]:
    """A new account and its first session: the session's id and refresh secret. Raises Conflict."""
    shared = context(request)
    password_hash = await shared.passwords.hash(body.password)
    secret = new_secret()
    async with transaction() as connection:
        user_id = await register(
            connection, shared.keyring, email=body.email, name=body.name, password_hash=password_hash
        )
        session_id = await start_session(
            connection,
            user_id,
            refresh_token=secret,
            user_agent=request.headers.get("user-agent", ""),
            ttl_s=shared.settings.auth.refresh_ttl_s,
        )
    await keep_cart(request, user_id)
    return session_id, secret


@endpoint(
    blueprint,
    "POST",
    "/api/v1/auth/login",
    summary="Log in with mail and password",
    limit="auth",
    body=Login,
    answer=Tokens,
    errors=(Unauthenticated, Unavailable),
)
async def log_in(request: Request, *, body: Login) -> Tokens:
    return tokens_for(context(request).settings, *await sign_in(request, body))


async def sign_in(request: Request, body: Login) -> tuple[UUID, str]:
    """A new session: its id and refresh secret. Raises Unauthenticated."""
    shared = context(request)
    found = await find_credentials(shared.keyring, body.email)
    if not await shared.passwords.verify(body.password, found.password_hash if found else None) or found is None:
        raise Unauthenticated("The mail address or the password is wrong.", code="credentials")
    secret = new_secret()
    session_id = await start_session(
        pool(),
        found.user_id,
        refresh_token=secret,
        user_agent=request.headers.get("user-agent", ""),
        ttl_s=shared.settings.auth.refresh_ttl_s,
    )
    await keep_cart(request, found.user_id)
    return session_id, secret


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
