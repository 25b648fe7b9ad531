"""Absolute deadlines on a connection: Sanic's start anew with every byte, so one byte a second holds a line for ever.

A request must be whole within the request time-out, and a second more for every `body_min_bytes_s` bytes that came.
"""

import asyncio
from contextlib import suppress
from time import monotonic
from typing import Any

from sanic.exceptions import PayloadTooLarge, RequestTimeout, ServiceUnavailable
from sanic.http import Http, Stage
from sanic.server.protocols.http_protocol import HttpProtocol

from server.metrics import REFUSED

LINGER_S = 1.0
LINGER_BYTES = 2_000_000
LOOKS = 4
"""How often in a request time-out each connection is looked at."""


class Http1(Http):
    __slots__ = ()
    protocol: "Deadlines"

    async def http1_request_header(self) -> None:
        """The first bytes of a request have come."""
        self.protocol.begin()
        await super().http1_request_header()  # type: ignore[no-untyped-call]

    async def error_response(self, exception: Exception) -> None:
        await super().error_response(exception)
        if isinstance(exception, RequestTimeout):
            self.request_body = None  # nobody waits for the rest of it

    async def read(self) -> bytes | None:
        try:
            found: bytes | None = await super().read()
        except PayloadTooLarge:
            if self.stage is Stage.IDLE:  # the refusal is on its way
                await self._linger()
            raise
        return found

    async def _linger(self) -> None:
        """Throw away what still comes for a moment: a client that writes on would lose the answer to a reset."""
        thrown = 0
        with suppress(TimeoutError):
            async with asyncio.timeout(LINGER_S):
                while thrown < LINGER_BYTES:
                    thrown += len(self.recv_buffer)
                    self.recv_buffer.clear()
                    await self._receive_more()


class Deadlines(HttpProtocol):
    """What the server listens with. A connection that says nothing at all has as long as a request has."""

    HTTP_CLASS = Http1
    __slots__ = ("_began", "_fresh", "_least_bytes_s", "_received")

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self._least_bytes_s: int = self.app.config.BODY_MIN_BYTES_S
        self._fresh, self._began, self._received = True, monotonic(), 0

    def begin(self) -> None:
        self._fresh, self._began, self._received = False, monotonic(), len(self.recv_buffer)

    def data_received(self, data: bytes) -> None:
        self._received += len(data)
        moved = self._time
        super().data_received(data)
        self._time = moved  # when we last sent something: what they send buys them no time

    def check_timeouts(self) -> None:
        http, now = self._http, monotonic()
        if not self._task or http is None:
            return
        whole_by = self._began + self.request_timeout + self._received / self._least_bytes_s
        if http.stage is Stage.REQUEST or getattr(http, "request_body", None):
            if now > whole_by:
                REFUSED.labels("slow").inc()
                self._end(RequestTimeout("The request did not arrive in time."))
                return
        elif http.stage is Stage.IDLE:
            if now > (whole_by if self._fresh else self._time + self.keep_alive_timeout):
                self._task.cancel()
                return
        elif now > max(whole_by, self._time + self.response_timeout):
            self._end(ServiceUnavailable("The answer took too long."))
            return
        self._callback_check_timeouts = self.loop.call_later(self.request_timeout / LOOKS, self.check_timeouts)

    def _end(self, error: Exception) -> None:
        assert self._http is not None
        assert self._task is not None
        self._http.exception = error
        self._task.cancel()
