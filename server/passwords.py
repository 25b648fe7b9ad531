"""bcrypt in a thread of its own: it releases the GIL, so a log-in never blocks the loop.

A password is hashed with SHA-256 first: bcrypt reads 72 bytes and refuses more.
"""

import base64
import hashlib

import bcrypt

from server.one_thread import OneThread


def hash_password(password: str, cost: int) -> str:
    return bcrypt.hashpw(_prepared(password), bcrypt.gensalt(cost)).decode()


def _prepared(password: str) -> bytes:
    return base64.b64encode(hashlib.sha256(password.encode()).digest())


class Passwords:
    """One thread, and `waiting_max` who wait for it: more are turned away at once, and told to come back."""

    def __init__(self, cost: int, *, waiting_max: int = 64) -> None:
        full = "Too many log-ins at this moment. Try again shortly."
        self._thread = OneThread("bcrypt", waiting_max=waiting_max, full=full, code="login_queue")
        self._cost = cost
        self._dummy = hash_password("nobody has this password", cost)

    async def hash(self, password: str) -> str:
        """Raises Unavailable when as many as may wait do."""
        return await self._thread.run(hash_password, password, self._cost)

    async def verify(self, password: str, hashed: str | None) -> bool:
        """Takes as long for an unknown account (`hashed` None) as for a known one. Raises Unavailable likewise."""
        known = (hashed or self._dummy).encode()
        matches = await self._thread.run(bcrypt.checkpw, _prepared(password), known)
        return matches and hashed is not None

    def close(self) -> None:
        self._thread.close()
