"""Two answers that differ in one thing: `/door` asks who calls and takes from the caller's bucket, `/open` neither.

Both go through the shop's own middleware and endpoints, so that the difference is what the door costs.

`python -m loadtests.door_app` serves them as one process.
"""

import argparse
import asyncio
import sys
from typing import Any

import msgspec
import uvloop
from sanic import Blueprint, Sanic
from sanic.request import Request

from server import middleware
from server.app import close_context, listen, open_all
from server.auth import Access
from server.http import endpoint
from server.settings import Settings, load_settings

blueprint = Blueprint("door")


class Said(msgspec.Struct, frozen=True):
    said: str = "come in"


@endpoint(blueprint, "GET", "/api/v1/open", summary="Anybody, as often as they like", limit=None, answer=Said)
async def wide_open(_: Request) -> Said:
    return Said()


@endpoint(blueprint, "GET", "/api/v1/door", summary="Who is logged in", access=Access.USER, limit="read", answer=Said)
async def door(_: Request) -> Said:
    return Said()


def create_app(settings: Settings) -> "Sanic[Any, Any]":
    app: Sanic[Any, Any] = Sanic("door", configure_logging=False)
    app.config.update(ACCESS_LOG=False, OAS=False, MOTD=False)
    middleware.install(app, middleware.security_headers("", "", https=False))
    app.blueprint(blueprint)

    async def start(app: "Sanic[Any, Any]") -> None:
        app.ctx.haat = await open_all(settings)

    async def stop(app: "Sanic[Any, Any]") -> None:
        await close_context(app.ctx.haat)

    app.register_listener(start, "before_server_start")
    app.register_listener(stop, "after_server_stop")
    return app


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    options = parser.parse_args()
    asyncio.set_event_loop_policy(uvloop.EventLoopPolicy())
    app = create_app(load_settings())
    app.prepare(sock=listen("127.0.0.1", options.port), single_process=True, motd=False)
    Sanic.serve_single(app)
    return 0


if __name__ == "__main__":
    sys.exit(main())
