"""Waiting for a condition, never for time to pass."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")


async def until(condition: Callable[[], Awaitable[T]], *, timeout_s: float = 30.0, poll_s: float = 0.02) -> T:
    """The first truthy value of `condition`. Raises TimeoutError naming the last one."""
    deadline = time.monotonic() + timeout_s
    while True:
        value = await condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise TimeoutError(f"still {value!r} after {timeout_s} s")
        await asyncio.sleep(poll_s)
