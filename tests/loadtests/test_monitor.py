"""The monitor reads the shop's books, metrics and processes; what cannot be asked stays out of the samples."""

import asyncio
import os
import time
from pathlib import Path

import aiohttp
import msgspec

from loadtests import processes
from loadtests.monitor import Monitor
from server.context import Context
from tests.loadtests.servers import serving
from tests.wait import until


async def watched(monitor: Monitor, *, samples: int = 3) -> None:
    task = asyncio.create_task(monitor.run(time.time()))

    async def enough() -> bool:
        return len(monitor.samples) >= samples

    await until(enough)
    monitor.stop()
    await task


async def test_books_and_processes_are_sampled(http: aiohttp.ClientSession, context: Context, tmp_path: Path) -> None:
    state = {"site": "", "services": {"web-1": {"state": "running", "process": {"pid": os.getpid()}}}}
    (tmp_path / processes.STATE).write_bytes(msgspec.json.encode(state))
    host = context.settings.site.base_url
    monitor = Monitor(host, context.settings, tmp_path, interval_s=0.1)
    monitor.watch("load-1", os.getppid())
    await watched(monitor)
    last = monitor.samples[-1]
    assert set(last.memory) == {"web-1", "load-1"}
    assert last.memory["web-1"] > 20_000_000
    assert {"connections", "jobs_due", "changes_waiting", "redis_memory", "machine_cpu"} <= set(last.gauges)
    assert last.gauges["statements_per_s"] > 0
    assert monitor.last["statements"] > monitor.first["statements"] > 0


async def test_a_host_far_away_has_no_books() -> None:
    async def answer(request: aiohttp.web.Request) -> aiohttp.web.Response:
        return aiohttp.web.Response(status=404)

    async with serving(answer) as url:
        monitor = Monitor(url, None, None, interval_s=0.05)
        await watched(monitor)
    assert set(monitor.samples[-1].gauges) == {"machine_cpu"}
    assert monitor.samples[-1].memory == {}


def test_a_process_that_is_gone_uses_nothing(tmp_path: Path) -> None:
    assert processes.usage(2**22 + 1) is None
    assert processes.cpu_seconds([2**22 + 1]) == 0
    assert processes.running(tmp_path) == {}
    assert processes.web_of({"web-1": 1, "worker": 2, "web-2": 3}) == [1, 3]
