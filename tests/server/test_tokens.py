"""Tokens of every known forgery (ASVS 9.1.2, RFC 8725) are refused: as bearer, as cookie, as refresh token."""

import base64
import json
import time
import uuid
from collections.abc import Callable
from typing import Any

import aiohttp
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from models.database import pool
from models.sessions import start_session
from server.auth import ALGORITHM, ISSUER, sign_token
from server.context import Context
from tests.factories import make_user
from tests.wait import until

Forge = Callable[[dict[str, Any], str], str]


def part(value: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def signed(
    secret: str, algorithm: str = ALGORITHM, /, *, headers: dict[str, Any] | None = None, **changes: Any
) -> Forge:
    """Ours, but for the changes; None takes a claim out."""

    def forge(claims: dict[str, Any], own: str) -> str:
        altered = {name: value for name, value in {**claims, **changes}.items() if value is not None}
        return jwt.encode(altered, secret or own, algorithm, headers=headers)

    return forge


def public_key_as_secret(claims: dict[str, Any], _: str) -> str:
    key = rsa.generate_private_key(public_exponent=65_537, key_size=2048)
    pem = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    header, body = part({"alg": "HS256", "typ": "JWT"}), part(claims)
    hashed = jwt.get_algorithm_by_name("HS256").sign(f"{header}.{body}".encode(), pem)
    return f"{header}.{body}.{base64.urlsafe_b64encode(hashed).decode().rstrip('=')}"


def signed_with_rsa(claims: dict[str, Any], _: str) -> str:
    return jwt.encode(claims, rsa.generate_private_key(public_exponent=65_537, key_size=2048), "RS256")


def truncated(claims: dict[str, Any], own: str) -> str:
    return jwt.encode(claims, own, ALGORITHM).rpartition(".")[0] + "."


def altered(claims: dict[str, Any], own: str) -> str:
    header, _, signature = jwt.encode(claims, own, ALGORITHM).split(".")
    return f"{header}.{part({**claims, 'exp': claims['exp'] + 999_999})}.{signature}"


FORGERIES: dict[str, Forge] = {
    "alg none": lambda claims, _: f"{part({'alg': 'none', 'typ': 'JWT'})}.{part(claims)}.",
    "alg nOnE": lambda claims, _: f"{part({'alg': 'nOnE', 'typ': 'JWT'})}.{part(claims)}.",
    "no signature": truncated,
    "claims altered": altered,
    "another secret": signed("x" * 64),
    "HS512 with our secret": signed("", "HS512"),
    "RS256": signed_with_rsa,
    "RS key as HS secret": public_key_as_secret,
    "kid is a path": signed("", headers={"kid": "../../../../dev/null"}, exp=1),
    "kid is a path, empty key": signed("\0" * 32, headers={"kid": "/dev/null"}),
    "key in the header": signed("x" * 64, headers={"jwk": {"kty": "oct", "k": "eHh4"}, "jku": "https://evil.example/"}),
    "expired": signed("", exp=1),
    "without expiry": signed("", exp=None),
    "without session": signed("", sid=None),
    "session is no id": signed("", sid="1' OR '1'='1"),
    "session of nobody": signed("", sid=str(uuid.UUID(int=7))),
    "another issuer": signed("", iss="https://evil.example"),
    "refresh as access": signed("", aud="refresh"),
    "half a log-in as access": signed("", aud="second"),
    "cookie as access": signed("", aud="cookie"),
    "without audience": signed("", aud=None),
    "not yet": signed("", nbf=9_999_999_999),
    "nonsense": lambda _, __: "a.b.c",
}


@pytest.fixture
async def claims(context: Context) -> dict[str, Any]:
    session_id = await start_session(
        pool(), await make_user(context.settings), refresh_token="r", user_agent="", ttl_s=600, second_factor=True
    )
    now = int(time.time())
    return {"iss": ISSUER, "aud": "access", "sid": str(session_id), "iat": now, "exp": now + 600}


async def status(http: aiohttp.ClientSession, token: str) -> int:
    async with http.get("/api/v1/me", headers={"Authorization": f"Bearer {token}"}) as response:
        return response.status


async def test_our_own_token_is_accepted_or_nothing_below_means_anything(
    http: aiohttp.ClientSession, context: Context, claims: dict[str, Any]
) -> None:
    assert await status(http, signed("")(claims, context.settings.auth.secret)) == 200


async def test_a_token_that_was_good_a_moment_ago_expires_all_the_same(
    http: aiohttp.ClientSession, context: Context, claims: dict[str, Any]
) -> None:
    token = signed("", exp=int(time.time()) + 5)(claims, context.settings.auth.secret)
    assert await status(http, token) == 200

    async def refused() -> bool:
        return await status(http, token) == 401

    await until(refused)


async def test_no_forged_token_is_accepted(
    http: aiohttp.ClientSession, context: Context, claims: dict[str, Any]
) -> None:
    found = {name: await status(http, forge(claims, context.settings.auth.secret)) for name, forge in FORGERIES.items()}
    assert {name: code for name, code in found.items() if code != 401} == {}


async def test_an_access_token_neither_refreshes_nor_is_a_cookie_nor_half_a_log_in(
    http: aiohttp.ClientSession, context: Context, claims: dict[str, Any]
) -> None:
    token = signed("")(claims, context.settings.auth.secret)
    async with http.post("/api/v1/auth/refresh", json={"refresh_token": token}) as response:
        assert response.status == 401
    body = {"pending_token": token, "code": "123456"}
    async with http.post("/api/v1/auth/second-factor", json=body) as response:
        assert response.status == 401
    for kind, greeted in (("access", False), ("cookie", True)):
        cookie = sign_token(context.settings, uuid.UUID(claims["sid"]), kind, ttl_s=60)
        headers = {"Cookie": f"haat_session={cookie}", "Accept": "text/html"}
        async with http.get("/account/profile", headers=headers, allow_redirects=False) as response:
            assert (response.status == 200) is greeted, kind
