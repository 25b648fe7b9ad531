"""Remembers that a server did not answer, so that only one request in each pause pays the time-out, not every one."""

import time
from collections.abc import Callable


class Outage:
    def __init__(self, pause_s: float = 0.5, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._pause_s = pause_s
        self._clock = clock
        self._until = 0.0

    @property
    def lasts(self) -> bool:
        return self._clock() < self._until

    def begin(self) -> None:
        self._until = self._clock() + self._pause_s
