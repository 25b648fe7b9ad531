"""Answers as stored bytes, each with its tags and its generation: one round trip takes a token and reads the page.

A change moves the generation on and tells the tags that it touched (`server/changes.py`). An answer that no change
since its own generation touched is served until its TTL ends; one that was touched only if it was computed less than a
second ago, while one caller recomputes. Lost generations never restart at zero. What was current a moment ago is
answered without the round trip: see `server/nearby.py`. On a cluster pages lie in SHARDS slots, each with a copy of the
generation and of the changes, and the bucket's call travels beside the page's.
"""

import asyncio
import hashlib
import time
import zlib
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Collection, Coroutine
from functools import partial
from typing import Any, Literal, NamedTuple

from redis.exceptions import RedisError

from server.changes import STAMP, TAGS_MAX, pack, unpack
from server.cluster import Cluster
from server.limits import MICROS, Decision, Policy, without
from server.nearby import BYTES_MAX, LOCAL_S, Leases, LocalPages, Page
from server.redis_client import Client, servers
from server.shelf import LOCK_MS, NONE, PAGE, Shelf

STALE_US = 1_000_000
HELD_S = 0.5  # how long an answer that is not kept still serves those who ask in the same moment
HELD_MAX = 500
POLL_S = 0.01
POLLS = LOCK_MS // 10
SHARDS = 16
ETAG = 16
TAG = 4  # bytes
COUNT = 4  # digits
_BODY = 2 * STAMP + ETAG + COUNT
AT_ONCE = 100


class _NoRedis(Exception):
    """Redis did not answer: a computation's own errors are never taken for this."""


class Body(NamedTuple):
    """What a computation gives; one that is not `cacheable` (a degraded answer) is never stored.

    `tags`: what it depends on (`search/tags.py`); none are all, so that any change makes it old.
    It serves whoever asks this process within HELD_S: a crowd on one key is one computation also while it is degraded.
    """

    data: bytes
    cacheable: bool = True
    tags: frozenset[int] = frozenset()


class Made(NamedTuple):
    """What was computed, and its ETag."""

    body: Body
    etag: str


Compute = Callable[[], Awaitable[Body]]
State = Literal["hit", "stale", "miss", "bypass"]
STATES: tuple[State, ...] = ("hit", "stale", "miss")


class Answer(NamedTuple):
    """`state` is what `X-Cache` says: `bypass` where Redis did not answer. `decision`: None without a policy."""

    data: bytes
    etag: str
    state: State
    decision: Decision | None = None


class Ticket(NamedTuple):
    """What a reader learnt: which generation a computed page belongs to, and whether this caller computes it.

    `asked_at` is on this process's clock, `read_at` on that of Redis.
    """

    asked_at: float
    decision: Decision | None
    generation: bytes
    read_at: bytes
    state: State
    leads: bool
    page: Page | None


class Cache:
    """`local_s`: how long after Redis was asked its generation still counts as current; 0 asks for every answer."""

    def __init__(
        self,
        redis: Client,
        *,
        prefix: str,
        ttl_s: int = 300,
        stale_us: int = STALE_US,
        local_s: float = LOCAL_S,
        held_s: float = HELD_S,
    ) -> None:
        self._redis = redis
        self._clustered = isinstance(redis, Cluster)
        tags = [f"{{{number}}}:" for number in range(SHARDS)] if self._clustered else [""]
        self._shelves = [Shelf(redis, prefix + tag, LocalPages(local_s, most=BYTES_MAX // len(tags))) for tag in tags]
        self._leases = Leases() if local_s else Leases(0)
        self._prefix = prefix
        self._ttl_s = ttl_s
        self._stale_us = stale_us
        self._flights: dict[str, asyncio.Task[Made]] = {}
        self._held_s = held_s
        self._held: OrderedDict[str, tuple[float, Made]] = OrderedDict()

    async def answer(
        self,
        key: str,
        compute: Compute,
        *,
        policy: Policy | None = None,
        principal: str = "",
        ttl_s: int | None = None,
        stale: bool = True,
    ) -> Answer:
        """The page of `key`, computed once however many ask. Raises TooMany, and whatever `compute` raises.

        `stale` False: never one of an older generation, for what becomes part of another page.
        """
        page = self.shelf(key).near.find(key)
        if page is not None:
            paid = self._leases.take(policy, principal) if policy else None
            if paid or not policy:
                return Answer(page.data, page.etag, "hit", paid)
        fallback = without(self._redis)
        if not fallback.outage.lasts:
            try:
                ticket = await self._read(key, policy, principal, stale=stale, ttl_s=ttl_s or self._ttl_s)
                if ticket.decision:
                    ticket.decision.demand()
                return await self._serve(key, compute, ticket, ttl_s or self._ttl_s, stale=stale)
            except _NoRedis:
                fallback.outage.begin()
        decision = fallback.take(policy, principal).demand() if policy else None
        made = await asyncio.shield(self._fly(key, compute))
        return Answer(made.body.data, made.etag, "bypass", decision)

    async def bump(self, tags: Collection[int] | None = None) -> bool:
        """Answers with one of `tags` are old from here on, all where it is None; False where Redis did not answer."""
        if tags is not None and len(tags) > TAGS_MAX:
            tags = None
        return all(await asyncio.gather(*(shelf.bump(tags) for shelf in self._shelves)))

    async def forget(self) -> bool:
        """The same, and no stored page is left: old ones are never served, but lie there until their time ends."""
        if not await self.bump():
            return False
        pattern = f"{self._prefix}{'{*}:' if self._clustered else ''}{PAGE}*"
        try:
            for server in await servers(self._redis):
                found = [key async for key in server.scan_iter(match=pattern, count=1_000)]
                for start in range(0, len(found), AT_ONCE):
                    await asyncio.gather(*(server.unlink(key) for key in found[start : start + AT_ONCE]))
        except (RedisError, OSError):
            return False
        return True

    def shelf(self, key: str) -> Shelf:
        """Where the page of `key` is."""
        return self._shelves[zlib.crc32(key.encode()) % SHARDS if self._clustered else 0]

    async def _serve(self, key: str, compute: Compute, ticket: Ticket, ttl_s: int, *, stale: bool) -> Answer:
        decision, state = ticket.decision, ticket.state
        for _ in range(POLLS):
            if ticket.leads:
                self._fly(key, compute, partial(self._compute, key, compute, ticket, ttl_s))
            if ticket.page:
                return Answer(ticket.page.data, ticket.page.etag, state, decision)
            if key in self._flights:
                break
            await asyncio.sleep(POLL_S)  # another process computes it
            ticket, state = await self._read(key, None, "", stale=stale, ttl_s=ttl_s), "miss"
        made = await asyncio.shield(self._fly(key, compute))
        return Answer(made.body.data, made.etag, "miss", decision)

    def _fly(
        self, key: str, compute: Compute, lead: Callable[[], Coroutine[Any, Any, Made]] | None = None
    ) -> asyncio.Task[Made]:
        """The one computation of `key` in this process; it outlives a caller who goes away. `lead` begins it anew."""
        flight = self._flights.get(key)
        if flight is None or lead:
            flight = asyncio.ensure_future(lead() if lead else self._once(key, compute))
            self._flights[key] = flight
            flight.add_done_callback(lambda done: self._landed(key, done))
        return flight

    def _landed(self, key: str, flight: asyncio.Task[Made]) -> None:
        if self._flights.get(key) is flight:
            del self._flights[key]
        if not flight.cancelled():
            flight.exception()  # a stale page's recomputation has no caller who would see it

    async def _once(self, key: str, compute: Compute) -> Made:
        """What is held, or what is made now, held where it is not to be stored."""
        at, held = self._held.pop(key, (float("-inf"), None))
        if held is not None and time.monotonic() - at < self._held_s:
            self._held[key] = at, held
            return held
        body = await compute()
        made = Made(body, etag_of(body.data))
        if not body.cacheable:
            self._held[key] = time.monotonic(), made
            if len(self._held) > HELD_MAX:
                self._held.popitem(last=False)
        return made

    async def _compute(self, key: str, compute: Compute, ticket: Ticket, ttl_s: int) -> Made:
        page = b""
        try:
            made = await self._once(key, compute)
            if made.body.cacheable:
                page = _pack(ticket, made)
        finally:
            self.shelf(key).write(key, page, ttl_s, without(self._redis).outage.begin)
        return made

    async def _read(self, key: str, policy: Policy | None, principal: str, *, stale: bool, ttl_s: int) -> Ticket:
        wanted = self._leases.wanted(policy, principal) if policy else 1
        bucket = policy.key(self._prefix, principal) if policy else ""
        requests, seconds = (policy.requests, policy.seconds) if policy else (0, 0)
        shelf = self.shelf(key)
        asked_at = shelf.near.clock()
        try:
            given, remaining, reset_us, generation, read_at, held, leads, news, *stored = await shelf.read(
                key, bucket, (requests, seconds, wanted)
            )
            if generation != NONE:
                shelf.near.know(generation, asked_at, news)
            page = _unpack(stored[0], asked_at, int(read_at), ttl_s) if stored else None
            state = self._state(shelf, page, asked_at, stale=stale) if page and held else STATES[held]
            if page and state != "hit":
                leads = await shelf.claim(key, page.generation)
        except (RedisError, OSError) as error:
            raise _NoRedis from error
        decision = self._leases.put(policy, principal, given, remaining, reset_us) if policy else None
        if page and state == "hit":
            shelf.near.put(key, page._replace(generation=generation))
        return Ticket(asked_at, decision, generation, read_at, state, bool(leads), page if state != "miss" else None)

    def _state(self, shelf: Shelf, page: Page, now: float, *, stale: bool) -> State:
        """Of a page whose generation is not the present one."""
        if not shelf.near.changes.touched(page.tags, page.generation):
            return "hit"
        return "stale" if stale and (now - page.made) * MICROS <= self._stale_us else "miss"


def _pack(ticket: Ticket, made: Made) -> bytes:
    """A page as it is stored: generation and time of reading it, ETag, number of tags, tags, body."""
    body = made.body
    head = f"{made.etag}{len(body.tags):0{COUNT}}".encode()
    return b"".join((ticket.generation, ticket.read_at, head, pack(body.tags), body.data))


def _unpack(stored: bytes, asked_at: float, read_at: int, ttl_s: int) -> Page:
    """With what is left of its TTL: Redis counts from a moment after it was read."""
    made = asked_at - (read_at - int(stored[STAMP : 2 * STAMP])) / MICROS
    etag = stored[2 * STAMP : 2 * STAMP + ETAG].decode()
    start = _BODY + TAG * int(stored[_BODY - COUNT : _BODY])
    return Page(stored[start:], etag, stored[:STAMP], made, made + ttl_s, unpack(stored[_BODY:start]))


def etag_of(body: bytes) -> str:
    """16 hex digits of the body's SHA-1, which processors compute themselves: nothing secret hangs on it."""
    return hashlib.sha1(body, usedforsecurity=False).hexdigest()[:ETAG]
