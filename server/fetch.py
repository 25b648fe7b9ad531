"""Fetching what a stranger's address leads to: only public addresses, bounded size and time, each redirect checked."""

import ipaddress
import socket
from functools import partial
from urllib.parse import urljoin, urlsplit

import aiohttp
from aiohappyeyeballs import AddrInfoType

from models.errors import Invalid, Unavailable

BYTES_MAX = 10_000_000
TIMEOUT_S = 20.0
REDIRECTS_MAX = 3
LEADS_TO_IPV4 = [
    ipaddress.ip_network(network) for network in ("64:ff9b::/96", "::ffff:0:0/96", "::ffff:0:0:0/96", "::/96")
]
"""NAT64 (RFC 6052), mapped, translated and compatible addresses."""
REDIRECTS = {301, 302, 303, 307, 308}


class _NotPublic(OSError):
    """An address in the operator's own network; an OSError since that is what connectors expect of a socket."""


def _socket(where: AddrInfoType, *, local: bool) -> socket.socket:
    """A socket for this address, if it is public: asked of what is connected to, however the host was written."""
    family, kind, protocol, _, address = where
    number = ipaddress.ip_address(str(address[0]).partition("%")[0])
    if not _is_public(number) and not (local and number.is_loopback):
        raise _NotPublic("its address is not public")
    return socket.socket(family, kind, protocol)


def _is_public(number: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    """An IPv6 address that leads to an IPv4 one by its last 32 bits is as public as that."""
    if number.version == 6 and any(number in network for network in LEADS_TO_IPV4):
        number = ipaddress.IPv4Address(int(number) & 0xFFFF_FFFF)
    is_old_private = number.version == 6 and number.is_site_local
    return number.is_global and not number.is_multicast and not is_old_private


async def fetch_picture(address: str, *, local: bool) -> bytes:
    """The bytes. Raises Invalid for a bad address or answer, Unavailable when it may work later.

    `local` allows loopback, for development.
    """
    connector = aiohttp.TCPConnector(socket_factory=partial(_socket, local=local))
    timeout = aiohttp.ClientTimeout(total=TIMEOUT_S)
    async with aiohttp.ClientSession(connector=connector, timeout=timeout) as session:
        for _ in range(REDIRECTS_MAX + 1):
            _demand_web(address)
            try:
                async with session.get(address, allow_redirects=False) as response:
                    if response.status in REDIRECTS and "location" in response.headers:
                        address = _moved(address, response.headers["location"])
                        continue
                    return await _body(response)
            except aiohttp.ClientConnectorError as error:
                if isinstance(error.os_error, _NotPublic):
                    raise Invalid.field("picture", str(error.os_error)) from error
                raise _not_now(error) from error
            except (aiohttp.ClientError, OSError, TimeoutError) as error:
                raise _not_now(error) from error
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


def _moved(address: str, location: str) -> str:
    try:
        return urljoin(address, location)
    except ValueError as error:
        raise Invalid.field("picture", "its address redirects to what is not on the web") from error


def _demand_web(address: str) -> None:
    try:
        parts = urlsplit(address)
    except ValueError as error:
        raise Invalid.field("picture", "its address is not on the web") from error
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise Invalid.field("picture", "its address is not on the web")


def _not_now(error: Exception) -> Unavailable:
    return Unavailable(f"The picture cannot be fetched: {type(error).__name__}.", code="picture")
