"""Waits until the shop has done what earlier requests left it to do.

No job is due, no change waits for the index, and searches are answered by the engine and not by the fallback.
"""

import asyncio
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
    """Raises NeverQuiet."""
    deadline = time.monotonic() + timeout_s
    connection = await asyncpg.connect(database_url)
    try:
        async with aiohttp.ClientSession(host) as client:
            while busy := await _busy(connection, client):
                if time.monotonic() > deadline:
                    raise NeverQuiet(f"After {timeout_s:.0f} s {busy}: does the worker run?")
                await asyncio.sleep(POLL_S)
    finally:
        await connection.close()


async def _busy(connection: asyncpg.Connection, client: aiohttp.ClientSession) -> str:
    """What still goes on; empty when nothing does."""
    left = await connection.fetchval(WAITING)
    if left:
        return f"{left} jobs and changes still wait"
    asked = {"q": secrets.token_hex(6), "facets": "none"}
    headers = {"X-Forwarded-For": people.address()}
    async with client.get("/api/v1/search", params=asked, headers=headers) as response:
        found = await response.json()
    return "searches are answered by the fallback" if found.get("degraded", True) else ""
