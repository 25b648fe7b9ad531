"""Tiny real HTTP servers to point load tools at, on the test's own loop."""

import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable

import aiohttp
from aiohttp import web

from tests.wait import until

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@contextlib.asynccontextmanager
async def serving(handler: Handler) -> AsyncIterator[str]:
    """The address of a server that answers every path by `handler`."""
    app = web.Application()
    app.add_routes([web.route("*", "/{path:.*}", handler)])
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    try:
        yield f"http://{host}:{port}"
    finally:
        await runner.cleanup()


async def shop_is_searchable(http: aiohttp.ClientSession, products: int) -> None:
    async def found() -> bool:
        async with http.get("/api/v1/search") as response:
            return response.status == 200 and (await response.json())["total"] == products

    await until(found)
