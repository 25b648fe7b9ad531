"""SMTP connections that stay open between mails: greeting a server for each mail costs both sides more than the mail.

One that has been idle for IDLE_S is not used again; one that the server closed meanwhile is replaced, and the mail goes
out on the new one.
"""

import asyncio
import contextlib
import socket
import time
from urllib.parse import unquote, urlsplit

import aiosmtplib

from server.settings import Mail

IDLE_S = 20.0
IDLE_MAX = 20


class Smtp:
    def __init__(self, settings: Mail) -> None:
        self._server = urlsplit(settings.url)
        self._timeout_s = settings.timeout_ms / 1000
        self._name: str | None = None
        self._idle: list[tuple[float, aiosmtplib.SMTP]] = []

    async def send(self, sender: str, to: str, content: bytes) -> None:
        """Raises aiosmtplib.SMTPException, OSError."""
        client = self._kept()
        if client is not None:
            with contextlib.suppress(aiosmtplib.SMTPServerDisconnected):
                await self._send(client, sender, to, content)
                return
        await self._send(await self._open(), sender, to, content)

    async def close(self) -> None:
        while self._idle:
            _, client = self._idle.pop()
            client.close()

    async def _send(self, client: aiosmtplib.SMTP, sender: str, to: str, content: bytes) -> None:
        try:
            await client.sendmail(sender, [to], content)
        except BaseException:
            client.close()
            raise
        if len(self._idle) < IDLE_MAX:
            self._idle.append((time.monotonic(), client))
        else:
            client.close()

    def _kept(self) -> aiosmtplib.SMTP | None:
        while self._idle:
            since, client = self._idle.pop()
            if client.is_connected and time.monotonic() - since < IDLE_S:
                return client
            client.close()
        return None

    async def _open(self) -> aiosmtplib.SMTP:
        if self._name is None:
            self._name = await asyncio.to_thread(socket.getfqdn)
        client = aiosmtplib.SMTP(
            hostname=self._server.hostname,
            port=self._server.port,
            username=unquote(self._server.username) if self._server.username else None,
            password=unquote(self._server.password) if self._server.password else None,
            use_tls=self._server.scheme == "smtps",
            timeout=self._timeout_s,
            local_hostname=self._name,
        )
        await client.connect()
        return client
