"""An open load of searches beside a measurement: shoppers who come at a steady rate, whatever the shop does.

Queries are drawn as people ask: popular ones most, a filter or a later page now and then.
"""

import asyncio
import random
import time
from collections.abc import Sequence
from typing import Self

import aiohttp
import msgspec

from loadtests import people
from loadtests.catalogue import Catalogue
from loadtests.schedule import Zipf

SEARCH = "/api/v1/search"
CATEGORY_SHARE, PAGE_SHARE = 0.2, 0.2
GIVE_UP_S = 10.0


class Beside(msgspec.Struct, kw_only=True):
    """What the searches beside met; a latency counts from the planned moment."""

    latencies_ms: list[float] = []
    failed: int = 0
    degraded: int = 0


class Searches:
    """`async with` it: searches come at `per_s` until the block ends; those on their way are waited for."""

    def __init__(self, session: aiohttp.ClientSession, catalogue: Catalogue, per_s: float, *, seed: int = 1) -> None:
        self._session, self._catalogue, self._per_s = session, catalogue, per_s
        self._rng, self._zipf = random.Random(seed), Zipf(5_000)
        self._task: asyncio.Task[None] | None = None
        self.met = Beside()

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._come())
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _come(self) -> None:
        begin, number = time.perf_counter(), 0
        going: set[asyncio.Task[None]] = set()
        try:
            while True:
                due = begin + number / self._per_s
                await asyncio.sleep(max(0.0, due - time.perf_counter()))
                search = asyncio.create_task(self._ask(due))
                going.add(search)
                search.add_done_callback(going.discard)
                number += 1
        finally:
            await asyncio.gather(*going)

    async def _ask(self, due: float) -> None:
        headers = {"X-Forwarded-For": people.address()}
        timeout = aiohttp.ClientTimeout(total=GIVE_UP_S)
        try:
            async with self._session.get(SEARCH, params=self._query(), headers=headers, timeout=timeout) as response:
                body = await response.read()
                self.met.failed += response.status != 200
                self.met.degraded += b'"degraded":true' in body
        except (aiohttp.ClientError, TimeoutError):
            self.met.failed += 1
        self.met.latencies_ms.append((time.perf_counter() - due) * 1000)

    def _query(self) -> dict[str, str]:
        query = {"q": self._draw(self._catalogue.queries)} if self._catalogue.queries else {}
        if self._catalogue.categories and self._rng.random() < CATEGORY_SHARE:
            query = {"category": self._draw(self._catalogue.categories)}
        if self._rng.random() < PAGE_SHARE:
            query["page"] = "2"
        return query

    def _draw(self, items: Sequence[str]) -> str:
        return self._zipf.draw(items, self._rng)
