"""The data folder of a stack: lock, secrets, remembered ports, state, and the `stack.env` that other commands read.

One supervisor at a time holds the lock; files with secrets are readable by their owner only.
"""

import base64
import fcntl
import os
import secrets
import signal
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Self

import msgspec

from devstack.errors import StackError
from devstack.processes import Identity
from server.settings import STACK_ENV

LOCK, STATE, SECRETS, PORTS = "stack.lock", "stack.json", "secrets.json", "ports.json"


class Secrets(msgspec.Struct, frozen=True, kw_only=True):
    """Made once for each data folder: the databases below are encrypted with, and opened by, these."""

    superuser: str = msgspec.field(default_factory=lambda: secrets.token_urlsafe(24))
    owner: str = msgspec.field(default_factory=lambda: secrets.token_urlsafe(24))
    app: str = msgspec.field(default_factory=lambda: secrets.token_urlsafe(24))
    redis: str = msgspec.field(default_factory=lambda: secrets.token_urlsafe(24))
    search: str = msgspec.field(default_factory=lambda: secrets.token_urlsafe(24))
    payments: str = msgspec.field(default_factory=lambda: secrets.token_urlsafe(24))
    webhook: str = msgspec.field(default_factory=lambda: secrets.token_urlsafe(24))
    oidc: str = msgspec.field(default_factory=lambda: secrets.token_urlsafe(24))
    auth: str = msgspec.field(default_factory=lambda: secrets.token_urlsafe(48))
    ring: str = msgspec.field(default_factory=lambda: base64.urlsafe_b64encode(os.urandom(32)).decode())
    lookup: str = msgspec.field(default_factory=lambda: secrets.token_urlsafe(32))


class ServiceState(msgspec.Struct, kw_only=True):
    """What `haat status` knows of one server. `last_exit` says how it ended when it died."""

    state: str
    since: float
    port: int | None = None
    process: Identity | None = None
    stop_signal: int = signal.SIGTERM
    restarts: int = 0
    last_exit: str | None = None
    died_at: float | None = None
    log: str | None = None


class StackState(msgspec.Struct, kw_only=True):
    """The content of `stack.json`; `phase` is starting, ready or stopping."""

    supervisor: Identity
    phase: str
    site: str
    services: dict[str, ServiceState] = {}


class DataFolder:
    """Paths and files of one stack."""

    def __init__(self, path: Path) -> None:
        self.path = path.absolute()
        self.logs = self.path / "logs"
        self._lock: IO[str] | None = None

    def acquire(self) -> Self:
        """Make the folder and take its lock; StackError when it cannot be written or another stack has it."""
        self.make()
        lock = (self.path / LOCK).open("a+")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            lock.close()
            state = self.read_state()
            where = f" at {state.site}" if state else ""
            advice = "stop it with `haat down`, or give this one another folder with --data DIR."
            raise StackError(f"A stack already runs on {self.path}{where}: {advice}") from error
        self._lock = lock
        return self

    def make(self) -> None:
        """Make the folder and see that it can be written; StackError otherwise."""
        try:
            self.path.mkdir(mode=0o711, parents=True, exist_ok=True)
            self.logs.mkdir(mode=0o700, exist_ok=True)
            (self.path / LOCK).open("a").close()
        except OSError as error:
            advice = "make it writable, or choose another folder with --data DIR."
            raise StackError(f"The data folder {self.path} cannot be used ({error.strerror}): {advice}") from error

    def release(self) -> None:
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def is_locked(self) -> bool:
        """Whether some process holds the lock right now."""
        try:
            lock = (self.path / LOCK).open("r+")
        except OSError:
            return False
        with lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
        return False

    def secrets(self) -> Secrets:
        """The secrets of this folder, made on the first call."""
        path = self.path / SECRETS
        if path.is_file():
            return msgspec.json.decode(path.read_bytes(), type=Secrets)
        made = Secrets()
        write_private(path, msgspec.json.encode(made))
        return made

    def read_ports(self) -> dict[str, int]:
        path = self.path / PORTS
        return msgspec.json.decode(path.read_bytes(), type=dict[str, int]) if path.is_file() else {}

    def remember_ports(self, chosen: Mapping[str, int]) -> None:
        write_private(self.path / PORTS, msgspec.json.encode({**self.read_ports(), **chosen}))

    def read_state(self) -> StackState | None:
        """The state a supervisor wrote last; it may be dead by now."""
        try:
            return msgspec.json.decode((self.path / STATE).read_bytes(), type=StackState)
        except (OSError, msgspec.DecodeError):
            return None

    def is_ready(self, supervisor: int) -> bool:
        """Whether the supervisor with this process number has every server ready."""
        state = self.read_state()
        return state is not None and state.phase == "ready" and state.supervisor.pid == supervisor

    def write_state(self, state: StackState) -> None:
        write_private(self.path / STATE, msgspec.json.format(msgspec.json.encode(state)))

    def write_env(self, env: Mapping[str, str]) -> None:
        lines = (f"{key}={value}\n" for key, value in sorted(env.items()))
        write_private(self.path / STACK_ENV, "".join(lines).encode())

    def forget_run(self) -> None:
        """Remove what describes a running stack: other commands then say that none runs."""
        for name in (STATE, STACK_ENV):
            (self.path / name).unlink(missing_ok=True)

    def is_marked(self, name: str, value: str) -> bool:
        """Whether `mark` was called with this value the last time."""
        path = self.path / f"{name}.mark"
        return path.is_file() and path.read_text("utf-8") == value

    def mark(self, name: str, value: str) -> None:
        """Remember that a step was done, and on what."""
        write_private(self.path / f"{name}.mark", value.encode())

    def log(self, name: str) -> Path:
        return self.logs / f"{name}.log"


def write_private(path: Path, content: bytes) -> None:
    """Replace a file at once, readable by its owner only."""
    fresh = path.with_name(f"{path.name}.new")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    fresh.replace(path)
