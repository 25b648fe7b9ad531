"""What this machine could do at best: handlers that make one Redis GET, read one row, or commit one transaction.

`/cached` is the shop's own limit and cache without anything around them; with `near=0` each answer is a round trip.

`python -m loadtests.ceiling_app` serves them as one process; budgets are ratios to what it reaches in the same run.
"""

import argparse
import asyncio
import sys
from collections.abc import Callable, Coroutine
from typing import Any

import asyncpg
import uvloop
from redis.asyncio import Redis
from sanic import Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, raw

from server.app import listen
from server.cache import Body, Cache
from server.limits import policy
from server.settings import Limits, load_settings

KEY = "haat-ceiling"
ROW = "SELECT id, slug, name, state FROM product WHERE slug = $1"
POOL_MAX = 10
PREFIX = "haat-ceiling:"

Handler = Callable[[Request], Coroutine[Any, Any, HTTPResponse]]


def create_app(redis_url: str, database_url: str, limits: Limits, body: bytes) -> "Sanic[Any, Any]":
    """`body` is what the Redis key holds: as many bytes as the page that is compared."""
    app: Sanic[Any, Any] = Sanic("ceiling", configure_logging=False)
    app.config.update(ACCESS_LOG=False, OAS=False, MOTD=False)

    async def start(app: "Sanic[Any, Any]") -> None:
        app.ctx.redis = Redis.from_url(redis_url)
        await app.ctx.redis.set(KEY, body, ex=3600)
        app.ctx.near = Cache(app.ctx.redis, prefix=PREFIX)
        app.ctx.far = Cache(app.ctx.redis, prefix=PREFIX, local_s=0)
        app.ctx.policy = policy(limits, "read")
        app.ctx.body = body
        app.ctx.pool = await asyncpg.create_pool(database_url, min_size=2, max_size=POOL_MAX)

    async def stop(app: "Sanic[Any, Any]") -> None:
        await app.ctx.redis.aclose()
        await app.ctx.pool.close()

    app.register_listener(start, "before_server_start")
    app.register_listener(stop, "after_server_stop")
    routes: dict[str, Handler] = {
        "/": ready,
        "/redis": redis_get,
        "/cached": cached,
        "/row": one_row,
        "/commit": one_commit,
    }
    for path, handler in routes.items():
        app.add_route(handler, path)
    return app


async def ready(_: Request) -> HTTPResponse:
    return raw(b"{}")


async def redis_get(request: Request) -> HTTPResponse:
    return raw(await request.app.ctx.redis.get(KEY), content_type="application/json")


async def cached(request: Request) -> HTTPResponse:
    shared = request.app.ctx
    cache = shared.far if request.query_string == "near=0" else shared.near

    async def compute() -> Body:
        return Body(shared.body)

    caller = f"ip:{request.headers.get('x-forwarded-for', '')}"
    answer = await cache.answer(KEY, compute, policy=shared.policy, principal=caller)
    return raw(answer.data, content_type="application/json")


async def one_row(request: Request) -> HTTPResponse:
    row = await request.app.ctx.pool.fetchrow(ROW, request.args.get("slug", ""))
    return raw(repr(row).encode())


async def one_commit(request: Request) -> HTTPResponse:
    """A transaction that locks nothing and writes one record to the log: the price of durability alone."""
    async with request.app.ctx.pool.acquire() as connection, connection.transaction():
        await connection.execute("SELECT pg_logical_emit_message(true, 'haat-ceiling', 'commit')")
    return raw(b"{}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--bytes", type=int, default=8_000, help="size of what one Redis GET answers")
    options = parser.parse_args()
    settings = load_settings()
    asyncio.set_event_loop_policy(uvloop.EventLoopPolicy())
    app = create_app(settings.redis.url, settings.database.url, settings.limits, b"x" * options.bytes)
    app.prepare(sock=listen("127.0.0.1", options.port), single_process=True, motd=False)
    Sanic.serve_single(app)
    return 0


if __name__ == "__main__":
    sys.exit(main())
