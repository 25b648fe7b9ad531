"""One Redis connection of a process for its hot calls: those that wait at the same moment travel together.

Replies come in the order of the calls. A connection that is lost, or silent for longer than the client's time-out,
fails what waits on it; the next call opens a new one. Opening (TLS, log-in, database) is the client library's own.
"""

import asyncio
from collections import deque
from collections.abc import Sequence
from typing import Any, cast
from weakref import WeakKeyDictionary

import hiredis
from redis.asyncio import Redis
from redis.asyncio.connection import Connection
from redis.exceptions import (
    AskError,
    ClusterDownError,
    MovedError,
    NoScriptError,
    ReadOnlyError,
    ResponseError,
    TryAgainError,
)
from redis.exceptions import ConnectionError as ConnectionLost
from redis.exceptions import TimeoutError as TooSlow

Word = str | bytes | int | float
LATER_S = 0.005
REDIRECTIONS: dict[str, type[AskError]] = {"MOVED": MovedError, "ASK": AskError}
ERRORS: dict[str, type[ResponseError]] = {
    "NOSCRIPT": NoScriptError,
    "CLUSTERDOWN": ClusterDownError,
    "TRYAGAIN": TryAgainError,
    "READONLY": ReadOnlyError,
}
ASKING = hiredis.pack_command(("ASKING",))
_NOTHING = object()


class Pipelined:
    """Belongs to a client and closes with it."""

    def __init__(self, redis: Redis) -> None:
        self._pool = redis.connection_pool
        self._timeout_s: float | None = self._pool.connection_kwargs.get("socket_timeout")
        self._line: _Line | None = None
        self._opening: asyncio.Task[_Line] | None = None

    async def call(self, words: Sequence[Word], key: str | bytes = "", *, asking: bool = False) -> Any:  # noqa: ARG002
        """Numbers come back as int, text as bytes. Raises RedisError, OSError.

        `key` matters to a cluster only. `asking`: the node is still taking the slot over.
        """
        line = self._line
        if line is None or line.lost:
            line = await self._reopen()
        command = hiredis.pack_command(tuple(words))  # type: ignore[arg-type]  # its stub means one word
        if asking:
            return (await asyncio.gather(line.send(ASKING), line.send(command)))[1]
        return await line.send(command)

    def put_off(self, words: Sequence[Word]) -> "asyncio.Future[Any] | None":
        """What nobody waits for: sent with the next call, LATER_S from now at the latest, so that neither side is woken
        for it alone. None without a connection.
        """
        if self._line is None or self._line.lost:
            return None
        return self._line.put_off(hiredis.pack_command(tuple(words)))  # type: ignore[arg-type]

    async def _reopen(self) -> "_Line":
        """One attempt at a time, however many ask."""
        if self._opening is None:
            self._opening = asyncio.ensure_future(self._open())
            self._opening.add_done_callback(self._opened)
        return await asyncio.shield(self._opening)

    def _opened(self, opening: "asyncio.Task[_Line]") -> None:
        self._opening = None
        if not opening.cancelled() and opening.exception() is None:
            self._line = opening.result()

    async def _open(self) -> "_Line":
        if self._line is not None:
            await self._line.connection.disconnect(nowait=True)
            await self._pool.release(self._line.connection)
            self._line = None
        connection = cast("Connection", await self._pool.get_connection())  # type: ignore[no-untyped-call]
        writer = connection._writer  # noqa: SLF001 - the library's way of opening, without its way of reading
        assert writer is not None
        line = _Line(connection, writer.transport, self._timeout_s)
        line.transport.set_protocol(line)
        return line


class _Line(asyncio.Protocol):
    """A connection that the library opened, its socket read and written here."""

    def __init__(self, connection: Connection, transport: asyncio.WriteTransport, timeout_s: float | None) -> None:
        self.connection = connection
        self.transport = transport
        self.lost = False
        self._before = transport.get_protocol()
        self._timeout_s = timeout_s
        self._loop = asyncio.get_running_loop()
        self._waiting: deque[tuple[float, asyncio.Future[Any]]] = deque()
        self._watch: asyncio.TimerHandle | None = None
        self._put_off: list[bytes] = []
        self._latest: asyncio.TimerHandle | None = None
        self._reader = hiredis.Reader(replyError=_error, notEnoughData=_NOTHING)

    def send(self, command: bytes) -> "asyncio.Future[Any]":
        future = self._expect()
        if not future.done():
            self.transport.write(self._with_put_off(command) if self._put_off else command)
        return future

    def put_off(self, command: bytes) -> "asyncio.Future[Any]":
        future = self._expect()
        if not future.done():
            self._put_off.append(command)
            if self._latest is None:
                self._latest = self._loop.call_later(LATER_S, self._send_put_off)
        return future

    def _expect(self) -> "asyncio.Future[Any]":
        """The reply to what is sent next."""
        future = self._loop.create_future()
        if self.lost or self.transport.is_closing():
            future.set_exception(ConnectionLost("the connection to Redis was lost"))
            return future
        self._waiting.append((self._loop.time(), future))
        if self._watch is None and self._timeout_s is not None:
            self._watch = self._loop.call_later(self._timeout_s, self._look, self._timeout_s)
        return future

    def _with_put_off(self, command: bytes) -> bytes:
        if self._latest is not None:
            self._latest.cancel()
            self._latest = None
        whole = b"".join([*self._put_off, command])
        self._put_off.clear()
        return whole

    def _send_put_off(self) -> None:
        self._latest = None
        if self._put_off and not self.lost:
            self.transport.write(self._with_put_off(b""))

    def data_received(self, data: bytes) -> None:
        self._reader.feed(data)
        while (reply := self._reader.gets()) is not _NOTHING:
            if isinstance(reply, hiredis.PushNotification):
                continue
            _, future = self._waiting.popleft()
            if future.done():
                continue  # its caller went away
            if isinstance(reply, Exception):
                future.set_exception(reply)
            else:
                future.set_result(reply)

    def connection_lost(self, exc: Exception | None) -> None:
        self._fail(ConnectionLost("the connection to Redis was lost"))
        self._before.connection_lost(exc)

    def _look(self, timeout_s: float) -> None:
        """The oldest call has waited for too long, or it is looked at again when it might have."""
        self._watch = None
        if self._waiting:
            left = self._waiting[0][0] + timeout_s - self._loop.time()
            if left > 0:
                self._watch = self._loop.call_later(left, self._look, timeout_s)
            else:
                self._fail(TooSlow("Redis did not answer in time"))
                self.transport.abort()

    def _fail(self, error: Exception) -> None:
        self.lost = True
        for timer in (self._watch, self._latest):
            if timer is not None:
                timer.cancel()
        while self._waiting:
            _, future = self._waiting.popleft()
            if not future.done():
                future.set_exception(error)


def _error(text: str) -> ResponseError:
    word, _, rest = text.partition(" ")
    if word in REDIRECTIONS:
        return REDIRECTIONS[word](rest)
    return ERRORS.get(word, ResponseError)(text)


_PIPELINED: "WeakKeyDictionary[Redis, Pipelined]" = WeakKeyDictionary()


def pipelined(redis: Redis) -> Pipelined:
    """The one that belongs to a client."""
    found = _PIPELINED.get(redis)
    if found is None:
        found = _PIPELINED[redis] = Pipelined(redis)
    return found
