"""The second factor over the API: giving it at log-in, setting an authenticator app up, removing it."""

from typing import Annotated
from uuid import UUID

import msgspec
from sanic import Blueprint
from sanic.request import Request

from handlers.account import GivenPassword
from handlers.credentials import demand_password
from handlers.entry import Entered, enter_second, read_pending, tokens_of
from models import totp
from models.errors import Conflict, TooMany, Unauthenticated
from models.second_factor import Standing, confirm, get_standing, propose, remove, renew_codes
from models.sign_in import get_profile
from server.auth import Access
from server.http import context, endpoint

blueprint = Blueprint("second_factor")
Code = Annotated[str, msgspec.Meta(min_length=1, max_length=40)]
PendingToken = Annotated[str, msgspec.Meta(max_length=2000)]


class SecondFactor(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`code`: six digits of the app, or one recovery code."""

    pending_token: PendingToken
    code: Code


class SetUp(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    pending_token: PendingToken


class Proposal(msgspec.Struct, frozen=True):
    """What to put into the app: `secret` typed, or `uri` as a QR code."""

    secret: str
    uri: str


class FirstCode(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    code: Code


class WithPassword(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    current_password: GivenPassword


class RecoveryCodes(msgspec.Struct, frozen=True):
    """Each opens the account once where the app is lost. Shown this once."""

    recovery_codes: list[str]


@endpoint(
    blueprint,
    "POST",
    "/api/v1/auth/second-factor",
    summary="Finish a log-in that asked for the code of an authenticator app",
    limit="auth",
    body=SecondFactor,
    answer=Entered,
    errors=(Unauthenticated, Conflict, TooMany),
)
async def give_second(request: Request, *, body: SecondFactor) -> Entered:
    pending = await read_pending(request, body.pending_token)
    return tokens_of(request, await enter_second(request, pending, body.code))


@endpoint(
    blueprint,
    "POST",
    "/api/v1/auth/second-factor/set-up",
    summary="Set an authenticator app up in the middle of a log-in that demands one",
    limit="auth",
    body=SetUp,
    answer=Proposal,
    errors=(Unauthenticated, Conflict),
)
async def set_up_at_log_in(request: Request, *, body: SetUp) -> Proposal:
    return await proposal(request, (await read_pending(request, body.pending_token)).user_id)


async def proposal(request: Request, user_id: UUID) -> Proposal:
    """Raises Conflict where an app is set up already."""
    shared = context(request)
    secret = await propose(shared.keyring, user_id)
    account = (await get_profile(shared.keyring, user_id)).email
    return Proposal(secret, totp.address(secret, issuer=shared.settings.site.name, account=account))


@endpoint(
    blueprint,
    "GET",
    "/api/v1/me/second-factor",
    summary="Whether an authenticator app is set up",
    access=Access.USER,
    limit="read",
    answer=Standing,
)
async def standing(request: Request) -> Standing:
    return await get_standing(request.ctx.caller.user_id)


@endpoint(
    blueprint,
    "POST",
    "/api/v1/me/second-factor",
    summary="Begin to set an authenticator app up",
    access=Access.USER,
    limit="auth",
    body=WithPassword,
    answer=Proposal,
    errors=(Conflict,),
)
async def begin(request: Request, *, body: WithPassword) -> Proposal:
    await demand_password(request, body.current_password)
    return await proposal(request, request.ctx.caller.user_id)


@endpoint(
    blueprint,
    "POST",
    "/api/v1/me/second-factor/confirm",
    summary="Send the app's first code; from then on it is asked for",
    access=Access.USER,
    limit="auth",
    body=FirstCode,
    answer=RecoveryCodes,
    errors=(Unauthenticated, Conflict, TooMany),
)
async def finish(request: Request, *, body: FirstCode) -> RecoveryCodes:
    return RecoveryCodes(await confirm(context(request).keyring, request.ctx.caller.user_id, body.code))


@endpoint(
    blueprint,
    "POST",
    "/api/v1/me/second-factor/recovery-codes",
    summary="New recovery codes in place of the old ones",
    access=Access.USER,
    limit="auth",
    body=WithPassword,
    answer=RecoveryCodes,
    errors=(Conflict,),
)
async def renew(request: Request, *, body: WithPassword) -> RecoveryCodes:
    await demand_password(request, body.current_password)
    return RecoveryCodes(await renew_codes(context(request).keyring, request.ctx.caller.user_id))


@endpoint(
    blueprint,
    "DELETE",
    "/api/v1/me/second-factor",
    summary="Remove the authenticator app; admin and support cannot",
    access=Access.USER,
    limit="auth",
    body=WithPassword,
    status=204,
    errors=(Conflict,),
)
async def take_away(request: Request, *, body: WithPassword) -> None:
    await demand_password(request, body.current_password)
    await remove(request.ctx.caller.user_id)
