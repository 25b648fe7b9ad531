"""PostgreSQL advisory locks of the search: one drainer, one rebuild, and a pause between batches for the swap.

Session locks, so they are taken on dedicated connections (a pool's reset would release them) and end with them.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg

from models.database import LOST, Connection

DRAINER = 0x4841_4101
BATCH = 0x4841_4102
REBUILD = 0x4841_4103
RECONCILE = 0x4841_4104

COMMAND_S = 300.0  # a server that vanished without a word is given up; nothing of ours takes as long
CONNECT_S = 60.0

SERVER_SETTINGS = {
    "application_name": "haat search",
    "timezone": "UTC",
    "jit": "off",
    "statement_timeout": "0",
    "synchronous_commit": "off",  # all that these write is derived: a crash only has it written again
    "tcp_keepalives_idle": "10",
    "tcp_keepalives_interval": "5",
    "tcp_keepalives_count": "3",
}


@asynccontextmanager
async def dedicated(url: str, *, patience_s: float = COMMAND_S) -> AsyncIterator[Connection]:
    """A connection of its own, closed (and its locks released) at the end. Raises TimeoutError from a command that is
    not answered in `patience_s`."""
    connect_s = min(patience_s, CONNECT_S)
    connection = await asyncpg.connect(
        url, server_settings=SERVER_SETTINGS, timeout=connect_s, command_timeout=patience_s
    )
    try:
        yield connection
    except LOST:
        connection.terminate()  # to close it asyncpg would wait for the end of the command that did not end
        raise
    finally:
        if not connection.is_closed():
            await _close(connection)


async def _close(connection: Connection) -> None:
    try:
        await connection.close(timeout=2)
    except (TimeoutError, *LOST):
        connection.terminate()


async def try_lock(connection: Connection, key: int) -> bool:
    taken: bool = await connection.fetchval("SELECT pg_try_advisory_lock($1)", key)
    return taken


async def lock_or_stop(connection: Connection, key: int, stop: asyncio.Event, *, poll_s: float = 0.5) -> bool:
    """Wait for the lock; False when told to stop first."""
    while not await try_lock(connection, key):
        if await stopped(stop, poll_s):
            return False
    return True


@asynccontextmanager
async def holding(connection: Connection, key: int) -> AsyncIterator[None]:
    """The lock, waited for in the order of asking."""
    await connection.execute("SELECT pg_advisory_lock($1)", key)
    try:
        yield
    finally:
        if not connection.is_closed():
            await connection.execute("SELECT pg_advisory_unlock($1)", key)


async def stopped(stop: asyncio.Event, timeout_s: float) -> bool:
    """Wait that long, or less when told to stop; says whether it was."""
    try:
        await asyncio.wait_for(stop.wait(), timeout_s)
    except TimeoutError:
        return False
    return True
