"""A fresh stack with a demo catalogue, on free ports and in a folder that is gone afterwards.

Started as `python -m devstack`, as a person would: nothing here imports it.
"""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from loadtests.conduct import ROOT


class FreshError(Exception):
    """The stack did not start: the message has its own words."""


@contextlib.contextmanager
def fresh_stack(*, products: int, workers: int) -> Iterator[Path]:
    """The data folder of a ready stack. SIGTERM stops it too."""
    folder = Path(tempfile.mkdtemp(prefix="haat-load-"))
    folder.chmod(0o711)  # PostgreSQL may run as another user
    settings = {key: value for key, value in os.environ.items() if not key.startswith("HAAT_")}
    data = ("--data", str(folder))
    size = ("--port", str(free_port()), "--products", str(products), "--workers", str(workers))
    before = signal.signal(signal.SIGTERM, _as_interrupt)
    try:
        started = _devstack("up", *data, *size, "--detach", settings=settings)
        if started.returncode != 0:
            raise FreshError(f"No fresh stack: {started.stdout.strip()}")
        yield folder
    finally:
        signal.signal(signal.SIGTERM, before)
        _devstack("down", *data, settings=settings)
        shutil.rmtree(folder, ignore_errors=True)


def restart(folder: Path, *, workers: int) -> None:
    """The same stack with as many web processes; what it holds stays. Raises FreshError."""
    settings = {key: value for key, value in os.environ.items() if not key.startswith("HAAT_")}
    data = ("--data", str(folder))
    _devstack("down", *data, settings=settings)
    started = _devstack(
        "up", *data, "--port", str(free_port()), "--workers", str(workers), "--detach", settings=settings
    )
    if started.returncode != 0:
        raise FreshError(f"The stack did not start again: {started.stdout.strip()}")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def _devstack(*arguments: str, settings: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(  # noqa: S603 - our own module
        [sys.executable, "-m", "devstack", *arguments],
        cwd=ROOT,
        env=settings,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )


def _as_interrupt(*_: object) -> None:
    raise KeyboardInterrupt
