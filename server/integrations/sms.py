"""SMS by Twilio's Messages API, or what speaks it at `url`. Without a URL no SMS is sent.

Twilio knows no idempotency key: where the same words may have gone to the same number, they are looked for first.
"""

from datetime import UTC, datetime, timedelta
from typing import Protocol

import aiohttp
import msgspec
import structlog

from models.errors import Unavailable
from server.settings import Sms

SAME = timedelta(days=2)
log = structlog.get_logger("sms")


class SmsProvider(Protocol):
    """What jobs ask of whoever sends SMS."""

    async def send(self, to: str, text: str, *, again: bool = True) -> None:
        """Once for the same words to the same number; `again` is false where nobody can have sent them yet.

        Raises Unavailable when nobody knows whether it went out.
        """

    async def close(self) -> None: ...


class _Message(msgspec.Struct):
    to: str
    body: str
    status: str


class _Page(msgspec.Struct):
    messages: list[_Message]


class NoSms:
    """For a shop that has no provider."""

    async def send(self, to: str, text: str, *, again: bool = True) -> None:  # noqa: ARG002 (the protocol's)
        log.info("no SMS is sent: no provider is set")

    async def close(self) -> None:
        """There is nothing to close."""


class Twilio:
    def __init__(self, settings: Sms) -> None:
        self._settings = settings
        self._messages = f"{settings.url.rstrip('/')}/2010-04-01/Accounts/{settings.account}/Messages.json"
        self._client: aiohttp.ClientSession | None = None

    async def send(self, to: str, text: str, *, again: bool = True) -> None:
        client = self._open()
        try:
            if not again or not await self._is_sent(client, to, text):
                fields = {"To": to, "From": self._settings.sender, "Body": text}
                async with client.post(self._messages, data=fields) as response:
                    await _demand(response)
        except (aiohttp.ClientError, TimeoutError, msgspec.MsgspecError) as error:
            raise Unavailable(f"The SMS provider did not take the message: {error!r}.", code="sms") from error
        log.info("sms sent")

    async def close(self) -> None:
        if self._client is not None:
            await self._client.close()

    def _open(self) -> aiohttp.ClientSession:
        """Kept for the next message; made on first use, when there is a loop to belong to."""
        if self._client is None or self._client.closed:
            login = {"Authorization": aiohttp.encode_basic_auth(self._settings.account, self._settings.token)}
            timeout = aiohttp.ClientTimeout(total=self._settings.timeout_ms / 1000)
            self._client = aiohttp.ClientSession(headers=login, timeout=timeout)
        return self._client

    async def _is_sent(self, client: aiohttp.ClientSession, to: str, text: str) -> bool:
        since = (datetime.now(UTC) - SAME).date().isoformat()
        async with client.get(self._messages, params={"To": to, "DateSent>": since, "PageSize": "50"}) as response:
            page = msgspec.json.decode(await _demand(response), type=_Page)
        return any(sent.body == text and sent.status not in ("failed", "canceled") for sent in page.messages)


async def _demand(response: aiohttp.ClientResponse) -> bytes:
    """The body of a good answer. Raises Unavailable for another."""
    body = await response.read()
    if response.status not in (200, 201):
        raise Unavailable(f"The SMS provider answers {response.status}: {body[:200]!r}.", code="sms")
    return body


def open_sms(settings: Sms) -> SmsProvider:
    return Twilio(settings) if settings.url else NoSms()
