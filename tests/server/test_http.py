"""Addresses behind proxies, and how errors look from outside."""

import io
import json
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import aiohttp
import pytest
from multidict import CIMultiDict

from server.http import client_address, principal
from server.settings import Http, Settings


def request_from(address: str, *forwarded: str, proxies: tuple[str, ...] = ("127.0.0.1", "10.0.0.0/8")) -> Any:
    settings = Settings(http=Http(trusted_proxies=proxies))
    headers = CIMultiDict([("x-forwarded-for", line) for line in forwarded])
    return SimpleNamespace(
        app=SimpleNamespace(ctx=SimpleNamespace(haat=SimpleNamespace(settings=settings))),
        conn_info=SimpleNamespace(client_ip=address),
        headers=SimpleNamespace(getall=headers.getall),
    )


@pytest.mark.parametrize(
    ("address", "forwarded", "believed"),
    [
        ("203.0.113.9", ("198.51.100.1",), "203.0.113.9"),
        ("127.0.0.1", (), "127.0.0.1"),
        ("127.0.0.1", ("198.51.100.1",), "198.51.100.1"),
        ("127.0.0.1", ("6.6.6.6, 198.51.100.1, 10.1.2.3",), "198.51.100.1"),
        ("127.0.0.1", ("6.6.6.6", "198.51.100.1"), "198.51.100.1"),
        ("127.0.0.1", ("x" * 400,), "127.0.0.1"),
        ("127.0.0.1", (" , ",), "127.0.0.1"),
        ("::ffff:127.0.0.1", ("198.51.100.1",), "198.51.100.1"),
        ("::ffff:203.0.113.9", ("198.51.100.1",), "203.0.113.9"),
    ],
)
def test_a_forwarded_address_is_believed_from_proxies_only(
    address: str, forwarded: tuple[str, ...], believed: str
) -> None:
    assert client_address(request_from(address, *forwarded)) == believed


def test_one_line_of_ipv6_pays_from_one_bucket() -> None:
    def payer(address: str) -> str:
        request = request_from(address)
        request.ctx = SimpleNamespace(caller=None)
        return principal(request)

    assert payer("2001:db8:1:2::5") == payer("2001:db8:1:2:ffff::9") != payer("2001:db8:1:3::5")
    assert payer("::ffff:203.0.113.9") == payer("203.0.113.9") != payer("203.0.113.10")


async def test_what_is_not_there_is_a_404_problem(http: aiohttp.ClientSession) -> None:
    async with http.get("/api/v1/nothing") as response:
        assert response.status == 404
        assert response.content_type == "application/problem+json"
        assert (await response.json())["status"] == 404


async def test_a_method_that_is_not_there_says_which_are(http: aiohttp.ClientSession) -> None:
    async with http.delete("/api/v1/auth/login") as response:
        assert response.status == 405
        assert "POST" in response.headers["Allow"]
    async with http.request("TRACE", f"/api/v1/me/addresses/{UUID(int=7)}") as response:
        assert (response.status, response.headers["Allow"]) == (405, "PUT, DELETE"), "also with a name in it"


async def test_a_body_beyond_the_cap_is_refused(http: aiohttp.ClientSession) -> None:
    async with http.post("/api/v1/auth/login", data=io.BytesIO(b"x" * 1_100_000)) as response:
        assert response.status == 413
        assert (await response.json())["code"] == "http_413"


async def test_health_and_readiness_answer(http: aiohttp.ClientSession) -> None:
    async with http.get("/healthz") as response:
        assert response.status == 200
    async with http.get("/readyz") as response:
        assert await response.json() == {"status": "ok", "database": "ok", "redis": "ok"}


async def test_the_description_covers_every_declared_endpoint(http: aiohttp.ClientSession) -> None:
    async with http.get("/api/openapi.json") as response:
        described = json.loads(await response.text())
    assert described["openapi"] == "3.1.0"
    login = described["paths"]["/api/v1/auth/login"]["post"]
    assert login["requestBody"]["content"]["application/json"]["schema"] == {"$ref": "#/components/schemas/Login"}
    assert {"200", "401", "422", "429", "503"} <= login["responses"].keys()


async def test_every_answer_carries_the_security_headers(http: aiohttp.ClientSession) -> None:
    async with http.get("/healthz") as response:
        policy = response.headers["Content-Security-Policy"]
        assert "unsafe-inline" not in policy
        assert "script-src 'self'" in policy
        assert response.headers["X-Content-Type-Options"] == "nosniff"
