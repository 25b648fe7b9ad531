"""The same closed loop as `hammer`, through aiohttp: what any program in Python would reach without the shop.

It asks for no compression, as the shop does not: a compressed answer of Meilisearch comes 40 ms later.
"""

import asyncio
import itertools
import time
from collections.abc import Iterator, Sequence

import aiohttp

from loadtests.hammer import END, Hammered


async def straight(url: str, requests: Sequence[bytes], *, seconds: float, connections: int, skip: int = 0) -> Hammered:
    """Posts the bodies of whole HTTP requests, over and over, beginning with number `skip`."""
    result = Hammered(seconds=seconds)
    source = itertools.islice(itertools.cycle(requests), skip % len(requests), None)
    begin = time.perf_counter()
    connector, plain = aiohttp.TCPConnector(limit=connections), {"Accept-Encoding": "identity"}
    async with aiohttp.ClientSession(connector=connector, headers=plain) as client:
        loops = [_loop(client, url, source, result, until=begin + seconds) for _ in range(connections)]
        await asyncio.gather(*loops)
    result.seconds = time.perf_counter() - begin
    return result


async def _loop(
    client: aiohttp.ClientSession, url: str, source: Iterator[bytes], result: Hammered, *, until: float
) -> None:
    while (sent_at := time.perf_counter()) < until:
        head, _, body = next(source).partition(END)
        lines = head.decode("ascii").split("\r\n")[1:]
        headers = dict(line.split(": ", 1) for line in lines)
        async with client.post(url, data=body, headers=headers) as response:
            await response.read()
        result.histogram.add((time.perf_counter() - sent_at) * 1000)
        if response.status >= 300:
            result.refused[str(response.status)] = result.refused.get(str(response.status), 0) + 1
