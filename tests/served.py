"""A small server of somebody else's, for one test, on a port of its own."""

from collections.abc import AsyncIterator

from aiohttp import web


async def served(app: web.Application) -> AsyncIterator[str]:
    """Its address, once."""
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()
