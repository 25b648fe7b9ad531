"""Where pages lie in Redis: those of one shelf share a slot, and with them their locks and the shelf's generation.

One server has one shelf, and a page and the caller's bucket are one round trip. A cluster has many, and the bucket is
in a slot of its own: both are asked at the same moment, and whoever is refused leaves the page to others.
"""

import asyncio
from collections.abc import Sequence
from typing import Any

from redis.exceptions import RedisError

from server.cluster import Cluster
from server.limits import BUCKET, TAKE
from server.nearby import LocalPages
from server.pipelined import Word
from server.redis_client import Client
from server.scripts import Script

LOCK_MS = 2_000
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


class Shelf:
    """`near`: what this process keeps of the shelf's pages."""

    def __init__(self, redis: Client, prefix: str, near: LocalPages) -> None:
        self.near = near
        self.generation = f"{prefix}generation"
        self._redis = redis
        self._prefix = prefix
        self._clustered = isinstance(redis, Cluster)

    def page(self, key: str) -> str:
        return f"{self._prefix}page:{key}"

    def lock(self, key: str) -> str:
        return f"{self._prefix}lock:{key}"

    async def read(
        self, key: str, token: str, stale_us: int, bucket: str, taking: tuple[int, int, int]
    ) -> Sequence[Any]:
        """What READ answers; `taking` is requests, seconds and tokens wanted. Raises RedisError, OSError."""
        keys = (self.page(key), self.lock(key), self.generation)
        requests, seconds, wanted = taking
        if self._clustered and bucket:
            return await self._read_apart(keys, token, stale_us, bucket, taking)
        rest = (bucket,) if bucket else ()
        answer: Sequence[Any] = await READ(
            self._redis, (*keys, *rest), (requests, seconds, token, LOCK_MS, stale_us, wanted)
        )
        return answer

    async def write(self, key: str, token: str, page: bytes, ttl_s: int) -> bool:
        """Gives the lock back too; an empty page is none. False where Redis did not answer."""
        try:
            await WRITE(self._redis, [self.page(key), self.lock(key)], [token, page, ttl_s])
        except (RedisError, OSError):
            return False
        return True

    async def bump(self) -> bool:
        """The next generation; False where Redis did not answer."""
        asked_at = self.near.clock()
        try:
            self.near.know(await BUMP(self._redis, [self.generation]), asked_at)
        except (RedisError, OSError):
            return False
        return True

    async def _read_apart(
        self, keys: Sequence[str], token: str, stale_us: int, bucket: str, taking: Sequence[Word]
    ) -> Sequence[Any]:
        answers: tuple[Any, Any] = await asyncio.gather(
            TAKE(self._redis, [bucket], taking),
            READ(self._redis, keys, (0, 0, token, LOCK_MS, stale_us, 1)),
            return_exceptions=True,
        )
        taken, read = answers
        if isinstance(read, BaseException):
            raise read
        if not isinstance(taken, BaseException) and taken[0]:
            return [*taken, *read[3:]]
        leads = read[6]
        if leads:
            await WRITE(self._redis, keys[:2], (token, b"", 0))
        if isinstance(taken, BaseException):
            raise taken
        return [*taken, NONE, NONE, 2, 0]
