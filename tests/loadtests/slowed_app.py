"""The shop with a pause before each search: `python -m tests.loadtests.slowed_app`, as it is served otherwise."""

import asyncio
import os
import sys

import uvloop
from sanic import Sanic
from sanic.request import Request

from server.app import create_app, listen
from server.settings import load_settings

PAUSE_S = float(os.environ.get("SLOWED_BY_S", "0"))


async def pause(request: Request) -> None:
    if request.path == "/api/v1/search":
        await asyncio.sleep(PAUSE_S)


def main() -> int:
    settings = load_settings()
    asyncio.set_event_loop_policy(uvloop.EventLoopPolicy())
    app = create_app(settings)
    app.on_request(pause)
    app.prepare(sock=listen(settings.http.host, settings.http.port), single_process=True, motd=False)
    Sanic.serve_single(app)
    return 0


if __name__ == "__main__":
    sys.exit(main())
