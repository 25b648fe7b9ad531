"""One buyer of the stock proof: a guest with an address of their own, from cart to paid, over HTTP alone."""

import asyncio
from typing import Any, Literal
from uuid import UUID

import aiohttp
import msgspec

from loadtests import people

Outcome = Literal["paid", "refused", "other"]

POLL_S = 0.1


class Failed(Exception):
    """A step was not answered as it should be; the message says which and how."""


class Shop(msgspec.Struct, frozen=True):
    """What all buyers share: the shop, its gateway, the variant, and when the sale begins."""

    client: aiohttp.ClientSession
    host: str
    gateway: str
    variant_id: UUID
    start: asyncio.Event
    timeout_s: float


class Buyer:
    """`outcome` refused: an out-of-stock answer to the checkout, and nothing else; `reason` tells of any other end."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop
        self._headers = {"X-Forwarded-For": people.address()}
        self.outcome: Outcome = "other"
        self.reason = ""

    async def fill_cart(self) -> None:
        body = {"variant_id": str(self._shop.variant_id), "quantity": 1}
        _, headers = await self._ask(201, "POST", "/api/v1/cart/items", json=body)
        self._headers["X-Cart-Token"] = headers["X-Cart-Token"]

    async def buy(self) -> None:
        """With a full cart: wait for the start, check out, pay, and see the order paid."""
        try:
            async with asyncio.timeout(self._shop.timeout_s):
                await self._shop.start.wait()
                number = await self._check_out()
                if number:
                    await self._pay(number)
                    await self._until(number, "state", "paid")
                    self.outcome = "paid"
        except (Failed, aiohttp.ClientError, TimeoutError) as error:
            self.reason = f"{type(error).__name__}: {error}"

    async def _check_out(self) -> str | None:
        """The order's number; None when the shop says that the stock is gone."""
        body, key = people.order_body(), people.idempotency_key()
        status, answer, _ = await self._send("POST", "/api/v1/checkout", json=body, headers=key)
        if status == 409 and answer.get("code") == "out_of_stock":
            self.outcome = "refused"
            return None
        if status != 201:
            raise Failed(f"POST /api/v1/checkout answered {status} {answer.get('code', '')}")
        number: str = answer["number"]
        return number

    async def _pay(self, number: str) -> None:
        await self._until(number, "payment", "open")
        order, _ = await self._ask(200, "GET", f"/api/v1/orders/{number}")
        url = f"{self._shop.gateway}/sim/orders/{order['payment']['gateway_order_id']}/pay"
        async with self._shop.client.post(url, json={"method": "upi", "outcome": "captured"}) as response:
            if response.status != 200:
                raise Failed(f"The gateway answered {response.status} to a payment")

    async def _until(self, number: str, what: str, wanted: str) -> None:
        """Until the order, or its payment, is in that state; `buy` bounds the wait."""
        while True:
            order, _ = await self._ask(200, "GET", f"/api/v1/orders/{number}")
            if (order["payment"]["state"] if what == "payment" else order["state"]) == wanted:
                return
            await asyncio.sleep(POLL_S)

    async def _ask(self, expected: int, method: str, path: str, **options: Any) -> tuple[Any, Any]:
        status, answer, headers = await self._send(method, path, **options)
        if status != expected:
            raise Failed(f"{method} {path} answered {status} {answer.get('code', '')}")
        return answer, headers

    async def _send(self, method: str, path: str, **options: Any) -> tuple[int, Any, Any]:
        headers = {**self._headers, **options.pop("headers", {})}
        async with self._shop.client.request(method, self._shop.host + path, headers=headers, **options) as response:
            return response.status, await response.json(content_type=None), response.headers
