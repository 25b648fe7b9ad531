"""Pages of the public search that are looked at again and again while somebody waits for a change on them.

One reader for each page, however many wait: a measurement of many edits must not become the load that it measures.
"""

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec

POLL_S = 0.02
Ask = Callable[[dict[str, str]], Awaitable[dict[str, Any]]]


class Wish(msgspec.Struct, kw_only=True, eq=False):
    """A product, and the values of its hit that are waited for; `seen` gets the moment of the answer that has them."""

    product_id: str
    change: dict[str, Any]
    seen: asyncio.Future[float]


class Page:
    """`ask` answers one query of the public search; what it raises, everybody who waits is told."""

    def __init__(self, ask: Ask, query: dict[str, str]) -> None:
        self._ask, self._query = ask, query
        self._wishes: set[Wish] = set()
        self._reader: asyncio.Task[None] | None = None

    async def read(self) -> list[dict[str, Any]]:
        """The hits, as a shopper gets them now."""
        hits: list[dict[str, Any]] = (await self._ask(self._query))["hits"]
        return hits

    async def warm(self) -> None:
        """See to it that the page was asked for, and so cached, just before."""
        if not self._wishes:
            await self.read()

    async def until(self, product_id: str, change: dict[str, Any], *, timeout_s: float) -> float | None:
        """When the page showed the change, by `time.perf_counter`; None where it did not in time."""
        wish = Wish(product_id=product_id, change=change, seen=asyncio.get_running_loop().create_future())
        self._wishes.add(wish)
        if self._reader is None or self._reader.done():
            self._reader = asyncio.create_task(self._look())
        either: set[asyncio.Future[Any]] = {wish.seen, self._reader}
        try:
            await asyncio.wait(either, timeout=timeout_s, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._wishes.discard(wish)
        if not wish.seen.done() and self._reader.done():
            self._reader.result()
        return wish.seen.result() if wish.seen.done() else None

    async def close(self) -> None:
        if self._reader is not None:
            self._reader.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._reader

    async def _look(self) -> None:
        while self._wishes:
            asked_s = time.perf_counter()
            hits = {hit["id"]: hit for hit in await self.read()}
            now_s = time.perf_counter()
            for wish in [wish for wish in self._wishes if shows(hits.get(wish.product_id), wish.change)]:
                self._wishes.discard(wish)
                wish.seen.set_result(now_s)
            await asyncio.sleep(max(0.0, asked_s + POLL_S - time.perf_counter()))


def shows(hit: dict[str, Any] | None, change: dict[str, Any]) -> bool:
    """Whether there is a hit, with what was changed."""
    return hit is not None and all(hit[field] == value for field, value in change.items())
