"""What the search tests share: a client of this test's own index, a drainer driven by hand, and an engine that asks."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from contextlib import asynccontextmanager
from typing import Any

import pytest

from models.database import Connection, Pool
from search.admin import SearchAdmin
from search.answer import SearchAnswer
from search.client import SearchClient
from search.engine import Engine
from search.locks import dedicated
from search.query import SearchQuery, normalise
from search.sync import Drainer
from server.settings import Settings

Ask = Callable[..., Awaitable[SearchAnswer]]


@pytest.fixture
async def client(settings: Settings) -> AsyncIterator[SearchClient]:
    """An engine's client on an index of this test's own, removed afterwards."""
    search = settings.search
    opened = SearchClient(search.url, search.api_key, index=search.index, timeout_ms=30_000)
    yield opened
    admin = SearchAdmin(opened)
    for name in await admin.names(search.index):
        await admin.delete(name)
    await opened.close()


@pytest.fixture
async def line(settings: Settings, database: Pool) -> AsyncIterator[Connection]:
    """The drainer's dedicated connection."""
    async with dedicated(settings.database.url) as connection:
        yield connection


class Bumps:
    """Counts how often the cache's generation was moved on."""

    def __init__(self) -> None:
        self.count = 0
        self.tags: list[frozenset[int] | None] = []

    async def __call__(self, tags: Collection[int] | None = None, /) -> bool:
        self.count += 1
        self.tags.append(None if tags is None else frozenset(tags))
        return True


@pytest.fixture
def bumps() -> Bumps:
    return Bumps()


@pytest.fixture
def drainer(settings: Settings, client: SearchClient, bumps: Bumps) -> Drainer:
    return Drainer(settings.database.url, client, bump=bumps)


@asynccontextmanager
async def running(drainer: Drainer) -> AsyncIterator[None]:
    """The drainer at work for the block, stopped as the worker stops it."""
    stop = asyncio.Event()
    task = asyncio.create_task(drainer.run(stop))
    try:
        yield
    finally:
        stop.set()
        await task


@pytest.fixture
def drain(drainer: Drainer, line: Connection) -> Callable[[], Awaitable[int]]:
    """Drain until nothing waits. Returns how many products were written."""

    async def until_dry() -> int:
        drained = 0
        while await line.fetchval("SELECT EXISTS (SELECT FROM search_change)"):
            drained += await drainer.drain_once(line)
        return drained

    return until_dry


@pytest.fixture
def engine(client: SearchClient, database: Pool) -> Engine:
    """Without the kept facet counts, so that a test sees its own edit at once."""
    return Engine(client, facets_ttl_s=0)


@pytest.fixture
def ask(engine: Engine) -> Ask:
    """A search by its parameters."""

    async def answer(**parameters: Any) -> SearchAnswer:
        return await engine.search(normalise(SearchQuery(**parameters)))

    return answer
