"""Delivers signed webhooks, again and again until they are taken, and misbehaves on request.

Events of one action go out one after the other; `Chaos` duplicates, delays, reorders or drops them, by event name.
"""

import asyncio
import contextlib
import hashlib
import hmac
from collections.abc import Iterable
from typing import Any

import aiohttp
import msgspec

from devstack.razorpay.entities import Event, now_s
from devstack.razorpay.journal import EVENTS_KEPT, Journal, Record

ACCOUNT = "acc_HaatSimulator1"
TIMEOUT_S = 5.0
FIRST_PAUSE_S, LONGEST_PAUSE_S, ATTEMPTS_MAX = 0.5, 30.0, 60
EVERY = "*"


class Chaos(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """`duplicate`: deliveries more, at the same time; `delay_ms`: before the first; `reorder`: within an action."""

    duplicate: int = 0
    delay_ms: int = 0
    reorder: bool = False
    drop: bool = False


class Courier:
    """Every event ever made, and the tasks that deliver the pending ones."""

    def __init__(self, journal: Journal, *, url: str, secret: str) -> None:
        self.url = url
        self.events: dict[str, Event] = {}
        self.chaos: dict[str, Chaos] = {}
        self._journal = journal
        self._secret = secret.encode()
        self._tasks: set[asyncio.Task[None]] = set()
        self._client: aiohttp.ClientSession | None = None

    async def open(self, records: Iterable[Record]) -> None:
        """Take up the events of an earlier run that nobody has taken yet."""
        self._client = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=TIMEOUT_S))
        self.events = {record.id: record for record in records if isinstance(record, Event)}
        for event in self.events.values():
            if event.state == "pending":
                self._spawn([event])

    async def forget(self) -> None:
        """Give up every event that is still on its way."""
        await self._cancel()
        for event in list(self.events.values()):
            if event.state == "pending":
                self._end(event, delivered=False)

    async def close(self) -> None:
        await self._cancel()
        if self._client is not None:
            await self._client.close()

    def emit(self, named: list[tuple[str, dict[str, dict[str, Any]]]]) -> None:
        """Record the events of one action and start delivering them."""
        events = [Event(event=name, body=body_of(name, entities)) for name, entities in named]
        for event in events:
            event.state = "dropped" if self._chaos_of(event).drop else "pending"
            self._save(event)
        if self.chaos.get(EVERY, Chaos()).reorder:
            events.reverse()
        self._spawn([event for event in events if event.state == "pending"])

    def redeliver(self, event: Event) -> None:
        """Send it once more, whatever became of it."""
        event.state = "pending"
        self._save(event)
        self._spawn([event])

    def is_quiet(self) -> bool:
        return not self._tasks

    async def _cancel(self) -> None:
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _spawn(self, events: list[Event]) -> None:
        task = asyncio.create_task(self._deliver_all(events))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _deliver_all(self, events: list[Event]) -> None:
        for event in events:
            chaos = self._chaos_of(event)
            await asyncio.sleep(chaos.delay_ms / 1000)
            taken = await asyncio.gather(*(self._post(event) for _ in range(1 + chaos.duplicate)))
            if all(taken):
                self._end(event, delivered=True)
        waiting = [event for event in events if event.state == "pending"]
        await asyncio.gather(*(self._retry(event) for event in waiting))

    async def _retry(self, event: Event) -> None:
        pause_s = FIRST_PAUSE_S
        while len(event.answers) < ATTEMPTS_MAX:
            await asyncio.sleep(pause_s)
            pause_s = min(pause_s * 2, LONGEST_PAUSE_S)
            if await self._post(event):
                self._end(event, delivered=True)
                return
        self._end(event, delivered=False)

    async def _post(self, event: Event) -> bool:
        if self._client is None:
            raise RuntimeError("The courier is not open.")
        body = event.body.encode()
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "Razorpay-Webhook/v1",
            "X-Razorpay-Signature": sign(body, self._secret),
            "X-Razorpay-Event-Id": event.id,
        }
        status = 0
        with contextlib.suppress(aiohttp.ClientError, TimeoutError, ValueError):
            async with self._client.post(self.url, data=body, headers=headers, allow_redirects=False) as answer:
                status = answer.status
        event.answers.append(status)
        return 200 <= status < 300

    def _end(self, event: Event, *, delivered: bool) -> None:
        event.state = "delivered" if delivered else "given_up"
        self._save(event)

    def _chaos_of(self, event: Event) -> Chaos:
        return self.chaos.get(event.event) or self.chaos.get(EVERY) or Chaos()

    def _save(self, event: Event) -> None:
        self.events[event.id] = event
        self._journal.append(event)
        if len(self.events) > EVENTS_KEPT:
            oldest = next(iter(self.events.values()))
            if oldest.state != "pending":
                del self.events[oldest.id]


def sign(body: bytes, secret: bytes) -> str:
    """The X-Razorpay-Signature of a raw body."""
    return hmac.new(secret, body, hashlib.sha256).hexdigest()


def body_of(name: str, entities: dict[str, dict[str, Any]]) -> str:
    payload = {kind: {"entity": entity} for kind, entity in entities.items()}
    event = {
        "entity": "event",
        "account_id": ACCOUNT,
        "event": name,
        "contains": list(entities),
        "payload": payload,
        "created_at": now_s(),
    }
    return msgspec.json.encode(event).decode()
