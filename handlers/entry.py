"""What follows a first proof of who one is, whichever it was: a second factor if one is asked for, then a new session.

API clients get tokens, pages a cookie; both come through `enter`.
"""

from typing import NamedTuple
from uuid import UUID

import msgspec
from sanic.request import Request

from handlers.shopper import keep_cart
from models.database import pool
from models.errors import Unauthenticated
from models.second_factor import check, confirm, get_standing
from models.sessions import Method, mark_of, start_session
from server.auth import Tokens, new_secret, read_token, sign_token, tokens_for
from server.http import context

PENDING_TTL_S = 600


class Entry(NamedTuple):
    """A new session. `recovery_codes` where a second factor was set up on the way in: shown this once."""

    session_id: UUID
    secret: str
    recovery_codes: tuple[str, ...] = ()


class Entered(Tokens, frozen=True, omit_defaults=True):
    """`recovery_codes`: only where this log-in set up the second factor. Keep them: they are shown once."""

    recovery_codes: tuple[str, ...] = ()


class Pending(msgspec.Struct, frozen=True):
    """Who gave the first factor, and how; `mark` is that of the password at that moment."""

    user_id: UUID
    method: Method
    mark: str


async def enter(request: Request, user_id: UUID, method: Method, *, mark: str | None = None) -> Entry:
    """A session, or Unauthenticated `second_factor` whose facts hold the token to go on with. `mark`: of the password
    that was given; without one, of the present one. Neither outlives that password.
    """
    mark = mark or await mark_of(user_id)
    standing = await get_standing(user_id)
    if standing.asked:
        settings, half = context(request).settings, f"{method}:{mark}"
        raise Unauthenticated(
            "Send the code of the authenticator app with this token to /api/v1/auth/second-factor.",
            code="second_factor",
            facts={
                "pending_token": sign_token(settings, user_id, "second", ttl_s=PENDING_TTL_S, secret=half),
                "set_up": standing.confirmed_at is not None,
            },
        )
    return await _start(request, user_id, method, mark=mark, second_factor=False)


async def enter_second(request: Request, pending: Pending, code: str) -> Entry:
    """The code of the app, or a recovery code; or the first code of an app that is set up on the way in."""
    keyring = context(request).keyring
    standing = await get_standing(pending.user_id)
    codes: list[str] = []
    if standing.confirmed_at is None:
        codes = await confirm(keyring, pending.user_id, code)
    else:
        await check(keyring, pending.user_id, code)
    entry = await _start(request, pending.user_id, pending.method, mark=pending.mark, second_factor=True)
    return entry._replace(recovery_codes=tuple(codes))


async def read_pending(request: Request, token: str) -> Pending:
    """Raises Unauthenticated for a token that is too old, none of ours, or of somebody who was suspended or has chosen
    a new password since.
    """
    claims = read_token(context(request).settings, token, "second")
    method, _, mark = claims["jti"].partition(":")
    if mark != await mark_of(claims["sid"]):
        raise Unauthenticated("This log-in has ended. Log in again.", code="session_ended")
    return Pending(claims["sid"], method, mark)


def tokens_of(request: Request, entry: Entry) -> Entered:
    tokens = tokens_for(context(request).settings, entry.session_id, entry.secret)
    return Entered(**msgspec.structs.asdict(tokens), recovery_codes=entry.recovery_codes)


async def _start(request: Request, user_id: UUID, method: Method, *, mark: str | None, second_factor: bool) -> Entry:
    secret = new_secret()
    session_id = await start_session(
        pool(),
        user_id,
        refresh_token=secret,
        user_agent=request.headers.get("user-agent", ""),
        ttl_s=context(request).settings.auth.refresh_ttl_s,
        method=method,
        second_factor=second_factor,
        mark=mark,
    )
    await keep_cart(request, user_id)
    return Entry(session_id, secret)
