"""A shop whose search engine and Redis are behind proxies that break the line as a test wants."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import pytest

from models.database import pool
from search.locks import dedicated
from search.sync import Drainer
from server.context import Context
from server.settings import Settings, load_settings
from tests.factories import make_category, make_product, make_seller
from tests.proxy import Proxy, proxied

DELAY_S = 30.0
"""How late a server answers that is slow: nobody waits for it, so it costs no test any time."""


class Lines(NamedTuple):
    engine: Proxy
    redis: Proxy


def through(url: str, proxy: Proxy) -> str:
    """The same address, by the proxy."""
    parts = urlsplit(url)
    login = f"{parts.username or ''}:{parts.password}@" if parts.password else ""
    return parts._replace(netloc=f"{login}127.0.0.1:{proxy.port}").geturl()


@pytest.fixture
async def lines(stack) -> AsyncIterator[Lines]:
    engine, redis = urlsplit(stack["HAAT_SEARCH__URL"]), urlsplit(stack["HAAT_REDIS__URL"])
    async with (
        proxied(str(engine.hostname), engine.port or 7700) as first,
        proxied(str(redis.hostname), redis.port or 6379) as second,
    ):
        first.delay_s = second.delay_s = DELAY_S
        yield Lines(first, second)


@pytest.fixture
def settings(lines: Lines, environment: dict[str, str], tmp_path: Path) -> Settings:
    broken = {
        "HAAT_SEARCH__URL": through(environment["HAAT_SEARCH__URL"], lines.engine),
        "HAAT_REDIS__URL": through(environment["HAAT_REDIS__URL"], lines.redis),
        "HAAT_REDIS__TIMEOUT_MS": "1500",
        "HAAT_SEARCH__TIMEOUT_MS": "9000",
    }
    return load_settings({**environment, **broken}, tmp_path)


@pytest.fixture
async def drainer(context: Context) -> Drainer:
    return Drainer(context.settings.database.url, context.search.client, bump=context.cache.bump, poll_ms=5)


@pytest.fixture
async def shop(context: Context, drainer: Drainer) -> None:
    """Two lamps in the index."""
    seller, lamps = await make_seller(), await make_category("Lamps")
    for name in ("Brass Lamp", "Clay Lamp"):
        await make_product(seller, name=name, category_id=lamps)
    async with dedicated(context.settings.database.url) as line:
        while await pool().fetchval("SELECT EXISTS (SELECT FROM search_change)"):
            await drainer.drain_once(line)
