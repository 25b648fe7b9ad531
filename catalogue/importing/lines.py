"""Numbered lines of text out of a binary stream, whatever its encoding, each of bounded length.

UTF-8 with or without a mark, UTF-16 with one; a line that is not UTF-8 is read as Windows-1252 and counted.
"""

import codecs
import io
import zlib
from collections import deque
from collections.abc import Callable, Iterable
from gzip import GzipFile
from typing import NamedTuple, TypeVar

LINE_MAX = 1_000_000
T = TypeVar("T")


class Line(NamedTuple):
    number: int
    text: str


class SourceError(Exception):
    """The file as a whole cannot be read on; the message says what would help."""


class Damage(NamedTuple):
    """Why a row, or one value of it, cannot be taken."""

    line: int
    column: str
    value: str
    reason: str


class Lines:
    """An iterator that lines can be put back to. `damage` collects the lines that were too long."""

    def __init__(self, stream: io.BufferedReader | GzipFile) -> None:
        self._stream = io.BufferedReader(stream)
        self._waiting: deque[Line] = deque()
        self._number = 0
        self._text: io.TextIOWrapper | None = None
        self.damage: list[Damage] = []
        self.not_utf8 = 0
        start = self._guarded(lambda: self._stream.peek(3)[:3])
        if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            self._text = io.TextIOWrapper(self._stream, "utf-16", errors="replace", newline="")
        elif start == codecs.BOM_UTF8:
            self._stream.read(3)

    def __iter__(self) -> "Lines":
        return self

    def __next__(self) -> Line:
        """Raises SourceError where the compressed data is damaged or cut."""
        if self._waiting:
            return self._waiting.popleft()
        while True:
            text = self._guarded(self._read)
            if not text:
                raise StopIteration
            self._number += 1
            if len(text) <= LINE_MAX:
                return Line(self._number, text)
            self.damage.append(Damage(self._number, "", text[:100], f"a line of more than {LINE_MAX:,} characters"))
            while text and not text.endswith("\n"):
                text = self._guarded(self._read)

    def put_back(self, lines: Iterable[Line]) -> None:
        """They come next, in this order."""
        self._waiting.extendleft(reversed(list(lines)))

    def _read(self) -> str:
        if self._text:
            return self._text.readline(LINE_MAX + 1)
        raw = self._stream.readline(LINE_MAX + 1)
        try:
            return raw.decode()
        except UnicodeDecodeError:
            self.not_utf8 += 1
            return raw.decode("cp1252", "replace")

    def _guarded(self, read: Callable[[], T]) -> T:
        try:
            return read()
        except (EOFError, zlib.error, OSError) as error:
            reason = (
                f"The file is damaged or cut after line {self._number:,} ({error}). What stands before it was read."
            )
            raise SourceError(reason) from error
