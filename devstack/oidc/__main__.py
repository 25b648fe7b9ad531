"""Runs the simulator: `python -m devstack.oidc --port N --folder DIR`, client and shop from the settings."""

import argparse
import asyncio
import os
import signal
from pathlib import Path

from aiohttp import web

from devstack.oidc.provider import make_app
from devstack.ports import LOOPBACK
from server.settings import load_settings


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m devstack.oidc", description=__doc__)
    parser.add_argument("--host", default=LOOPBACK, help="the address to listen on (default: %(default)s)")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--folder", type=Path, required=True, help="unused: the simulator keeps nothing")
    parser.add_argument("--public-url", default="", help="where browsers find it (default: the issuer's address)")
    options = parser.parse_args()
    settings = load_settings(os.environ, options.folder)
    app = make_app(settings.oidc, shop=settings.site.base_url, public_url=options.public_url)
    asyncio.run(serve(app, options.host, options.port))


async def serve(app: web.Application, host: str, port: int) -> None:
    """Until SIGTERM or SIGINT."""
    stopped = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, host, port).start()
    await stopped.wait()
    await runner.cleanup()


if __name__ == "__main__":
    main()
