"""HTTP by hand, for what no client would send."""

import asyncio
import contextlib
from typing import NamedTuple


class Line(NamedTuple):
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter


async def dial(port: int, first: bytes) -> Line:
    """A connection on which something was said."""
    line = Line(*await asyncio.open_connection("127.0.0.1", port))
    line.writer.write(first)
    await line.writer.drain()
    return line


async def answer_to(port: int, head: str, *pieces: bytes) -> tuple[int, bytes, int]:
    """The status, the answer's head, and how many bytes of the body were taken before it came."""
    line = await dial(port, head.encode() + b"\r\n\r\n")
    answer = asyncio.create_task(line.reader.readuntil(b"\r\n\r\n"))
    sent = 0
    with contextlib.suppress(ConnectionError):
        for piece in pieces:
            if answer.done():
                break
            line.writer.write(piece)
            await line.writer.drain()
            sent += len(piece)
            await asyncio.sleep(0)
    head_of_answer = await asyncio.wait_for(answer, 10)
    line.writer.transport.abort()
    return int(head_of_answer.split(b" ", 2)[1]), head_of_answer, sent
