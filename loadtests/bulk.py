"""A bulk change in the middle of a measurement: many products in one statement, each looked for by the public search.

The products are the newest that the search shows, and beyond its last page the best rated ones; their prices (or
names) are put back in one statement as well.
"""

import asyncio
import contextlib
import itertools
import time
from collections.abc import Collection, Iterable
from typing import Any

import aiohttp
import asyncpg
import msgspec

from loadtests import people

SEARCH = "/api/v1/search"
SORTS = ("newest", "rating")
PER_PAGE = 100
BULK_MAX = 10_000  # as far as pages of the search go
NAME_MAX = 190
LOOKERS = 4
POLL_S = 0.05
UNAVAILABLE = 503
PRICES = "UPDATE variant SET price_minor = price_minor + $2 WHERE product_id = ANY($1::uuid[])"
NAMES = "UPDATE product SET name = $2 || name WHERE id = ANY($1::uuid[])"
NAMES_BACK = "UPDATE product SET name = substr(name, length($2) + 1) WHERE id = ANY($1::uuid[])"
MARK = "★ "


class Bulk(msgspec.Struct, kw_only=True):
    """`found_ms`: from the commit until the last of the products was seen with its change; None: it never was."""

    products: int
    began_s: float
    committed_s: float
    found_ms: float | None


class BulkChange:
    """Raises whatever PostgreSQL or the shop raise."""

    def __init__(self, session: aiohttp.ClientSession, database_url: str, *, names: bool, timeout_s: float) -> None:
        self._session, self._url, self._names, self._timeout_s = session, database_url, names, timeout_s
        self._held: dict[str, Any] = {}
        self._pages: list[tuple[str, int, list[str]]] = []
        self._missing: set[str] = set()
        self._changed = False

    async def choose(self, count: int, *, without: Collection[str]) -> int:
        """Up to `count` products, those on the first pages of each order; how many there are."""
        for sort in SORTS:
            for number in itertools.count(1):
                hits, pages = await self._page(sort, number)
                new = [hit for hit in hits if hit["id"] not in self._held and hit["id"] not in without]
                fit = [hit for hit in new if len(hit["name"]) < NAME_MAX]
                page = {hit["id"]: hit for hit in fit[: count - len(self._held)]}
                self._held |= page
                self._pages.append((sort, number, list(page)))
                if len(self._held) >= count:
                    return count
                if number >= pages:
                    break
        return len(self._held)

    async def run(self) -> Bulk:
        """Change them, and look until the last of them shows the change."""
        began = time.perf_counter()
        await self._execute(NAMES if self._names else PRICES, MARK if self._names else -1)
        self._changed = True
        committed = time.perf_counter()
        try:
            await self._look_for_all()
        except TimeoutError:
            found_ms = None
        else:
            found_ms = (time.perf_counter() - committed) * 1000
        return Bulk(products=len(self._held), began_s=began, committed_s=committed, found_ms=found_ms)

    async def put_back(self) -> None:
        """Returns when the search shows it, or the time is over: who measures next takes what it shows for the old."""
        if self._changed:
            await self._execute(NAMES_BACK if self._names else PRICES, MARK if self._names else 1)
            self._changed = False
            with contextlib.suppress(TimeoutError, aiohttp.ClientError):
                await self._look_for_all()

    async def _look_for_all(self) -> None:
        """Until each product is as it should be now. Raises TimeoutError."""
        self._missing = set(self._held)
        waiting = iter(self._pages)
        async with asyncio.timeout(self._timeout_s):
            await asyncio.gather(*(self._look(waiting) for _ in range(LOOKERS)))

    async def _look(self, waiting: Iterable[tuple[str, int, list[str]]]) -> None:
        """Page by page, each as often as it takes."""
        for sort, number, page in waiting:
            while not self._missing.isdisjoint(page):
                hits, _ = await self._page(sort, number)
                self._missing -= {hit["id"] for hit in hits if self._is_right(hit)}
                if not self._missing.isdisjoint(page):
                    await asyncio.sleep(POLL_S)

    def _is_right(self, hit: dict[str, Any]) -> bool:
        before = self._held.get(hit["id"])
        if before is None:
            return False
        if self._names:
            return bool(hit["name"] == MARK * self._changed + before["name"])
        return bool(hit["price_minor"] == before["price_minor"] - self._changed)

    async def _page(self, sort: str, number: int) -> tuple[list[dict[str, Any]], int]:
        query = {"sort": sort, "facets": "none", "per_page": str(PER_PAGE), "page": str(number)}
        headers = {"X-Forwarded-For": people.address()}
        until = time.monotonic() + self._timeout_s
        while True:
            async with self._session.get(SEARCH, params=query, headers=headers) as response:
                if response.status != UNAVAILABLE or time.monotonic() > until:
                    response.raise_for_status()
                    found = msgspec.json.decode(await response.read())
                    return found["hits"], found["pages"]
            await asyncio.sleep(POLL_S)

    async def _execute(self, statement: str, value: Any) -> None:
        connection = await asyncpg.connect(self._url)
        try:
            await connection.execute(statement, list(self._held), value)
        finally:
            await connection.close()
