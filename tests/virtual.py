"""Time that only passes while everybody waits: a test of time-outs takes no time, and no busy machine can fail it.

For coroutines that touch no file descriptor and no thread: an answer from outside would always be late here.
"""

import asyncio
import functools
import selectors
from collections.abc import Awaitable, Callable, Sequence
from typing import Any


class Clock(selectors.DefaultSelector):
    """Where the loop would wait, the time it waits for is over."""

    now_s = 0.0

    def select(self, timeout: float | None = None) -> Sequence[Any]:
        ready = super().select(0)
        if not ready:
            if timeout is None:
                raise RuntimeError("everybody waits, and nobody for a time: this would hang for ever")
            self.now_s += max(timeout, 0)
        return ready


class Loop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self._clock = Clock()
        super().__init__(self._clock)

    def time(self) -> float:
        return self._clock.now_s


def now() -> float:
    """Seconds, of the test's own time."""
    return asyncio.get_running_loop().time()


def in_virtual_time(test: Callable[..., Awaitable[None]]) -> Callable[..., None]:
    """The test on a loop of its own, whose clock leaps."""

    @functools.wraps(test)
    def run(**arguments: Any) -> None:
        with asyncio.Runner(loop_factory=Loop) as runner:
            runner.run(test(**arguments))

    return run
