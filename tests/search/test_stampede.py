"""Two hundred shoppers ask the same thing at the moment when its answer has expired: Meilisearch hears of it once."""

import asyncio
from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp import web

from tests.factories import make_product, make_seller


@pytest.fixture
async def questions(context) -> AsyncIterator[list[bytes]]:
    """What Meilisearch is asked, counted on the way there by a proxy."""
    asked: list[bytes] = []
    target = context.search.client.url

    async def forward(request: web.Request) -> web.Response:
        body = await request.read()
        if request.path == "/multi-search":
            asked.append(body)
        headers = {"Authorization": request.headers["Authorization"], "Content-Type": "application/json"}
        async with client.request(request.method, target + request.path_qs, data=body, headers=headers) as answer:
            data = await answer.read()
            return web.Response(body=data, status=answer.status, content_type=answer.content_type)

    async with aiohttp.ClientSession() as client:
        app = web.Application()
        app.add_routes([web.route("*", "/{path:.*}", forward)])
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        host, port = runner.addresses[0][:2]
        context.search.client.url = f"http://{host}:{port}"
        yield asked
        await runner.cleanup()


async def test_two_hundred_clients_on_one_expired_key_make_one_call_of_the_engine(
    context, redis, http, drainer, line, drain, questions
):
    await make_product(await make_seller(), name="Brass Lamp")
    await drain()

    async def search() -> tuple[int, int]:
        async with http.get("/api/v1/search", params={"q": "lamp", "facets": "brand"}) as response:
            return response.status, (await response.json())["total"]

    assert await search() == (200, 1)
    questions.clear()
    (page,) = [key async for key in redis.scan_iter(f"{context.settings.redis.prefix}page:*")]
    await redis.delete(page)
    assert set(await asyncio.gather(*(search() for _ in range(200)))) == {(200, 1)}
    assert len(questions) == 1
