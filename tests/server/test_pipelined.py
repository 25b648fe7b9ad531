"""One connection for all calls: each gets its own reply, and a connection that breaks fails what waits on it alone."""

import asyncio

import pytest
from redis.asyncio import Redis
from redis.exceptions import ConnectionError as ConnectionLost
from redis.exceptions import ResponseError
from redis.exceptions import TimeoutError as TooSlow

from server.pipelined import pipelined
from tests.wait import until


@pytest.fixture
async def client(settings):
    client = Redis.from_url(settings.redis.url, socket_timeout=3)
    yield client
    await client.aclose()


async def test_each_caller_gets_its_own_reply_over_one_connection(redis):
    line = pipelined(redis)
    replies = await asyncio.gather(*(line.call(("ECHO", f"{number}" * 5_000)) for number in range(50)))
    assert replies == [f"{number}".encode() * 5_000 for number in range(50)]
    assert len(redis.connection_pool._in_use_connections) == 1


async def test_an_error_is_raised_for_its_caller_alone(redis):
    line = pipelined(redis)
    bad, good = await asyncio.gather(line.call(("NOSUCH",)), line.call(("ECHO", "x")), return_exceptions=True)
    assert isinstance(bad, ResponseError)
    assert good == b"x"


async def test_a_caller_who_goes_away_leaves_the_replies_in_order(redis):
    line = pipelined(redis)
    await line.call(("PING",))
    gone = asyncio.ensure_future(line.call(("ECHO", "gone")))
    await asyncio.sleep(0)
    gone.cancel()
    assert await line.call(("ECHO", "here")) == b"here"


async def test_a_lost_connection_fails_what_waits_and_is_opened_anew(client, redis):
    line = pipelined(client)
    number = await line.call(("CLIENT", "ID"))
    waiting = asyncio.ensure_future(line.call(("BLPOP", "never", 0)))
    await asyncio.sleep(0)
    await redis.execute_command("CLIENT", "KILL", "ID", number)
    with pytest.raises(ConnectionLost):
        await waiting
    assert await line.call(("PING",)) == b"PONG"


async def test_a_silent_server_is_left_after_the_time_out(client):
    line = pipelined(client)
    await line.call(("PING",))
    waiting = [asyncio.ensure_future(line.call(("BLPOP", "never", 0))) for _ in range(2)]
    for call in waiting:
        with pytest.raises(TooSlow):
            await call
    assert await line.call(("PING",)) == b"PONG"


async def test_calls_one_after_the_other_are_not_taken_for_silence(client):
    line = pipelined(client)

    async def long_enough() -> bool:
        await line.call(("PING",))
        return asyncio.get_running_loop().time() > began + 4

    began = asyncio.get_running_loop().time()
    assert await until(long_enough)


async def test_what_is_put_off_travels_before_the_next_call_or_soon_alone(redis):
    line = pipelined(redis)
    await line.call(("PING",))
    stored = line.put_off(("SET", "later", "1"))
    assert stored is not None
    assert await line.call(("GET", "later")) == b"1"
    assert stored.done()
    alone = line.put_off(("SET", "later", "2"))
    assert await asyncio.wait_for(alone, 5) == b"OK"
    assert await line.call(("GET", "later")) == b"2"


async def test_what_is_put_off_fails_with_its_connection_and_without_one_is_refused(client, redis):
    line = pipelined(client)
    assert line.put_off(("PING",)) is None
    number = await line.call(("CLIENT", "ID"))
    waiting = asyncio.ensure_future(line.call(("BLPOP", "never", 0)))
    await asyncio.sleep(0)
    lost = line.put_off(("PING",))
    await redis.execute_command("CLIENT", "KILL", "ID", number)
    for gone in (waiting, lost):
        with pytest.raises(ConnectionLost):
            await gone
    assert line.put_off(("PING",)) is None
