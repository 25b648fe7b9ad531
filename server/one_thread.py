"""Work that holds a core for long, off the event loop: one thread of a lower rank, and a queue that has an end.

Whoever finds the queue full is turned away at once and told when to come back: neither time nor memory runs out.
"""

import asyncio
import os
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from models.errors import Unavailable

T = TypeVar("T")
NICE = 5


def _step_back() -> None:
    """Where a core is short, who reads the shop goes first. Linux has priorities of single threads."""
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICE)


class OneThread:
    """`full`: what those are told who find `waiting_max` before them, and `code` its name."""

    def __init__(self, name: str, *, waiting_max: int, full: str, code: str) -> None:
        self._waiting_max, self._full, self._code = waiting_max, full, code
        self._pool = ThreadPoolExecutor(1, name, initializer=_step_back)
        self._waiting = 0

    async def run(self, function: Callable[..., T], *args: object) -> T:
        """Raises Unavailable when as many as may wait do."""
        if self._waiting >= self._waiting_max:
            raise Unavailable(self._full, code=self._code, retry_after_s=5)
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._pool, function, *args)
        finally:
            self._waiting -= 1

    def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)
