"""A TCP proxy on loopback between a client and a real server, so that a test decides when and how the line breaks."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Literal

Way = Literal["pass", "refuse", "blackhole", "delay", "reset", "cut"]


class Proxy:
    """`way` says what becomes of what is sent, on connections old and new; `become` changes it.

    `refuse`: nobody listens. `blackhole`: connections are accepted and nothing is ever answered. `delay`: each piece of
    an answer comes `delay_s` late. `reset`: the line is reset when something is asked. `cut`: the line ends after
    `cut_after` bytes of answers. `holds`: when the server hangs up, the client is not told; `drop` tells all clients.
    `swallowed`: bytes of questions that went into the black hole.
    """

    def __init__(self, host: str, port: int) -> None:
        self._target = (host, port)
        self._clients: set[asyncio.StreamWriter] = set()
        self._server: asyncio.Server | None = None
        self.port = 0
        self.holds = False
        self.swallowed = 0
        self.way: Way = "pass"
        self.delay_s = 5.0
        self.cut_after = 100

    async def listen(self) -> None:
        self._server = await asyncio.start_server(self._meet, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def deafen(self) -> None:
        """A line that is taken while the server closes would be left open by asyncio: first none is taken any more."""
        server, self._server = self._server, None
        if server is not None:
            for listening in server.sockets:
                asyncio.get_running_loop().remove_reader(listening.fileno())
            await asyncio.sleep(0)
            server.close()

    async def become(self, way: Way) -> None:
        """What is on its way is lost, unless it was passed and is passed."""
        self.way = way
        if way == "refuse":
            await self.deafen()
        elif self._server is None:
            await self.listen()
        if way in {"pass", "refuse"}:
            self.drop()

    def drop(self) -> None:
        for client in self._clients:
            client.transport.abort()
        self._clients.clear()

    async def _meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._clients.add(writer)
        try:
            their_reader, their_writer = await asyncio.open_connection(*self._target)
        except OSError:
            writer.transport.abort()
            return
        up = asyncio.create_task(self._ask(reader, writer, their_writer))
        await self._answer(their_reader, writer)
        if self.holds:
            await up
        up.cancel()
        self._clients.discard(writer)
        their_writer.close()
        writer.close()

    async def _ask(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, server: asyncio.StreamWriter
    ) -> None:
        with contextlib.suppress(ConnectionError):
            while data := await reader.read(65_536):
                if self.way == "reset":
                    writer.transport.abort()
                    break
                if self.way == "blackhole":
                    self.swallowed += len(data)
                else:
                    server.write(data)
                    await server.drain()
        server.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError):
            while data := await reader.read(65_536):
                if self.way == "blackhole":
                    continue
                if self.way == "delay":
                    await asyncio.sleep(self.delay_s)
                if self.way == "cut":
                    writer.write(data[: self.cut_after])
                    await writer.drain()
                    break
                writer.write(data)
                await writer.drain()


@asynccontextmanager
async def proxied(host: str, port: int) -> AsyncIterator[Proxy]:
    proxy = Proxy(host, port)
    await proxy.listen()
    try:
        yield proxy
    finally:
        await proxy.deafen()
        proxy.drop()
