"""A TCP proxy on loopback between a client and a real server, so that a test decides when the line breaks."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Proxy:
    """`holds`: when the server hangs up, the client is not told; `drop` tells all clients."""

    def __init__(self, host: str, port: int) -> None:
        self._target = (host, port)
        self._clients: list[asyncio.StreamWriter] = []
        self.port = 0
        self.holds = False

    async def serve(self) -> asyncio.Server:
        server = await asyncio.start_server(self._meet, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        return server

    def drop(self) -> None:
        for client in self._clients:
            client.close()
        self._clients.clear()

    async def _meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._clients.append(writer)
        their_reader, their_writer = await asyncio.open_connection(*self._target)
        up = asyncio.create_task(_pump(reader, their_writer))
        await _pump(their_reader, writer)
        if self.holds:
            await up
        up.cancel()
        their_writer.close()
        writer.close()


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(ConnectionError):
        while data := await reader.read(65_536):
            writer.write(data)
            await writer.drain()


@asynccontextmanager
async def proxied(host: str, port: int) -> AsyncIterator[Proxy]:
    proxy = Proxy(host, port)
    server = await proxy.serve()
    try:
        yield proxy
    finally:
        proxy.drop()
        server.close()
