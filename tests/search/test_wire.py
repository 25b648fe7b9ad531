"""Questions over kept connections: reused, replaced when they turn out to be closed, hung up on when time is over."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from search.wire import LINES_MAX, Wire, WireBroken
from tests.wait import until

WHOLE = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"
PIECES = b"HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n"
LAST = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nhi"
CONTINUED = b"HTTP/1.1 100 Continue\r\n\r\n" + WHOLE
HALF = b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhi"


class Server:
    """Answers each question with the next of `answers`, and hangs up after an empty one or half of one."""

    def __init__(self) -> None:
        self.answers: list[bytes] = []
        self.asked: list[bytes] = []
        self.accepted, self.at_once, self.open = 0, 0, 0
        self.hold = asyncio.Event()
        self.hold.set()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.accepted += 1
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = next((int(x[16:]) for x in head.split(b"\r\n") if x.startswith(b"Content-Length: ")), 0)
                self.asked.append(head + await reader.readexactly(length))
                self.open += 1
                self.at_once = max(self.at_once, self.open)
                await self.hold.wait()
                self.open -= 1
                answer = self.answers.pop(0) if self.answers else WHOLE
                writer.write(answer)
                if answer in (b"", HALF):
                    break
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()


@pytest.fixture
async def server(port: int) -> AsyncIterator[tuple[Server, Wire]]:
    served = Server()
    listening = await asyncio.start_server(served.serve, "127.0.0.1", port)
    wire = Wire(f"http://127.0.0.1:{port}/before/", {"Authorization": "Bearer x"})
    yield served, wire
    wire.close()
    listening.close()
    await listening.wait_closed()


async def ask(wire: Wire, *, body: bytes = b"", timeout_s: float = 5.0) -> tuple[int, bytes]:
    return await wire.ask("POST", "/path", body, kind="application/json", timeout_s=timeout_s)


async def test_questions_share_a_connection_and_say_what_they_send(server: tuple[Server, Wire]) -> None:
    served, wire = server
    served.answers = [WHOLE, PIECES, CONTINUED, LAST, WHOLE]
    found = [await ask(wire, body=b"{}") for _ in range(5)]
    assert found == [(200, b"hi"), (201, b"abc"), (200, b"hi"), (200, b"hi"), (200, b"hi")]
    assert served.accepted == 2, "only the one that said so was given up"
    head = served.asked[0].decode()
    assert head.startswith("POST /before/path HTTP/1.1\r\nHost: 127.0.0.1:")
    assert "Authorization: Bearer x\r\n" in head
    assert head.endswith("Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}")


async def test_a_kept_connection_that_was_closed_meanwhile_is_replaced_and_nobody_notices(
    server: tuple[Server, Wire],
) -> None:
    served, wire = server
    served.answers = [WHOLE, b"", WHOLE]
    assert await ask(wire) == (200, b"hi")
    assert await ask(wire) == (200, b"hi"), "closed in answer to the second question"
    assert (served.accepted, len(served.asked)) == (2, 3)


@pytest.mark.parametrize("answer", [HALF, b"SSH-2.0-OpenSSH_9.2\r\n\r\n", b""])
async def test_half_an_answer_or_none_is_an_error_on_a_new_connection(
    server: tuple[Server, Wire], answer: bytes
) -> None:
    served, wire = server
    served.answers = [answer]
    with pytest.raises(WireBroken):
        await ask(wire)
    assert await ask(wire) == (200, b"hi")


async def test_who_waits_too_long_is_told_and_the_late_answer_goes_to_nobody_else(server: tuple[Server, Wire]) -> None:
    served, wire = server
    served.hold.clear()
    with pytest.raises(TimeoutError):
        await ask(wire, timeout_s=0.05)
    served.answers = [PIECES, WHOLE]
    served.hold.set()
    assert await ask(wire) in ((200, b"hi"), (201, b"abc"))
    assert served.accepted == 2


async def test_no_more_connections_than_the_limit(server: tuple[Server, Wire]) -> None:
    served, wire = server
    served.hold.clear()
    asking = [asyncio.create_task(ask(wire)) for _ in range(LINES_MAX + 20)]

    async def as_many_as_can_be() -> bool:
        return served.open == LINES_MAX

    assert await until(as_many_as_can_be)
    served.hold.set()
    assert {await one for one in asking} == {(200, b"hi")}
    assert served.at_once <= LINES_MAX
    assert served.accepted <= LINES_MAX


async def test_who_waits_too_long_for_a_connection_is_told_as_well(server: tuple[Server, Wire]) -> None:
    served, wire = server
    served.hold.clear()
    asking = [asyncio.create_task(ask(wire)) for _ in range(LINES_MAX)]

    async def as_many_as_can_be() -> bool:
        return served.open == LINES_MAX

    assert await until(as_many_as_can_be)
    one_more = asyncio.create_task(ask(wire, timeout_s=0.05))
    await asyncio.wait({one_more}, timeout=5)
    served.hold.set()
    with pytest.raises(TimeoutError):
        await one_more
    assert {await one for one in asking} == {(200, b"hi")}
    assert len(served.asked) == LINES_MAX


async def test_nobody_there_is_an_error_of_the_system(port: int) -> None:
    with pytest.raises(ConnectionRefusedError):
        await ask(Wire(f"http://127.0.0.1:{port}", {}))
