"""One keep-alive connection that asks one thing at a time: what a simulated shopper costs is a tenth of a library's.

Made for journeys, whose next request depends on the last answer; `hammer` is for requests that are known before.
"""

import asyncio
from collections.abc import Mapping
from typing import Any, NamedTuple, Self, cast
from urllib.parse import urlsplit

import msgspec

from loadtests.hammer import END, encode, is_whole

TIMEOUT_S = 30.0


class Refused(Exception):
    """A step of a journey was not answered as it should be; the message says which and how."""


class Answer(NamedTuple):
    status: int
    head: bytes
    body: bytes

    def header(self, name: bytes) -> str:
        """By its lower-case name; empty where there is none."""
        for line in self.head.split(b"\r\n")[1:]:
            field, _, value = line.partition(b":")
            if field.lower() == name:
                return value.strip().decode("ascii")
        return ""

    def json(self) -> Any:
        return msgspec.json.decode(self.body)


class Wire(asyncio.Protocol):
    def __init__(self, origin: str) -> None:
        self._origin = origin
        self._transport: asyncio.Transport | None = None
        self._buffer = b""
        self._waiting: asyncio.Future[bytes] | None = None

    @classmethod
    async def to(cls, origin: str) -> Self:
        """Raises OSError when nobody listens there."""
        parts = urlsplit(origin)
        loop = asyncio.get_running_loop()
        _, wire = await loop.create_connection(lambda: cls(origin), parts.hostname or "localhost", parts.port or 80)
        return wire

    async def ask(
        self, method: str, path: str, *, headers: Mapping[str, str] | None = None, json: object = None
    ) -> Answer:
        """Raises Refused for anything but 200 and 201."""
        body = b"" if json is None else msgspec.json.encode(json)
        fields = {**(headers or {}), "Content-Type": "application/json"} if body else headers
        if self._transport is None:
            raise Refused(f"{method} {path}: the connection is gone.")
        self._waiting = asyncio.get_running_loop().create_future()
        self._transport.write(encode(method, self._origin + path, fields, body))
        whole = await asyncio.wait_for(self._waiting, TIMEOUT_S)
        head, _, text = whole.partition(END)
        answer = Answer(int(head[9:12]), head, text)
        if answer.status not in (200, 201):
            said = answer.body[:200].decode(errors="replace")
            raise Refused(f"{method} {path} answers {answer.status}: {said}")
        return answer

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        self._buffer = self._buffer + data if self._buffer else data
        if self._waiting and is_whole(self._buffer):
            whole, self._buffer = self._buffer, b""
            if not self._waiting.done():
                self._waiting.set_result(whole)

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None
        if self._waiting and not self._waiting.done():
            self._waiting.set_exception(Refused(f"The connection was lost: {exc!r}"))
