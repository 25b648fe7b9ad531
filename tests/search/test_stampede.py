"""Two hundred shoppers ask the same thing at the moment when its answer has expired: Meilisearch hears of it once."""

import asyncio
from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp import web

from server.cache import Cache
from tests.factories import make_product, make_seller
from tests.rewire import rewire
from tests.wait import until


class Engine:
    """Meilisearch behind a proxy: the searches that it was asked, held up while `open` is not set."""

    def __init__(self) -> None:
        self.asked: list[bytes] = []
        self.open = asyncio.Event()
        self.open.set()


@pytest.fixture
def environment(environment: dict[str, str]) -> dict[str, str]:
    """The engine that is slow here is given up as the shop does it."""
    return {**environment, "HAAT_SEARCH__TIMEOUT_MS": "3000"}


@pytest.fixture
async def engine(context) -> AsyncIterator[Engine]:
    seen = Engine()
    target = context.search.client.url

    async def forward(request: web.Request) -> web.Response:
        body = await request.read()
        if request.path == "/multi-search":
            seen.asked.append(body)
            await seen.open.wait()
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
        rewire(context.search.client, f"http://{host}:{port}")
        yield seen
        seen.open.set()
        await runner.cleanup()


@pytest.mark.parametrize("slow", [False, True], ids=["well", "slow"])
async def test_two_hundred_clients_on_one_expired_key_make_one_call_of_the_engine(
    context, redis, http, drainer, line, drain, engine, slow
):
    """Also where PostgreSQL answers because Meilisearch takes too long: that answer is not stored, but it is shared.

    A crowd keeps a busy machine for longer than the moment for which it is shared otherwise.
    """
    context.cache = Cache(redis, prefix=context.settings.redis.prefix, held_s=60)
    await make_product(await make_seller(), name="Brass Lamp")
    await drain()

    async def search(q: str) -> tuple[int, int, bool]:
        async with http.get("/api/v1/search", params={"q": q, "facets": "brand"}) as response:
            found = await response.json()
            return response.status, found["total"], found["degraded"]

    async def well() -> bool:
        return not (await search("brass"))[2]

    await until(well)
    await context.cache.forget()
    engine.asked.clear()
    if slow:
        engine.open.clear()
    found = await asyncio.gather(*(search("lamp") for _ in range(200)))
    assert {answer[:2] for answer in found} == {(200, 1)}
    assert len(engine.asked) == 1
    if slow:
        assert {degraded for *_, degraded in found} == {True}
