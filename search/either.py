"""The engine's answer, or another's in its place: at once while the breaker is open, else when the engine is silent.

Silent is one that answered nobody for as long as patience lasts: one that is merely busy answers others meanwhile, and
is waited for. One search then goes to PostgreSQL as well, for the faster of the two; after as long again all do. They
go there few at a time, in turn: a search costs it many times what it costs the engine, so a crowd would take the cores
from an engine that would be back, and from those who want to pay. The engine is asked `at_once` at a time, too: a crowd
that waits here makes no question slower than the engine's time-out, which would look like an engine that is down, and
would bring the crowd to PostgreSQL. Here it keeps its turn as well: of those who wait inside Meilisearch anyone may be
next, so that some wait for long. Who would wait too long for a turn is told so.
"""

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import structlog

from models.errors import Unavailable
from search.breaker import Breaker
from search.client import SearchDown, SearchRefused

T = TypeVar("T")
AT_ONCE = 2
ENGINE_AT_ONCE = 4
TURN_S = 2.0

log = structlog.get_logger("search")


class Either:
    def __init__(
        self,
        breaker: Breaker,
        *,
        patience_s: float,
        at_once: int = ENGINE_AT_ONCE,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._breaker = breaker
        self._clock = clock
        self._patience_s = patience_s
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._engine_turns = asyncio.Semaphore(at_once)
        self._going: set[asyncio.Task[Any]] = set()
        self._second_opinions = 0
        self._heard_s = float("-inf")

    async def ask(self, engine: Callable[[], Awaitable[T]], instead: Callable[[], Awaitable[T]]) -> tuple[T, bool]:
        """An answer, and whether it is `instead`'s. Raises what `instead` raises, and Unavailable."""
        if not self._breaker.admits():
            return await _in_turn(self._turns, instead), True
        asked = self._start(self._judged(engine))
        await self._wait_for_a_word(asked, self._patience_s)
        if self._second_opinions:
            await self._wait_for_a_word(asked, 2 * self._patience_s)
            if not asked.done() and not self._breaker.open:
                log.warning("the search engine is silent", seconds=2 * self._patience_s)
                self._breaker.trip()
        if not asked.done():
            return await self._faster(asked, instead)
        found = asked.result()
        return (await _in_turn(self._turns, instead), True) if found is None else (found[0], False)

    async def _wait_for_a_word(self, asked: "asyncio.Task[tuple[T] | None]", silence_s: float) -> None:
        """Until there is an answer, or the engine answered nobody for so long; not at all while it is down."""
        since_s = self._clock()
        while not self._breaker.open and not asked.done():
            left_s = max(since_s, self._heard_s) + silence_s - self._clock()
            if left_s <= 0:
                return
            await asyncio.wait({asked}, timeout=left_s)

    async def _faster(
        self, asked: "asyncio.Task[tuple[T] | None]", instead: Callable[[], Awaitable[T]]
    ) -> tuple[T, bool]:
        other = self._start(_in_turn(self._turns, instead))
        self._second_opinions += 1
        try:
            await asyncio.wait({asked, other}, return_when=asyncio.FIRST_COMPLETED)
            found = asked.result() if asked.done() else None
        except Unavailable:
            other.cancel()
            raise
        finally:
            self._second_opinions -= 1
        if found is not None:
            other.cancel()
            return found[0], False
        if not asked.done():
            self._breaker.failed()
        return await other, True

    async def _judged(self, engine: Callable[[], Awaitable[T]]) -> tuple[T] | None:
        """None where the engine failed; the first failure of a row is logged."""
        try:
            answer = await _in_turn(self._engine_turns, engine)
        except (SearchDown, SearchRefused) as error:
            if not self._breaker.open:
                log.warning("PostgreSQL answers in the place of the search engine", error=str(error))
            self._breaker.failed()
            return None
        self._breaker.succeeded()
        self._heard_s = self._clock()
        return (answer,)

    def _start(self, call: Awaitable[T]) -> "asyncio.Task[T]":
        task: asyncio.Task[T] = asyncio.ensure_future(call)
        self._going.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._going.discard(task)
        if not task.cancelled():
            task.exception()  # nobody may wait for it any more


async def _in_turn(turns: asyncio.Semaphore, call: Callable[[], Awaitable[T]]) -> T:
    try:
        async with asyncio.timeout(TURN_S) if turns.locked() else contextlib.nullcontext():
            await turns.acquire()
    except TimeoutError:
        raise Unavailable("Too many are searching at this moment. Try again in a second.", code="search") from None
    try:
        return await call()
    finally:
        turns.release()
