"""Servers that the settings name by URL are not started, but asked to answer: a wrong URL is one clear sentence."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import redis.asyncio
from redis.exceptions import RedisError

from devstack.errors import StackError
from devstack.http import status_of

TIMEOUT_S = 5.0
VARIABLES = {
    "postgres": "HAAT_DATABASE__URL",
    "replica": "HAAT_DATABASE__REPLICA_URL",
    "redis": "HAAT_REDIS__URL",
    "meilisearch": "HAAT_SEARCH__URL",
    "razorpay": "HAAT_PAYMENTS__BASE_URL",
    "inbox": "HAAT_MAIL__URL",
    "oidc": "HAAT_OIDC__ISSUER",
}
PORTS = {"smtp": 25, "smtps": 465, "http": 80, "https": 443}


def given(environ: Mapping[str, str]) -> dict[str, str]:
    """Embedded service -> the URL of the server that replaces it."""
    return {name: environ[variable] for name, variable in VARIABLES.items() if environ.get(variable)}


async def check(urls: Mapping[str, str]) -> None:
    """StackError, naming the variable, when one of the servers does not answer."""
    await asyncio.gather(*(_check(name, url) for name, url in urls.items()))


async def _check(name: str, url: str) -> None:
    try:
        async with asyncio.timeout(TIMEOUT_S):
            await PROBES[name](url)
    except (OSError, ValueError, RedisError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        reason = str(error).strip() or f"no answer within {TIMEOUT_S:.0f} s"
        advice = "start that server, correct the address, or unset the variable to use the embedded one."
        raise StackError(f"{VARIABLES[name]}={masked(url)} does not work ({reason}): {advice}") from error


def masked(url: str) -> str:
    """The URL without its password."""
    parts = urlsplit(url)
    if "@" not in parts.netloc:
        return url
    login, _, host = parts.netloc.rpartition("@")
    return urlunsplit(parts._replace(netloc=f"{login.split(':')[0]}:***@{host}"))


async def _database(url: str) -> None:
    connection = await asyncpg.connect(url, timeout=TIMEOUT_S)
    await connection.close()


async def _redis(url: str) -> None:
    client = redis.asyncio.Redis.from_url(first_node(url))
    try:
        await client.ping()
    finally:
        await client.aclose()


def first_node(url: str) -> str:
    """Of a cluster's URL that of the first node it names; any other as it is."""
    scheme, mark, rest = url.partition("://")
    login, at, hosts = rest.rpartition("@")
    plain = scheme.removesuffix("+cluster")
    return url if plain == scheme else f"{plain}{mark}{login}{at}{hosts.split(',')[0]}"


async def _search(url: str) -> None:
    status = await status_of(f"{url.rstrip('/')}/health", timeout_s=TIMEOUT_S)
    if status != 200:
        raise ValueError("no Meilisearch answers there" if status is None else f"GET /health answers {status}")


async def _socket(url: str) -> None:
    parts = urlsplit(url)
    if parts.hostname is None or parts.scheme not in PORTS:
        raise ValueError(
            "this is no address such as " + ("smtp://host:25" if "://" not in url else "scheme://host:port")
        )
    _, writer = await asyncio.open_connection(parts.hostname, parts.port or PORTS[parts.scheme])
    writer.close()


PROBES: dict[str, Callable[[str], Awaitable[None]]] = {
    "postgres": _database,
    "replica": _database,
    "redis": _redis,
    "meilisearch": _search,
    "razorpay": _socket,
    "inbox": _socket,
    "oidc": _socket,
}
