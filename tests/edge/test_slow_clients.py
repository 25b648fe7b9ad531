"""Clients that send a byte a second are hung up on, in the header as in the body, and nobody else notices them."""

import asyncio
import time
from statistics import median

import aiohttp
import pytest
from sanic import Sanic

from server.deadlines import LOOKS
from server.metrics import REGISTRY
from server.settings import Http
from tests.edge.sockets import Line, dial
from tests.wait import until

SOCKETS = 500
HEADER = b"GET /healthz HTTP/1.1\r\nHost: haat\r\nX-Slow: "
BODY = b"POST /api/v1/cart/items HTTP/1.1\r\nHost: haat\r\nConnection: keep-alive\r\nContent-Length: 900\r\n\r\n{"
WEBHOOK = b"POST /webhooks/razorpay HTTP/1.1\r\nHost: haat\r\nContent-Length: 900\r\n\r\n{"
CHUNKS = b"POST /api/v1/checkout HTTP/1.1\r\nHost: haat\r\nTransfer-Encoding: chunked\r\n\r\n384\r\n{"
FIRSTS = [HEADER, BODY, WEBHOOK, CHUNKS]


@pytest.fixture
def environment(environment: dict[str, str]) -> dict[str, str]:
    """A second in place of seven, so that the test is short."""
    return {**environment, "HAAT_HTTP__REQUEST_TIMEOUT_MS": "1000", "HAAT_LIMITS__ENABLED": "false"}


def drip(line: Line, answer: "asyncio.Task[bytes]") -> bool:
    """One more byte, unless an answer came; whether the line still holds."""
    if not answer.done():
        line.writer.write(b" ")
    return not answer.done()


def refused() -> float:
    return REGISTRY.get_sample_value("haat_refused_total", {"reason": "slow"}) or 0


async def test_five_hundred_slow_sockets_are_closed_while_others_are_answered(
    app: "Sanic", http: aiohttp.ClientSession, port: int
) -> None:
    lines = await asyncio.gather(*(dial(port, FIRSTS[i % len(FIRSTS)]) for i in range(SOCKETS)))
    answers = [asyncio.create_task(line.reader.readuntil(b"\r\n\r\n")) for line in lines]
    waits: list[float] = []

    async def all_closed() -> bool:
        held = [drip(*line) for line in zip(lines, answers, strict=True)]
        asked = time.monotonic()
        async with http.get("/healthz") as response:
            assert response.status == 200
        waits.append(time.monotonic() - asked)
        return not any(held)

    try:
        assert await until(all_closed, timeout_s=30)
    finally:
        for line in lines:
            line.writer.transport.abort()
    assert median(waits) < 5, "each of the five hundred holds its line for a second"
    # Some may lose the answer: a byte that was on its way when the line was closed resets it.
    assert {task.result().split(b" ")[1] for task in answers if not task.exception()} <= {b"408"}


@pytest.mark.parametrize("first", FIRSTS, ids=["header", "body", "webhook", "chunks"])
async def test_a_slow_client_is_told_that_it_was_too_slow(app: "Sanic", port: int, first: bytes) -> None:
    async def told() -> bytes:
        """Its answer, or none where it lost it to a byte on its way."""
        line = await dial(port, first)
        answer = asyncio.create_task(line.reader.readuntil(b"\r\n\r\n"))
        while drip(line, answer):
            await asyncio.wait({answer}, timeout=0.3)
        line.writer.transport.abort()
        return b"" if answer.exception() else answer.result()

    before = refused()
    answer = await until(told)
    assert answer.startswith(b"HTTP/1.1 408")
    assert b"content-security-policy" in answer.lower()
    assert refused() > before


async def test_a_connection_that_says_nothing_is_closed_too(app: "Sanic", port: int) -> None:
    line = await dial(port, b"")
    assert await asyncio.wait_for(line.reader.read(), 15) == b""
    line.writer.close()


async def test_a_large_body_at_a_fair_pace_is_waited_for(app: "Sanic", port: int) -> None:
    line = await dial(port, BODY.replace(b"900", b"400000"))
    began, sent = time.monotonic(), 300_001
    line.writer.write(b" " * 300_000)  # which buys fifteen seconds: no pause of the machine is that long

    async def all_sent() -> bool:
        nonlocal sent
        piece = min(1_000, 400_000 - sent)
        line.writer.write(b" " * piece)
        sent += piece
        return sent == 400_000

    assert await until(all_sent, timeout_s=30)
    assert time.monotonic() - began > 1.2, "as fast as this it proves nothing"
    answer = await asyncio.wait_for(line.reader.readline(), 30)
    assert answer.startswith(b"HTTP/1.1 422")
    line.writer.transport.abort()


def test_the_shops_own_deadline_is_within_ten_seconds() -> None:
    whole_ms = Http().request_timeout_ms
    assert whole_ms + whole_ms / LOOKS < 10_000
