"""The mails on disk, one file each and a list of them all, newest first; a restart keeps them."""

import asyncio
import contextlib
import secrets
import time
from collections.abc import Sequence
from email import message_from_bytes, policy
from email.errors import MessageError
from email.header import Header, decode_header, make_header
from email.message import EmailMessage, Message
from email.parser import BytesParser
from pathlib import Path
from typing import IO, Any

import msgspec


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """What the list shows; `to` are the recipients of the envelope."""

    id: str
    sender: str
    to: list[str]
    subject: str
    received_at: float

    def matches(self, wanted: str) -> bool:
        return any(wanted.lower() in address.lower() for address in self.to)


class Mailbox:
    """All entries in memory, all mails on disk; `wait` is told of each arrival."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._list: IO[bytes] | None = None
        self._arrived = asyncio.Event()
        self._entries: dict[str, Entry] = {}

    def open(self) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = self._folder / "mails.jsonl"
        for line in path.read_bytes().splitlines() if path.is_file() else ():
            with contextlib.suppress(msgspec.DecodeError):  # the half line of a process that was killed
                entry = msgspec.json.decode(line, type=Entry)
                self._entries[entry.id] = entry
        fresh = path.with_suffix(".new")
        fresh.write_bytes(b"".join(map(_line, self._entries.values())))
        fresh.replace(path)
        self._list = path.open("ab", buffering=0)

    def close(self) -> None:
        if self._list is not None:
            self._list.close()

    def add(self, content: bytes, *, sender: str, recipients: Sequence[str]) -> Entry:
        """Keep a mail; it is on disk when this returns. Raises OSError."""
        if self._list is None:
            raise RuntimeError("The mailbox is not open.")
        headers = _headers(content)
        entry = Entry(
            id=f"{time.time_ns():020d}-{secrets.token_hex(3)}",
            sender=_plain(headers["From"] or sender),
            to=list(recipients),
            subject=_plain(headers["Subject"] or ""),
            received_at=time.time(),
        )
        self._path(entry.id).write_bytes(content)
        self._list.write(_line(entry))
        self._entries[entry.id] = entry
        arrived, self._arrived = self._arrived, asyncio.Event()
        arrived.set()
        return entry

    def list_entries(self, *, to: str | None = None, subject: str | None = None, limit: int = 100) -> list[Entry]:
        """Newest first, those whose recipient and subject contain the words."""
        found = []
        for entry in reversed(self._entries.values()):
            if (to is None or entry.matches(to)) and (subject is None or subject.lower() in entry.subject.lower()):
                found.append(entry)
                if len(found) == limit:
                    break
        return found

    async def wait(self, *, to: str | None, subject: str | None, count: int, timeout_s: float) -> None:
        """Until `count` such mails are there, or the time is over."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(timeout_s):
                while len(self.list_entries(to=to, subject=subject, limit=count)) < count:
                    await self._arrived.wait()

    def find(self, entry_id: str) -> Entry | None:
        return self._entries.get(entry_id)

    def message(self, entry: Entry) -> EmailMessage:
        return parse(self._path(entry.id).read_bytes())

    def clear(self) -> int:
        """Delete every mail; how many there were."""
        count = len(self._entries)
        for entry_id in self._entries:
            self._path(entry_id).unlink(missing_ok=True)
        self._entries.clear()
        if self._list is not None:
            self._list.truncate(0)
        return count

    def _path(self, entry_id: str) -> Path:
        return self._folder / f"{entry_id}.eml"


def _line(entry: Entry) -> bytes:
    return msgspec.json.encode(entry) + b"\n"


def _headers(content: bytes) -> Message:
    """Much cheaper than the whole: a mail is taken far more often than it is read."""
    return BytesParser().parsebytes(content.partition(b"\r\n\r\n")[0], headersonly=True)


def _plain(header: str | Header) -> str:
    """On one line, encoded words (RFC 2047) decoded; what no charset fits is shown with marks in its place."""
    if isinstance(header, str) and "=?" not in header:
        return " ".join(header.split())
    try:
        text = str(make_header(decode_header(header)))
    except (LookupError, ValueError, MessageError):  # the newer parser forgives all of it, at several times the cost
        text = str(policy.default.header_factory("Subject", " ".join(str(header).split())))
    return " ".join(text.encode(errors="replace").decode().split())


def parse(content: bytes) -> EmailMessage:
    message = message_from_bytes(content, _class=EmailMessage, policy=policy.default)
    if not isinstance(message, EmailMessage):
        raise TypeError("The default policy makes EmailMessage.")
    return message


def body_of(message: EmailMessage, kind: str) -> str | None:
    """The "plain" or "html" body; None when the mail has none."""
    part = message.get_body((kind,))
    if part is None:
        return None
    try:
        return str(part.get_content())
    except LookupError:  # a charset that nobody knows
        return bytes(part.get_payload(decode=True)).decode(errors="replace")


def attachments_of(message: EmailMessage) -> list[dict[str, Any]]:
    return [
        {
            "name": part.get_filename() or "unnamed",
            "type": part.get_content_type(),
            "bytes": len(part.get_payload(decode=True)),
        }
        for part in message.iter_attachments()
        if isinstance(part, EmailMessage)
    ]
