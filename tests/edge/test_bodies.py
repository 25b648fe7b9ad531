"""Bodies beyond the cap are refused before they are read, on every route, by length and in chunks, with flat memory."""

import re
import tracemalloc

import aiohttp
import pytest
from sanic import Sanic

from server.openapi import endpoints_of
from tests.edge.sockets import answer_to
from tests.factories import log_in_as, make_seller, make_user

MB = 1_000_000
NOBODY = "00000000-0000-7000-8000-000000000000"
CHUNK = b"10000\r\n" + b"x" * 65_536 + b"\r\n"


@pytest.fixture
def environment(environment: dict[str, str]) -> dict[str, str]:
    return {**environment, "HAAT_LIMITS__ENABLED": "false"}


def filled(path: str) -> str:
    """An address that the route takes."""
    return re.sub(r"<\w+(?::(?:str|path))?>", "x", re.sub(r"<\w+:uuid>", NOBODY, re.sub(r"<\w+:int>", "1", path)))


def unsafe_routes(app: "Sanic") -> list[tuple[str, str]]:
    found = []
    for route in app.router.routes:
        path = filled("/" + route.path)
        found += [(method, path) for method in sorted(route.methods & {"POST", "PUT", "PATCH", "DELETE"})]
    return found


async def test_a_body_of_101_mb_is_refused_on_every_route_without_being_read(app: "Sanic", port: int, settings) -> None:
    user_id = await make_user(settings, role="admin")
    await make_seller(user_id=user_id)
    token = (await log_in_as(settings, user_id))["Authorization"]
    routes = unsafe_routes(app)
    assert len(routes) > 60
    for method, path in routes:
        head = f"{method} {path} HTTP/1.1\r\nHost: haat\r\nAuthorization: {token}"
        status, answer, _ = await answer_to(port, f"{head}\r\nContent-Length: {101 * MB}")
        assert status == 413, f"{method} {path}: {answer[:300]!r}"


async def test_a_hundred_megabytes_in_chunks_are_refused_and_never_held(app: "Sanic", port: int, settings) -> None:
    token = (await log_in_as(settings, await make_user(settings)))["Authorization"]
    seen = 0
    photos = f"/api/v1/reviews/{NOBODY}/photos"
    for path in ("/api/v1/checkout", "/api/v1/auth/login", "/webhooks/razorpay", "/login", photos):
        head = f"POST {path} HTTP/1.1\r\nHost: haat\r\nAuthorization: {token}\r\nTransfer-Encoding: chunked"
        tracemalloc.start()
        status, answer, sent = await answer_to(port, head, *[CHUNK] * 1_600)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert status == 413, f"{path}: {answer[:300]!r}"
        assert sent < 16 * MB, path
        assert peak < 30 * MB, f"{path}: {peak}"
        seen += 1
    assert seen == 5


async def test_who_may_not_call_is_refused_before_the_body_comes(app: "Sanic", port: int) -> None:
    for spec in endpoints_of(app):
        if spec.access.value != "public" and spec.method == "POST":
            status, _, _ = await answer_to(
                port,
                f"POST {filled(spec.path)} HTTP/1.1\r\nHost: haat\r\nConnection: close\r\nContent-Length: 900",
            )
            assert status == 401, f"{spec.path}: whoever waits for the body waits in vain"


async def test_a_body_within_the_cap_is_read_and_one_beyond_it_is_not(http: aiohttp.ClientSession) -> None:
    async def pieces(size: int):
        for _ in range(size // 1_000):
            yield b" " * 1_000

    for size, status in ((999_000, 422), (1_001_000, 413)):
        async with http.post("/api/v1/auth/login", data=pieces(size)) as response:
            assert response.status == status
