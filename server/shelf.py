"""Where pages lie in Redis: those of one shelf share a slot, and with them their locks and the shelf's generation.

One server has one shelf, and a page and the caller's bucket are one round trip. A cluster has many, and the bucket is
in a slot of its own: both are asked at the same moment, and whoever is refused leaves the page to others.
"""

import asyncio
from collections.abc import Callable, Collection, Sequence
from typing import Any

from redis.exceptions import RedisError

from server.changes import pack
from server.cluster import Cluster
from server.limits import BUCKET, TAKE
from server.nearby import LocalPages
from server.pipelined import Word
from server.redis_client import Client, hot, put_off
from server.scripts import Script

LOCK_MS = 2_000
PAGE = "answer:"
LOG_MAX = 1_000
NONE = b"0"  # in the place of the generation where the call was refused

# A stored page is: generation, time at which that was read (both 16 digits of microseconds), and what the cache packs.
_READ = """
local function generation_of(key, now)
    local generation = redis.call('GET', key)
    if not generation then
        generation = string.format('%.0f', now)
        redis.call('SET', key, generation)
    end
    return generation
end
local function news_since(key, known)
    local news = {}
    while #news < 100 do
        local record = redis.call('LINDEX', key, #news)
        if not record or string.sub(record, 1, 16) <= known then break end
        news[#news + 1] = record
    end
    return news
end
"""

# KEYS: page, lock, generation, changes, bucket.
# ARGV: requests (0: no limit), seconds, lock_ms, tokens wanted, generation up to which changes are known.
# Answers {allowed, remaining, reset_us, generation, now, state, leads, news, page}; state 0 current, 1 older, 2 none.
READ = Script(
    BUCKET
    + _READ
    + """
local now = now_us()
local allowed, remaining, reset = 1, 0, 0
if ARGV[1] ~= '0' then
    allowed, remaining, reset = take(KEYS[5], tonumber(ARGV[1]), tonumber(ARGV[2]), now, tonumber(ARGV[4]))
    if allowed == 0 then return {0, 0, reset, '0', '0', 2, 0, {}} end
end
local generation = generation_of(KEYS[3], now)
local page = redis.call('GET', KEYS[1])
local at, news = string.format('%.0f', now), {}
if generation ~= ARGV[5] then news = news_since(KEYS[4], ARGV[5]) end
if page and string.sub(page, 1, 16) == generation then
    return {allowed, remaining, reset, generation, at, 0, 0, news, page}
end
if page then return {allowed, remaining, reset, generation, at, 1, 0, news, page} end
local leads = redis.call('SET', KEYS[2], '', 'NX', 'PX', ARGV[3]) and 1 or 0
return {allowed, remaining, reset, generation, at, 2, leads, news}
"""
)

# KEYS: page, lock. ARGV: lock_ms, generation of the page that was read: whoever replaced it has computed.
CLAIM = Script(
    """
if redis.call('GETRANGE', KEYS[1], 0, 15) ~= ARGV[2] then return 0 end
return redis.call('SET', KEYS[2], '', 'NX', 'PX', ARGV[1]) and 1 or 0
"""
)

# KEYS: generation, changes. ARGV: tags that were touched; LOG_MAX, 0 where everything was. The log then has a gap.
BUMP = Script(
    BUCKET
    + """
local before = redis.call('GET', KEYS[1])
local now = string.format('%.0f', math.max(now_us(), tonumber(before or 0) + 1))
redis.call('SET', KEYS[1], now)
if not before or ARGV[2] == '0' then return {now, ''} end
local record = now .. before .. ARGV[1]
redis.call('LPUSH', KEYS[2], record)
redis.call('LTRIM', KEYS[2], 0, ARGV[2] - 1)
return {now, record}
"""
)


class Shelf:
    """`near`: what this process keeps of the shelf's pages."""

    def __init__(self, redis: Client, prefix: str, near: LocalPages) -> None:
        self.near = near
        self.generation = f"{prefix}generation"
        self.changes = f"{prefix}changes"
        self._redis = redis
        self._prefix = prefix
        self._clustered = isinstance(redis, Cluster)

    def page(self, key: str) -> str:
        return f"{self._prefix}{PAGE}{key}"

    def lock(self, key: str) -> str:
        return f"{self._prefix}lock:{key}"

    async def read(self, key: str, bucket: str, taking: tuple[int, int, int]) -> Sequence[Any]:
        """What READ answers; `taking` is requests, seconds and tokens wanted. Raises RedisError, OSError."""
        keys = (self.page(key), self.lock(key), self.generation, self.changes)
        requests, seconds, wanted = taking
        if self._clustered and bucket:
            return await self._read_apart(keys, bucket, taking)
        rest = (bucket,) if bucket else ()
        known = self.near.changes.upto
        answer: Sequence[Any] = await READ(self._redis, (*keys, *rest), (requests, seconds, LOCK_MS, wanted, known))
        return answer

    async def claim(self, key: str, generation: bytes) -> bool:
        """Whether this caller computes anew the page that was of `generation`. Raises RedisError, OSError."""
        return bool(await CLAIM(self._redis, (self.page(key), self.lock(key)), (LOCK_MS, generation)))

    def write(self, key: str, page: bytes, ttl_s: int, failed: Callable[[], None]) -> None:
        """Gives the lock back too; an empty page is none. Nobody waits for it: whoever asks next asks behind it.

        No script, which would cost more than all else here. Whoever computes for longer than LOCK_MS may overwrite a
        newer page, or give back another's lock: pages are judged by what touched them since their own generation, so
        that costs one computation more, and shows nothing old.
        """
        commands: list[tuple[Word, ...]] = [("SET", self.page(key), page, "EX", ttl_s)] if page else []
        for words in (*commands, ("DEL", self.lock(key))):
            put_off(self._redis, words, self.page(key), failed)

    async def bump(self, tags: Collection[int] | None) -> bool:
        """The next generation, at which `tags` were touched, or everything; False where Redis did not answer."""
        asked_at = self.near.clock()
        touched, kept = (b"", 0) if tags is None else (pack(tags), LOG_MAX)
        try:
            generation, record = await BUMP(self._redis, [self.generation, self.changes], [touched, kept])
        except (RedisError, OSError):
            return False
        self.near.know(generation, asked_at, [record] if record else [])
        return True

    async def _read_apart(self, keys: Sequence[str], bucket: str, taking: Sequence[Word]) -> Sequence[Any]:
        known = self.near.changes.upto
        answers: tuple[Any, Any] = await asyncio.gather(
            TAKE(self._redis, [bucket], taking),
            READ(self._redis, keys, (0, 0, LOCK_MS, 1, known)),
            return_exceptions=True,
        )
        taken, read = answers
        if isinstance(read, BaseException):
            raise read
        if not isinstance(taken, BaseException) and taken[0]:
            return [*taken, *read[3:]]
        leads = read[6]
        if leads:
            await hot(self._redis).call(("DEL", keys[1]), keys[1])
        if isinstance(taken, BaseException):
            raise taken
        return [*taken, NONE, NONE, 2, 0, []]
