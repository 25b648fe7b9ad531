"""What a command prints goes to somebody who may stop reading, as `head` does: it ends then without a word, by SIGPIPE
as other commands do. One that has an orderly way to end on SIGTERM, as servers have, ends by that.

Python ignores the signal, so that a socket whose other end is gone is an error of that socket alone; that stays so.
"""

import io
import os
import signal
import sys
from collections.abc import Callable
from typing import Any, NoReturn, TextIO


class ReaderGone(SystemExit):
    """Nothing that handles errors holds it up, and everything that tidies up is run."""


class Outlet(io.FileIO):
    """Standard output or standard error. Once nobody reads it, what is still written to it goes nowhere."""

    def write(self, data: Any, /) -> int:
        try:
            return super().write(data)
        except BrokenPipeError:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, self.fileno())
            os.close(nowhere)
            if signal.getsignal(signal.SIGTERM) == signal.SIG_DFL:
                raise ReaderGone from None
            os.kill(os.getpid(), signal.SIGTERM)
            return super().write(data)


def exit_with(main: Callable[[], int | None]) -> NoReturn:
    """Exit with what `main` returns, as every command of ours does."""
    if sys.stdout and sys.stderr:  # None where a shell closed them
        sys.stdout, sys.stderr = (_through_outlet(stream) for stream in (sys.stdout, sys.stderr))
    try:
        try:
            code = main()
        finally:
            if sys.stdout:
                sys.stdout.flush()
    except ReaderGone:
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
        os.kill(os.getpid(), signal.SIGPIPE)
        raise
    sys.exit(code)


def _through_outlet(stream: TextIO) -> TextIO:
    outlet = Outlet(stream.fileno(), "w", closefd=False)
    unbuffered = isinstance(stream, io.TextIOWrapper) and stream.write_through
    return io.TextIOWrapper(
        outlet if unbuffered else io.BufferedWriter(outlet),
        encoding=stream.encoding,
        errors=stream.errors,
        line_buffering=bool(getattr(stream, "line_buffering", False)),
        write_through=unbuffered,
    )
