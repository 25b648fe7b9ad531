"""Redis Cluster: each call goes to the node that holds its key's slot, those of one moment together.

Which node holds what is the client library's to read. A slot that moved is followed; a node that is lost fails the
calls for its own keys, and the map is read anew for the next ones.
"""

import asyncio
import contextlib
from collections.abc import Sequence
from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from redis.asyncio import Redis
from redis.asyncio.cluster import ClusterNode, RedisCluster
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.crc import key_slot
from redis.exceptions import (
    AskError,
    ClusterDownError,
    MovedError,
    ReadOnlyError,
    RedisClusterException,
    TryAgainError,
)
from redis.exceptions import ConnectionError as ConnectionLost
from redis.exceptions import TimeoutError as TooSlow

from server.pipelined import Pipelined, Word

SCHEMES = {"redis+cluster": False, "rediss+cluster": True}
PORT = 6379
HOPS = 6
TRY_AGAIN_S = 0.01
Address = tuple[str, int]


def is_cluster(url: str) -> bool:
    return urlsplit(url).scheme in SCHEMES


class Cluster:
    """`url`: redis+cluster://[user][:password@]host:port,host:port: some of the nodes (rediss+cluster: over TLS)."""

    def __init__(self, url: str, *, timeout_s: float) -> None:
        parts = urlsplit(url)
        self._login: dict[str, Any] = {
            "username": unquote(parts.username) if parts.username else None,
            "password": unquote(parts.password) if parts.password else None,
            "ssl": SCHEMES[parts.scheme],
            "ssl_ca_certs": dict(parse_qsl(parts.query)).get("ssl_ca_certs"),
            "socket_timeout": timeout_s,
            "socket_connect_timeout": timeout_s,
        }
        known = [ClusterNode(host, port) for host, port in addresses(parts)]
        library = RedisCluster(startup_nodes=known, require_full_coverage=False, **self._login)
        self._map = library.nodes_manager
        self._nodes: dict[Address, tuple[Redis, Pipelined]] = {}
        self._reading: asyncio.Task[None] | None = None

    async def call(self, words: Sequence[Word], key: str | bytes) -> Any:
        """Numbers come back as int, text as bytes. Raises RedisError, OSError."""
        slot = key_slot(key.encode() if isinstance(key, str) else key)
        address, asking = await self._holder(slot), False
        for _ in range(HOPS):
            try:
                return await self._node(address)[1].call(words, asking=asking)
            except MovedError as error:
                await self._map.move_slot(error)
                address, asking = (error.host, error.port), False
            except AskError as error:
                address, asking = (error.host, error.port), True
            except TryAgainError:
                await asyncio.sleep(TRY_AGAIN_S)
            except (ClusterDownError, ConnectionLost, ReadOnlyError, TooSlow, OSError):
                self._read_map()
                raise
        raise ConnectionLost("the slot is on the move")

    def put_off(self, words: Sequence[Word]) -> None:
        """What nobody waits for is a call like any other here: who holds its slot may have to be found first."""

    async def get(self, key: str) -> bytes | None:
        found: bytes | None = await self.call(("GET", key), key)
        return found

    async def set(self, key: str, value: str | bytes, *, ex: int, nx: bool = False) -> None:
        """`ex`: for so many seconds; `nx`: only where there is none."""
        await self.call(("SET", key, value, "EX", ex, *(("NX",) if nx else ())), key)

    async def delete(self, key: str) -> None:
        await self.call(("DEL", key), key)

    async def ping(self) -> bool:
        """One node answers; that all of them do is more than a request needs."""
        await self._read_map()
        return True

    async def nodes(self) -> list[Redis]:
        """Each node that holds slots, on its own."""
        await self._holder(0)
        return [self._node(holder)[0] for holder in {_address(nodes[0]) for nodes in self._map.slots_cache.values()}]

    async def aclose(self) -> None:
        if self._reading is not None:
            self._reading.cancel()
            await asyncio.wait([self._reading])
        await asyncio.gather(*(client.aclose() for client, _ in self._nodes.values()))
        self._nodes.clear()
        for known in ("nodes_cache", "startup_nodes"):
            with contextlib.suppress(OSError, ConnectionLost):
                await self._map.aclose(known)

    async def _holder(self, slot: int) -> Address:
        if slot not in self._map.slots_cache:
            await asyncio.shield(self._read_map())
        nodes = self._map.slots_cache.get(slot)
        if not nodes:
            raise ConnectionLost(f"no node holds slot {slot}")
        return _address(nodes[0])

    def _read_map(self) -> "asyncio.Task[None]":
        """One reading at a time, however many ask."""
        if self._reading is None or self._reading.done():
            self._reading = asyncio.ensure_future(self._read())
            self._reading.add_done_callback(_seen)
        return self._reading

    async def _read(self) -> None:
        """The library's own connections are for this alone, and are closed after it: it forgets some of them."""
        opened = {*self._map.startup_nodes.values(), *self._map.nodes_cache.values()}
        try:
            await self._map.initialize()
        except RedisClusterException as error:
            raise ConnectionLost(str(error)) from error
        finally:
            opened |= {*self._map.startup_nodes.values(), *self._map.nodes_cache.values()}
            await asyncio.gather(*(node.disconnect() for node in opened), return_exceptions=True)
        held = {_address(node) for node in self._map.nodes_cache.values()}
        for gone in self._nodes.keys() - held:
            client, _ = self._nodes.pop(gone)
            await client.aclose()

    def _node(self, address: Address) -> tuple[Redis, Pipelined]:
        if address not in self._nodes:
            host, port = address
            client = Redis(host=host, port=port, retry=Retry(NoBackoff(), 0), **self._login)
            self._nodes[address] = client, Pipelined(client)
        return self._nodes[address]


def addresses(parts: SplitResult) -> list[Address]:
    """The nodes that a URL names. Raises ValueError where it names none."""
    hosts = parts.netloc.rpartition("@")[2]
    found = [urlsplit(f"//{host}") for host in hosts.split(",") if host]
    if not found or not all(node.hostname for node in found):
        raise ValueError("a cluster's URL is redis+cluster://:password@host:port,host:port")
    return [(node.hostname or "", node.port or PORT) for node in found]


def _address(node: ClusterNode) -> Address:
    return node.host, int(node.port)


def _seen(reading: "asyncio.Task[None]") -> None:
    if not reading.cancelled():
        reading.exception()  # whoever waits for it is told; a reading in the background has nobody
