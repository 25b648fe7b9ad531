"""The edge asks in one order: CORS, headers on whatever is answered, limit, size, caller, right, then the handler."""

import asyncio
import io

import aiohttp
import pytest
from sanic import Sanic

from tests.edge.sockets import dial
from tests.factories import log_in_as, make_user

OURS = "https://app.haat.example"
ASK = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization"}
SECURITY = {
    "Content-Security-Policy",
    "X-Content-Type-Options",
    "X-Frame-Options",
    "Referrer-Policy",
    "Permissions-Policy",
    "Cross-Origin-Opener-Policy",
}


@pytest.fixture
def environment(environment: dict[str, str]) -> dict[str, str]:
    return {
        **environment,
        "HAAT_HTTP__TRUSTED_PROXIES": "10.0.0.0/8",
        "HAAT_HTTP__CORS_ORIGINS": f"{OURS},https://other.example",
        "HAAT_LIMITS__DEFAULT": "5/900",
        "HAAT_LIMITS__AUTH": "2/900",
    }


async def test_only_origins_of_the_settings_are_let_in(http: aiohttp.ClientSession) -> None:
    async with http.options("/api/v1/auth/login", headers={"Origin": OURS, **ASK}) as response:
        assert response.status == 204
        assert response.headers["Access-Control-Allow-Origin"] == OURS
        assert "Authorization" in response.headers["Access-Control-Allow-Headers"]
        assert "Access-Control-Allow-Credentials" not in response.headers
        assert response.headers.keys() >= SECURITY
    for origin in ("https://evil.example", "null", f"{OURS}.evil.example", OURS.upper()):
        async with http.options("/api/v1/auth/login", headers={"Origin": origin, **ASK}) as response:
            assert response.status == 405
            assert "Access-Control-Allow-Origin" not in response.headers
        async with http.get("/api/v1/search?q=lamp", headers={"Origin": origin}) as response:
            assert "Access-Control-Allow-Origin" not in response.headers
            assert "Origin" in response.headers["Vary"]
    for path in ("/api/v1/search?q=lamp", "/api/v1/search?q=lamp", "/api/v1/me", "/api/v1/nothing"):
        async with http.get(path, headers={"Origin": OURS}) as response:
            assert response.headers["Access-Control-Allow-Origin"] == OURS, path
    async with http.get("/", headers={"Origin": OURS}) as response:
        assert "Access-Control-Allow-Origin" not in response.headers


async def test_security_headers_are_on_every_answer_also_on_refusals(http: aiohttp.ClientSession) -> None:
    asked = [
        ("GET", "/", {}, 200),
        ("GET", "/api/v1/search?q=lamp", {}, 200),
        ("GET", "/healthz", {}, 200),
        ("GET", "/nothing", {}, 404),
        ("GET", "/api/v1/me", {}, 401),
        ("DELETE", "/api/v1/auth/login", {}, 405),
        ("POST", "/api/v1/auth/login", {"data": io.BytesIO(b"x" * 1_100_000)}, 413),
        ("POST", "/api/v1/auth/login", {"data": b"{"}, 422),
        ("POST", "/api/v1/auth/login", {"data": b"{"}, 429),
    ]
    for method, path, given, status in asked:
        async with http.request(method, path, **given) as response:
            assert response.status == status, path
            assert response.headers.keys() >= SECURITY, path
            policy = response.headers["Content-Security-Policy"]
            assert "unsafe-inline" not in policy
            assert "default-src 'self'" in policy
            assert "frame-ancestors 'none'" in policy


async def test_the_limit_comes_before_the_caller_and_the_body(http: aiohttp.ClientSession) -> None:
    statuses = []
    for _ in range(7):
        async with http.post("/api/v1/wishlist", data=b"{") as response:
            statuses.append(response.status)
            last = response
    assert statuses == [401] * 5 + [429] * 2
    assert last.content_type == "application/problem+json"
    assert last.headers["RateLimit-Policy"] == '"default";q=5;w=900'
    assert last.headers["RateLimit"].startswith('"default";r=0;t=')
    assert int(last.headers["Retry-After"]) > 100


async def test_a_token_that_does_not_hold_costs_one_of_the_bucket(http: aiohttp.ClientSession) -> None:
    statuses = []
    for number in range(7):
        async with http.get("/api/v1/search?q=lamp", headers={"Authorization": f"Bearer guess{number}"}) as response:
            statuses.append(response.status)
    assert statuses == [401] * 5 + [429] * 2


async def test_an_address_that_somebody_claims_buys_no_new_bucket(http: aiohttp.ClientSession) -> None:
    """The shop trusts no proxy here: whoever says that they call for others pays all the same."""
    statuses = []
    for number in range(7):
        claimed = dict.fromkeys(("X-Forwarded-For", "X-Real-IP", "Forwarded"), f"198.51.100.{number}")
        async with http.post("/api/v1/wishlist", data=b"{", headers=claimed) as response:
            statuses.append(response.status)
    assert statuses == [401] * 5 + [429] * 2


@pytest.mark.parametrize("name", ["User-Agent", "X-Cart-Token", "Idempotency-Key", "Cookie", "Authorization", "Host"])
async def test_a_head_in_bytes_that_are_no_text_is_refused(app: "Sanic", port: int, name: str) -> None:
    head = f"POST /api/v1/auth/login HTTP/1.1\r\nConnection: close\r\n{name}: haat_browser=".encode()
    line = await dial(port, head + b"\xff\xfe\r\nContent-Length: 2\r\n\r\n{}")
    answer = (await asyncio.wait_for(line.reader.read(), 10)).decode()
    line.writer.close()
    assert answer.startswith("HTTP/1.1 400"), answer
    assert "content-security-policy" in answer.lower()


async def test_a_known_user_has_a_bucket_of_their_own(http: aiohttp.ClientSession, context) -> None:
    headers = await log_in_as(context.settings, await make_user(context.settings))
    for _ in range(6):
        async with http.post("/api/v1/wishlist", data=b"{") as response:
            pass
    assert response.status == 429
    async with http.post("/api/v1/wishlist", data=b"{", headers=headers) as response:
        assert response.status == 422
