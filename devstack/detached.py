"""`haat up --detach`: the stack without a terminal; the command ends when it is ready, or says why it is not."""

import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from devstack.datafolder import DataFolder
from devstack.draft import ROOT

POLL_S = 0.03


def up(folder: DataFolder, arguments: Sequence[str]) -> int:
    """Start it, show what it says, and return 0 once it is ready, else its exit code."""
    folder.make()
    log = folder.log("stack")
    with log.open("ab") as output:
        begin = output.tell()
        child = subprocess.Popen(  # noqa: S603 - our own module
            [sys.executable, "-m", "devstack", "up", *arguments, "--data", str(folder.path), "--detached"],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        return _follow(folder, child, log=log, begin=begin)
    except KeyboardInterrupt:
        child.send_signal(signal.SIGTERM)
        return child.wait()


def _follow(folder: DataFolder, child: subprocess.Popen[bytes], *, log: Path, begin: int) -> int:
    while True:
        code = child.poll()
        begin = _relay(log, begin)
        if code is not None:
            return code
        if folder.is_ready(child.pid):
            _relay(log, begin)
            return 0
        time.sleep(POLL_S)


def _relay(log: Path, begin: int) -> int:
    """Copy what is new in the log to our own output; the position after it."""
    with log.open("rb") as file:
        file.seek(begin)
        fresh = file.read()
    sys.stdout.buffer.write(fresh)
    sys.stdout.flush()
    return begin + len(fresh)
