"""Cached answers: one computation however many ask, never older than a second after a change, fine without Redis."""

import asyncio
from collections.abc import Collection
from urllib.parse import urlsplit, urlunsplit

import pytest
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from models.errors import NotFound, TooMany
from server.cache import Answer, Body, Cache
from server.limits import Policy
from server.redis_client import hot, open_redis, servers
from tests.proxy import proxied
from tests.wait import until


class Source:
    """Computes a page, counting how often; `gate` holds a computation up until it is set."""

    def __init__(self, *, cacheable: bool = True, tags: Collection[int] = ()) -> None:
        self.count = 0
        self.cacheable = cacheable
        self.tags = frozenset(tags)
        self.gate = asyncio.Event()
        self.gate.set()

    async def __call__(self) -> Body:
        self.count += 1
        number = self.count
        await self.gate.wait()
        return Body(f"page {number}".encode(), self.cacheable, self.tags)


@pytest.fixture
def cache(store, settings) -> Cache:
    return Cache(store, prefix=settings.redis.prefix, stale_us=60_000_000)


def seen(answer: Answer) -> tuple[str, bytes]:
    return answer.state, answer.data


async def test_a_page_is_computed_once_and_then_served(cache):
    source = Source()
    first = await cache.answer("a", source)
    second = await cache.answer("a", source)
    assert seen(first) == ("miss", b"page 1")
    assert seen(second) == ("hit", b"page 1")
    assert first.etag == second.etag
    assert len(first.etag) == 16


async def test_a_redis_that_forgot_its_scripts_is_given_what_nobody_waits_for(cache, store):
    source = Source()
    for server in await servers(store):
        await server.script_flush()
    await cache.answer("a", source)
    assert seen(await cache.answer("a", source)) == ("hit", b"page 1")


async def test_nobody_waits_until_a_page_is_kept(settings):
    url = urlsplit(settings.redis.url)
    async with proxied(url.hostname, url.port) as proxy:
        netloc = f"{url.netloc.rpartition('@')[0]}@127.0.0.1:{proxy.port}"
        client, source = open_redis(urlunsplit(url._replace(netloc=netloc)), timeout_s=60), Source()
        source.gate.clear()
        asked = asyncio.ensure_future(Cache(client, prefix=settings.redis.prefix).answer("a", source))

        async def computes() -> bool:
            return source.count == 1

        await until(computes)
        await proxy.become("blackhole")
        source.gate.set()
        assert seen(await asyncio.wait_for(asked, 10)) == ("miss", b"page 1")

        async def was_sent() -> bool:
            return proxy.swallowed > len(b"page 1")

        await until(was_sent)
        await client.aclose()


async def test_pages_expire(cache, store):
    await cache.answer("a", Source(), ttl_s=7)
    page = cache.shelf("a").page("a")
    assert 0 < await hot(store).call(("TTL", page), page) <= 7


async def test_after_a_change_the_old_page_is_served_for_a_moment_while_one_caller_recomputes(cache):
    source = Source()
    await cache.answer("a", source)
    await cache.bump()
    source.gate.clear()
    answers = await asyncio.gather(*(cache.answer("a", source) for _ in range(20)))
    assert {seen(answer) for answer in answers} == {("stale", b"page 1")}
    source.gate.set()

    async def fresh() -> bool:
        return seen(await cache.answer("a", source)) == ("hit", b"page 2")

    await until(fresh)
    assert source.count == 2


@pytest.mark.parametrize("local_s", [0.0, 0.05], ids=["asked", "near"])
async def test_a_page_outlives_changes_that_do_not_touch_it_in_every_process(store, settings, local_s):
    here, there = (Cache(store, prefix=settings.redis.prefix, stale_us=0, local_s=local_s) for _ in range(2))
    source = Source(tags={1, 2})
    await here.answer("a", source)
    for _ in range(3):
        await there.bump({3, 4})
        assert seen(await here.answer("a", source)) == seen(await there.answer("a", source)) == ("hit", b"page 1")
    await there.bump({4, 2})
    assert seen(await there.answer("a", source)) == ("miss", b"page 2")
    await here.bump({1})
    assert seen(await here.answer("a", source)) == ("miss", b"page 3")
    await here.bump()
    assert seen(await here.answer("a", source)) == ("miss", b"page 4")


async def test_a_page_is_old_where_too_many_changes_were_missed_to_tell(store, settings):
    here, there = (Cache(store, prefix=settings.redis.prefix, stale_us=0, local_s=0) for _ in range(2))
    source = Source(tags={1})
    await here.answer("a", source)
    for _ in range(101):
        await there.bump({2})
    assert seen(await here.answer("a", source)) == ("miss", b"page 2")
    assert seen(await there.answer("a", source)) == ("hit", b"page 2")


async def test_a_page_that_was_read_longer_ago_is_never_served_after_a_change(store, settings):
    cache, source = Cache(store, prefix=settings.redis.prefix, stale_us=0), Source()
    await cache.answer("a", source)
    await cache.bump()
    assert seen(await cache.answer("a", source)) == ("miss", b"page 2")


async def test_a_page_is_of_the_generation_that_was_current_before_it_was_computed(store, settings):
    """A change during the computation makes the page old at once."""
    cache = Cache(store, prefix=settings.redis.prefix, stale_us=0)

    async def compute() -> Body:
        await cache.bump()
        return Body(b"read before the change")

    await cache.answer("a", compute)
    source = Source()
    assert seen(await cache.answer("a", source)) == ("miss", b"page 1")


async def test_a_page_of_an_older_generation_that_comes_late_is_seen_to_be_old(store, settings):
    """It was computed for longer than its lock lasts, while another was: it overwrites that, and is not shown."""
    slow, quick = (Cache(store, prefix=settings.redis.prefix, stale_us=0) for _ in range(2))
    late, soon = Source(), Source()
    late.gate.clear()
    pending = asyncio.create_task(slow.answer("a", late))

    async def started() -> bool:
        return late.count == 1

    await until(started)
    await quick.bump()
    await store.delete(quick.shelf("a").lock("a"))
    await quick.answer("a", soon)
    late.gate.set()
    await pending
    assert seen(await quick.answer("a", soon)) == ("miss", b"page 2")
    assert late.count == 1


async def test_a_stampede_in_two_processes_is_one_computation(redis_url, settings):
    many = open_redis(redis_url, timeout_s=2)
    caches = [Cache(many, prefix=settings.redis.prefix) for _ in range(2)]
    source = Source()
    answers = await asyncio.gather(*(cache.answer("a", source) for _ in range(100) for cache in caches))
    await many.aclose()
    assert source.count == 1
    assert {answer.data for answer in answers} == {b"page 1"}


async def test_a_caller_who_goes_away_does_not_take_the_computation_along(cache):
    source = Source()
    source.gate.clear()
    caller = asyncio.create_task(cache.answer("a", source))

    async def started() -> bool:
        return source.count == 1

    await until(started)
    caller.cancel()
    waiter = asyncio.create_task(cache.answer("a", source))
    source.gate.set()
    assert (await waiter).data == b"page 1"
    assert source.count == 1


async def test_a_failed_computation_is_told_and_not_kept(cache):
    async def fail() -> Body:
        raise NotFound("nothing here")

    with pytest.raises(NotFound):
        await cache.answer("a", fail)
    assert seen(await cache.answer("a", Source())) == ("miss", b"page 1")


async def test_a_degraded_page_is_not_kept(redis, settings):
    cache, source = Cache(redis, prefix=settings.redis.prefix, held_s=0), Source(cacheable=False)
    await cache.answer("a", source)
    assert seen(await cache.answer("a", source)) == ("miss", b"page 2")


async def test_a_degraded_page_still_serves_those_who_come_in_the_same_moment(store, settings):
    """And leaves no lock behind that another process would wait for."""
    cache, source = Cache(store, prefix=settings.redis.prefix, held_s=60), Source(cacheable=False)
    for _ in range(3):
        assert seen(await cache.answer("a", source)) == ("miss", b"page 1")
    assert source.count == 1
    left = (cache.shelf("a").lock("a"), cache.shelf("a").page("a"))
    assert not any([await hot(store).call(("GET", key), key) for key in left])


async def test_generations_never_go_back_when_redis_is_flushed(cache, store):
    await cache.answer("a", Source())
    key = cache.shelf("a").generation
    before = await store.get(key)
    await store.delete(key)
    assert seen(await cache.answer("a", Source(), ttl_s=5))[0] == "stale"
    assert await store.get(key) > before
    await cache.bump()
    assert await store.get(key) > before


async def test_a_token_is_taken_in_the_same_round_trip(cache):
    policy, source = Policy("read", 2, 1000), Source()
    taken = [await cache.answer("a", source, policy=policy, principal="ip:1") for _ in range(2)]
    assert [answer.decision.remaining for answer in taken if answer.decision] == [1, 0]
    with pytest.raises(TooMany):
        await cache.answer("a", source, policy=policy, principal="ip:1")
    assert (await cache.answer("a", source, policy=policy, principal="ip:2")).state == "hit"


async def test_without_redis_pages_are_computed_and_limits_are_kept_in_the_process(port):
    client = Redis(port=port, retry=Retry(NoBackoff(), 0))
    cache, source, policy = Cache(client, prefix="x:"), Source(), Policy("read", 2, 1000)
    for number in (1, 2):
        answer = await cache.answer("a", source, policy=policy, principal="ip:1")
        assert seen(answer) == ("bypass", f"page {number}".encode())
    with pytest.raises(TooMany):
        await cache.answer("a", source, policy=policy, principal="ip:1")
    assert not await cache.bump()
    await client.aclose()
