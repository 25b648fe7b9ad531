"""SMTP as a mail server speaks it (RFC 5321), with SIZE, PIPELINING, 8BITMIME and SMTPUTF8, for mails that stay here.

A mail is answered 250 once it is on disk. Made for many small mails: a general server took twice as long for each.
"""

import asyncio
import re
from collections.abc import Callable
from typing import cast

from devstack.inbox.mailbox import Mailbox

MAIL_MAX_BYTES = 25_000_000
LINE_MAX, RECIPIENTS_MAX = 4_096, 1_000
IDLE_S = 300.0
END = b"\r\n.\r\n"
PATH = re.compile(r"(?:FROM|TO):\s*<(?P<address>[^<>\s]*)>(?P<options>(?: [!-~]+)*)\s*", re.IGNORECASE)
SIZE = re.compile(r" SIZE=(\d+)", re.IGNORECASE)
GREETING = (
    b"250-Haat inbox\r\n250-SIZE %d\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 SMTPUTF8\r\n" % MAIL_MAX_BYTES
)  # fmt: skip


class Session(asyncio.Protocol):
    """One connection; commands may come several at once, and are answered in their order."""

    def __init__(self, mailbox: Mailbox) -> None:
        self._mailbox = mailbox
        self._buffer = bytearray()
        self._transport: asyncio.WriteTransport | None = None
        self._idle: asyncio.TimerHandle | None = None
        self._heard = False
        self._in_mail = self._too_large = False
        self._sender: str | None = None
        self._recipients: list[str] = []
        self._commands: dict[str, Callable[[str], bytes]] = {
            "EHLO": self._ehlo, "HELO": self._helo, "MAIL": self._mail, "RCPT": self._rcpt, "DATA": self._data,
            "RSET": self._rset, "NOOP": self._noop, "VRFY": self._vrfy,
        }  # fmt: skip

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.WriteTransport", transport)
        self._transport.write(b"220 Haat inbox ESMTP\r\n")
        self._look()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 (the protocol's)
        if self._idle is not None:
            self._idle.cancel()

    def data_received(self, data: bytes) -> None:
        self._heard = True
        known = len(self._buffer)
        self._buffer += data
        answers = bytearray()
        while (answer := self._content(known) if self._in_mail else self._line()) is not None:
            answers += answer
            known = 0
        if answers and self._transport is not None:
            self._transport.write(bytes(answers))
            if answers.endswith((b"221 Bye\r\n", b"500 Line too long\r\n")):
                self._transport.close()

    def _look(self) -> None:
        """Whoever has said nothing since the last look is let go."""
        assert self._transport is not None
        if self._idle is not None and not self._heard:
            self._transport.write(b"421 Too slow\r\n")
            self._transport.close()
            return
        self._heard = False
        self._idle = asyncio.get_running_loop().call_later(IDLE_S, self._look)

    def _line(self) -> bytes | None:
        """The answer to the next command; None until it is whole."""
        end = self._buffer.find(b"\r\n")
        if end > LINE_MAX or (end < 0 and len(self._buffer) > LINE_MAX):
            self._buffer.clear()
            return b"500 Line too long\r\n"
        if end < 0:
            return None
        try:
            line = self._buffer[:end].decode()
        except UnicodeDecodeError:
            line = ""
        del self._buffer[: end + 2]
        word, _, rest = line.partition(" ")
        if word.upper() == "QUIT":
            self._buffer.clear()
            return b"221 Bye\r\n"
        command = self._commands.get(word.upper())
        return command(rest) if command else b"500 Unknown command\r\n"

    def _content(self, known: int) -> bytes | None:
        """The answer to a mail; None until its end has come. What is too large is thrown away as it comes."""
        end = self._buffer.find(END, max(0, known - len(END)))
        if end < 0:
            if len(self._buffer) > MAIL_MAX_BYTES:
                self._too_large = True
                del self._buffer[: -len(END)]
            return None
        content = bytes(self._buffer[2 : end + 2])
        del self._buffer[: end + len(END)]
        sender, recipients, too_large = self._sender or "", self._recipients, self._too_large
        self._rset("")
        if too_large or len(content) > MAIL_MAX_BYTES:
            return b"552 Too large\r\n"
        content = content.removeprefix(b".") if content.startswith(b"..") else content
        try:
            self._mailbox.add(content.replace(b"\r\n..", b"\r\n."), sender=sender, recipients=recipients)
        except OSError:
            return b"452 No room\r\n"
        return b"250 Kept for reading\r\n"

    def _ehlo(self, _: str) -> bytes:
        self._rset("")
        return GREETING

    def _helo(self, _: str) -> bytes:
        self._rset("")
        return b"250 Haat inbox\r\n"

    def _mail(self, rest: str) -> bytes:
        path = PATH.fullmatch(rest)
        if path is None or rest[:4].upper() != "FROM":
            return b"501 Say MAIL FROM:<address>\r\n"
        if self._sender is not None:
            return b"503 A mail has begun already\r\n"
        size = SIZE.search(path["options"])
        if size and int(size[1]) > MAIL_MAX_BYTES:
            return b"552 Too large\r\n"
        self._sender = path["address"]
        return b"250 OK\r\n"

    def _rcpt(self, rest: str) -> bytes:
        path = PATH.fullmatch(rest)
        if path is None or not path["address"] or rest[:2].upper() != "TO":
            return b"501 Say RCPT TO:<address>\r\n"
        if self._sender is None:
            return b"503 Say MAIL first\r\n"
        if len(self._recipients) == RECIPIENTS_MAX:
            return b"452 Too many recipients\r\n"
        self._recipients.append(path["address"])
        return b"250 OK\r\n"

    def _data(self, _: str) -> bytes:
        if not self._recipients:
            return b"503 Say RCPT first\r\n"
        self._in_mail = True
        self._buffer[:0] = b"\r\n"  # so that a mail without a line ends as any other does
        return b"354 Go on, and end with a dot\r\n"

    def _rset(self, _: str) -> bytes:
        self._sender, self._recipients = None, []
        self._in_mail = self._too_large = False
        return b"250 OK\r\n"

    def _noop(self, _: str) -> bytes:
        return b"250 OK\r\n"

    def _vrfy(self, _: str) -> bytes:
        return b"252 Everybody has a box here\r\n"
