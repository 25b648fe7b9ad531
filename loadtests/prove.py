"""`haat prove oversell`: many buyers, few units, real checkouts and payments at once; the figures come last."""

import argparse
import asyncio
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import aiohttp
import asyncpg
import msgspec

from loadtests import proofs as every_proof
from loadtests import timing
from loadtests.buyer import Buyer, Failed, Shop
from loadtests.options import address
from loadtests.stall import Stall, open_stall
from models.database import connected
from server.settings import Settings, SettingsError, load_settings

HELP = """\
Sells a product of its own, with --stock units, to --buyers guests who all check out at the same moment over HTTP, each
from an address of their own. Those who get an order pay it at the gateway simulator. The product is written straight
into the database of the stack (seller `haat-stock-proof`) and archived at the end; so is `sold` read from there, after
every order is paid. `refused` counts out-of-stock answers (409) alone; any other failure is `other`. Exits 1 when
`oversold` or `other` is not 0, 2 when the proof could not run.
"""
FILL_AT_ONCE = 50


class Verdict(msgspec.Struct, frozen=True):
    stock: int
    buyers: int
    sold: int
    refused: int
    other: int
    oversold: int
    seconds: float


def add_parser(commands: Any) -> None:
    parser = commands.add_parser("prove", help="prove what the shop promises")
    proofs = parser.add_subparsers(dest="proof", required=True)
    oversell = proofs.add_parser(
        "oversell",
        help="many buyers, few units",
        description=HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    oversell.add_argument("--stock", type=int, default=10, help="units on sale (10)")
    oversell.add_argument("--buyers", type=int, default=200, help="buyers at once (200)")
    oversell.add_argument("--host", type=address, help="address of the shop (default: that of the stack in --data)")
    oversell.add_argument("--data", type=Path, help="data folder of the stack (default: .haat)")
    oversell.add_argument("--timeout", type=float, default=60.0, metavar="S", help="give a buyer up after S s (60)")
    oversell.set_defaults(run=run)
    timing.add_parser(proofs)
    every_proof.add_parser(proofs)


def run(arguments: argparse.Namespace) -> int:
    try:
        if arguments.stock < 1 or arguments.buyers < 1 or arguments.timeout <= 0:
            raise SettingsError("--stock, --buyers and --timeout are above zero.")
        settings = load_settings(data=arguments.data)
        if not settings.database.url or not settings.payments.base_url:
            raise SettingsError("No stack: start one with `haat up`; the proof pays at its gateway simulator.")
        verdict = asyncio.run(_with_database(settings, arguments))
    except KeyboardInterrupt:
        return 130
    except (SettingsError, Failed, aiohttp.ClientError, OSError, asyncpg.PostgresError) as error:
        print(f"haat prove: {error}", file=sys.stderr)
        return 2
    print(msgspec.json.encode(verdict).decode())
    return 1 if verdict.oversold or verdict.other else 0


async def _with_database(settings: Settings, arguments: argparse.Namespace) -> Verdict:
    async with connected(settings.database.url, pool_max=2):
        host = (arguments.host or settings.site.base_url).rstrip("/")
        return await prove(
            host,
            settings.payments.base_url,
            stock=arguments.stock,
            buyers=arguments.buyers,
            timeout_s=arguments.timeout,
        )


async def prove(host: str, gateway: str, *, stock: int, buyers: int, timeout_s: float = 60.0) -> Verdict:
    """Run the proof on the open database pool. Raises Failed when the carts cannot be filled."""
    stall = await open_stall(stock)
    try:
        connector, timeout = aiohttp.TCPConnector(limit=0), aiohttp.ClientTimeout(total=timeout_s)
        jar = aiohttp.DummyCookieJar()
        async with aiohttp.ClientSession(connector=connector, timeout=timeout, cookie_jar=jar) as client:
            shop = Shop(client, host, gateway, stall.variant_id, asyncio.Event(), timeout_s)
            people, seconds = await _sell(shop, buyers)
        return await _judge(stall, people, stock=stock, seconds=seconds)
    finally:
        await stall.close()


async def _sell(shop: Shop, buyers: int) -> tuple[list[Buyer], float]:
    """Everybody fills a cart; then everybody checks out at once."""
    people = [Buyer(shop) for _ in range(buyers)]
    turnstile = asyncio.Semaphore(FILL_AT_ONCE)

    async def fill(buyer: Buyer) -> None:
        async with turnstile:
            await buyer.fill_cart()

    await asyncio.gather(*(fill(buyer) for buyer in people))
    buying = [asyncio.create_task(buyer.buy()) for buyer in people]
    began = time.perf_counter()
    shop.start.set()
    await asyncio.gather(*buying)
    return people, time.perf_counter() - began


async def _judge(stall: Stall, people: list[Buyer], *, stock: int, seconds: float) -> Verdict:
    outcomes = Counter(buyer.outcome for buyer in people)
    for reason, times in Counter(buyer.reason for buyer in people if buyer.reason).most_common():
        print(f"haat prove: {times} times {reason}", file=sys.stderr)
    if left := await stall.pending():
        print(f"haat prove: {left} orders are still unpaid", file=sys.stderr)
    sold = await stall.sold()
    return Verdict(
        stock=stock,
        buyers=len(people),
        sold=sold,
        refused=outcomes["refused"],
        other=outcomes["other"],
        oversold=max(0, sold - stock),
        seconds=round(seconds, 2),
    )
