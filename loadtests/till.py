"""Whole checkouts, one after the other in several lines at once: cart, order, payment, until the order is paid.

On asyncio, without pauses: what a checkout costs the shop, and how many it can do.
"""

import asyncio
import itertools
import time
from collections.abc import Sequence
from typing import Any

import aiohttp
import msgspec

from loadtests import people
from loadtests.histogram import Histogram

POLL_S = 0.02
POLLS = 750


class Refused(Exception):
    """A step of a checkout was not answered as it should be; the message says which and how."""


class Till(msgspec.Struct, frozen=True):
    """Where shoppers pay, and what they buy, one after the other."""

    host: str
    gateway: str
    products: Sequence[str]


async def check_out(till: Till, *, lines: int, seconds: float, skip: int = 0) -> tuple[Histogram, float]:
    """Times from the first request to paid, in ms, and how long all of it took in seconds. Raises Refused."""
    histogram = Histogram()
    begin = time.perf_counter()
    source = itertools.islice(itertools.cycle(till.products), skip % len(till.products), None)
    async with aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=0), cookie_jar=aiohttp.DummyCookieJar()
    ) as client:

        async def line() -> None:
            while time.perf_counter() < begin + seconds:
                started = time.perf_counter()
                if await _buy(client, till, next(source)):
                    histogram.add((time.perf_counter() - started) * 1000)

        await asyncio.gather(*(line() for _ in range(lines)))
    return histogram, time.perf_counter() - begin


async def _buy(client: aiohttp.ClientSession, till: Till, slug: str) -> bool:
    """False where nothing of the product is left."""
    api = f"{till.host}/api/v1"
    headers = {"X-Forwarded-For": people.address()}
    product, _ = await _ask(client, "GET", f"{api}/products/{slug}", headers=headers)
    free = [variant["id"] for variant in product["variants"] if variant["free"] > 1]
    if not free:
        return False
    item = {"variant_id": free[0], "quantity": 1}
    _, given = await _ask(client, "POST", f"{api}/cart/items", headers=headers, json=item)
    headers["X-Cart-Token"] = given["X-Cart-Token"]
    await _ask(client, "GET", f"{api}/cart", headers=headers)
    keyed = {**headers, **people.idempotency_key()}
    order, _ = await _ask(client, "POST", f"{api}/checkout", headers=keyed, json=people.order_body())
    payment = order["payment"]["gateway_order_id"]
    if payment is None:
        raise Refused("The gateway's order was not opened in the request.")
    await _ask(client, "POST", f"{till.gateway}/sim/orders/{payment}/pay", json={"method": "upi"})
    for _ in range(POLLS):
        shown, _ = await _ask(client, "GET", f"{api}/orders/{order['number']}", headers=headers)
        if shown["state"] == "paid":
            return True
        await asyncio.sleep(POLL_S)
    raise Refused(f"Order {order['number']} was not paid within {POLLS * POLL_S:.0f} s.")


async def _ask(client: aiohttp.ClientSession, method: str, url: str, **options: Any) -> tuple[Any, Any]:
    """The decoded answer and its headers."""
    async with client.request(method, url, **options) as response:
        body = await response.read()
        if response.status not in (200, 201):
            raise Refused(f"{method} {url} answers {response.status}: {body[:200].decode(errors='replace')}")
        return msgspec.json.decode(body), response.headers
