"""Reads of the catalogue and of history from a streaming replica, where there is one; named one by one, on purpose.

A read sees all that was committed on the primary before it began: the replica is asked once it has come that far, and
the primary where it does not within a moment, or is lost. Never inside a transaction, never what a write depends on.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias, TypeVar

import asyncpg
from tortoise.backends.base.client import TransactionalDBClient
from tortoise.connection import get_connection

from models.database import LOST, Pool, open_plain_pool, pool

T = TypeVar("T")
Record: TypeAlias = asyncpg.Record

PAUSE_S = 1.0
POLL_S = 0.002
WRITTEN = "SELECT pg_current_wal_flush_lsn() - '0/0'::pg_lsn"
REPLAYED = "SELECT coalesce(pg_last_wal_replay_lsn() - '0/0'::pg_lsn, 0)"


class InTransaction(Exception):
    """A mistake of the caller's."""


class Shared:
    """A question whose answer many may share: each gets that of one asked after they came."""

    def __init__(self, ask: Callable[[], Awaitable[Any]]) -> None:
        self._ask = ask
        self._asked: asyncio.Task[Any] | None = None
        self._next: asyncio.Task[Any] | None = None

    async def __call__(self) -> Any:
        if self._next is None:
            self._next = asyncio.ensure_future(self._after(self._asked))
        return await asyncio.shield(self._next)

    async def _after(self, before: "asyncio.Task[Any] | None") -> Any:
        if before is not None:
            await asyncio.wait([before])
        self._asked, self._next = self._next, None
        return await self._ask()


class Replica:
    """`wait_s`: how long a read waits for the replica to catch up; then the primary answers, for PAUSE_S at least."""

    def __init__(self, opened: Pool, *, wait_s: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.pool = opened
        self._wait_s = wait_s
        self._clock = clock
        self._away_until = 0.0
        self._replayed = -1
        self._written = Shared(lambda: pool().fetchval(WRITTEN))
        self._look = Shared(lambda: opened.fetchval(REPLAYED))

    def leave(self) -> None:
        """It was lost or is late: the primary answers for a while."""
        self._away_until = self._clock() + PAUSE_S

    async def is_current(self) -> bool:
        """Whether it has all that was committed before this call."""
        if self._clock() < self._away_until:
            return False
        wanted = await self._written()
        try:
            async with asyncio.timeout(self._wait_s):
                while self._replayed < wanted:
                    self._replayed = max(self._replayed, await self._look())
                    if self._replayed < wanted:
                        await asyncio.sleep(POLL_S)
        except (TimeoutError, *LOST):
            self.leave()
            return False
        return True


class _Opened:
    replica: Replica | None = None


async def open_replica(url: str, *, pool_max: int, statement_timeout_ms: int, pooled: bool, wait_ms: int) -> None:
    """From now on `ask` asks it; an empty `url` is none. It is connected to on first use: it may be down."""
    if url:
        opened = await open_plain_pool(url, pool_max=pool_max, statement_timeout_ms=statement_timeout_ms, pooled=pooled)
        _Opened.replica = Replica(opened, wait_s=wait_ms / 1000)


async def close_replica() -> None:
    replica, _Opened.replica = _Opened.replica, None
    if replica is not None:
        replica.pool.terminate()


async def ask(work: Callable[[Pool], Awaitable[T]]) -> T:
    """What `work` reads from the replica's pool, or from the primary's where that fails. It may run twice."""
    if isinstance(get_connection("default"), TransactionalDBClient):
        raise InTransaction("A transaction reads from its own connection, never from a replica.")
    replica = _Opened.replica
    if replica is not None and await replica.is_current():
        try:
            return await work(replica.pool)
        except asyncpg.QueryCanceledError:
            raise  # too slow there is too slow here
        except LOST:
            replica.leave()
    return await work(pool())


async def fetch(query: str, *arguments: Any) -> list[Record]:
    return await ask(lambda asked: asked.fetch(query, *arguments))


async def fetchrow(query: str, *arguments: Any) -> Record | None:
    return await ask(lambda asked: asked.fetchrow(query, *arguments))


async def fetchval(query: str, *arguments: Any) -> Any:
    return await ask(lambda asked: asked.fetchval(query, *arguments))
