"""Waiting for a condition in synchronous tests."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def eventually(condition: Callable[[], T], *, timeout_s: float = 30.0, poll_s: float = 0.02) -> T:
    """The first truthy value of `condition`; an OSError counts as not yet."""
    deadline = time.monotonic() + timeout_s
    while True:
        last: object = None
        try:
            value = condition()
            if value:
                return value
            last = value
        except OSError as error:
            last = error
        if time.monotonic() > deadline:
            raise TimeoutError(f"still {last!r} after {timeout_s} s")
        time.sleep(poll_s)
