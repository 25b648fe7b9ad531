"""A running stack: `running` inside this process, `launched` as a process of its own for synchronous callers."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from pathlib import Path

from devstack import external, postgres
from devstack.datafolder import DataFolder
from devstack.draft import EMBEDDED, ROOT, Plan
from devstack.errors import StackError
from devstack.processes import identify, last_lines, tether, wait_gone
from devstack.stack import Stack, plan_stack
from devstack.supervisor import Report, Supervisor, clean_up_orphans, ignore
from server.settings import STACK_ENV, read_env_file

START_TIMEOUT_S = 120.0
STOP_TIMEOUT_S = 60.0
POLL_S = 0.02
MEMORY = Path("/dev/shm")  # noqa: S108 - `mkdtemp` makes the folder in it
ROOM = 4 * 2**30
"""Bytes."""


@contextlib.asynccontextmanager
async def supervised(
    folder: DataFolder,
    plan: Plan,
    environ: Mapping[str, str],
    *,
    report: Report = ignore,
    page: Callable[[Stack], str] | None = None,
) -> AsyncIterator[Stack]:
    """Every server of the plan is ready inside the block and gone after it. `page` is reported before it is ready."""
    folder.acquire()
    try:
        left = clean_up_orphans(folder)
        if left:
            report(f"Stopped what a killed stack had left behind ({left} of its processes).")
        folder.forget_run()
        await external.check(external.given(environ))
        stack = plan_stack(folder, plan, environ=environ)
        supervisor = Supervisor(folder, stack.services, site=stack.site, report=report)
        folder.write_env(stack.env)
        try:
            await supervisor.start(announce=lambda: report(page(stack)) if page else None)
            yield stack
        finally:
            await supervisor.stop()
            folder.forget_run()
    finally:
        folder.release()


@contextlib.asynccontextmanager
async def running(
    names: Sequence[str] = EMBEDDED, *, data: Path | None = None, fsync: bool = False
) -> AsyncIterator[Stack]:
    """The named servers, supervised by this process (call it on the main thread); without `data` nothing is kept."""
    with _folder(data) as path:
        plan = Plan(only=tuple(names), fsync=fsync)
        async with supervised(DataFolder(path), plan, os.environ) as stack:
            yield stack


@contextlib.contextmanager
def launched(
    names: Sequence[str] = EMBEDDED, *, data: Path | None = None, fsync: bool = False
) -> Iterator[dict[str, str]]:
    """The named servers, supervised by a child process that cannot outlive this one; yields the HAAT_* settings."""
    with _folder(data) as path:
        command = [sys.executable, "-m", "devstack", "up", "--data", str(path), "--only", ",".join(names)]
        log = path / "launched.log"
        with log.open("wb") as output:
            child = subprocess.Popen(  # noqa: S603 - our own module
                [*command, *(() if fsync else ("--no-fsync",))],
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                preexec_fn=tether(signal.SIGTERM),  # noqa: PLW1509 - it calls prctl and getppid, nothing that locks
            )
        try:
            _until_ready(child, path, log)
            yield read_env_file(path / STACK_ENV)
        finally:
            child.send_signal(signal.SIGTERM)
            child.wait(STOP_TIMEOUT_S)


def _until_ready(child: subprocess.Popen[bytes], data: Path, log: Path) -> None:
    """Until the state of the folder says ready; StackError with the child's own words otherwise."""
    folder = DataFolder(data)
    deadline = time.monotonic() + START_TIMEOUT_S
    while not folder.is_ready(child.pid):
        if child.poll() is not None:
            raise StackError("\n".join(last_lines(log)))
        if time.monotonic() > deadline:
            raise StackError(
                f"The servers were not ready after {START_TIMEOUT_S:.0f} s; their logs are in {folder.logs}."
            )
        time.sleep(POLL_S)


@contextlib.contextmanager
def _folder(data: Path | None) -> Iterator[Path]:
    if data is not None:
        data.mkdir(parents=True, exist_ok=True)
        yield data
        return
    path = Path(tempfile.mkdtemp(prefix="haat-", dir=_memory()))
    path.chmod(0o711)
    try:
        yield path
    finally:
        postgres.discard(path)
        shutil.rmtree(path, ignore_errors=True)


def _memory() -> Path | None:
    """Where files cost no disk, if there is room: the search engine waits for the disk at each of its tasks."""
    roomy = os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free >= ROOM
    return MEMORY if roomy else None


def stop(folder: DataFolder) -> bool:
    """Stop the stack of this folder, or what a killed one left behind; whether there was anything to stop."""
    state = folder.read_state()
    if state is not None and folder.is_locked():
        identity = state.supervisor
        if identify(identity.pid) is not None:
            os.kill(identity.pid, signal.SIGTERM)
        if not wait_gone(identity, timeout_s=STOP_TIMEOUT_S):
            raise StackError(f"The stack (process {identity.pid}) does not stop; its log is {folder.log('stack')}.")
        return True
    found = clean_up_orphans(folder)
    folder.forget_run()
    return found > 0
