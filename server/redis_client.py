"""The process's Redis, one server or a cluster, by the form of its URL; and the way of its hot calls."""

import asyncio
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, TypeAlias
from urllib.parse import parse_qsl, urlsplit

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from server.cluster import Cluster, is_cluster
from server.pipelined import Pipelined, Word, pipelined

Client: TypeAlias = Redis | Cluster

CONNECTIONS = 1_000
TIMEOUT_S = 0.25
WEAKER = {"ssl_cert_reqs", "ssl_check_hostname"}
_put_off: set[asyncio.Future[Any]] = set()


def open_redis(url: str, *, timeout_s: float = TIMEOUT_S) -> Client:
    """Connects on first use. Raises ValueError for a malformed URL, and one of TLS that does not ask who answers."""
    if WEAKER & dict(parse_qsl(urlsplit(url).query)).keys():
        raise ValueError(
            "Redis is spoken to by TLS that checks its name and issuer: give ssl_ca_certs, nothing weaker."
        )
    if is_cluster(url):
        return Cluster(url, timeout_s=timeout_s)
    return Redis.from_url(
        url,
        socket_timeout=timeout_s,
        socket_connect_timeout=timeout_s,
        max_connections=CONNECTIONS,  # of one process; the library's own 100 fails a burst of requests
        retry=Retry(NoBackoff(), 1),  # a connection that had gone stale; the library's default waits for seconds
    )


def hot(redis: Client) -> Pipelined | Cluster:
    """What sends the calls of one moment together."""
    return redis if isinstance(redis, Cluster) else pipelined(redis)


def put_off(redis: Client, words: Sequence[Word], key: str | bytes, failed: Callable[[], None]) -> None:
    """For what nobody waits for: sent within milliseconds, and to one server before any later call (on a cluster a call
    that follows at once may overtake it). `failed`: Redis did not do it.
    """
    sent = hot(redis).put_off(words) or asyncio.ensure_future(hot(redis).call(words, key))
    _put_off.add(sent)
    sent.add_done_callback(partial(_told, failed))


def _told(failed: Callable[[], None], sent: "asyncio.Future[Any]") -> None:
    _put_off.discard(sent)
    if not sent.cancelled() and sent.exception() is not None:
        failed()


async def servers(redis: Client) -> list[Redis]:
    """Each server of it, for what is asked of all."""
    return await redis.nodes() if isinstance(redis, Cluster) else [redis]
