"""Answers as stored bytes under the generation of the search index: one round trip takes a token and reads the page.

While the generation is current an answer is fresh, up to its TTL. Once it moved on, an answer that was current less
than a second ago is served while one caller recomputes; an older one never is. Lost generations never restart at zero.
What was current a moment ago is answered without the round trip: see `server/nearby.py`.
"""

import asyncio
import hashlib
import secrets
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Literal, NamedTuple

from redis.asyncio import Redis
from redis.exceptions import RedisError

from server.limits import BUCKET, MICROS, Decision, Policy, without
from server.nearby import LOCAL_S, Leases, LocalPages, Page
from server.scripts import Script

STALE_US = 1_000_000
HELD_S = 0.5  # how long an answer that is not kept still serves those who ask in the same moment
HELD_MAX = 500
NEVER = -1
LOCK_MS = 2_000
POLL_S = 0.01
POLLS = LOCK_MS // 10
STAMP = 16  # digits of a time in microseconds, until the year 2286
ETAG = 16
NONE = b"0"  # in the place of the generation where the call was refused

# A stored page is: generation, time at which that was read (both 16 digits of microseconds), ETag, body.
_READ = """
local function generation_of(key, now)
    local generation = redis.call('GET', key)
    if not generation then
        generation = string.format('%.0f', now)
        redis.call('SET', key, generation)
    end
    return generation
end
local function lead(key, token, lock_ms)
    return redis.call('SET', key, token, 'NX', 'PX', lock_ms) and 1 or 0
end
"""

# KEYS: page, lock, generation, bucket. ARGV: requests (0: no limit), seconds, token, lock_ms, stale_us, tokens wanted.
# Answers {allowed, remaining, reset_us, generation, now, state, leads, page}; state 0 fresh, 1 stale, 2 none.
READ = Script(
    BUCKET
    + _READ
    + """
local now = now_us()
local allowed, remaining, reset = 1, 0, 0
if ARGV[1] ~= '0' then
    allowed, remaining, reset = take(KEYS[4], tonumber(ARGV[1]), tonumber(ARGV[2]), now, tonumber(ARGV[6]))
    if allowed == 0 then return {0, 0, reset, '0', '0', 2, 0} end
end
local generation = generation_of(KEYS[3], now)
local page = redis.call('GET', KEYS[1])
local at = string.format('%.0f', now)
if page and string.sub(page, 1, 16) == generation then
    return {allowed, remaining, reset, generation, at, 0, 0, page}
end
local leads = lead(KEYS[2], ARGV[3], ARGV[4])
if page and now - tonumber(string.sub(page, 17, 32)) <= tonumber(ARGV[5]) then
    return {allowed, remaining, reset, generation, at, 1, leads, page}
end
return {allowed, remaining, reset, generation, at, 2, leads}
"""
)

# KEYS: page, lock. ARGV: token, page ('' to give up), ttl_s. A newer generation's page is never overwritten.
WRITE = Script(
    """
if ARGV[2] ~= '' then
    local held = redis.call('GETRANGE', KEYS[1], 0, 15)
    if held <= string.sub(ARGV[2], 1, 16) then redis.call('SET', KEYS[1], ARGV[2], 'EX', ARGV[3]) end
end
if redis.call('GET', KEYS[2]) == ARGV[1] then redis.call('DEL', KEYS[2]) end
"""
)

BUMP = Script(
    BUCKET
    + """
local now = math.max(now_us(), tonumber(redis.call('GET', KEYS[1]) or 0) + 1)
redis.call('SET', KEYS[1], string.format('%.0f', now))
return string.format('%.0f', now)
"""
)


class _NoRedis(Exception):
    """Redis did not answer: a computation's own errors are never taken for this."""


class Body(NamedTuple):
    """What a computation gives; one that is not `cacheable` (a degraded answer) is never stored.

    It serves whoever asks this process within HELD_S: a crowd on one key is one computation also while it is degraded.
    """

    data: bytes
    cacheable: bool = True


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
    state: int
    leads: bool
    page: bytes


class Cache:
    """`local_s`: how long after Redis was asked its generation still counts as current; 0 asks for every answer."""

    def __init__(
        self,
        redis: Redis,
        *,
        prefix: str,
        ttl_s: int = 300,
        stale_us: int = STALE_US,
        local_s: float = LOCAL_S,
        held_s: float = HELD_S,
    ) -> None:
        self._redis = redis
        self._pages = LocalPages(local_s)
        self._leases = Leases() if local_s else Leases(0)
        self._prefix = prefix
        self._ttl_s = ttl_s
        self._stale_us = stale_us
        self._generation = f"{prefix}generation"
        self._token = secrets.token_hex(8)
        self._flights: dict[str, asyncio.Task[Body]] = {}
        self._held_s = held_s
        self._held: OrderedDict[str, tuple[float, Body]] = OrderedDict()

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
        page = self._pages.find(key)
        if page is not None:
            paid = self._leases.take(policy, principal) if policy else None
            if paid or not policy:
                return Answer(page.data, page.etag, "hit", paid)
        fallback = without(self._redis)
        if not fallback.outage.lasts:
            stale_us = self._stale_us if stale else NEVER
            try:
                ticket = await self._read(key, policy, principal, stale_us)
                if ticket.decision:
                    ticket.decision.demand()
                return await self._serve(key, compute, ticket, ttl_s or self._ttl_s, stale_us)
            except _NoRedis:
                fallback.outage.begin()
        decision = fallback.take(policy, principal).demand() if policy else None
        body = await asyncio.shield(self._fly(key, compute))
        return Answer(body.data, etag_of(body.data), "bypass", decision)

    async def bump(self) -> bool:
        """Everything stored so far is of an old generation from here on; False where Redis did not answer."""
        asked_at = self._pages.clock()
        try:
            self._pages.know(await BUMP(self._redis, [self._generation]), asked_at)
        except (RedisError, OSError):
            return False
        return True

    async def _serve(self, key: str, compute: Compute, ticket: Ticket, ttl_s: int, stale_us: int) -> Answer:
        decision, state = ticket.decision, STATES[ticket.state]
        for _ in range(POLLS):
            if ticket.leads:
                self._fly(key, partial(self._compute, key, compute, ticket, ttl_s), restart=True)
            if ticket.page:
                page = _unpack(ticket, ttl_s)
                if state == "hit":
                    self._pages.put(key, page)
                return Answer(page.data, page.etag, state, decision)
            if key in self._flights:
                break
            await asyncio.sleep(POLL_S)  # another process computes it
            ticket, state = await self._read(key, None, "", stale_us), "miss"
        body = await asyncio.shield(self._fly(key, compute))
        return Answer(body.data, etag_of(body.data), "miss", decision)

    def _fly(self, key: str, compute: Compute, *, restart: bool = False) -> asyncio.Task[Body]:
        """The one computation of `key` in this process; it outlives a caller who goes away."""
        flight = self._flights.get(key)
        if flight is None or restart:
            flight = asyncio.ensure_future(compute() if restart else self._once(key, compute))
            self._flights[key] = flight
            flight.add_done_callback(lambda done: self._landed(key, done))
        return flight

    def _landed(self, key: str, flight: asyncio.Task[Body]) -> None:
        if self._flights.get(key) is flight:
            del self._flights[key]
        if not flight.cancelled():
            flight.exception()  # a stale page's recomputation has no caller who would see it

    async def _once(self, key: str, compute: Compute) -> Body:
        """The body that is held, or a new one, held where it is not to be stored."""
        at, held = self._held.pop(key, (float("-inf"), None))
        if held is not None and self._pages.clock() - at < self._held_s:
            self._held[key] = at, held
            return held
        body = await compute()
        if not body.cacheable:
            self._held[key] = self._pages.clock(), body
            if len(self._held) > HELD_MAX:
                self._held.popitem(last=False)
        return body

    async def _compute(self, key: str, compute: Compute, ticket: Ticket, ttl_s: int) -> Body:
        page = b""
        try:
            body = await self._once(key, compute)
            if body.cacheable:
                page = ticket.generation + ticket.read_at + etag_of(body.data).encode() + body.data
        finally:
            try:
                await WRITE(self._redis, [self._page(key), self._lock(key)], [self._token, page, ttl_s])
            except (RedisError, OSError):
                without(self._redis).outage.begin()
        return body

    async def _read(self, key: str, policy: Policy | None, principal: str, stale_us: int) -> Ticket:
        bucket = policy.key(self._prefix, principal) if policy else ""
        requests, seconds = (policy.requests, policy.seconds) if policy else (0, 0)
        wanted = self._leases.wanted(policy, principal) if policy else 1
        keys = (self._page(key), self._lock(key), self._generation, bucket)
        asked_at = self._pages.clock()
        try:
            arguments = (requests, seconds, self._token, LOCK_MS, stale_us, wanted)
            given, remaining, reset_us, *rest = await READ(self._redis, keys, arguments)
        except (RedisError, OSError) as error:
            raise _NoRedis from error
        generation, read_at, state, leads, *page = rest
        decision = self._leases.put(policy, principal, given, remaining, reset_us) if policy else None
        if generation != NONE:
            self._pages.know(generation, asked_at)
        return Ticket(asked_at, decision, generation, read_at, state, bool(leads), page[0] if page else b"")

    def _page(self, key: str) -> str:
        return f"{self._prefix}page:{key}"

    def _lock(self, key: str) -> str:
        return f"{self._prefix}lock:{key}"


def _unpack(ticket: Ticket, ttl_s: int) -> Page:
    """The stored page, with what is left of its TTL: Redis counts from a moment after `read_at`."""
    stamp, start = ticket.page[STAMP : 2 * STAMP], 2 * STAMP + ETAG
    age_s = (int(ticket.read_at) - int(stamp)) / MICROS
    etag = ticket.page[2 * STAMP : start].decode()
    return Page(ticket.page[start:], etag, ticket.generation, ticket.asked_at + ttl_s - age_s)


def etag_of(body: bytes) -> str:
    """16 hex digits of the body's BLAKE2."""
    return hashlib.blake2b(body, digest_size=ETAG // 2).hexdigest()
