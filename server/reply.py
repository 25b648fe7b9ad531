"""Responses whose headers are lines already: every request would pay again for encoding what is always the same.

A line comes from our own words and numbers only, never from what somebody sent: nothing is cleaned here.
"""

from collections.abc import Iterator

from sanic.response import HTTPResponse


class Reply(HTTPResponse):
    """`lines`: the value of Content-Type and the header lines after it, without the last line's end.

    `headers` may be added to as usual.
    """

    __slots__ = ("lines",)

    def __init__(self, body: bytes, lines: str, *, status: int = 200) -> None:
        super().__init__(body, status)
        self.lines = lines.encode()

    @property
    def processed_headers(self) -> Iterator[tuple[bytes, bytes]]:
        yield b"Content-Type", self.lines
        for name, value in self.headers.items():
            yield name.encode("ascii"), str(value).encode("ascii")
