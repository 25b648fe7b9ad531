"""bcrypt in a thread of its own: it releases the GIL, so a log-in never blocks the loop.

A password is hashed with SHA-256 first: bcrypt reads 72 bytes and refuses more.
"""

import asyncio
import base64
import hashlib
import os
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import bcrypt

from models.errors import Unavailable

T = TypeVar("T")
NICE = 5


def hash_password(password: str, cost: int) -> str:
    return bcrypt.hashpw(_prepared(password), bcrypt.gensalt(cost)).decode()


def _prepared(password: str) -> bytes:
    return base64.b64encode(hashlib.sha256(password.encode()).digest())


def _step_back() -> None:
    """Where a core is short, who reads the shop goes before who logs in. Linux has priorities of single threads."""
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICE)


class Passwords:
    """One thread, and `waiting_max` who wait for it: more are turned away at once, and told to come back."""

    def __init__(self, cost: int, *, waiting_max: int = 64) -> None:
        self._waiting_max = waiting_max
        self._cost = cost
        self._pool = ThreadPoolExecutor(1, "bcrypt", initializer=_step_back)
        self._waiting = 0
        self._dummy = hash_password("nobody has this password", cost)

    async def hash(self, password: str) -> str:
        """Raises Unavailable when as many as may wait do."""
        return await self._run(hash_password, password, self._cost)

    async def verify(self, password: str, hashed: str | None) -> bool:
        """Takes as long for an unknown account (`hashed` None) as for a known one. Raises Unavailable likewise."""
        known = (hashed or self._dummy).encode()
        matches = await self._run(bcrypt.checkpw, _prepared(password), known)
        return matches and hashed is not None

    async def _run(self, function: Callable[..., T], *args: object) -> T:
        if self._waiting >= self._waiting_max:
            raise Unavailable(
                "Too many log-ins at this moment. Try again shortly.", code="login_queue", retry_after_s=5
            )
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._pool, function, *args)
        finally:
            self._waiting -= 1

    def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)
