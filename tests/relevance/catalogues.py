"""The two catalogues that relevance is measured on, each in a database and an index of its own."""

import asyncio
import uuid
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from io import StringIO
from pathlib import Path
from typing import Literal, NamedTuple

import asyncpg

from catalogue.importing.run import Importer, Wishes
from catalogue.importing.source import Source
from catalogue.progress import Progress
from catalogue.seed.generator import make_world
from catalogue.seed.load import seed_shop
from models.database import close_pool, open_pool, pool
from models.keyring import Keyring
from search import fallback
from search.admin import SearchAdmin
from search.client import SearchClient
from search.engine import Engine
from search.query import Search, SearchQuery, normalise
from search.rebuild import rebuild
from search.rescue import rescue
from server.settings import Settings
from tests.factories import make_seller

Name = Literal["demo", "real"]
ENGINES = ("meilisearch", "postgres")
DEPTH = 10
DEMO_PRODUCTS = 2_000
AT_ONCE = 6
POPULAR = Search(in_stock=True, facets=(), per_page=8)


class Product(NamedTuple):
    """`key` stands for the product in the judgments: the end of a demo SKU, the beginning of a derived one."""

    key: str
    name: str
    leaf: str


class Answer(NamedTuple):
    """What was found, and how many popular products are offered where nothing was."""

    found: list[Product]
    offered: int


class Shop(NamedTuple):
    """Products by slug, and an engine over them; the pool is open on its database."""

    products: Mapping[str, Product]
    engine: Engine

    async def ask(self, q: str, engine: str) -> Answer:
        """The first products that either engine finds."""
        wanted = normalise(SearchQuery(q=q, per_page=DEPTH, facets=()))
        if engine == "postgres":
            _, found = await fallback.search(wanted)
            offered = 0 if found.hits else len((await fallback.search(POPULAR))[1].hits)
            return Answer([self.products[hit.slug] for hit in found.hits], offered)
        answer = await self.engine.search(wanted)
        assert answer.engine == engine
        helped = answer if answer.hits else await rescue(self.engine, wanted, answer)
        offered = len(helped.instead.popular) if helped.instead else 0
        return Answer([self.products[hit.slug] for hit in answer.hits], offered)

    async def ask_all(self, queries: Sequence[str], engine: str) -> list[Answer]:
        """A few at a time."""
        gate = asyncio.Semaphore(AT_ONCE)

        async def one(q: str) -> Answer:
            async with gate:
                return await self.ask(q, engine)

        return await asyncio.gather(*map(one, queries))


def key_of_sku(sku: str) -> str:
    return sku[5:13] if sku.startswith("auto-") else sku.rpartition("-")[2].casefold()


@asynccontextmanager
async def opened(settings: Settings, file: Path | None) -> AsyncIterator[Shop]:
    """Loads the demo catalogue, or that of a file, and fills an index as `haat reindex` does; removes it again."""
    await open_pool(settings.database.url, pool_min=2, pool_max=AT_ONCE + 2)
    client = SearchClient(
        settings.search.url, settings.search.api_key, index=f"rel{uuid.uuid4().hex[:8]}", timeout_ms=300_000
    )
    try:
        await (_seed(settings) if file is None else _import(file))
        await rebuild(settings.database.url, client, bump=_bump)
        await _analyse(settings.database.owner_url)
        yield Shop(await _products(), Engine(client))
    finally:
        for index in await SearchAdmin(client).names(client.index):
            await SearchAdmin(client).delete(index)
        await client.close()
        await close_pool()


async def _seed(settings: Settings) -> None:
    await seed_shop(
        settings.database.url,
        make_world(1),
        DEMO_PRODUCTS,
        keyring=Keyring(settings.keys.ring, settings.keys.lookup),
        password_hash="",
        progress=Progress("", DEMO_PRODUCTS, stream=StringIO()),
    )


async def _import(file: Path) -> None:
    seller = await pool().fetchval("SELECT slug FROM seller WHERE id = $1", await make_seller())
    wishes = Wishes(path=file, seller=seller, errors_path=Path("/dev/null"))
    source = Source(file)
    async with pool().acquire() as connection:
        await Importer(connection, wishes, shop_currency="INR").run(source, lambda _: None)
    source.close()


async def _analyse(owner_url: str) -> None:
    owner = await asyncpg.connect(owner_url)
    await owner.execute("ANALYZE product_search")
    await owner.close()


async def _products() -> dict[str, Product]:
    rows = await pool().fetch(
        """SELECT p.slug, p.sku, p.name, c.name AS leaf FROM product p LEFT JOIN category c ON c.id = p.category_id
            WHERE p.state = 'active' ORDER BY p.sku"""
    )
    return {row["slug"]: Product(key_of_sku(row["sku"]), row["name"], row["leaf"] or "") for row in rows}


async def _bump() -> bool:
    return True
