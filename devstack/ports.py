"""Ports of a stack: free ones, below the range that outgoing connections use, and the same ones again next time.

Two stacks that start at once never choose the same one: who chooses a port holds the UDP port of that number, which
nothing here uses, for as long as the process lives.
"""

import random
import socket
from collections.abc import Iterable, Mapping
from types import MappingProxyType

import psutil

LOOPBACK = "127.0.0.1"
LOWEST, HIGHEST = 15_000, 30_000
ATTEMPTS = 500
_claimed: set[int] = set()


def is_free(port: int, host: str = LOOPBACK) -> bool:
    """Whether nobody listens there; also sees listeners that share their port."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def claim(port: int) -> bool:
    """Whether the port is this process's to give away, from now on until it ends."""
    if port in _claimed:
        return True
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as holder:
        try:
            holder.bind((LOOPBACK, port))
        except OSError:
            return False
        holder.detach()
    _claimed.add(port)
    return True


def choose(
    names: Iterable[str], remembered: Mapping[str, int], *, beside: Mapping[str, int] = MappingProxyType({})
) -> dict[str, int]:
    """One free port for each name, the remembered one while it is still free; so is the port that far `beside` it."""
    chosen: dict[str, int] = {}
    for name in names:
        port = remembered.get(name)
        far = beside.get(name, 0)
        keep = port is not None and port not in chosen.values() and _is_ours(port, beside=far)
        chosen[name] = port if keep and port is not None else find_free(taken=chosen.values(), beside=far)
    return chosen


def find_free(*, taken: Iterable[int] = (), beside: int = 0) -> int:
    """A free port that is none of `taken`, with a free one that far `beside` it."""
    avoid = _claimed.union(taken)
    for _ in range(ATTEMPTS):
        port = random.randrange(LOWEST, HIGHEST)
        if port not in avoid and _is_ours(port, beside=beside):
            return port
    raise OSError(f"No free port between {LOWEST} and {HIGHEST}.")


def _is_ours(port: int, *, beside: int) -> bool:
    return is_free(port) and is_free(port + beside) and claim(port)


def listener_of(port: int) -> str | None:
    """Who listens there, for a message; None when the system does not tell."""
    try:
        connections = psutil.net_connections("tcp")
    except psutil.AccessDenied:
        return None
    for connection in connections:
        listening = connection.status == psutil.CONN_LISTEN and connection.laddr and connection.laddr.port == port
        if listening and connection.pid is not None:
            return f"{_name(connection.pid)} (process {connection.pid})"
    return None


def _name(pid: int) -> str:
    try:
        return psutil.Process(pid).name()
    except psutil.NoSuchProcess:
        return "a process"
