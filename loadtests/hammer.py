"""As many requests as a server answers: a bare closed loop on keep-alive connections, for ceilings and ratios.

It costs a tenth of what a simulated shopper costs, so that on one machine the server is what is measured.
"""

import asyncio
import itertools
import re
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import cast
from urllib.parse import urlsplit

import msgspec

from loadtests.histogram import Histogram

LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
CHUNKED = re.compile(rb"\r\ntransfer-encoding: *chunked", re.IGNORECASE)
END, LAST_CHUNK = b"\r\n\r\n", b"\r\n0\r\n\r\n"
DEGRADED = b'"degraded":true'
PATIENCE_S = 10.0


class Hammered(msgspec.Struct, kw_only=True):
    """`refused` counts answers that were not 2xx, by status, and searches that the fallback answered."""

    seconds: float
    histogram: Histogram = msgspec.field(default_factory=Histogram)
    refused: dict[str, int] = {}

    @property
    def rate(self) -> float:
        return self.histogram.count / self.seconds


def encode(method: str, url: str, headers: Mapping[str, str] | None = None, body: bytes = b"") -> bytes:
    """A whole HTTP/1.1 request."""
    parts = urlsplit(url)
    path = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
    fields = {"Host": parts.netloc, **({"Content-Length": str(len(body))} if body else {}), **(headers or {})}
    lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in fields.items())]
    return "\r\n".join(lines).encode() + END + body


async def hammer(
    url: str,
    requests: Sequence[bytes],
    *,
    seconds: float,
    connections: int = 32,
    skip: int = 0,
    most: int | None = None,
) -> Hammered:
    """Send `requests` over and over, beginning with number `skip`, and `most` of them at most.

    Raises OSError when nobody listens at `url`.
    """
    parts = urlsplit(url)
    loop = asyncio.get_running_loop()
    result = Hammered(seconds=seconds)
    first = skip % len(requests)
    source = itertools.islice(itertools.cycle(requests), first, None if most is None else first + most)
    begin = time.perf_counter()
    made = [
        await loop.create_connection(
            lambda: _Connection(source, result, until=begin + seconds), parts.hostname or "localhost", parts.port or 80
        )
        for _ in range(connections)
    ]
    protocols = [protocol for _, protocol in made]
    await asyncio.wait([protocol.done for protocol in protocols], timeout=seconds + PATIENCE_S)
    for protocol in protocols:
        protocol.give_up()
    result.seconds = time.perf_counter() - begin
    return result


class _Connection(asyncio.Protocol):
    """One keep-alive connection with one request on its way at a time."""

    def __init__(self, source: Iterator[bytes], result: Hammered, *, until: float) -> None:
        self._source = source
        self._result = result
        self._until = until
        self._sent_at = 0.0
        self._buffer = b""
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._send()

    def data_received(self, data: bytes) -> None:
        self._buffer = self._buffer + data if self._buffer else data
        if is_whole(self._buffer):
            self._record()
            self._buffer = b""
            self._send()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.done.done():
            self._refuse("connection lost" if exc is None else type(exc).__name__)
            self.done.set_result(None)

    def give_up(self) -> None:
        """Close; a request that was not answered yet counts as refused."""
        if not self.done.done():
            self._refuse("no answer")
            self.done.set_result(None)
        self._transport.close()

    def _send(self) -> None:
        self._sent_at = time.perf_counter()
        request = next(self._source, None) if self._sent_at < self._until else None
        if request is None:
            self.done.set_result(None)
            self._transport.close()
            return
        self._transport.write(request)

    def _record(self) -> None:
        self._result.histogram.add((time.perf_counter() - self._sent_at) * 1000)
        if self._buffer[9:10] != b"2":
            self._refuse(self._buffer[9:12].decode("ascii", "replace"))
        elif DEGRADED in self._buffer:
            self._refuse("degraded")

    def _refuse(self, reason: str) -> None:
        self._result.refused[reason] = self._result.refused.get(reason, 0) + 1


def is_whole(data: bytes) -> bool:
    """Whether an answer has come to its end, by its length or by its last chunk."""
    head = data.find(END)
    if head < 0:
        return False
    found = LENGTH.search(data, 0, head)
    if found:
        return len(data) >= head + len(END) + int(found[1])
    return not CHUNKED.search(data, 0, head) or data.endswith(LAST_CHUNK)


def spread(requests: Iterable[str], addresses: Sequence[str]) -> list[bytes]:
    """GET requests of the given URLs, each from the next simulated address, so that limits stay on."""
    return [
        encode("GET", url, {"X-Forwarded-For": address})
        for url, address in zip(requests, itertools.cycle(addresses), strict=False)
    ]
