"""The harness: real PostgreSQL, Redis, Meilisearch, gateway simulator and mail inbox, started once for the session.

Each test gets a clean database (a copy of a migrated template), an empty Redis database and an index prefix.
"""

import asyncio
import os
import uuid
from collections.abc import AsyncIterator, Iterator, Mapping
from pathlib import Path
from typing import Any

import aiohttp
import asyncpg
import pytest
from redis.asyncio import Redis
from sanic import Sanic
from tortoise import Tortoise
from tortoise.connection import get_connection

import devstack
from devstack.ports import find_free
from migrations.runner import migrate
from models.database import Pool, close_pool, open_pool, pool, tortoise_config
from search import fallback
from server.app import BACKLOG, close_context, create_app, open_context
from server.context import Context
from server.deadlines import Deadlines
from server.settings import Settings, load_settings
from server.worker import work
from tests.address import on_database
from tests.databases import Databases

TEMPLATE = "haat_template"
SERVICES = ("postgres", "redis", "meilisearch", "razorpay", "inbox")
PATIENT = {
    "HAAT_REDIS__TIMEOUT_MS": "10000",
    "HAAT_SEARCH__TIMEOUT_MS": "9000",
    "HAAT_PAYMENTS__TIMEOUT_MS": "60000",
}
"""On a machine that stands still for a second the shop gives up, in place of waiting, what a test is not about."""
fallback.COUNT_S, fallback.BOUNDS = 60.0, "SET LOCAL statement_timeout = 60000;"
DATA = Path(__file__).resolve().parent.parent.parent / "shared" / "data"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What could not be tested is said at the end, once and loudly."""
    for reason in sorted({report.longrepr[2] for report in terminalreporter.stats.get("skipped", [])}):
        terminalreporter.write_line(f"NOT TESTED. {reason.removeprefix('Skipped: ')}", red=True, bold=True)


@pytest.fixture(scope="session")
def stack() -> Iterator[Mapping[str, str]]:
    """The HAAT_* settings of the servers of this session."""
    with devstack.launched(SERVICES) as env:
        asyncio.run(_make_template(env))
        yield env


async def _make_template(env: Mapping[str, str]) -> None:
    admin = await asyncpg.connect(env["HAAT_SUPERUSER_URL"])
    await admin.execute(f"CREATE DATABASE {TEMPLATE} OWNER haat_owner")
    await admin.close()
    await migrate(
        on_database(env["HAAT_DATABASE__OWNER_URL"], TEMPLATE), on_database(env["HAAT_DATABASE__URL"], TEMPLATE)
    )


@pytest.fixture
def template() -> str:
    """The database that each test gets a copy of: migrated and empty."""
    return TEMPLATE


@pytest.fixture(scope="session")
async def databases(stack: Mapping[str, str]) -> AsyncIterator[Databases]:
    lender = Databases(stack["HAAT_SUPERUSER_URL"])
    yield lender
    await lender.close()


@pytest.fixture
async def database_name(databases: Databases, template: str) -> AsyncIterator[str]:
    """A database that is this test's alone."""
    name = await databases.lend(template)
    yield name
    await databases.take_back(template, name)


@pytest.fixture
def environment(stack: Mapping[str, str], database_name: str, port: int) -> dict[str, str]:
    """What a process of this test needs in its environment to be part of this test's shop."""
    prefix = f"t{uuid.uuid4().hex[:10]}"
    return {
        **stack,
        "HAAT_DATABASE__URL": on_database(stack["HAAT_DATABASE__URL"], database_name),
        "HAAT_DATABASE__OWNER_URL": on_database(stack["HAAT_DATABASE__OWNER_URL"], database_name),
        "HAAT_DATABASE__POOL_WARM": "false",
        "HAAT_REDIS__PREFIX": f"{prefix}:",
        "HAAT_SEARCH__INDEX": prefix,
        "HAAT_HTTP__PORT": str(port),
        "HAAT_SITE__BASE_URL": f"http://127.0.0.1:{port}",
        "HAAT_AUTH__BCRYPT_COST": "4",
        **PATIENT,
    }


@pytest.fixture
def port() -> int:
    return free_port()


def free_port() -> int:
    """Below the range that outgoing connections get theirs from: it is still free when a server is started on it."""
    return find_free()


@pytest.fixture
def settings(environment: dict[str, str], tmp_path: Path) -> Settings:
    return load_settings(environment, tmp_path)


@pytest.fixture
async def redis(settings: Settings) -> AsyncIterator["Redis"]:
    """An empty Redis database."""
    client = Redis.from_url(settings.redis.url)
    await client.flushdb()
    yield client
    await client.aclose()


@pytest.fixture(scope="session")
async def models_ready(stack: Mapping[str, str]) -> None:
    """Tortoise prepares the queries of all models once; that takes as long as a small test."""
    await open_pool(stack["HAAT_DATABASE__URL"])
    await close_pool()


@pytest.fixture
async def database(settings: Settings, models_ready: None) -> AsyncIterator[Pool]:
    """The application's pool on this test's database."""
    config = tortoise_config(settings.database.url, pool_min=1, pool_max=20)
    await Tortoise.init(config=config, init_connections=False, _enable_global_fallback=True)
    await get_connection("default").execute_query("SELECT 1")
    yield pool()
    await close_pool()


@pytest.fixture
async def owner(settings: Settings) -> AsyncIterator[asyncpg.Connection]:
    """A connection as the owner of the tables, for what the application's role may not do."""
    connection = await asyncpg.connect(settings.database.owner_url)
    yield connection
    await connection.close()


@pytest.fixture
async def context(settings: Settings, database: Pool, redis: "Redis") -> AsyncIterator[Context]:
    opened = await open_context(settings)
    yield opened
    await close_context(opened)


@pytest.fixture(scope="session")
def apps() -> Iterator[dict[str, "Sanic[Any, Any]"]]:
    """The apps of this process, by settings without what is one test's own: hundreds of routes are compiled once."""
    built: dict[str, Sanic[Any, Any]] = {}
    yield built
    for app in built.values():
        Sanic.unregister_app(app)


@pytest.fixture
async def app(
    context: Context, port: int, database_name: str, tmp_path: Path, apps: dict[str, "Sanic[Any, Any]"]
) -> AsyncIterator["Sanic[Any, Any]"]:
    """The app on this test's context, running on this loop behind a real socket."""
    key = repr(context.settings)
    for own in (context.settings.search.index, str(port), database_name, str(tmp_path)):
        key = key.replace(own, "")
    started = key in apps
    if not started:
        apps[key] = create_app(context.settings, f"haat-{uuid.uuid4().hex[:8]}", context)
        apps[key].config.TOUCHUP = False  # it rewrites Sanic's classes, which one process can do once only
    running = apps[key]
    running.ctx.haat = context
    server = await running.create_server("127.0.0.1", port, protocol=Deadlines, backlog=BACKLOG)
    assert server is not None
    if not started:
        await server.startup()
    yield running
    server.close()
    await server.wait_closed()
    for connection in list(server.connections):
        connection.abort()  # else it would be answered out of the next test's context


@pytest.fixture
async def http(app: "Sanic[Any, Any]", settings: Settings) -> AsyncIterator[aiohttp.ClientSession]:
    """A client of the app that keeps no cookies."""
    async with aiohttp.ClientSession(settings.site.base_url, cookie_jar=aiohttp.DummyCookieJar()) as client:
        yield client


@pytest.fixture(scope="session")
def data_folder() -> Path:
    """Real data beside the project. Absent: skipped loudly, but an error where CI is set."""
    if not DATA.is_dir():
        message = f"{DATA} is not there: this test reads real data from it"
        if os.environ.get("CI"):
            raise FileNotFoundError(message)
        pytest.skip(message)
    return DATA


@pytest.fixture
async def worker(context: Context) -> AsyncIterator[None]:
    """A worker on this loop: jobs, timers and the search drainer."""
    stop = asyncio.Event()
    task = asyncio.create_task(work(context, stop))
    yield
    stop.set()
    await task


@pytest.fixture
async def gateway_webhooks(stack: Mapping[str, str], port: int) -> AsyncIterator[None]:
    """The gateway simulator delivers its webhooks to this test's app, and none that an earlier test left on its way."""
    async with aiohttp.ClientSession(stack["HAAT_PAYMENTS__BASE_URL"]) as simulator:
        async with simulator.delete("/sim/events") as response:
            response.raise_for_status()
        url = f"http://127.0.0.1:{port}/webhooks/razorpay"
        async with simulator.post("/sim/config", json={"webhook_url": url}) as response:
            response.raise_for_status()
        yield
