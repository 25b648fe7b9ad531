"""Redis Cluster of three nodes on loopback, in the place of the one Redis: no replicas, and as forgetful as that.

Each start makes the cluster anew; the third node introduces the three to each other and deals out the slots.
"""

import asyncio
import time
from collections.abc import Sequence
from typing import Any

import redis.asyncio
from redis.exceptions import RedisError

from devstack import redis as single
from devstack.datafolder import DataFolder, Secrets, write_private
from devstack.errors import StackError
from devstack.ports import LOOPBACK
from devstack.service import Service

NAME = "redis_cluster"
PORTS = ("redis_1", "redis_2", "redis_3")
BUS = 10_000  # how far above its port a node listens for the others
SLOTS = 16_384
NODES_FILE = "nodes.conf"
JOIN_S = 20.0


def services(folder: DataFolder, *, ports: Sequence[int]) -> list[Service]:
    """The last one is called `redis`: what waits for that finds the cluster whole."""
    names = [f"redis-{number}" for number in range(1, len(ports))] + [single.NAME]
    return [
        _node(folder, name, port=port, others=names[:number], ports=ports if name == single.NAME else ())
        for number, (name, port) in enumerate(zip(names, ports, strict=True))
    ]


def environment(secrets: Secrets, ports: Sequence[int]) -> dict[str, str]:
    hosts = ",".join(f"{LOOPBACK}:{port}" for port in ports)
    return {"HAAT_REDIS__URL": f"redis+cluster://:{secrets.redis}@{hosts}"}


def _node(folder: DataFolder, name: str, *, port: int, others: Sequence[str], ports: Sequence[int]) -> Service:
    home = folder.path / name
    password = folder.secrets().redis

    async def prepare() -> None:
        home.mkdir(mode=0o700, exist_ok=True)
        (home / NODES_FILE).unlink(missing_ok=True)
        lines = (
            single.configuration(home, port=port, password=password).replace("databases 64", "databases 1"),
            f"masterauth {password}",
            "cluster-enabled yes",
            f"cluster-config-file {NODES_FILE}",
            "cluster-node-timeout 2000",
            "cluster-require-full-coverage no",
        )
        write_private(home / "redis.conf", "\n".join(lines).encode() + b"\n")

    async def ready(_: int) -> bool:
        return await single.answers(port, password)

    async def complete() -> None:
        if ports:
            await join(ports, password)

    return Service(
        name=name,
        command=(single.binary(), str(home / "redis.conf")),
        port=port,
        after=tuple(others),
        prepare=prepare,
        ready=ready,
        complete=complete,
    )


async def join(ports: Sequence[int], password: str) -> None:
    """One cluster of empty nodes, each with its share of the slots; StackError when they do not find together."""
    nodes = [redis.asyncio.Redis(host=LOOPBACK, port=port, password=password) for port in ports]
    try:
        for number, node in enumerate(nodes):
            first, last = number * SLOTS // len(nodes), (number + 1) * SLOTS // len(nodes) - 1
            await _tell(node, "CLUSTER", "ADDSLOTS", *range(first, last + 1))
            await _tell(node, "CLUSTER", "SET-CONFIG-EPOCH", number + 1)
        for number, node in enumerate(nodes):
            for port in ports[:number]:
                await _tell(node, "CLUSTER", "MEET", LOOPBACK, port)
        deadline = time.monotonic() + JOIN_S
        while not await _agree(nodes):
            if time.monotonic() > deadline:
                raise StackError("The nodes of the Redis Cluster did not find together: are their ports + 10000 free?")
            await asyncio.sleep(0.05)
    except RedisError as error:
        raise StackError(f"The Redis Cluster could not be made: {error}.") from error
    finally:
        await asyncio.gather(*(node.aclose() for node in nodes))


async def _tell(node: "redis.asyncio.Redis", *words: str | int) -> Any:
    return await node.execute_command(*words)  # type: ignore[no-untyped-call]


async def _agree(nodes: Sequence["redis.asyncio.Redis"]) -> bool:
    """Whether each node knows who holds every slot, and serves its own."""
    for node in nodes:
        told = await _tell(node, "CLUSTER", "INFO")
        text = str(told).replace("'", "").replace(": ", ":")
        if "cluster_state:ok" not in text or f"cluster_slots_assigned:{SLOTS}" not in text:
            return False
    return True
