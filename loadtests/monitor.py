"""What the machine and the shop's own books say while shoppers are simulated: one sample after another, nulls included.

Against a host far away there are no processes and no database to ask: then those series stay empty.
"""

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import aiohttp
import asyncpg
import msgspec
import psutil
from redis.exceptions import RedisError

from loadtests import processes
from loadtests.prometheus import Readings, parse, quantile_between
from models.database import LOST
from server.redis_client import Client, open_redis, servers
from server.settings import Settings

LAG = "haat_search_lag_seconds"
TIMEOUT_S = 2.0
SCRAPE_S = 5.0
BOOKS = """
SELECT (SELECT count(*) FROM pgqueuer WHERE status IN ('queued', 'picked') AND execute_after <= now()) AS jobs_due,
       (SELECT count(*) FROM search_change) AS changes_waiting,
       (SELECT coalesce(1000 * extract(epoch FROM now() - min(created_at)), 0) FROM search_change) AS oldest_change_ms,
       (SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()) AS connections,
       (SELECT xact_commit + xact_rollback FROM pg_stat_database WHERE datname = current_database()) AS transactions
"""
STATEMENTS = "SELECT sum(calls) AS statements FROM pg_stat_statements"
TOTALS = ("transactions", "statements")
SILENCES = (RedisError, aiohttp.ClientError, *LOST)

Asker = Callable[[], Awaitable[dict[str, float]]]


class Sample(msgspec.Struct):
    """`cpu` in cores, `memory` in bytes, by process; `gauges` by name: of a total, its growth in a second."""

    at_s: float
    cpu: dict[str, float] = {}
    memory: dict[str, int] = {}
    gauges: dict[str, float] = {}


class Monitor:
    """Samples every `interval_s` between `start` and `stop`; `watch` adds a process that is not of the stack."""

    def __init__(self, host: str, settings: Settings | None, data: Path | None, *, interval_s: float) -> None:
        self.samples: list[Sample] = []
        self.first: dict[str, float] = {}
        self.last: dict[str, float] = {}
        self._host = host
        self._settings = settings
        self._data = data
        self._interval_s = interval_s
        self._others: dict[str, int] = {}
        self._cpu_s: dict[str, tuple[float, float]] = {}
        self._told_at_s: dict[str, float] = {}
        self._metrics: Readings = {}
        self._scrape_at = 0.0
        self._stopped = asyncio.Event()

    def watch(self, name: str, pid: int) -> None:
        self._others[name] = pid

    async def run(self, began_at: float) -> None:
        """Until `stop`; `began_at` is the time.time() that samples count from."""
        psutil.cpu_percent()
        async with contextlib.AsyncExitStack() as open_:
            askers = await self._open(open_)
            while not self._stopped.is_set():
                sample = Sample(at_s=time.time() - began_at)
                self._weigh(sample)
                for ask in askers:
                    with contextlib.suppress(*SILENCES):
                        sample.gauges.update(await asyncio.wait_for(ask(), TIMEOUT_S))
                self._note(sample)
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._stopped.wait(), self._interval_s)

    def stop(self) -> None:
        self._stopped.set()

    async def _open(self, open_: contextlib.AsyncExitStack) -> list[Asker]:
        client = await open_.enter_async_context(aiohttp.ClientSession(self._host))
        askers: list[Asker] = [lambda: self._lag(client)]
        if self._settings and self._settings.database.url:
            connection = await asyncpg.connect(self._settings.database.url)
            open_.push_async_callback(connection.close)
            askers += [lambda: _row(connection, BOOKS), lambda: _row(connection, STATEMENTS)]
        if self._settings and self._settings.redis.url:
            redis = open_redis(self._settings.redis.url)
            open_.push_async_callback(redis.aclose)
            askers.append(lambda: _redis_memory(redis))
        return askers

    def _weigh(self, sample: Sample) -> None:
        pids = {**(processes.running(self._data) if self._data else {}), **self._others}
        sample.gauges["machine_cpu"] = psutil.cpu_percent() / 100 * (psutil.cpu_count() or 1)
        for name, pid in pids.items():
            used = processes.usage(pid)
            if used is None:
                continue
            now = time.monotonic()
            before_s, before_at = self._cpu_s.get(name, (used.cpu_s, now - 1))
            self._cpu_s[name] = (used.cpu_s, now)
            sample.cpu[name] = max(0.0, (used.cpu_s - before_s) / (now - before_at))
            sample.memory[name] = used.memory

    async def _lag(self, client: aiohttp.ClientSession) -> dict[str, float]:
        """Seldom: adding up the metrics of all processes costs the shop as much as ten requests."""
        if time.monotonic() < self._scrape_at:
            return {}
        self._scrape_at = time.monotonic() + SCRAPE_S
        async with client.get("/metrics") as response:
            if response.status != 200:
                return {}
            now = parse(await response.text())
        lag_s = quantile_between(self._metrics, now, LAG, 0.95) if self._metrics else None
        self._metrics = now
        return {} if lag_s is None else {"index_lag_ms": lag_s * 1000}

    def _note(self, sample: Sample) -> None:
        """Totals since the server began become the first and the last reading, and a rate."""
        for name in TOTALS:
            if name in sample.gauges:
                total = sample.gauges.pop(name)
                if name in self._told_at_s:
                    seconds = sample.at_s - self._told_at_s[name]
                    sample.gauges[f"{name}_per_s"] = (total - self.last[name]) / seconds
                self.first.setdefault(name, total)
                self.last[name], self._told_at_s[name] = total, sample.at_s
        self.samples.append(sample)


async def _row(connection: asyncpg.Connection, query: str) -> dict[str, float]:
    row = await connection.fetchrow(query)
    return {name: float(value) for name, value in row.items() if value is not None}


async def _redis_memory(redis: Client) -> dict[str, float]:
    used = [(await server.info("memory"))["used_memory"] for server in await servers(redis)]
    return {"redis_memory": float(sum(used))}
