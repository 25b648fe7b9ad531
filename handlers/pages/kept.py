"""A few answers that every page needs and that change slowly, kept in this process for a short while."""

import time
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

T = TypeVar("T")


class Kept:
    """One value for each name; the first caller after its time reads it anew."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._values: dict[str, tuple[float, Any]] = {}

    async def get(self, name: str, load: Callable[[], Awaitable[T]], *, ttl_s: float) -> T:
        until, value = self._values.get(name, (0.0, None))
        if until <= self._clock():
            value = await load()
            self._values[name] = (self._clock() + ttl_s, value)
        kept: T = value
        return kept
