"""The smallest HTTP question: does this address answer, and with which status."""

import asyncio
from urllib.parse import urlsplit


async def status_of(url: str, *, timeout_s: float = 2.0) -> int | None:
    """The status of a GET; None when nobody answers in time."""
    try:
        async with asyncio.timeout(timeout_s):
            return await _get(url)
    except (OSError, ValueError, IndexError):
        return None


async def _get(url: str) -> int:
    parts = urlsplit(url)
    secure = parts.scheme == "https"
    port = parts.port or (443 if secure else 80)
    reader, writer = await asyncio.open_connection(parts.hostname, port, ssl=secure or None)
    try:
        request = f"GET {parts.path or '/'} HTTP/1.1\r\nHost: {parts.netloc}\r\nConnection: close\r\n\r\n"
        writer.write(request.encode())
        line = await reader.readline()
    finally:
        writer.close()
    return int(line.split()[1])
