"""Waits until the shop has done what earlier requests left it to do.

No job is due, no change waits for the index, and searches are answered by the engine and not by the fallback.
"""

import asyncio
import math
import secrets
import time

import aiohttp
import asyncpg

from loadtests import people

TIMEOUT_S = 120.0
POLL_S = 0.1
WAITING = """
SELECT (SELECT count(*) FROM pgqueuer WHERE status IN ('queued', 'picked') AND execute_after <= now())
     + (SELECT count(*) FROM search_change)
"""


class NeverQuiet(Exception):
    """The shop did not get done with its work: the message says how much is left."""


async def until_quiet(host: str, database_url: str, *, timeout_s: float = TIMEOUT_S) -> None:
    """However long it takes, as long as what waits becomes less. Raises NeverQuiet when it has not for `timeout_s`."""
    least, deadline = math.inf, time.monotonic() + timeout_s
    connection = await asyncpg.connect(database_url)
    try:
        async with aiohttp.ClientSession(host) as client:
            while busy := await _busy(connection, client):
                left, what = busy
                if left < least:
                    least, deadline = left, time.monotonic() + timeout_s
                if time.monotonic() > deadline:
                    raise NeverQuiet(f"For {timeout_s:.0f} s {what}: does the worker run?")
                await asyncio.sleep(POLL_S)
    finally:
        await connection.close()


async def _busy(connection: asyncpg.Connection, client: aiohttp.ClientSession) -> tuple[int, str] | None:
    """How much still waits, in number and in words; None when nothing does."""
    left = await connection.fetchval(WAITING)
    if left:
        return left, f"{left} jobs and changes have waited"
    asked = {"q": secrets.token_hex(6), "facets": "none"}
    headers = {"X-Forwarded-For": people.address()}
    async with client.get("/api/v1/search", params=asked, headers=headers) as response:
        found = await response.json()
    return (0, "searches have been answered by the fallback") if found.get("degraded", True) else None
