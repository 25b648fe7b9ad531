"""Values kept in this process for a few seconds: many by their keys, or one that is read anew by itself."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterable
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")
RARELY, SLOWEST = 100, 10


class Kept(Generic[K, V]):
    """What came first is forgotten first: at the end of its time, as others come, or where there are too many."""

    def __init__(self, ttl_s: float, capacity: int, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._ttl_s = ttl_s
        self._capacity = capacity
        self._clock = clock
        self._values: OrderedDict[K, tuple[float, V]] = OrderedDict()

    def get(self, key: K) -> V | None:
        until, value = self._values.get(key, (0.0, None))
        return value if self._clock() < until else None

    def get_all(self, keys: Iterable[K]) -> dict[K, V]:
        """Those that are kept."""
        now = self._clock()
        found = {key: held for key in keys if (held := self._values.get(key))}
        return {key: value for key, (until, value) in found.items() if now < until}

    def put(self, key: K, value: V) -> V:
        now = self._clock()
        self._values[key] = (now + self._ttl_s, value)
        self._values.move_to_end(key)
        while self._values and (len(self._values) > self._capacity or next(iter(self._values.values()))[0] <= now):
            self._values.popitem(last=False)
        return value


class Renewed(Generic[V]):
    """One value, read once at a time however many ask. It is held for `ttl_s`, or for RARELY times what reading it took
    if that is longer, SLOWEST times `ttl_s` at most. For as long again they get the old one while it is read anew, then
    they wait.
    """

    def __init__(
        self, read: Callable[[], Awaitable[V]], ttl_s: float, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._read = read
        self._ttl_s = ttl_s
        self._clock = clock
        self._held: tuple[V, float] | None = None
        self._held_for_s = ttl_s
        self._reading: asyncio.Task[V] | None = None

    async def get(self) -> V:
        """Raises what reading raises, to those who wait for it."""
        value, age_s = (self._held[0], self._clock() - self._held[1]) if self._held else (None, float("inf"))
        if value is not None and age_s < self._held_for_s:
            return value
        reading = self._start()
        if value is not None and age_s < 2 * self._held_for_s:
            return value
        return await asyncio.shield(reading)

    def latest(self) -> V | None:
        """What was read last, however long ago; nobody waits while it is read anew. None before the first time."""
        if self._held is None or self._clock() - self._held[1] >= self._held_for_s:
            self._start()
        return self._held[0] if self._held else None

    def _start(self) -> "asyncio.Task[V]":
        if self._reading is None:
            self._reading = asyncio.ensure_future(self._renew())
            self._reading.add_done_callback(self._done)
        return self._reading

    async def _renew(self) -> V:
        began = self._clock()
        value = await self._read()
        self._held = (value, began)
        self._held_for_s = min(max(self._ttl_s, RARELY * (self._clock() - began)), SLOWEST * self._ttl_s)
        return value

    def _done(self, reading: "asyncio.Task[V]") -> None:
        self._reading = None
        if not reading.cancelled():
            reading.exception()  # nobody may have waited for it
