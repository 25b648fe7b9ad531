"""Whole purchases in several queues at once: cart, address, order, payment, until the shop calls the order paid.

On asyncio, without pauses: what a purchase costs the shop, and how many it can do. Every request is timed by its name.
"""

import asyncio
import itertools
import random
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence

import msgspec

from loadtests import people
from loadtests.histogram import Histogram
from loadtests.wire import Answer, Refused, Wire

POLL_S = 0.1
POLLS = 300
ASKED_AT_ONCE = 8

Journey = Callable[["Shopping"], Awaitable[None]]


class Till(msgspec.Struct, frozen=True):
    """Where shoppers pay, and the variants that they buy, one after the other."""

    host: str
    gateway: str
    variants: Sequence[str]


class Purchases(msgspec.Struct, kw_only=True):
    """Whole journeys that came to their end, and each request of theirs by name; times in ms."""

    seconds: float = 0.0
    journeys: Histogram = msgspec.field(default_factory=Histogram)
    requests: dict[str, Histogram] = {}

    @property
    def rate(self) -> float:
        return self.journeys.count / self.seconds


class Shopping:
    """One shopper: a guest with an address of their own, on connections that are kept for the next one."""

    def __init__(self, shop: Wire, gateway: Wire, source: Iterator[str], found: Purchases) -> None:
        self.headers: dict[str, str] = {}
        self._shop, self._gateway, self._source, self._found = shop, gateway, source, found

    def begin(self) -> None:
        self.headers = {"X-Forwarded-For": people.address()}

    def variant(self) -> str:
        return next(self._source)

    async def ask(self, name: str, method: str, path: str, *, keyed: bool = False, json: object = None) -> Answer:
        headers = {**self.headers, **people.idempotency_key()} if keyed else self.headers
        return await self._timed(name, self._shop.ask(method, path, headers=headers, json=json))

    async def pay(self, gateway_order_id: str) -> Answer:
        return await self._timed(
            "pay", self._gateway.ask("POST", f"/sim/orders/{gateway_order_id}/pay", json={"method": "upi"})
        )

    async def _timed(self, name: str, asking: Awaitable[Answer]) -> Answer:
        started = time.perf_counter()
        answer = await asking
        histogram = self._found.requests.setdefault(name, Histogram())
        histogram.add((time.perf_counter() - started) * 1000)
        return answer


async def check_out(till: Till, *, queues: int, seconds: float, skip: int = 0) -> Purchases:
    """Whole purchases in so many queues at once. Raises Refused."""
    return await go(till, buy, queues=queues, seconds=seconds, skip=skip)


async def go(till: Till, journey: Journey, *, queues: int, seconds: float, skip: int = 0) -> Purchases:
    """One journey after the other in each queue until the time is over. Raises Refused, OSError."""
    found = Purchases()
    source = itertools.islice(itertools.cycle(till.variants), skip % len(till.variants), None)
    wires = [(await Wire.to(till.host), await Wire.to(till.gateway)) for _ in range(queues)]
    begin = time.perf_counter()

    async def queue(shop: Wire, gateway: Wire) -> None:
        shopping = Shopping(shop, gateway, source, found)
        while (started := time.perf_counter()) < begin + seconds:
            shopping.begin()
            await journey(shopping)
            found.journeys.add((time.perf_counter() - started) * 1000)

    queuing = [asyncio.create_task(queue(shop, gateway)) for shop, gateway in wires]
    try:
        await asyncio.gather(*queuing)
    finally:
        for task in queuing:
            task.cancel()
        await asyncio.gather(*queuing, return_exceptions=True)
        for wire in itertools.chain.from_iterable(wires):
            wire.close()
    found.seconds = time.perf_counter() - begin
    return found


async def buy(shopping: Shopping) -> None:
    """From the first item in the cart to an order that the shop calls paid."""
    await fill(shopping)
    place = {"pin_code": people.DELIVERY["pin_code"], "region": people.DELIVERY["region"]}
    await shopping.ask("place", "PUT", "/api/v1/cart/place", json=place)
    answer = await shopping.ask("checkout", "POST", "/api/v1/checkout", keyed=True, json=people.order_body())
    order = answer.json()
    payment = order["payment"]["gateway_order_id"]
    if payment is None:
        raise Refused("The gateway's order was not opened in the request.")
    await shopping.pay(payment)
    for _ in range(POLLS):
        await asyncio.sleep(POLL_S)
        asked = await shopping.ask("payment", "GET", f"/api/v1/orders/{order['number']}/payment")
        if asked.json()["order_state"] == "paid":
            await shopping.ask("order", "GET", f"/api/v1/orders/{order['number']}")
            return
    raise Refused(f"Order {order['number']} was not paid within {POLLS * POLL_S:.0f} s.")


async def fill(shopping: Shopping) -> None:
    """An item in the cart; the first one gives the cart's token."""
    item = {"variant_id": shopping.variant(), "quantity": 1}
    given = await shopping.ask("cart_item", "POST", "/api/v1/cart/items", json=item)
    token = given.header(b"x-cart-token")
    if token:
        shopping.headers["X-Cart-Token"] = token


async def browse_cart(shopping: Shopping) -> None:
    """Put something into a new cart, and read the cart."""
    await fill(shopping)
    await shopping.ask("cart", "GET", "/api/v1/cart")


async def variants_of(host: str, slugs: Sequence[str], *, units: int, most: int) -> list[str]:
    """Up to `most` variants of these products of which so many units can be had, in no order. Raises Refused."""
    waiting, found = iter(random.sample(slugs, len(slugs))), list[str]()

    async def look(wire: Wire) -> None:
        for slug in waiting:
            if len(found) >= most:
                return
            headers = {"X-Forwarded-For": people.address()}
            product = (await wire.ask("GET", f"/api/v1/products/{slug}", headers=headers)).json()
            found.extend(variant["id"] for variant in product["variants"] if variant["free"] >= units)

    wires = [await Wire.to(host) for _ in range(ASKED_AT_ONCE)]
    try:
        await asyncio.gather(*(look(wire) for wire in wires))
    finally:
        for wire in wires:
            wire.close()
    if not found:
        raise Refused(f"Of none of these products are {units} units left: start a fresh stack.")
    return found[:most]
