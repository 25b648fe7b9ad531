"""Writes the demo data with COPY in one transaction: all or nothing. What an earlier run made is kept and topped up."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from typing import Any
from uuid import UUID

import asyncpg

from catalogue.progress import Progress
from catalogue.seed.generator import World
from catalogue.seed.ids import SELLER, Ids, index_of
from catalogue.seed.offers import OFFER_COLUMNS, offer_rows
from catalogue.seed.people import DEMO_SELLER
from catalogue.seed.rows import (
    COLUMNS,
    PRODUCT_TABLES,
    Rows,
    category_rows,
    product_rows,
    second_factor_rows,
    seller_rows,
    user_rows,
)
from models.database import Connection
from models.keyring import Keyring

CHUNK = 5_000
LOCK = 4_842_001
"""Advisory lock: two seeds at once take turns."""

# Each table of a product has named it to the search: once is enough, and a fifth of the queue.
COALESCE = """
WITH named AS (DELETE FROM search_change WHERE product_id >= $1 AND product_id < $2 RETURNING product_id, bulk)
INSERT INTO search_change (product_id, kind, bulk)
SELECT product_id, 'full', bool_and(bulk) FROM named GROUP BY product_id ORDER BY product_id
"""

Counts = dict[str, int]


class SeedError(Exception):
    """The shop cannot be seeded; the message says why in one sentence."""


async def seed_shop(
    url: str, world: World, count: int, *, keyring: Keyring, password_hash: str, progress: Progress, chunk: int = CHUNK
) -> Counts:
    """Products 0 to `count - 1` of the seed are in the shop afterwards; says how many rows of each table were added.

    `password_hash` is that of the demo log-ins. Raises SeedError when the shop holds the demo data of another seed, or
    rows of its own where the demo's should go.
    """
    connection = await asyncpg.connect(url, server_settings={"statement_timeout": "0", "timezone": "UTC"})
    try:
        async with connection.transaction():
            await connection.execute("SELECT pg_advisory_xact_lock($1)", LOCK)
            counts: Counts = {}
            first = await _next_index(connection, world.seed)
            if first is None:
                counts = await _write_base(connection, world, keyring=keyring, password_hash=password_hash)
            await _write_products(connection, world, first or 0, count, counts, progress=progress, chunk=chunk)
            ids = Ids.of(world.seed)
            await connection.execute(COALESCE, ids.product(first or 0), ids.product(count))
    except asyncpg.UniqueViolationError as error:
        raise SeedError(f"the shop has rows of its own where the demo data should go ({error.detail})") from error
    finally:
        await connection.close()
    return counts


async def analyse(owner_url: str) -> None:
    """Fresh statistics, so that the first queries after a large load are planned well; only the owner may."""
    connection = await asyncpg.connect(owner_url, server_settings={"statement_timeout": "0"})
    try:
        await connection.execute(f"ANALYZE {', '.join(COLUMNS)}")
    finally:
        await connection.close()


async def _next_index(connection: Connection, seed: int) -> int | None:
    """Where to go on; None where nothing of the demo is there yet."""
    ids = Ids.of(seed)
    found: UUID | None = await connection.fetchval("SELECT id FROM seller WHERE slug = $1", DEMO_SELLER)
    if found is None:
        return None
    if found.int != ids.row(SELLER, 0).int:
        raise SeedError("the shop holds the demo data of another --seed; start another one with --data DIR")
    last: UUID | None = await connection.fetchval(
        "SELECT id FROM product WHERE id >= $1 AND id < $2 ORDER BY id DESC LIMIT 1",
        ids.product(0),
        ids.product(1 << 30),
    )
    return 0 if last is None else index_of(last) + 1


async def _write_base(connection: Connection, world: World, *, keyring: Keyring, password_hash: str) -> Counts:
    """Users, sellers and the category tree."""
    ids = Ids.of(world.seed)
    tables = {
        "users": user_rows(world, ids, keyring=keyring, password_hash=password_hash),
        "second_factor": second_factor_rows(ids, keyring=keyring),
        "seller": seller_rows(world, ids),
        "category": list(category_rows(world.shop.kinds, ids, free=await _free_slugs(connection))),
    }
    for table, rows in tables.items():
        await _copy(connection, table, COLUMNS[table], rows)
    for table, rows in offer_rows(ids).items():
        if not await connection.fetchval(f"SELECT EXISTS (SELECT FROM {table})"):
            await _copy(connection, table, OFFER_COLUMNS[table], rows)
    return {table: len(rows) for table, rows in tables.items()}


async def _free_slugs(connection: Connection) -> Callable[[str], str]:
    """Numbers a slug that an imported category has already."""
    taken = {row["slug"] for row in await connection.fetch("SELECT slug FROM category")}

    def free(slug: str) -> str:
        wanted, number = slug, 2
        while slug in taken:
            slug, number = f"{wanted}-{number}", number + 1
        taken.add(slug)
        return slug

    return free


async def _write_products(
    connection: Connection, world: World, first: int, count: int, counts: Counts, *, progress: Progress, chunk: int
) -> None:
    """While PostgreSQL takes one chunk, a thread makes the next."""
    progress.advance(min(first, count))
    chunks = product_rows(world, first, max(count - first, 0), chunk=chunk)
    rows = await asyncio.to_thread(_following, chunks)
    while rows:
        following = asyncio.create_task(asyncio.to_thread(_following, chunks))
        for table in PRODUCT_TABLES:
            await _copy(connection, table, COLUMNS[table], rows[table])
            counts[table] = counts.get(table, 0) + len(rows[table])
        progress.advance(len(rows["product"]))
        rows = await following


def _following(chunks: Iterator[Rows]) -> Rows:
    return next(chunks, {})


async def _copy(connection: Connection, table: str, columns: Sequence[str], records: Sequence[tuple[Any, ...]]) -> None:
    await connection.copy_records_to_table(table, columns=columns, records=records)
