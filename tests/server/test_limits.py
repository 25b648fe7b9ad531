"""Token buckets: shared through Redis, on its clock, never open for log-ins when it is gone."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from models.buckets import forget_full, list_levels
from models.errors import TooMany, Unavailable
from server.limits import LocalBuckets, Policy, parse_policy, policy, take
from server.redis_client import hot
from server.settings import Limits
from server.throttled import counted, policies, redis_levels, spent
from tests.wait import until


@pytest.fixture
async def no_redis(port: int) -> AsyncIterator["Redis"]:
    client = Redis(port=port, retry=Retry(NoBackoff(), 0))
    yield client
    await client.aclose()


@pytest.mark.parametrize("text", ["", "100", "100/", "/900", "0/900", "100/0", "-1/900", "1.5/900", "a/b"])
def test_a_malformed_policy_is_refused(text):
    with pytest.raises(ValueError, match="REQUESTS/SECONDS"):
        parse_policy(text)


def test_the_log_in_policy_is_closed_and_the_read_policy_is_not():
    assert policy(Limits(), "auth").closed
    assert not policy(Limits(), "read").closed


async def test_a_bucket_gives_its_requests_once_and_then_says_when_the_next_one_comes(store, settings):
    five = Policy("five", 5, 1_000)
    taken = [await take(store, five, "ip:1", prefix=settings.redis.prefix) for _ in range(5)]
    assert [decision.remaining for decision in taken] == [4, 3, 2, 1, 0]
    refused = await take(store, five, "ip:1", prefix=settings.redis.prefix)
    assert not refused.allowed
    assert 190 < refused.reset_s <= 200
    assert refused.headers() == {
        "RateLimit-Policy": '"five";q=5;w=1000', "RateLimit": f'"five";r=0;t={refused.reset_s}',
        "Retry-After": str(refused.reset_s),
    }  # fmt: skip
    with pytest.raises(TooMany):
        refused.demand()
    assert (await take(store, five, "ip:2", prefix=settings.redis.prefix)).allowed


async def test_a_bucket_refills_with_time(store, settings):
    fast = Policy("fast", 20, 1)
    for _ in range(20):
        await take(store, fast, "ip:1", prefix=settings.redis.prefix)

    async def allowed():
        return (await take(store, fast, "ip:1", prefix=settings.redis.prefix)).allowed

    assert await until(allowed)


async def test_many_callers_at_once_get_no_more_than_the_bucket_holds(store, settings):
    ten = Policy("ten", 10, 1000)
    decisions = await asyncio.gather(*(take(store, ten, "ip:1", prefix=settings.redis.prefix) for _ in range(50)))
    assert sum(decision.allowed for decision in decisions) == 10


async def test_a_redis_that_forgot_its_scripts_is_sent_them_again(store, settings):
    five, prefix = Policy("five", 5, 1_000), settings.redis.prefix
    await take(store, five, "ip:1", prefix=prefix)
    await hot(store).call(("SCRIPT", "FLUSH"), five.key(prefix, "ip:1"))
    assert (await take(store, five, "ip:1", prefix=prefix)).remaining == 3


async def test_without_redis_reads_fall_back_to_a_bucket_of_the_process(no_redis):
    decisions = [await take(no_redis, Policy("read", 3, 1000), "ip:1") for _ in range(5)]
    assert [decision.allowed for decision in decisions] == [True, True, True, False, False]


async def test_without_redis_a_closed_policy_is_counted_in_postgresql_and_stays_closed(no_redis, database):
    three = Policy("auth", 3, 1000, closed=True)
    decisions = await asyncio.gather(*(take(no_redis, three, "ip:1") for _ in range(20)))
    assert sorted(decision.remaining for decision in decisions if decision.allowed) == [0, 1, 2]
    refused = next(decision for decision in decisions if not decision.allowed)
    assert 300 < refused.reset_s <= 334
    assert (await take(no_redis, three, "ip:2")).allowed
    assert await database.fetchval("SELECT count(*) FROM limit_bucket") == 2
    assert [one.principal for one in spent({"auth": three}, await list_levels(), "PostgreSQL")] == ["ip:1"]
    await database.execute("UPDATE limit_bucket SET full_at = now() + interval '600 s' WHERE principal = 'ip:1'")
    assert (await take(no_redis, three, "ip:1")).remaining == 0, "a token came back with time"
    await database.execute("UPDATE limit_bucket SET full_at = now()")
    assert await forget_full() == 2


async def test_without_redis_and_postgresql_a_closed_policy_refuses(no_redis, database, owner):
    await owner.execute("DROP TABLE limit_bucket")
    with pytest.raises(Unavailable):
        await take(no_redis, Policy("auth", 3, 1000, closed=True), "ip:1")


async def test_who_is_throttled_can_be_listed(redis):
    known = policies(Limits(auth="2/900"))
    for principal, times in (("ip:1", 3), ("ip:2", 1), ("user:7", 2)):
        for _ in range(times):
            await take(redis, known["auth"], principal, prefix="x:")
    found = spent(known, await redis_levels(redis, "x:"), "Redis")
    assert {one.principal for one in found} == {"ip:1", "user:7"}
    assert all(0 < one.wait_s <= 450 for one in found)
    told = {name: counted(known[name]) for name in ("read", "auth", "guess")}
    assert ["each process" in told["read"], "moves to" in told["auth"], told["guess"][:13]] == [
        True,
        True,
        "in PostgreSQL",
    ]


def test_local_buckets_forget_the_callers_who_were_quiet_longest():
    buckets = LocalBuckets(capacity=2, clock=lambda: 0.0)
    one = Policy("one", 1, 10)
    for caller in ("a", "b", "c"):
        assert buckets.take(one, caller).allowed
    assert not buckets.take(one, "c").allowed
    assert buckets.take(one, "a").allowed
