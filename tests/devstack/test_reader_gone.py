"""Commands whose reader goes away, as `head` does: they end without a word, by the signal that ends others."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from devstack.datafolder import DataFolder
from devstack.processes import is_alive
from server.__main__ import ROOT, SUBCOMMANDS
from tests.devstack.command import CLEAN, state_of
from tests.devstack.eventually import eventually

AT_ONCE = 2
ENV = {**CLEAN, "PYTHONPATH": str(ROOT)}


@contextmanager
def abandoned() -> Iterator[int]:
    """The end of a pipe that nobody reads."""
    reader, writer = os.pipe()
    os.close(reader)
    yield writer
    os.close(writer)


async def told(*arguments: str, both: bool = False) -> tuple[int | None, str]:
    """The exit code of `haat`, whose output (with `both` its errors too) nobody reads, and the errors."""
    with abandoned() as gone:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "server", *arguments, cwd=ROOT, env=ENV, stdin=asyncio.subprocess.DEVNULL,
            stdout=gone, stderr=gone if both else asyncio.subprocess.PIPE,
        )  # fmt: skip
        _, errors = await process.communicate()
    return process.returncode, (errors or b"").decode()


async def test_no_command_complains_when_nobody_reads_what_it_says() -> None:
    turns = asyncio.Semaphore(AT_ONCE)

    async def ask(*arguments: str) -> tuple[int | None, str]:
        async with turns:
            return await told(*arguments)

    asked = [(), *((name, "--help") for name in SUBCOMMANDS)]
    answers = await asyncio.gather(*(ask(*arguments) for arguments in asked))
    assert {a: answer for a, answer in zip(asked, answers, strict=True) if answer != (-signal.SIGPIPE, "")} == {}


async def test_nor_when_nobody_reads_its_errors(tmp_path: Path) -> None:
    assert await told("status", "--data", str(tmp_path), both=True) == (-signal.SIGPIPE, "")
    assert await told("stauts", both=True) == (-signal.SIGPIPE, "")


def test_a_stack_whose_reader_is_gone_stops_in_order(tmp_path: Path) -> None:
    """What it says next after its start is that a server died."""
    command = [sys.executable, "-m", "devstack", "up", "--only", "redis,inbox", "--no-fsync", "--data", str(tmp_path)]
    with subprocess.Popen(command, cwd=ROOT, env=ENV, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as stack:
        assert stack.stdout
        assert stack.stderr
        eventually(lambda: (state := DataFolder(tmp_path).read_state()) and state.phase == "ready")
        started = [one.process for one in state_of(tmp_path).services.values() if one.process]
        assert all(is_alive(process) for process in started)
        stack.stdout.close()
        os.kill(started[0].pid, signal.SIGKILL)
        assert stack.wait(timeout=30) == 0
        assert stack.stderr.read() == b""
    assert not any(is_alive(process) for process in started)
