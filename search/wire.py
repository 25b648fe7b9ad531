"""HTTP/1.1 to one server over kept connections: no more than a question needs, since a library's comforts cost as much
CPU as the rest of an uncached search.

The server speaks plain answers of known or chunked length; redirects, cookies and compression are not asked for.
"""

import asyncio
import ssl
from collections.abc import Mapping
from typing import NamedTuple, cast
from urllib.parse import urlsplit

import httptools

LINES_MAX = 64
CONNECT_S = 2.0


class Answer(NamedTuple):
    status: int
    body: bytes


class WireBroken(OSError):
    """The connection ended, or what came over it was no HTTP, before the answer was whole."""


class Wire:
    """At most `LINES_MAX` questions at a time; further ones wait. `url` is an origin, with a path before all paths."""

    def __init__(self, url: str, headers: Mapping[str, str]) -> None:
        parts = urlsplit(url)
        secure = parts.scheme == "https"
        self._host, self._port = parts.hostname or "localhost", parts.port or (443 if secure else 80)
        self._tls = ssl.create_default_context() if secure else None
        self._before = parts.path.rstrip("/")
        always = {"Host": parts.netloc.rpartition("@")[2], "Accept": "application/json", **headers}
        self._head = "".join(f"{name}: {value}\r\n" for name, value in always.items())
        self._idle: list[_Line] = []
        self._free = asyncio.Semaphore(LINES_MAX)

    async def ask(self, method: str, path: str, body: bytes, *, kind: str, timeout_s: float) -> Answer:
        """Raises OSError, TimeoutError. A kept connection that turns out to be closed is replaced, once."""
        about = f"Content-Type: {kind}\r\nContent-Length: {len(body)}\r\n" if body else ""
        question = f"{method} {self._before}{path} HTTP/1.1\r\n{self._head}{about}\r\n".encode("ascii") + body
        until_s = asyncio.get_running_loop().time() + timeout_s
        if self._free.locked():
            async with asyncio.timeout_at(until_s):
                await self._free.acquire()
        else:
            await self._free.acquire()
        try:
            return await self._ask_someone(question, until_s)
        finally:
            self._free.release()

    def close(self) -> None:
        while self._idle:
            self._idle.pop().hang_up()

    async def _ask_someone(self, question: bytes, until_s: float) -> Answer:
        while self._idle:
            line = self._idle.pop()
            if line.alive:
                try:
                    return await self._ask(line, question, until_s)
                except WireBroken:
                    if line.heard:
                        raise
                    break
        return await self._ask(await self._dial(until_s), question, until_s)

    async def _ask(self, line: "_Line", question: bytes, until_s: float) -> Answer:
        try:
            answer = await line.ask(question, until_s)
        except BaseException:
            line.hang_up()
            raise
        if line.alive:
            self._idle.append(line)
        return answer

    async def _dial(self, until_s: float) -> "_Line":
        loop = asyncio.get_running_loop()
        async with asyncio.timeout_at(min(until_s, loop.time() + CONNECT_S)):
            _, line = await loop.create_connection(_Line, self._host, self._port, ssl=self._tls)
        return line


class _Line(asyncio.Protocol):
    """One connection. `heard`: something of the answer that is waited for has come."""

    def __init__(self) -> None:
        self.alive, self.heard = False, False
        self._transport: asyncio.Transport | None = None
        self._parser = httptools.HttpResponseParser(self)
        self._pieces: list[bytes] = []
        self._waiting: asyncio.Future[Answer] | None = None

    async def ask(self, question: bytes, until_s: float) -> Answer:
        """A timer of its own: `asyncio.timeout` costs as much as all else here."""
        assert self._transport is not None
        loop = asyncio.get_running_loop()
        self.heard, self._pieces = False, []
        self._waiting = loop.create_future()
        late = loop.call_at(until_s, self._late)
        self._transport.write(question)
        try:
            return await self._waiting
        finally:
            late.cancel()

    def hang_up(self) -> None:
        self.alive = False
        if self._transport is not None:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport, self.alive = cast("asyncio.Transport", transport), True

    def connection_lost(self, exc: Exception | None) -> None:
        self._broken(f"the connection was lost: {exc!r}")

    def data_received(self, data: bytes) -> None:
        self.heard = True
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError as error:
            self._broken(f"this is no HTTP: {error}")
            self.hang_up()

    def on_body(self, piece: bytes) -> None:
        self._pieces.append(piece)

    def on_message_complete(self) -> None:
        status = self._parser.get_status_code()
        if status < 200:  # such as 100 Continue: the answer itself follows
            return
        self.alive = self.alive and self._parser.should_keep_alive()
        if self._waiting and not self._waiting.done():
            self._waiting.set_result(Answer(status, b"".join(self._pieces)))

    def _late(self) -> None:
        if self._waiting and not self._waiting.done():
            self._waiting.set_exception(TimeoutError())

    def _broken(self, how: str) -> None:
        self.alive = False
        if self._waiting and not self._waiting.done():
            self._waiting.set_exception(WireBroken(how))
