"""The bare generator sends what it is given, understands both framings of HTTP/1.1, and hides no refusal."""

import asyncio
from collections import Counter

from aiohttp import web

from loadtests.hammer import encode, hammer, spread
from tests.loadtests.servers import serving


async def test_every_answer_is_counted_with_its_latency() -> None:
    seen: Counter[str] = Counter()

    async def answer(request: web.Request) -> web.Response:
        seen[request.path_qs] += 1
        await asyncio.sleep(0.01)
        return web.json_response({"a": "b" * 5_000})

    async with serving(answer) as url:
        urls = [f"{url}/x?n={n}" for n in range(10)]
        result = await hammer(url, spread(urls, ["10.0.0.1"]), seconds=3, connections=4)
    assert result.histogram.count == sum(seen.values()) > 20
    assert len(seen) == 10
    assert result.histogram.quantile(0.5) >= 10
    assert result.refused == {}


async def test_so_many_and_no_more_from_where_one_left_off() -> None:
    seen: list[str] = []

    async def answer(request: web.Request) -> web.Response:
        seen.append(request.path)
        return web.Response(text="ok")

    async with serving(answer) as url:
        requests = [encode("GET", f"{url}/{n}") for n in range(5)]
        result = await hammer(url, requests, seconds=60, connections=1, skip=3, most=4)
    assert seen == ["/3", "/4", "/0", "/1"]
    assert result.histogram.count == 4
    assert result.seconds < 30


async def test_bodies_and_chunked_answers_are_whole_messages() -> None:
    bodies: list[bytes] = []

    async def answer(request: web.Request) -> web.StreamResponse:
        bodies.append(await request.read())
        response = web.StreamResponse()
        response.enable_chunked_encoding()
        await response.prepare(request)
        for _ in range(3):
            await response.write(b"x" * 20_000)
            await asyncio.sleep(0.001)
        await response.write_eof()
        return response

    async with serving(answer) as url:
        result = await hammer(url, [encode("POST", url, body=b'{"q":1}')], seconds=5, connections=2, most=6)
    assert bodies == [b'{"q":1}'] * 6
    assert result.histogram.count == 6
    assert result.refused == {}


async def test_errors_degraded_answers_and_cut_connections_are_refusals() -> None:
    async def answer(request: web.Request) -> web.StreamResponse:
        if request.path == "/cut":
            assert request.transport is not None
            request.transport.close()
        if request.path == "/degraded":
            return web.Response(text='{"total":1,"degraded":true}')
        return web.Response(status=503)

    async with serving(answer) as url:
        for path, refused in (("busy", {"503": 2}), ("degraded", {"degraded": 2}), ("cut", {"connection lost": 1})):
            result = await hammer(url, [encode("GET", f"{url}/{path}")], seconds=5, connections=1, most=2)
            assert result.refused == refused
