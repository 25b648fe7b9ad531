"""Ctrl-C in the middle of a run: the first one ends it in good order, a second one at once.

Also SIGTERM and a terminal that goes away: what people had begun is brought to its end, and what was measured is told.
"""

import asyncio
import contextlib
import signal
from collections.abc import Callable, Iterator

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stopped(Exception):
    """Ended at once, or before anything was measured."""


@contextlib.contextmanager
def ending(end: Callable[[], None], *, at_once: Callable[[], None]) -> Iterator[None]:
    """Inside, the first of SIGNALS calls `end` and each further one `at_once`; both must return soon."""
    loop, times = asyncio.get_running_loop(), 0
    before = {number: signal.getsignal(number) for number in SIGNALS}

    def told() -> None:
        nonlocal times
        times += 1
        if times == 1:
            end()
        else:
            at_once()

    for number in SIGNALS:
        loop.add_signal_handler(number, told)
    try:
        yield
    finally:
        for number, handler in before.items():
            loop.remove_signal_handler(number)
            signal.signal(number, handler)
