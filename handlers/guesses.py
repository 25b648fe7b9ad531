"""How many passwords may be tried for one account, wherever they come from: counted in PostgreSQL, then judged.

Whoever keeps guessing shuts strangers out, not the owner: a browser that has signed in to the account counts for
itself, and a code by mail, Google and a new password open it meanwhile. An address without an account counts alike.
"""

from uuid import UUID

from sanic.request import Request
from sanic.response import HTTPResponse

from models.buckets import forget_bucket
from models.errors import TooMany, Unauthenticated
from server.auth import cookie_name, new_secret, read_token, set_cookie, sign_token
from server.http import context
from server.limits import policy, take_kept
from server.metrics import THROTTLED

POLICY = "guess"
DEVICE = "device"
DEVICE_TTL_S = 180 * 24 * 3600


def of_address(request: Request, email: str, user_id: UUID | None) -> str:
    """Who pays for a guess at the log-in: the address, or the browser that this account knows."""
    known = _device(request, user_id) if user_id else None
    return f"device:{known}" if known else of_mail(request, email)


def of_mail(request: Request, email: str) -> str:
    return f"mail:{context(request).keyring.email_hash(email)}"


def of_caller(request: Request) -> str:
    """Who is signed in and is asked once more: a stolen session finds no password either."""
    return of_user(request.ctx.caller.user_id)


def of_user(user_id: UUID) -> str:
    return f"user:{user_id}"


async def count_guess(request: Request, principal: str) -> None:
    """Raises TooMany once all tries are spent; Unavailable where they cannot be counted."""
    limits = context(request).settings.limits
    if not limits.enabled:
        return
    decision = await take_kept(policy(limits, POLICY), principal)
    if not decision.allowed:
        THROTTLED.labels(POLICY).inc()
        raise TooMany(
            "Too many wrong passwords for this account. Wait a little, sign in with a code by mail, or choose a new "
            "password.",
            code="guesses",
            retry_after_s=decision.reset_s,
        )


async def forgive(principal: str) -> None:
    """The password was right, or is a new one."""
    await forget_bucket(POLICY, principal)


def know_device(request: Request, response: HTTPResponse, user_id: UUID) -> None:
    """From now on this browser's guesses at this account are counted for themselves."""
    settings = context(request).settings
    known = _device(request, user_id) or new_secret()
    set_cookie(
        response,
        settings,
        DEVICE,
        sign_token(settings, user_id, "device", ttl_s=DEVICE_TTL_S, secret=known),
        ttl_s=DEVICE_TTL_S,
    )


def _device(request: Request, user_id: UUID) -> str | None:
    settings = context(request).settings
    given = request.cookies.get(cookie_name(settings, DEVICE))
    if not given:
        return None
    try:
        claims = read_token(settings, given, "device")
    except Unauthenticated:
        return None
    return str(claims["jti"]) if claims["sid"] == user_id else None
