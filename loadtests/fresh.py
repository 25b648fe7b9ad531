"""A stack with a demo catalogue, on free ports: fresh, in a folder that is gone afterwards, or in one that is kept.

Started as `python -m devstack`, as a person would: nothing here imports it.
"""

import contextlib
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from loadtests.conduct import ROOT

PORTS = 15_000, 30_000


class FreshError(Exception):
    """The stack did not start: the message has its own words."""


@contextlib.contextmanager
def fresh_stack(*, products: int, workers: int) -> Iterator[Path]:
    """The data folder of a ready stack. SIGTERM stops it too."""
    folder = Path(tempfile.mkdtemp(prefix="haat-load-"))
    folder.chmod(0o711)  # PostgreSQL may run as another user
    try:
        with kept_stack(folder, products=products, workers=workers):
            yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def kept_stack(folder: Path, *, products: int, workers: int) -> Iterator[None]:
    """A ready stack in a folder that stays, seeded only where it never was. Raises FreshError where one runs there."""
    before, ours = signal.signal(signal.SIGTERM, _as_interrupt), True
    try:
        started = _up(folder, "--products", str(products), workers=workers)
        ours = started.returncode == 0
        if not ours:
            raise FreshError(f"No stack in {folder}: {started.stdout.strip()}")
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
        if ours:
            _devstack("down", "--data", str(folder))


def restart(folder: Path, *, workers: int) -> None:
    """The same stack with as many web processes; what it holds stays. Raises FreshError."""
    _devstack("down", "--data", str(folder))
    started = _up(folder, workers=workers)
    if started.returncode != 0:
        raise FreshError(f"The stack did not start again: {started.stdout.strip()}")


def free_port() -> int:
    """One below those that outgoing connections use: none of them may sit on it before the server does."""
    while True:
        port = random.randrange(*PORTS)
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def _up(folder: Path, *options: str, workers: int) -> "subprocess.CompletedProcess[str]":
    where = ("--data", str(folder), "--port", str(free_port()))
    return _devstack("up", *where, "--workers", str(workers), *options, "--detach")


def _devstack(*arguments: str) -> "subprocess.CompletedProcess[str]":
    """In an environment without settings of ours."""
    return subprocess.run(  # noqa: S603 - our own module
        [sys.executable, "-m", "devstack", *arguments],
        cwd=ROOT,
        env={key: value for key, value in os.environ.items() if not key.startswith("HAAT_")},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )


def _as_interrupt(*_: object) -> None:
    raise KeyboardInterrupt
