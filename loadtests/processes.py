"""The processes of a stack on this machine, as its supervisor names them, and what CPU and memory they use."""

from collections.abc import Iterable, Mapping
from pathlib import Path

import msgspec
import psutil

STATE = "stack.json"


class _Identity(msgspec.Struct):
    pid: int


class _Service(msgspec.Struct):
    state: str
    process: _Identity | None = None


class _State(msgspec.Struct):
    site: str = ""
    services: dict[str, _Service] = {}


class Usage(msgspec.Struct, frozen=True):
    """CPU seconds since the process began, and bytes of memory that are its own."""

    cpu_s: float
    memory: int


def running(data: Path) -> dict[str, int]:
    """Service -> process id, of the stack in a data folder; empty when none runs there."""
    try:
        state = msgspec.json.decode((data / STATE).read_bytes(), type=_State)
    except OSError:
        return {}
    return {name: s.process.pid for name, s in state.services.items() if s.process and s.state == "running"}


def web_of(pids: Mapping[str, int]) -> list[int]:
    return [pid for name, pid in pids.items() if name.startswith("web")]


def usage(pid: int) -> Usage | None:
    """A process with all that it started; None when it is gone.

    Pages that children share with their parent, such as PostgreSQL's buffers, count once.
    """
    try:
        process = psutil.Process(pid)
        times = process.cpu_times()
        cpu_s = times.user + times.system + times.children_user + times.children_system
        memory = process.memory_info().rss
        children = process.children(recursive=True)
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return None
    for child in children:
        used = _child(child)
        cpu_s, memory = cpu_s + used.cpu_s, memory + used.memory
    return Usage(cpu_s, memory)


def cpu_seconds(pids: Iterable[int]) -> float:
    """What the processes used together so far."""
    used = (usage(pid) for pid in pids)
    return sum(found.cpu_s for found in used if found)


def listens(pid: int, port: int) -> bool:
    """Whether the process takes connections on the port."""
    try:
        connections = psutil.Process(pid).net_connections("tcp")
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return False
    return any(c.status == psutil.CONN_LISTEN and c.laddr and c.laddr.port == port for c in connections)


def _child(process: psutil.Process) -> Usage:
    try:
        with process.oneshot():
            times, memory = process.cpu_times(), process.memory_info()
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return Usage(0.0, 0)
    return Usage(times.user + times.system, max(0, memory.rss - getattr(memory, "shared", 0)))
