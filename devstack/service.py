"""What the supervisor knows of a server: how to start it, when it is ready, what must be ready before it."""

import signal
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

import msgspec

from devstack.account import Account


async def nothing() -> None:
    """The default preparation."""


async def at_once(pid: int) -> bool:
    """Readiness of a command that is awaited to its end."""
    return pid > 0


class Service(msgspec.Struct, frozen=True, kw_only=True):
    """`prepare` runs before the first start, `complete` when it is first ready; `once` marks a command that ends.

    It needs those that it comes `after`: it stops before them, and starts when they are ready, or when those are ready
    that it `awaits`.
    """

    name: str
    command: tuple[str, ...]
    ready: Callable[[int], Awaitable[bool]] = at_once
    env: Mapping[str, str] = {}
    port: int | None = None
    after: tuple[str, ...] = ()
    awaits: tuple[str, ...] | None = None
    account: Account | None = None
    cwd: Path = Path("/")
    prepare: Callable[[], Awaitable[None]] = nothing
    complete: Callable[[], Awaitable[None]] = nothing
    once: bool = False
    shown: bool = False
    stop_signal: signal.Signals = signal.SIGTERM
    stop_timeout_s: float = 15.0
    ready_timeout_s: float = 60.0
