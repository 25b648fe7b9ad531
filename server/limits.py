"""Token buckets on Redis: one script, one round trip, Redis's own clock, so that many processes share one bucket.

A bucket is one number, the time at which it will be full again (GCRA). Where Redis does not answer, reads fall back to
buckets of this process; policies marked `closed` (log-in, codes, gift cards) move to PostgreSQL: they never fail open.
"""

import math
import time
from collections import OrderedDict
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple
from weakref import WeakKeyDictionary

from redis.exceptions import RedisError

from models.buckets import take_token
from models.database import LOST
from models.errors import TooMany, Unavailable
from server.metrics import THROTTLED
from server.outage import Outage
from server.redis_client import Client
from server.scripts import Script
from server.settings import Limits

CLOSED = frozenset({"auth", "gift_card"})
KEPT = frozenset({"guess"})
"""Counted in PostgreSQL always."""
MICROS = 1_000_000

BUCKET = """
local function now_us()
    local time = redis.call('TIME')
    return time[1] * 1000000 + time[2]
end
local function take(key, requests, seconds, now, wanted)
    local window = seconds * 1000000
    local full_at = math.max(now, tonumber(redis.call('GET', key) or 0))
    local after = full_at + wanted * window / requests
    if after - now > window + 1 then
        wanted = 1
        after = full_at + window / requests
    end
    if after - now > window + 1 then
        return 0, 0, after - now - window
    end
    redis.call('SET', key, string.format('%.0f', after), 'PX', math.ceil((after - now) / 1000))
    return wanted, math.floor((window - (after - now)) * requests / window + 0.001), after - now
end
"""
"""Lua: `take` returns how many of the wanted tokens it gave (all, one or none), how many remain, and the microseconds
until full (until the next token when refused)."""

# KEYS: bucket. ARGV: requests, seconds, tokens wanted.
TAKE = Script(BUCKET + "return {take(KEYS[1], tonumber(ARGV[1]), tonumber(ARGV[2]), now_us(), tonumber(ARGV[3]))}")


class Policy(NamedTuple):
    """`requests` in any `seconds`, spent at once or over time. `closed`: refuse rather than guess without Redis."""

    name: str
    requests: int
    seconds: int
    closed: bool = False

    def key(self, prefix: str, principal: str) -> str:
        return f"{prefix}limit:{self.name}:{principal}"


class Decision(NamedTuple):
    """`reset_s`: seconds until the bucket is full, or until the next token where the call is refused."""

    policy: Policy
    allowed: bool
    remaining: int
    reset_s: int

    def headers(self) -> dict[str, str]:
        """RateLimit fields (draft-ietf-httpapi-ratelimit-headers), and Retry-After where refused."""
        name, requests, seconds, _ = self.policy
        found = {
            "RateLimit-Policy": f'"{name}";q={requests};w={seconds}',
            "RateLimit": f'"{name}";r={self.remaining};t={self.reset_s}',
        }
        if not self.allowed:
            found["Retry-After"] = str(self.reset_s)
        return found

    def lines(self) -> str:
        """The same as header lines of an answer that was allowed."""
        name, requests, seconds, _ = self.policy
        return (
            f'\r\nRateLimit-Policy: "{name}";q={requests};w={seconds}'
            f'\r\nRateLimit: "{name}";r={self.remaining};t={self.reset_s}'
        )

    def demand(self) -> "Decision":
        """Raises TooMany where the call is refused."""
        if not self.allowed:
            words = "second" if self.reset_s == 1 else "seconds"
            THROTTLED.labels(self.policy.name).inc()
            raise Throttled(f"Too many requests. Try again in {self.reset_s} {words}.", decision=self)
        return self

    @classmethod
    def of(cls, policy: Policy, allowed: int, remaining: int, reset_us: float) -> "Decision":
        """From what `take` returns, in Lua or in Python."""
        return cls(policy, allowed > 0, remaining, max(1, math.ceil(reset_us / MICROS)))


class Throttled(TooMany):
    """`headers` say which limit it was."""

    def __init__(self, detail: str, *, decision: Decision) -> None:
        super().__init__(detail, retry_after_s=decision.reset_s)
        self.headers = decision.headers()


def parse_policy(text: str, *, name: str = "default", closed: bool = False) -> Policy:
    """`100/900` is 100 requests in 900 seconds. Raises ValueError for anything else."""
    requests, slash, seconds = text.partition("/")
    if not slash or not requests.isdecimal() or not seconds.isdecimal() or not int(requests) or not int(seconds):
        raise ValueError(f"a limit is REQUESTS/SECONDS, such as 100/900, not {text!r}")
    return Policy(name, int(requests), int(seconds), closed)


@lru_cache
def policy(limits: Limits, name: str) -> Policy:
    """The policy that the settings call `name`."""
    return parse_policy(getattr(limits, name), name=name, closed=name in CLOSED)


class LocalBuckets:
    """The same buckets in this process's memory; the least recently used callers are forgotten beyond `capacity`."""

    def __init__(self, capacity: int = 10_000, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._capacity = capacity
        self._clock = clock
        self._full_at: OrderedDict[str, float] = OrderedDict()

    def take(self, policy: Policy, principal: str) -> Decision:
        key, now = policy.key("", principal), self._clock()
        after = max(now, self._full_at.get(key, 0.0)) + policy.seconds / policy.requests
        wait = after - now - policy.seconds
        if wait > 1 / MICROS:
            return Decision.of(policy, 0, 0, wait * MICROS)
        self._full_at[key] = after
        self._full_at.move_to_end(key)
        if len(self._full_at) > self._capacity:
            self._full_at.popitem(last=False)
        remaining = math.floor(-wait * policy.requests / policy.seconds + 0.001)
        return Decision.of(policy, 1, remaining, (after - now) * MICROS)


class WithoutRedis:
    """What one Redis client's callers fall back to, and whether they should at the moment."""

    def __init__(self) -> None:
        self.outage = Outage()
        self.buckets = LocalBuckets()

    def take(self, policy: Policy, principal: str) -> Decision:
        """For policies that may fail open: each process counts for itself."""
        return self.buckets.take(policy, principal)


_WITHOUT: "WeakKeyDictionary[Client, WithoutRedis]" = WeakKeyDictionary()


def without(redis: Client) -> WithoutRedis:
    """The fallback that belongs to a client; the cache, which takes tokens in its own script, shares it."""
    return _WITHOUT.setdefault(redis, WithoutRedis())


async def take(redis: Client, policy: Policy, principal: str, *, prefix: str = "") -> Decision:
    """One token from the bucket of `principal` (`user:...` or `ip:...`) under `policy`."""
    fallback = without(redis)
    if not fallback.outage.lasts:
        try:
            answer = await TAKE(redis, [policy.key(prefix, principal)], [policy.requests, policy.seconds, 1])
        except (RedisError, OSError):
            fallback.outage.begin()
        else:
            return Decision.of(policy, *answer)
    return await take_kept(policy, principal) if policy.closed else fallback.take(policy, principal)


async def take_kept(policy: Policy, principal: str) -> Decision:
    """The same in PostgreSQL. Raises Unavailable where that does not answer either: closed is closed."""
    try:
        given, full_in_s = await take_token(policy.name, principal, requests=policy.requests, seconds=policy.seconds)
    except LOST as error:
        raise Unavailable(
            "The limits cannot be checked right now. Try again in a few seconds.", code="limits_down"
        ) from error
    if not given:
        return Decision.of(policy, 0, 0, (full_in_s + policy.seconds / policy.requests - policy.seconds) * MICROS)
    remaining = math.floor((policy.seconds - full_in_s) * policy.requests / policy.seconds + 0.001)
    return Decision.of(policy, 1, remaining, full_in_s * MICROS)


async def enforce(redis: Client, prefix: str, policy: Policy, principal: str) -> Decision:
    """Take a token, or raise TooMany."""
    return (await take(redis, policy, principal, prefix=prefix)).demand()
