"""A new password, forgotten or not, and a new mail address, over the API."""

from collections.abc import Iterable
from uuid import UUID

import msgspec
from sanic import Blueprint
from sanic.request import Request

from handlers.account import Email, GivenPassword, LinkToken, Password
from handlers.guesses import count_guess, forgive, of_address, of_caller, of_mail, of_user
from models.common_passwords import demand_uncommon
from models.credentials import (
    ask_to_change_mail,
    ask_to_reset,
    change_mail,
    change_password,
    demand_email,
    get_password_hash,
    reset_password,
)
from models.errors import Conflict, Forbidden
from models.links import find_open
from models.sign_in import find_credentials, get_profile
from server.auth import Access, forget_session
from server.http import context, endpoint

blueprint = Blueprint("credentials")


class ForgottenPassword(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    email: Email


class NewPassword(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    token: LinkToken
    password: Password


class PasswordChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    current_password: GivenPassword
    password: Password


class MailChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    email: Email
    current_password: GivenPassword


class MailConfirmation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    token: LinkToken


@endpoint(
    blueprint,
    "POST",
    "/api/v1/auth/reset",
    summary="Ask for a link to choose a new password; it comes by mail if the address has an account",
    limit="auth",
    body=ForgottenPassword,
    status=204,
)
async def forgotten(request: Request, *, body: ForgottenPassword) -> None:
    await ask_to_reset(context(request).keyring, email=demand_email(body.email))


@endpoint(
    blueprint,
    "POST",
    "/api/v1/auth/reset/confirm",
    summary="Choose a new password with the token of the mail; every log-in ends",
    limit="auth",
    body=NewPassword,
    status=204,
)
async def reset(request: Request, *, body: NewPassword) -> None:
    await set_password(request, body)


async def set_password(request: Request, body: NewPassword) -> None:
    """Raises Invalid for a dead link or a password that is tried first."""
    shared = context(request)
    link = await find_open(shared.keyring, "reset", body.token)
    demand_uncommon(body.password, personal=(link.email,))
    password_hash = await shared.passwords.hash(body.password)
    await forget_all(request, await reset_password(shared.keyring, body.token, password_hash=password_hash))
    await _forgive_all(request, link.email)


@endpoint(
    blueprint,
    "PUT",
    "/api/v1/me/password",
    summary="Change the password; every other log-in ends",
    access=Access.USER,
    limit="auth",
    body=PasswordChange,
    status=204,
    errors=(Conflict,),
)
async def put_password(request: Request, *, body: PasswordChange) -> None:
    await replace_password(request, body)


async def replace_password(request: Request, body: PasswordChange) -> None:
    shared, caller = context(request), request.ctx.caller
    old_hash = await demand_password(request, body.current_password)
    email = (await get_profile(shared.keyring, caller.user_id)).email
    demand_uncommon(body.password, personal=(email,))
    new_hash = await shared.passwords.hash(body.password)
    ended = await change_password(caller.user_id, old_hash=old_hash, new_hash=new_hash, keep=caller.session_id)
    await forget_all(request, ended)


@endpoint(
    blueprint,
    "PUT",
    "/api/v1/me/email",
    summary="Ask for another mail address; a link goes to the new one, a notice to the old",
    access=Access.USER,
    limit="auth",
    body=MailChange,
    status=204,
)
async def put_email(request: Request, *, body: MailChange) -> None:
    await ask_for_mail(request, body)


async def ask_for_mail(request: Request, body: MailChange) -> None:
    await demand_password(request, body.current_password)
    await ask_to_change_mail(context(request).keyring, request.ctx.caller.user_id, email=demand_email(body.email))


@endpoint(
    blueprint,
    "POST",
    "/api/v1/me/email/confirm",
    summary="Change the address with the token that came to the new one",
    access=Access.USER,
    limit="auth",
    body=MailConfirmation,
    status=204,
    errors=(Conflict,),
)
async def confirm_email(request: Request, *, body: MailConfirmation) -> None:
    await change_mail(context(request).keyring, body.token, user_id=request.ctx.caller.user_id)


async def _forgive_all(request: Request, email: str) -> None:
    """What was tried with the old password: for the address, in this browser, and in the account."""
    found = await find_credentials(context(request).keyring, email)
    known = [of_address(request, email, found.user_id), of_user(found.user_id)] if found else []
    for principal in (of_mail(request, email), *known):
        await forgive(principal)


async def demand_password(request: Request, given: str) -> str:
    """The caller's own password, asked for once more before what matters; its hash. Raises Forbidden, TooMany."""
    found = await get_password_hash(request.ctx.caller.user_id)
    if found is None:
        raise Forbidden(
            "This account has no password yet. Choose one by “Forgotten the password?” first.", code="no_password"
        )
    await count_guess(request, of_caller(request))
    if not await context(request).passwords.verify(given, found):
        raise Forbidden("The present password is wrong.", code="current_password")
    await forgive(of_caller(request))
    return found


async def forget_all(request: Request, session_ids: Iterable[UUID]) -> None:
    shared = context(request)
    for session_id in session_ids:
        await forget_session(shared.redis, shared.settings, session_id)
