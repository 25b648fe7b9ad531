"""Fetching what a stranger's address leads to: only public addresses, bounded size and time, each redirect checked."""

import asyncio
import ipaddress
import socket
from urllib.parse import urljoin, urlsplit

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult

from models.errors import Invalid, Unavailable

BYTES_MAX = 10_000_000
TIMEOUT_S = 20.0
REDIRECTS_MAX = 3
REDIRECTS = {301, 302, 303, 307, 308}


class _PublicOnly(AbstractResolver):
    """Resolves names as the system does and refuses those that lead into the operator's own network."""

    def __init__(self, *, local: bool) -> None:
        self._local = local

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        loop = asyncio.get_running_loop()
        found = await loop.getaddrinfo(host, port, family=family, type=socket.SOCK_STREAM)
        results = []
        for kind, _, protocol, _, address in found:
            ip = str(address[0])
            _demand_public(ip, local=self._local)
            results.append(
                ResolveResult(
                    hostname=host, host=ip, port=port, family=kind, proto=protocol, flags=socket.AI_NUMERICHOST
                )
            )
        return results

    async def close(self) -> None:
        return


async def fetch_picture(address: str, *, local: bool) -> bytes:
    """The bytes. Raises Invalid for a bad address or answer, Unavailable when it may work later.

    `local` allows loopback, for development.
    """
    connector = aiohttp.TCPConnector(resolver=_PublicOnly(local=local))
    timeout = aiohttp.ClientTimeout(total=TIMEOUT_S)
    async with aiohttp.ClientSession(connector=connector, timeout=timeout) as session:
        for _ in range(REDIRECTS_MAX + 1):
            _demand_web(address, local=local)
            try:
                async with session.get(address, allow_redirects=False) as response:
                    if response.status in REDIRECTS and "location" in response.headers:
                        address = urljoin(address, response.headers["location"])
                        continue
                    return await _body(response)
            except (aiohttp.ClientError, OSError, TimeoutError) as error:
                raise Unavailable(f"The picture cannot be fetched: {type(error).__name__}.", code="picture") from error
    raise Invalid.field("picture", "its address redirects too often")


async def _body(response: aiohttp.ClientResponse) -> bytes:
    if response.status >= 500:
        raise Unavailable(f"The picture's server answered {response.status}.", code="picture")
    if response.status != 200:
        raise Invalid.field("picture", f"its server answered {response.status}")
    body = b""
    async for chunk in response.content.iter_chunked(65_536):
        body += chunk
        if len(body) > BYTES_MAX:
            raise Invalid.field("picture", f"is larger than {BYTES_MAX // 1_000_000} MB")
    return body


def _demand_web(address: str, *, local: bool) -> None:
    """aiohttp asks no resolver for a host that is a number, so numbers are checked here."""
    parts = urlsplit(address)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise Invalid.field("picture", "its address is not on the web")
    try:
        number = ipaddress.ip_address(parts.hostname)
    except ValueError:
        return
    _demand_public(str(number), local=local)


def _demand_public(ip: str, *, local: bool) -> None:
    number = ipaddress.ip_address(ip.partition("%")[0])
    if not (number.is_global and not number.is_multicast) and not (local and number.is_loopback):
        raise Invalid.field("picture", "its address is not public")
