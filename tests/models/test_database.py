"""A server that is lost in the middle costs the requests of that moment, and none of those that come later."""

import asyncio
import contextlib
import threading
from pathlib import Path

import asyncpg

from models.database import LOST, close_pool, pool, transaction
from server.app import close_context, open_all
from server.settings import load_settings

TIMES = 25
"""More than there are connections in the pool."""
HANG_UP = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
 WHERE datname = current_database() AND usename = current_user AND pid <> $1
"""


def hang_up(url: str) -> None:
    """End every connection of this database, before this process can notice."""

    async def run() -> None:
        connection = await asyncpg.connect(url)
        await connection.execute(HANG_UP.replace("$1", str(connection.get_server_pid())))
        await connection.close()

    other = threading.Thread(target=asyncio.run, args=(run(),))
    other.start()
    other.join()


async def write(url: str, *, late: bool) -> None:
    """A transaction whose server is lost before it begins, or within."""
    if not late:
        hang_up(url)
    async with transaction() as connection:
        if late:
            hang_up(url)
        await connection.execute("SELECT 1")


async def test_a_lost_server_leaves_no_transaction_open_and_no_connection_lent(database, settings):
    lost = 0
    for turn in range(TIMES):
        with contextlib.suppress(*LOST):
            await pool().fetchval("SELECT 1")
        try:
            await write(settings.database.url, late=bool(turn % 2))
        except LOST:
            lost += 1
        async with asyncio.timeout(5):
            assert await once_more() == 1
    assert lost > TIMES // 2
    assert database.get_idle_size() == database.get_size()


async def once_more() -> int:
    """What the next request of the same task reads: a connection that has died in the pool is replaced."""
    while True:
        try:
            found: int = await pool().fetchval("SELECT 1")
        except LOST:
            continue
        return found


async def test_a_pool_is_whole_from_the_start(environment: dict[str, str], tmp_path: Path, models_ready: None) -> None:
    """So no request waits for a connection, and their number is the same after a week."""
    for warm, connections in (("true", 10), ("false", 1)):
        settings = load_settings({**environment, "HAAT_DATABASE__POOL_WARM": warm}, tmp_path)
        context = await open_all(settings)
        try:
            assert pool().get_size() == connections
        finally:
            await close_context(context)
            await close_pool()
