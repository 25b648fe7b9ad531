"""Commands that nobody waits for: done all the same, and who sent one is told where Redis did not do it."""

import pytest
from redis.asyncio import Redis

from server.redis_client import hot, put_off
from tests.wait import until


async def test_what_is_put_off_is_done_whether_a_connection_is_open_or_not(store, settings):
    key, failures = f"{settings.redis.prefix}count", []
    for times in (b"1", b"2"):
        put_off(store, ("INCR", key), key, lambda: failures.append(1))

        async def counted(times: bytes = times) -> bool:
            return await store.get(key) == times

        await until(counted)
    assert failures == []


@pytest.mark.parametrize("connected", [False, True])
async def test_who_put_something_off_is_told_that_redis_did_not_do_it(store, settings, connected):
    key, failures = f"{settings.redis.prefix}count", []
    if connected:
        await hot(store).call(("PING",), key)
    put_off(store, ("INCR",), key, lambda: failures.append(1))

    async def told() -> bool:
        return failures == [1]

    await until(told)


async def test_who_puts_something_off_for_a_redis_that_is_away_is_told(settings):
    failures: list[int] = []
    client = Redis(host="127.0.0.1", port=1, socket_connect_timeout=1)
    put_off(client, ("INCR", "key"), "key", lambda: failures.append(1))

    async def told() -> bool:
        return failures == [1]

    await until(told)
    await client.aclose()
