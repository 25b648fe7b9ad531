"""A circuit breaker: after failures in a row nobody waits for Meilisearch; single probes see when it is back."""

import time
from collections.abc import Callable


class Breaker:
    """Closed: everybody may ask. Open: nobody until `pause_s` passed, then one caller at a time probes."""

    def __init__(
        self,
        *,
        failures: int = 3,
        pause_s: float = 1.0,
        probe_s: float = 5.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._limit = failures
        self._pause_s = pause_s
        self._probe_s = probe_s
        self._clock = clock
        self._failures = 0
        self._retry_at = 0.0

    @property
    def open(self) -> bool:
        return self._failures >= self._limit

    def admits(self) -> bool:
        """May this caller ask? One admitted while open is the probe; should it vanish, another may after a while."""
        if not self.open:
            return True
        now = self._clock()
        if now < self._retry_at:
            return False
        self._retry_at = now + self._probe_s
        return True

    def succeeded(self) -> None:
        self._failures = 0

    def failed(self) -> None:
        self._failures += 1
        self._retry_at = self._clock() + self._pause_s

    def trip(self) -> None:
        """Open at once."""
        self._failures = self._limit - 1
        self.failed()
