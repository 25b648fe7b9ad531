"""Every endpoint that the app serves meets hostile input with a 4xx problem that names the field, never with a 500."""

import json
import re
from collections.abc import Iterator
from typing import Any

import aiohttp
import msgspec
import pytest
from yarl import URL

from server.context import Context
from server.http import Endpoint
from server.openapi import endpoints_of
from tests.factories import log_in_as, make_product, make_seller, make_user

HOSTILE: tuple[Any, ...] = (
    None, True, -1, 0, 1.5, 2**31, 2**63, 10**400, "", "1e9", "x" * 20_000, "a\u0000b", "\u202e", "' OR 1=1 --",
    "it's", "{{7*7}}", [], ["x"] * 300, {}, {"a": {"b": 1}},
)  # fmt: skip
BODIES = (
    b"",
    b"{",
    b"[]",
    b"null",
    b'"x"',
    b"\xff\xfe",
    b'{"a":NaN}',
    b'{"a":1,"a":2}',
    b"[" * 60_000,
    b'{"nobody_knows":1}',
)
PATHS = (
    "x",
    "0",
    "-1",
    "9" * 30,
    "00000000-0000-7000-8000-000000000000",
    "%00",
    "%F0%9F%AA%94",
    "..%2F..%2Fetc",
    "x" * 3000,
)


@pytest.fixture
def environment(environment: dict[str, str]) -> dict[str, str]:
    """Without limits: they are not what is tested here."""
    return {**environment, "HAAT_LIMITS__ENABLED": "false"}


@pytest.fixture
async def anyone(context: Context) -> dict[str, str]:
    """A caller who may call everything: an operator who is a seller too."""
    user_id = await make_user(context.settings, role="admin")
    seller_id = await make_seller(user_id=user_id)
    await make_product(seller_id)
    return {**await log_in_as(context.settings, user_id), "Idempotency-Key": "hostile"}


@pytest.fixture
def endpoints(app: Any) -> list[Endpoint]:
    return sorted(endpoints_of(app), key=lambda spec: (spec.path, spec.method))


def filled(path: str, value: str = "00000000-0000-7000-8000-000000000000") -> str:
    return re.sub(r"<\w+:int>", "1", re.sub(r"<\w+:str>", "x", re.sub(r"<\w+:uuid>", value, path)))


def bodies_of(kind: type) -> Iterator[tuple[str, bytes]]:
    """Each field with each hostile value, the others absent."""
    for field in msgspec.structs.fields(kind):
        for value in HOSTILE:
            yield field.encode_name, json.dumps({field.encode_name: value}).encode()


async def demand_refusal(response: aiohttp.ClientResponse, what: str) -> dict[str, Any]:
    text = await response.text()
    assert response.status < 500, f"{what}: {response.status} {text[:300]}"
    if response.status < 400:
        return {}
    assert response.content_type == "application/problem+json", f"{what}: {text[:300]}"
    problem: dict[str, Any] = json.loads(text)
    assert problem["status"] == response.status, what
    return problem


async def test_no_body_is_answered_by_a_500(
    http: aiohttp.ClientSession, endpoints: list[Endpoint], anyone: dict[str, str]
) -> None:
    asked = 0
    for spec in endpoints:
        if spec.body is None or spec.path.endswith(("/register", "/login")):
            continue
        for body in BODIES:
            async with http.request(spec.method, filled(spec.path), data=body, headers=anyone) as response:
                await demand_refusal(response, f"{spec.method} {spec.path} {body[:40]!r}")
                assert response.status in range(400, 500), f"{spec.method} {spec.path} {body[:40]!r}"
                asked += 1
        for field, body in bodies_of(spec.body):
            async with http.request(spec.method, filled(spec.path), data=body, headers=anyone) as response:
                what = f"{spec.method} {spec.path} {field} {body[:60]!r}"
                problem = await demand_refusal(response, what)
                if response.status == 422:
                    assert problem["errors"], what
                asked += 1
    assert asked > 500


async def test_no_query_string_is_answered_by_a_500(
    http: aiohttp.ClientSession, endpoints: list[Endpoint], anyone: dict[str, str]
) -> None:
    values = [str(value) if not isinstance(value, str) else value for value in HOSTILE[1:17]]
    for spec in endpoints:
        if spec.query is None:
            continue
        names = [field.encode_name for field in msgspec.structs.fields(spec.query)]
        for name in [*names, "nobody_knows", "spec.Colour", "spec."]:
            for value in values:
                url = URL(filled(spec.path)).with_query({name: value[:5_000]})
                async with http.request(spec.method, url, headers=anyone) as response:
                    await demand_refusal(response, f"{spec.method} {url}"[:200])


async def test_no_path_is_answered_by_a_500(
    http: aiohttp.ClientSession, endpoints: list[Endpoint], anyone: dict[str, str]
) -> None:
    for spec in endpoints:
        for value in PATHS if "<" in spec.path else ():
            url = URL(re.sub(r"<[^>]+>", value, spec.path), encoded=True)
            async with http.request(spec.method, url, data=b"{}", headers=anyone) as response:
                await demand_refusal(response, f"{spec.method} {url}"[:200])


async def test_who_may_not_call_is_told_so(http: aiohttp.ClientSession, endpoints: list[Endpoint]) -> None:
    for spec in endpoints:
        if spec.access.value == "public":
            continue
        async with http.request(spec.method, filled(spec.path), data=b"{}") as response:
            problem = await demand_refusal(response, spec.path)
            assert (response.status, problem["code"]) == (401, "unauthenticated"), spec.path
