"""A cluster: slots that move are followed, a node that is lost costs its own keys, and no page outlives a bump."""

import asyncio
import os
import signal
from pathlib import Path

import pytest
from redis.asyncio import Redis
from redis.crc import key_slot

import devstack
from devstack import redis_cluster
from devstack.datafolder import DataFolder
from models.errors import TooMany
from server.cache import SHARDS, Cache
from server.cluster import Cluster
from server.limits import Policy
from server.redis_client import open_redis
from server.shelf import PAGE
from tests.server.test_cache import Source, seen
from tests.wait import until


@pytest.mark.parametrize("url", ["redis+cluster://", "redis+cluster://:secret@", "redis+cluster://:7000"])
def test_a_url_without_nodes_is_refused(url):
    with pytest.raises(ValueError, match=r"redis\+cluster"):
        open_redis(url)


async def test_sessions_and_other_plain_keys_are_kept_whatever_their_slot(cluster):
    names = [f"plain:{number}" for number in range(30)]
    await asyncio.gather(*(cluster.set(name, name, ex=60) for name in names))
    await cluster.set(names[0], "another", ex=60, nx=True)
    assert await asyncio.gather(*map(cluster.get, names)) == [name.encode() for name in names]
    await cluster.delete(names[0])
    assert await cluster.get(names[0]) is None
    assert await cluster.ping()
    assert len(await cluster.nodes()) == 3


async def test_the_pages_are_spread_and_a_bump_moves_every_copy_of_the_generation_on(cluster, settings):
    prefix = f"{settings.redis.prefix}spread:"
    cache = Cache(cluster, prefix=prefix, stale_us=0, local_s=60)
    keys = [f"page {number}" for number in range(60)]
    assert len({cache.shelf(key).generation for key in keys}) == SHARDS
    shelf = cache.shelf(keys[0])
    assert len({key_slot(name.encode()) for name in (shelf.page("x"), shelf.lock("y"), shelf.generation)}) == 1
    sources = {key: Source() for key in keys}
    for _ in range(2):
        await asyncio.gather(*(cache.answer(key, source) for key, source in sources.items()))
    generations = [await cluster.get(cache.shelf(key).generation) for key in keys]
    assert await cache.bump()
    for key, before in zip(keys, generations, strict=True):
        assert await cluster.get(cache.shelf(key).generation) > before
        assert seen(await cache.answer(key, sources[key])) == ("miss", b"page 2")
    assert len(await stored(cluster, prefix)) == len(keys)
    assert await cache.forget()
    assert await stored(cluster, prefix) == []
    assert seen(await cache.answer(keys[0], sources[keys[0]])) == ("miss", b"page 3")


async def stored(cluster: Cluster, prefix: str) -> list[bytes]:
    """The keys of all stored pages."""
    return [key for node in await cluster.nodes() async for key in node.scan_iter(f"{prefix}*{PAGE}*")]


async def test_whoever_is_refused_leaves_the_page_to_the_next(cluster, settings):
    cache, policy = Cache(cluster, prefix=settings.redis.prefix, local_s=0), Policy("read", 1, 1000)
    await cache.answer("other", Source(), policy=policy, principal="ip:1")
    with pytest.raises(TooMany):
        await cache.answer("a", Source(), policy=policy, principal="ip:1")
    assert await cluster.get(cache.shelf("a").lock("a")) is None
    assert (await cache.answer("a", Source(), policy=policy, principal="ip:2")).state == "miss"


async def holds(node: Redis, slot: int) -> bool:
    return await node.execute_command("CLUSTER", "COUNTKEYSINSLOT", slot) > 0


async def test_a_slot_on_the_move_is_followed_and_its_keys_are_served_throughout(cluster):
    """ASK while it moves, MOVED afterwards; and back again."""
    key = b"traveller"
    slot, nodes = key_slot(key), await cluster.nodes()
    await cluster.set(key.decode(), "before", ex=60)
    [old] = [node for node in nodes if await holds(node, slot)]
    new = next(node for node in nodes if node is not old)
    old_id, new_id = [(await node.execute_command("CLUSTER", "MYID")).decode() for node in (old, new)]
    await new.execute_command("CLUSTER", "SETSLOT", slot, "IMPORTING", old_id)
    await old.execute_command("CLUSTER", "SETSLOT", slot, "MIGRATING", new_id)
    assert await cluster.get(key.decode()) == b"before"
    await cluster.delete(key.decode())
    await asyncio.gather(*(cluster.set(key.decode(), "there", ex=60) for _ in range(20)))
    assert await cluster.get(key.decode()) == b"there"
    for node in nodes:
        await node.execute_command("CLUSTER", "SETSLOT", slot, "NODE", new_id)
    assert await cluster.get(key.decode()) == b"there"
    await cluster.delete(key.decode())
    for node in nodes:
        await node.execute_command("CLUSTER", "SETSLOT", slot, "NODE", old_id)
    assert await cluster.get(key.decode()) is None


async def test_a_lost_node_costs_round_trips_and_no_answer_and_is_used_again_once_it_is_back(tmp_path: Path):
    policy, keys = Policy("read", 200_000, 1000), [f"page {number}" for number in range(20)]
    with devstack.launched((redis_cluster.NAME,), data=tmp_path) as env:
        client = Cluster(env["HAAT_REDIS__URL"], timeout_s=0.25)
        cache, source = Cache(client, prefix="x:", local_s=0), Source()

        async def states() -> set[str]:
            asked = [cache.answer(key, source, policy=policy, principal=f"ip:{key}") for key in keys]
            return {answer.state for answer in await asyncio.gather(*asked)}

        async def kept() -> bool:
            return await states() == {"hit"}

        await until(kept)
        lost = DataFolder(tmp_path).read_state().services["redis-1"].process.pid
        os.kill(lost, signal.SIGKILL)

        async def bypassed() -> bool:
            return "bypass" in await states()

        await until(bypassed)

        async def whole() -> bool:
            await states()
            return await states() == {"hit"} and await cache.bump()

        assert await until(whole, timeout_s=60)
        await client.aclose()
