"""Child processes that never outlive their supervisor, and the identity of a process beyond its number.

A process number is used again by the system: a process is the same only if its start time is the same too.
"""

import contextlib
import ctypes
import os
import signal
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import msgspec
import psutil

PR_SET_PDEATHSIG = 1
START_TOLERANCE_S = 0.1
POLL_S = 0.01
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


class Identity(msgspec.Struct, frozen=True):
    """A process of this machine, told apart from a later one with the same number."""

    pid: int
    started_at: float


def tether(stop_signal: signal.Signals) -> Callable[[], None]:
    """A preexec function: on Linux the kernel sends `stop_signal` to the child when the thread that started it dies."""
    parent = os.getpid()

    def bind() -> None:
        if _libc is not None:
            _libc.prctl(PR_SET_PDEATHSIG, int(stop_signal), 0, 0, 0)
            if os.getppid() != parent:
                os._exit(1)

    return bind


def identify(pid: int) -> Identity | None:
    """The identity of a live process; None when it is gone or a zombie."""
    try:
        process = psutil.Process(pid)
        return None if process.status() == psutil.STATUS_ZOMBIE else Identity(pid, process.create_time())
    except psutil.NoSuchProcess:
        return None


def is_alive(identity: Identity) -> bool:
    current = identify(identity.pid)
    return current is not None and abs(current.started_at - identity.started_at) < START_TOLERANCE_S


def stop_all(signals: Mapping[Identity, int], *, timeout_s: float) -> int:
    """Send each live process its signal, kill what is left after `timeout_s`; how many were alive."""
    alive = {identity: number for identity, number in signals.items() if is_alive(identity)}
    for identity, number in alive.items():
        send(identity, number)
    deadline = time.monotonic() + timeout_s
    for identity in alive:
        if not wait_gone(identity, timeout_s=deadline - time.monotonic()):
            send(identity, signal.SIGKILL)
            wait_gone(identity, timeout_s=5)
    return len(alive)


def send(identity: Identity, number: int) -> None:
    """Signal exactly this process; nothing happens when it is gone."""
    with contextlib.suppress(ProcessLookupError):
        if is_alive(identity):
            os.kill(identity.pid, number)


def wait_gone(identity: Identity, *, timeout_s: float) -> bool:
    """Whether the process was gone before the time was over; a zombie that nobody has reaped yet is gone."""
    deadline = time.monotonic() + timeout_s
    while is_alive(identity):
        if time.monotonic() > deadline:
            return False
        time.sleep(POLL_S)
    return True


def listens(pid: int, port: int) -> bool:
    """Whether this process (or a child of it) has an open listening socket on the port."""
    return any(c.status == psutil.CONN_LISTEN and c.laddr and c.laddr.port == port for c in _sockets(pid))


def is_connected(pid: int) -> bool:
    """Whether this process (or a child of it) has an established connection to somebody."""
    return any(c.status == psutil.CONN_ESTABLISHED for c in _sockets(pid))


def _sockets(pid: int) -> list[Any]:
    try:
        process = psutil.Process(pid)
        family = [process, *process.children(recursive=True)]
        return [connection for member in family for connection in member.net_connections("tcp")]
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return []


def last_lines(path: Path, count: int = 15) -> list[str]:
    """The end of a log, for people; empty when there is none."""
    if not path.is_file():
        return []
    return path.read_text("utf-8", errors="replace").splitlines()[-count:]
