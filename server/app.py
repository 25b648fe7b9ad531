"""The web composition root: settings in, a Sanic app out. `python -m server.app` serves it as one process.

Several processes share one port by SO_REUSEPORT; a supervisor outside restarts one that dies.
"""

import argparse
import asyncio
import gc
import socket
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

import asyncpg
import structlog
import uvloop
from sanic import Sanic

from catalogue.pictures import find_picture
from handlers import BLUEPRINTS
from handlers.pages.shell import Pages
from models.database import close_pool, open_pool
from models.keyring import Keyring
from models.replica import close_replica, open_replica
from search.client import SearchClient
from search.engine import Engine
from server import middleware
from server.cache import Cache
from server.context import Context
from server.deadlines import Deadlines
from server.integrations.mail import Mailer
from server.integrations.media import open_media, upload_origin
from server.integrations.oidc import open_oidc
from server.integrations.razorpay import Gateway, public_url
from server.integrations.sms import open_sms
from server.log import configure_logging
from server.outlet import exit_with
from server.passwords import Passwords
from server.query_log import QueryLog
from server.redis_client import open_redis
from server.settings import Settings, SettingsError, load_settings
from web.mail import mail_templates

ROOT = Path(__file__).resolve().parent.parent
DRAIN_S = 10
BACKLOG = 2048
"""Connections that wait to be accepted, at most: a crowd that comes at once is not turned away by the kernel."""
DATABASE_WAIT_S, DATABASE_PAUSE_S, CROWDED_PAUSE_S = 60, 0.05, 0.5
STARTING = (OSError, asyncpg.CannotConnectNowError, asyncpg.TooManyConnectionsError)
T = TypeVar("T")
log = structlog.get_logger("web")


def create_app(settings: Settings, name: str = "haat", context: Context | None = None) -> "Sanic[Any, Any]":
    """An app that opens its pools when it starts and closes them when it stops; or one on an open `context`."""
    app: Sanic[Any, Any] = Sanic(name, configure_logging=False)
    app.config.update(
        REQUEST_MAX_SIZE=settings.http.body_max_bytes,
        REQUEST_TIMEOUT=settings.http.request_timeout_ms / 1000,
        BODY_MIN_BYTES_S=settings.http.body_min_bytes_s,
        RESPONSE_TIMEOUT=30,
        KEEP_ALIVE_TIMEOUT=75,
        GRACEFUL_SHUTDOWN_TIMEOUT=DRAIN_S,
        ACCESS_LOG=False,
        OAS=False,
        MOTD=False,
    )
    gateway = urlsplit(public_url(settings.payments))
    headers = middleware.security_headers(
        f"{gateway.scheme}://{gateway.netloc}",
        upload_origin(settings.media),
        https=settings.site.base_url.startswith("https:"),
    )
    middleware.install(app, headers, cors_origins=settings.http.cors_origins)
    for blueprint in BLUEPRINTS:
        app.blueprint(blueprint)
    if context is not None:
        app.ctx.haat = context
        return app

    async def start(app: "Sanic[Any, Any]") -> None:
        app.ctx.haat = await patiently(lambda: open_all(settings))

    async def stop(app: "Sanic[Any, Any]") -> None:
        await close_context(app.ctx.haat)
        await close_replica()
        await close_pool()

    app.register_listener(start, "before_server_start")
    app.register_listener(stop, "after_server_stop")
    return app


async def patiently(opening: Callable[[], Awaitable[T]], stop: asyncio.Event | None = None) -> T:
    """Waits for a PostgreSQL that is still starting: whoever starts both at once need not know which is faster. So too
    for one that has no connection to spare, as while processes that are replaced still end.

    Raises OSError or asyncpg.PostgresError where it does not answer for DATABASE_WAIT_S, or when told to `stop`.
    """
    until, told = time.monotonic() + DATABASE_WAIT_S, False
    while True:
        try:
            return await opening()
        except STARTING as error:
            if time.monotonic() > until or (stop is not None and stop.is_set()):
                raise
            if not told:
                log.warning("PostgreSQL does not answer yet", error=str(error), seconds_to_wait=DATABASE_WAIT_S)
            told = True
            pause_s = CROWDED_PAUSE_S if isinstance(error, asyncpg.TooManyConnectionsError) else DATABASE_PAUSE_S
        await asyncio.sleep(pause_s)


async def open_all(settings: Settings) -> Context:
    """The pool and the context of one process."""
    database = settings.database
    await open_pool(
        database.url,
        pool_min=database.pool_max if database.pool_warm else 1,
        pool_max=database.pool_max,
        statement_timeout_ms=database.statement_timeout_ms,
        pooled=database.pooled,
    )
    await open_replica(
        database.replica_url,
        pool_max=database.pool_max,
        statement_timeout_ms=database.statement_timeout_ms,
        pooled=database.pooled,
        wait_ms=database.replica_wait_ms,
    )
    return await open_context(settings)


async def open_context(settings: Settings) -> Context:
    """Clients connect on first use: a service that is down at start does not keep the shop from opening."""
    redis = open_redis(settings.redis.url, timeout_s=settings.redis.timeout_ms / 1000)
    engine = settings.search
    return Context(
        settings=settings,
        keyring=Keyring(settings.keys.ring, settings.keys.lookup),
        redis=redis,
        cache=Cache(redis, prefix=settings.redis.prefix, ttl_s=engine.cache_ttl_s),
        queries=QueryLog(one_in=settings.analytics.one_in),
        search=Engine(
            SearchClient(engine.url, engine.api_key, index=engine.index, timeout_ms=engine.timeout_ms),
            at_once=engine.at_once,
        ),
        passwords=Passwords(settings.auth.bcrypt_cost, waiting_max=settings.auth.password_queue),
        gateway=Gateway(settings.payments),
        mail=Mailer(settings, mail_templates()),
        sms=open_sms(settings.sms),
        media=open_media(settings.media),
        google=open_oidc(settings.oidc, base_url=settings.site.base_url),
        templates=Pages(settings),
        draw=find_picture,
    )


async def close_context(context: Context) -> None:
    await context.queries.close()
    context.gateway.close()
    context.passwords.close()
    await context.search.close()
    await context.mail.close()
    await context.sms.close()
    await context.redis.aclose()


async def keep_what_is_there(_: "Sanic[Any, Any]") -> None:
    """What a start made stays: to look through it for garbage would take 0.1 s in the middle of answers."""
    gc.freeze()


def listen(host: str, port: int) -> socket.socket:
    """A listening socket that other processes of this user may share."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_STREAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    sock.bind((host, port))
    return sock


def main() -> int:
    parser = argparse.ArgumentParser(prog="haat serve", description="Serve the shop as one process.")
    parser.add_argument("command", nargs="?", choices=["serve"], help=argparse.SUPPRESS)
    parser.add_argument("--data", type=Path, help="data folder of the stack (default: .haat)")
    arguments = parser.parse_args()
    try:
        settings = load_settings(data=arguments.data, needs=("database", "redis"))
        sock = listen(settings.http.host, settings.http.port)
    except (SettingsError, OSError) as error:
        print(f"haat serve: {error}", file=sys.stderr)
        return 2
    configure_logging(settings)
    asyncio.set_event_loop_policy(uvloop.EventLoopPolicy())
    app = create_app(settings)
    app.register_listener(keep_what_is_there, "after_server_start")
    app.prepare(sock=sock, protocol=Deadlines, backlog=BACKLOG, single_process=True, motd=False)
    Sanic.serve_single(app)
    return 0


if __name__ == "__main__":
    exit_with(main)
