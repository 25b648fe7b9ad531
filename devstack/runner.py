"""Runs one server: starts it, waits until it is ready, starts it again when it dies, stops it politely.

A server that dies before it was ever ready is a failure of the stack; one that dies later is restarted, for ever, with
growing pauses.
"""

import asyncio
import contextlib
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO

from devstack.datafolder import ServiceState
from devstack.errors import StackError
from devstack.processes import identify, last_lines, tether
from devstack.service import Service

POLL_S = 0.02
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.1, 10.0
STABLE_AFTER_S = 30.0


class Runner:
    """One service and its process."""

    def __init__(
        self, service: Service, log: Path, *, changed: Callable[[], None], report: Callable[[str], None]
    ) -> None:
        self.service = service
        self.state = ServiceState(state="waiting", since=time.time(), port=service.port, log=str(log))
        self.state.stop_signal = int(service.stop_signal)
        self._log = log
        self._changed = changed
        self._report = report
        self._process: asyncio.subprocess.Process | None = None
        self._stopping = False
        self._pause_s = FIRST_PAUSE_S

    async def start(self) -> None:
        """Until the server is ready, or the command has ended well; StackError otherwise."""
        self._log.unlink(missing_ok=True)
        self._move("starting")
        await self.service.prepare()
        process = await self._spawn()
        if self.service.once:
            await self._finish(process)
            return
        await self._until_ready(process)
        await self.service.complete()
        self._move("running")

    async def watch(self) -> None:
        """Restart the server whenever it dies, until `stop`."""
        while self._process is not None and not self._stopping:
            code = await self._process.wait()
            if self._stopping:
                return
            await self._restart(code)

    async def stop(self) -> None:
        """Ask politely, wait as long as the service allows, then kill; returns when the process is gone."""
        self._stopping = True
        process = self._process
        if process is None or process.returncode is not None:
            self._move("stopped")
            return
        self._move("stopping")
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(self.service.stop_signal)
        try:
            await asyncio.wait_for(process.wait(), self.service.stop_timeout_s)
        except TimeoutError:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            await process.wait()
        self._move("stopped")

    async def _restart(self, code: int) -> None:
        if time.time() - self.state.since > STABLE_AFTER_S:
            self._pause_s = FIRST_PAUSE_S
        self.state.restarts += 1
        self.state.last_exit, self.state.died_at = describe_exit(code), time.time()
        self._move("restarting")
        self._report(f"{self.service.name} died ({self.state.last_exit}) and is started again; its log is {self._log}.")
        await asyncio.sleep(self._pause_s)
        self._pause_s = min(self._pause_s * 2, LONGEST_PAUSE_S)
        if self._stopping:
            return
        process = await self._spawn()
        with contextlib.suppress(StackError):
            await self._until_ready(process)
            self._move("running")

    async def _spawn(self) -> asyncio.subprocess.Process:
        service, account = self.service, self.service.account
        with open_log(self._log) as log:
            process = await asyncio.create_subprocess_exec(
                *service.command,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=None if service.shown else log,
                stderr=None if service.shown else asyncio.subprocess.STDOUT,
                env={**os.environ, **service.env},
                cwd=service.cwd,
                start_new_session=True,
                preexec_fn=tether(service.stop_signal),
                user=account.uid if account else None,
                group=account.gid if account else None,
                extra_groups=[] if account else None,
            )
        self._process = process
        self.state.process = identify(process.pid)
        self._changed()
        if self._stopping:
            await self.stop()
        return process

    async def _until_ready(self, process: asyncio.subprocess.Process) -> None:
        deadline = time.monotonic() + self.service.ready_timeout_s
        while process.returncode is None and time.monotonic() < deadline:
            if await self.service.ready(process.pid):
                return
            await asyncio.sleep(POLL_S)
        if process.returncode is None:
            raise self._failure(f"was not ready within {self.service.ready_timeout_s:.0f} s")
        raise self._failure(f"did not start ({describe_exit(process.returncode)})")

    async def _finish(self, process: asyncio.subprocess.Process) -> None:
        code = await process.wait()
        if code != 0 and not self._stopping:
            raise self._failure(f"failed ({describe_exit(code)})")
        await self.service.complete()
        self._move("done")

    def _failure(self, what: str) -> StackError:
        self._move("failed")
        lines = "".join(f"\n  {line}" for line in last_lines(self._log))
        tail = f" Last lines of {self._log}:{lines}" if lines else ""
        return StackError(f"{self.service.name} {what}.{tail}")

    def _move(self, state: str) -> None:
        self.state.state = state
        self.state.since = time.time()
        self._changed()


def open_log(path: Path) -> IO[bytes]:
    """Append to the log; only the owner may read it."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab")


def describe_exit(code: int) -> str:
    """ "exit 1" or "killed by SIGKILL"."""
    return f"exit {code}" if code >= 0 else f"killed by {signal.Signals(-code).name}"
