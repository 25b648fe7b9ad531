"""What needs no round trip: pages for a moment after Redis was asked, tokens that were taken before they are spent."""

import asyncio
import sys

import pytest

from models.errors import TooMany
from server.cache import Answer, Cache
from server.limits import Policy, take
from server.nearby import BYTES_MAX, LOCAL_S, Leases, LocalPages, Page
from tests.server.test_cache import Source, seen

MANY = Policy("many", 1_000, 1_000_000)


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def pages(clock) -> LocalPages:
    found = LocalPages(clock=clock)
    found.know(b"1", clock.now, [])
    found.put("a", Page(b"page", "etag", b"1", clock.now, clock.now + 10, []))
    return found


def test_a_page_is_kept_for_a_moment_after_its_generation_was_seen(pages, clock):
    clock.now += LOCAL_S * 0.99
    assert pages.find("a").data == b"page"
    clock.now += LOCAL_S * 0.02
    assert pages.find("a") is None
    pages.know(b"1", clock.now, [])
    assert pages.find("a").data == b"page"


def test_a_page_of_another_generation_is_not_found(pages, clock):
    pages.know(b"2", clock.now, [])
    assert pages.find("a") is None
    pages.know(b"1", clock.now, [])  # a reply that was overtaken
    assert pages.find("a") is None


def test_a_page_is_not_kept_beyond_its_time(pages, clock):
    clock.now += 10
    pages.know(b"1", clock.now, [])
    assert pages.find("a") is None


def test_the_oldest_pages_make_room(clock):
    pages = LocalPages(clock=clock)
    pages.know(b"1", clock.now, [])
    for number in range(12):
        pages.put(str(number), Page(bytes(BYTES_MAX // 10), "", b"1", clock.now, clock.now + 10, []))
        pages.put(str(number), Page(bytes(BYTES_MAX // 10), "", b"1", clock.now, clock.now + 10, []))
    assert [number for number in range(12) if pages.find(str(number))] == list(range(2, 12))


def test_a_page_that_has_had_its_time_takes_no_memory_once_others_come(pages, clock):
    data = bytes(1_000)
    others = sys.getrefcount(data)
    pages.put("b", Page(data, "", b"1", clock.now, clock.now + 10, []))
    clock.now += 10
    pages.put("c", Page(b"", "", b"1", clock.now, clock.now + 10, []))
    assert sys.getrefcount(data) == others


def test_a_lease_is_a_hundredth_for_one_caller_at_a_time(clock):
    leases = Leases(clock=clock)
    assert [leases.wanted(MANY, "ip:1") for _ in range(3)] == [10, 1, 1]
    assert leases.wanted(MANY, "ip:2") == 10
    assert leases.wanted(Policy("few", 199, 60), "ip:1") == 1
    assert leases.put(MANY, "ip:1", 10, 990, 10e6).remaining == 999
    assert [leases.take(MANY, "ip:1").remaining for _ in range(9)] == list(range(998, 989, -1))
    assert leases.take(MANY, "ip:1") is None
    assert leases.take(MANY, "ip:2") is None


def test_a_lease_ends_with_the_window(clock):
    leases = Leases(clock=clock)
    leases.put(MANY, "ip:1", 10, 990, 10e6)
    clock.now += MANY.seconds
    assert leases.take(MANY, "ip:1") is None


async def test_repeated_pages_come_from_the_process_with_a_token_each(store, settings):
    cache, source = Cache(store, prefix=settings.redis.prefix, local_s=60), Source()
    await cache.answer("a", source, policy=MANY, principal="ip:1")
    await cache.answer("a", source, policy=MANY, principal="ip:1")
    await store.delete(cache.shelf("a").page("a"))
    again = await cache.answer("a", source, policy=MANY, principal="ip:1")
    assert seen(again) == ("hit", b"page 1")
    assert again.decision is not None
    assert again.decision.remaining == 997


async def test_a_change_made_elsewhere_is_seen_when_the_moment_is_over(store, settings):
    here, there = (Cache(store, prefix=settings.redis.prefix, stale_us=0, local_s=3) for _ in range(2))
    source = Source()
    for _ in range(2):
        await here.answer("a", source)
    began = asyncio.get_running_loop().time()
    await there.bump()
    answers = 0
    while seen(await here.answer("a", source)) == ("hit", b"page 1"):
        answers += 1
        await asyncio.sleep(0.005)
    assert answers
    assert asyncio.get_running_loop().time() - began < 3 + 30


async def test_a_change_made_here_is_seen_at_once(store, settings):
    cache, source = Cache(store, prefix=settings.redis.prefix, stale_us=0, local_s=60), Source()
    for _ in range(2):
        await cache.answer("a", source)
    await cache.bump()
    assert seen(await cache.answer("a", source)) == ("miss", b"page 2")


async def test_two_processes_with_leases_give_exactly_what_the_bucket_holds(store, settings):
    caches = [Cache(store, prefix=settings.redis.prefix, local_s=60) for _ in range(2)]
    source, policy = Source(), Policy("read", 400, 100_000)
    await caches[0].answer("a", source)

    async def allowed(cache: Cache) -> bool:
        try:
            return isinstance(await cache.answer("a", source, policy=policy, principal="ip:1"), Answer)
        except TooMany:
            return False

    crowd = sum(await asyncio.gather(*(allowed(cache) for _ in range(300) for cache in caches)))
    left_in_leases = 0
    for cache in caches:
        while await allowed(cache):
            left_in_leases += 1
    assert crowd + left_in_leases == 400
    assert not (await take(store, policy, "ip:1", prefix=settings.redis.prefix)).allowed
