"""Starts the ceiling app beside a shop: as many processes, on the same Redis and PostgreSQL, on a port of its own."""

import asyncio
import contextlib
import os
import sys
import time
from collections.abc import AsyncIterator

from loadtests import processes
from loadtests.conduct import ROOT
from loadtests.fresh import free_port
from server.settings import Settings

READY_TIMEOUT_S = 90.0
POLL_S = 0.05


class CeilingError(Exception):
    """The ceiling app did not start."""


@contextlib.asynccontextmanager
async def ceiling_app(settings: Settings, *, count: int, size: int) -> AsyncIterator[tuple[str, list[int]]]:
    """Its address and the ids of its `count` processes; `size` is of the Redis value, in bytes."""
    port = free_port()
    command = (sys.executable, "-m", "loadtests.ceiling_app", "--port", str(port), "--bytes", str(size))
    env = {**os.environ, "HAAT_REDIS__URL": settings.redis.url, "HAAT_DATABASE__URL": settings.database.url}
    started = [
        await asyncio.create_subprocess_exec(*command, cwd=ROOT, env=env, stderr=asyncio.subprocess.DEVNULL)
        for _ in range(count)
    ]
    try:
        await _until_ready(started, port)
        yield f"http://127.0.0.1:{port}", [process.pid for process in started]
    finally:
        for process in started:
            if process.returncode is None:
                process.terminate()
        await asyncio.gather(*(process.wait() for process in started))


async def _until_ready(started: list[asyncio.subprocess.Process], port: int) -> None:
    """All of them listen: they share the port, so an answer of one says nothing of the others."""
    deadline = time.monotonic() + READY_TIMEOUT_S
    while not all(processes.listens(process.pid, port) for process in started):
        if time.monotonic() > deadline or any(process.returncode is not None for process in started):
            raise CeilingError("The handlers that the ratios are told against did not start.")
        await asyncio.sleep(POLL_S)
