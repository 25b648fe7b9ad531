"""How far a long command has come: one moving line on a terminal, a plain line now and then elsewhere. On stderr."""

import sys
import time
from types import TracebackType
from typing import Self, TextIO

WIDTH = 30
REDRAW_S = 0.1
LINE_EVERY_S = 5.0


class Progress:
    """`total` None: the end is not known, only the count is shown."""

    def __init__(self, label: str, total: int | None, *, stream: TextIO | None = None) -> None:
        self._label, self._total = label, total
        self._stream = stream or sys.stderr
        self._moving = self._stream.isatty()
        self._done = 0
        self._started = self._shown = time.monotonic()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._moving:
            self._write(f"\r{self._line()}\n")
        elif kind is None:
            self._write(f"{self._line()}\n")

    def advance(self, count: int) -> None:
        self._done += count
        now = time.monotonic()
        if now - self._shown >= (REDRAW_S if self._moving else LINE_EVERY_S):
            self._shown = now
            self._write(f"\r{self._line()}" if self._moving else f"{self._line()}\n")

    def _line(self) -> str:
        seconds = max(time.monotonic() - self._started, 0.001)
        pace = f"{self._done / seconds:,.0f}/s"
        if not self._total:
            return f"{self._label} {self._done:,}  {pace}"
        share = min(self._done / self._total, 1)
        bar = f"[{'#' * round(WIDTH * share):<{WIDTH}}] " if self._moving else ""
        return f"{self._label} {bar}{share:4.0%}  {self._done:,} of {self._total:,}  {pace}"

    def _write(self, text: str) -> None:
        self._stream.write(text)
        self._stream.flush()
