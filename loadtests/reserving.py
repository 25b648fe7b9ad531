"""One process of the crowd that wants the same article: carts that stand ready become orders, as fast as it goes.

`python -m loadtests.reserving` calls what POST /checkout calls, without HTTP and without the gateway, so that the
transaction alone is measured; it prints how many orders there were and how long each took.
"""

import argparse
import asyncio
import sys
import time
from pathlib import Path

import msgspec
import uvloop

from loadtests.histogram import Histogram
from loadtests.rehearsal import terms_of, wish_of
from models.basket import Shopper
from models.checkout import place_order
from models.database import connected
from models.keyring import Keyring
from server.settings import Settings, load_settings

QUEUES = 8


class Reserved(msgspec.Struct):
    seconds: float
    orders: Histogram


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--seconds", type=float, required=True)
    parser.add_argument("--begin-at", type=float, required=True, help="when to start, so that all do it together")
    parser.add_argument("tokens", type=Path, help="a file of token hashes of carts, one a line")
    arguments = parser.parse_args()
    tokens = arguments.tokens.read_text("ascii").split()
    found = uvloop.run(
        reserve(load_settings({}, arguments.data), tokens, seconds=arguments.seconds, begin_at=arguments.begin_at)
    )
    sys.stdout.buffer.write(msgspec.json.encode(found))
    return 0


async def reserve(settings: Settings, tokens: list[str], *, seconds: float, begin_at: float) -> Reserved:
    keyring, terms, histogram = Keyring(settings.keys.ring, settings.keys.lookup), terms_of(settings), Histogram()
    waiting = iter(tokens)

    async def queue(until: float) -> None:
        for token in waiting:
            started = time.perf_counter()
            if started >= until:
                return
            await place_order(Shopper(token_hash=token), wish_of(), terms=terms, keyring=keyring)
            histogram.add((time.perf_counter() - started) * 1000)

    async with connected(settings.database.url, pool_min=QUEUES, pool_max=QUEUES):
        await asyncio.sleep(max(0.0, begin_at - time.time()))
        begin = time.perf_counter()
        await asyncio.gather(*(queue(begin + seconds) for _ in range(QUEUES)))
        return Reserved(time.perf_counter() - begin, histogram)


if __name__ == "__main__":
    sys.exit(main())
