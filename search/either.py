"""The engine's answer, or another's in its place: at once while the breaker is open, else when patience runs out.

Whoever waits, waits for the faster of the two; a probe of an engine that was down costs nobody any time. While the
engine is merely slow, only few get a second opinion at a time: many would take from it the cores that it is short of.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import structlog

from search.breaker import Breaker
from search.client import SearchDown, SearchRefused

T = TypeVar("T")
OPINIONS = 2

log = structlog.get_logger("search")


class Either:
    def __init__(self, breaker: Breaker, *, patience_s: float) -> None:
        self._breaker = breaker
        self._patience_s = patience_s
        self._opinions = 0
        self._going: set[asyncio.Task[Any]] = set()

    async def ask(self, engine: Callable[[], Awaitable[T]], instead: Callable[[], Awaitable[T]]) -> tuple[T, bool]:
        """An answer, and whether it is `instead`'s. Raises only what `instead` raises."""
        patience_s = 0.0 if self._breaker.open else self._patience_s
        if not self._breaker.admits():
            return await instead(), True
        asked = self._start(self._judged(engine))
        await asyncio.wait({asked}, timeout=patience_s)
        if not asked.done() and (self._breaker.open or self._opinions < OPINIONS):
            return await self._faster(asked, instead)
        found = await asked
        return (await instead(), True) if found is None else (found[0], False)

    async def _faster(
        self, asked: "asyncio.Task[tuple[T] | None]", instead: Callable[[], Awaitable[T]]
    ) -> tuple[T, bool]:
        other = self._start(instead())
        self._opinions += 1
        try:
            await asyncio.wait({asked, other}, return_when=asyncio.FIRST_COMPLETED)
            found = asked.result() if asked.done() else None
            if found is None:
                return await other, True
            other.cancel()
            return found[0], False
        finally:
            self._opinions -= 1

    async def _judged(self, engine: Callable[[], Awaitable[T]]) -> tuple[T] | None:
        """None where the engine failed; the first failure of a row is logged."""
        try:
            answer = await engine()
        except (SearchDown, SearchRefused) as error:
            if not self._breaker.open:
                log.warning("PostgreSQL answers in the place of the search engine", error=str(error))
            self._breaker.failed()
            return None
        self._breaker.succeeded()
        return (answer,)

    def _start(self, call: Awaitable[T]) -> "asyncio.Task[T]":
        task: asyncio.Task[T] = asyncio.ensure_future(call)
        self._going.add(task)
        task.add_done_callback(self._going.discard)
        return task
