"""Who is calling: signed tokens that name a session, and the session's facts from Redis or PostgreSQL.

API clients send `Authorization: Bearer`; pages an httpOnly cookie. A revoked session is refused at once, also after
Redis was flushed, because a miss asks PostgreSQL. RFC 8725: one fixed algorithm, audience, issuer and type.
"""

import contextlib
import enum
import functools
import secrets
import time
from collections.abc import Mapping
from typing import Any, Literal, NamedTuple
from uuid import UUID

import jwt
import msgspec
from redis.exceptions import RedisError
from sanic.request import Request
from sanic.response import HTTPResponse

from models.errors import Forbidden, Unauthenticated
from models.sessions import OWNER, SessionFacts, find_session
from server.limits import without
from server.redis_client import Client, hot
from server.settings import Settings

ISSUER = "haat"
ALGORITHM = "HS256"
FACTS_TTL_S = 60
REVOKED = b"-"
TokenKind = Literal["access", "refresh", "cookie", "second", "device"]
"""`second`: who gave the first factor, and has a few minutes for the second; `device`: a browser that signed in before,
which opens nothing. The `sid` of both is the user."""


class Access(enum.Enum):
    """Who may call an endpoint; declared beside each route and checked in `require`.

    SELLER is whoever works for a seller; PRODUCTS, ORDERS and MONEY its owner and those of the staff who were granted
    it; OWNER the owner alone. SUPPORT is support and admin, ADMIN the admin alone.
    """

    PUBLIC = "public"
    USER = "user"
    SELLER = "seller"
    PRODUCTS = "products"
    ORDERS = "orders"
    MONEY = "money"
    OWNER = "owner"
    SUPPORT = "support"
    ADMIN = "admin"

    @property
    def of_seller(self) -> bool:
        return self is Access.SELLER or self in GRANTED

    @property
    def of_market(self) -> bool:
        return self in {Access.SUPPORT, Access.ADMIN}


GRANTED = {Access.PRODUCTS: "products", Access.ORDERS: "orders", Access.MONEY: "money", Access.OWNER: OWNER}
WHAT = {
    Access.PRODUCTS: "Only those whom the owner lets change products may do this.",
    Access.ORDERS: "Only those whom the owner lets handle orders may do this.",
    Access.MONEY: "Only those whom the owner lets see money may do this.",
    Access.OWNER: "Only the owner of the shop may do this.",
}


class Declared(NamedTuple):
    """What each route says of itself, API and page alike; the authorisation matrix reads it from the router."""

    method: str
    path: str
    access: Access


class Caller(msgspec.Struct, frozen=True):
    session_id: UUID
    user_id: UUID
    role: str
    seller_id: UUID | None = None
    grants: tuple[str, ...] = ()


class Tokens(msgspec.Struct, frozen=True):
    """Lifetimes in seconds."""

    access_token: str
    refresh_token: str
    expires_in: int
    token_type: str = "Bearer"


def sign_token(settings: Settings, session_id: UUID, kind: TokenKind, *, ttl_s: int, secret: str = "") -> str:
    """A JWT that names a session; `secret` is what makes one refresh token differ from the next."""
    now = int(time.time())
    claims = {"iss": ISSUER, "aud": kind, "sid": str(session_id), "iat": now, "exp": now + ttl_s}
    if secret:
        claims["jti"] = secret
    return jwt.encode(claims, settings.auth.secret, ALGORITHM)


def read_token(settings: Settings, token: str, kind: TokenKind) -> dict[str, Any]:
    """The claims. Raises Unauthenticated for a token that is forged, expired or of another kind."""
    try:
        claims = _verified(settings.auth.secret, token, kind)
    except (jwt.InvalidTokenError, ValueError) as error:
        raise _bad_token() from error
    if claims["exp"] <= time.time():
        raise _bad_token()
    return dict(claims)


@functools.lru_cache(4096)
def _verified(secret: str, token: str, kind: TokenKind) -> Mapping[str, Any]:
    """What a signature said once it says again, and only time makes a token worse; verifying costs more than a GET."""
    claims: dict[str, Any] = jwt.decode(
        token,
        secret,
        algorithms=[ALGORITHM],
        audience=kind,
        issuer=ISSUER,
        options={"require": ["exp", "iat", "sid"]},
    )
    return {**claims, "sid": UUID(claims["sid"])}


def _bad_token() -> Unauthenticated:
    return Unauthenticated("The token is not valid or has expired. Log in again.", code="token")


def new_secret() -> str:
    return secrets.token_urlsafe(32)


def tokens_for(settings: Settings, session_id: UUID, secret: str) -> Tokens:
    auth = settings.auth
    return Tokens(
        access_token=sign_token(settings, session_id, "access", ttl_s=auth.access_ttl_s),
        refresh_token=sign_token(settings, session_id, "refresh", ttl_s=auth.refresh_ttl_s, secret=secret),
        expires_in=auth.access_ttl_s,
    )


def cookie_name(settings: Settings, name: str) -> str:
    """`__Host-` needs HTTPS; a development address on http gets the plain name."""
    prefix = "__Host-" if settings.site.base_url.startswith("https:") else ""
    return f"{prefix}haat_{name}"


def set_cookie(response: HTTPResponse, settings: Settings, name: str, value: str, *, ttl_s: int) -> None:
    response.add_cookie(
        cookie_name(settings, name),
        value,
        httponly=True,
        secure=settings.site.base_url.startswith("https:"),
        samesite="Lax",
        path="/",
        max_age=ttl_s,
    )


def drop_cookie(response: HTTPResponse, settings: Settings, name: str) -> None:
    set_cookie(response, settings, name, "", ttl_s=0)


async def find_caller(request: Request, settings: Settings, redis: Client) -> Caller | None:
    """The caller, or None when the request carries no token. Raises Unauthenticated for a bad bearer token.

    A cookie that no longer holds is ignored: a page then greets a guest.
    """
    header: str = request.headers.get("authorization", "")
    if header:
        scheme, _, token = header.partition(" ")
        if scheme.lower() != "bearer":
            raise Unauthenticated("Send the access token as `Authorization: Bearer TOKEN`.", code="token")
        caller = await _caller(redis, settings, read_token(settings, token.strip(), "access")["sid"])
        if caller is None:
            raise Unauthenticated("This log-in has ended. Log in again.", code="session_ended")
        return caller
    cookie: str | None = request.cookies.get(cookie_name(settings, "session"))
    if not cookie:
        return None
    try:
        return await _caller(redis, settings, read_token(settings, cookie, "cookie")["sid"])
    except Unauthenticated:
        return None


def require(caller: Caller | None, access: Access) -> None:
    """The one place that checks who may call. Raises Unauthenticated or Forbidden."""
    if access is Access.PUBLIC:
        return
    if caller is None:
        raise Unauthenticated("Log in to do this.")
    if access.of_seller and caller.seller_id is None:
        raise Forbidden("Only a seller may do this.")
    if access in GRANTED and GRANTED[access] not in caller.grants:
        raise Forbidden(WHAT[access], code="grant")
    if access is Access.SUPPORT and caller.role not in {"support", "admin"}:
        raise Forbidden("Only the market's own people may do this.")
    if access is Access.ADMIN and caller.role != "admin":
        raise Forbidden("Only the operator may do this.")


def may(caller: Caller | None, access: Access) -> bool:
    """Whether `require` would let this caller pass."""
    try:
        require(caller, access)
    except (Unauthenticated, Forbidden):
        return False
    return True


async def forget_session(redis: Client, settings: Settings, session_id: UUID) -> None:
    """Mark a revoked session in the cache, so that no reader puts the old facts back for as long as they would live."""
    try:
        await redis.set(_key(settings, session_id), REVOKED, ex=FACTS_TTL_S * 2)
    except RedisError:
        return


async def reread_session(redis: Client, settings: Settings, session_id: UUID) -> None:
    """After its user may do more than before: the next request reads the session's facts anew."""
    with contextlib.suppress(RedisError):
        await redis.delete(_key(settings, session_id))


async def _caller(redis: Client, settings: Settings, session_id: UUID) -> Caller | None:
    key = _key(settings, session_id)
    cached = await _cached(redis, key)
    if cached == REVOKED:
        return None
    facts = msgspec.json.decode(cached, type=SessionFacts) if cached else await find_session(session_id)
    if facts is None:
        return None
    if not cached and not without(redis).outage.lasts:
        with contextlib.suppress(RedisError):
            await redis.set(key, msgspec.json.encode(facts), ex=FACTS_TTL_S, nx=True)
    return Caller(session_id, facts.user_id, facts.role, facts.seller_id, facts.grants)


async def _cached(redis: Client, key: str) -> bytes | None:
    """By the connection of the hot calls; None also while Redis does not answer, which only one request waits for."""
    outage = without(redis).outage
    if outage.lasts:
        return None
    try:
        found: bytes | None = await hot(redis).call(("GET", key), key)
    except (RedisError, OSError):
        outage.begin()
        return None
    return found


def _key(settings: Settings, session_id: UUID) -> str:
    return f"{settings.redis.prefix}session:{session_id}"
