"""A buyer who shops over HTTP, the gateway that the buyer pays at, and the oracle that checks what is left."""

import itertools
import uuid
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import aiohttp
import msgspec

from jobs.registry import HANDLERS
from models.database import pool
from server.context import Context

ADDRESS = {
    "name": "Asha Rao",
    "phone": "98765 43210",
    "line1": "14, 2nd Cross, Indiranagar",
    "city": "Bengaluru",
    "region": "Karnataka",
    "pin_code": "560038",
}
_numbers = itertools.count(1)


class Buyer:
    """A guest with a cart token and an address of their own; with `headers`, whoever those say."""

    def __init__(self, http: aiohttp.ClientSession, headers: Mapping[str, str] | None = None) -> None:
        number = next(_numbers)
        self.http = http
        self.email = f"buyer-{uuid.uuid4().hex[:10]}@example.in"
        self.headers = {"X-Forwarded-For": f"10.9.{number >> 8}.{number & 255}", **(headers or {})}

    async def ask(self, method: str, path: str, **request: Any) -> tuple[int, Any]:
        headers = {**self.headers, **request.pop("headers", {})}
        async with self.http.request(method, path, headers=headers, **request) as response:
            if "X-Cart-Token" in response.headers:
                self.headers["X-Cart-Token"] = response.headers["X-Cart-Token"]
            body = await response.json(content_type=None)
            return response.status, body

    async def add(self, variant_id: UUID, quantity: int = 1) -> dict[str, Any]:
        status, cart = await self.ask(
            "POST", "/api/v1/cart/items", json={"variant_id": str(variant_id), "quantity": quantity}
        )
        assert status == 201, cart
        return cart

    async def check_out(self, key: str | None = None, **body: Any) -> tuple[int, Any]:
        request = {"email": self.email, "delivery": ADDRESS, **body}
        headers = {"Idempotency-Key": uuid.uuid4().hex if key is None else key}
        return await self.ask("POST", "/api/v1/checkout", json=request, headers=headers)

    async def order(self, variant_id: UUID, quantity: int = 1) -> dict[str, Any]:
        """Add to the cart and check out. Returns the answer, whose payment is open."""
        await self.add(variant_id, quantity)
        status, answer = await self.check_out()
        assert status == 201, answer
        assert answer["payment"]["state"] == "open", answer
        return answer

    async def see(self, number: str) -> dict[str, Any]:
        status, order = await self.ask("GET", f"/api/v1/orders/{number}")
        assert status == 200, order
        return order


class Bank:
    """The gateway simulator, from the side of those who pay there."""

    def __init__(self, client: aiohttp.ClientSession) -> None:
        self.client = client

    async def pay(self, gateway_order_id: str, outcome: str = "captured") -> dict[str, Any]:
        async with self.client.post(f"/sim/orders/{gateway_order_id}/pay", json={"outcome": outcome}) as response:
            answer: dict[str, Any] = await response.json()
            assert response.status == 200, answer
            return answer

    async def misbehave(self, **chaos: Any) -> None:
        async with self.client.post("/sim/chaos", json=chaos) as response:
            response.raise_for_status()

    async def money(self, number: str) -> dict[str, Any]:
        """What was captured and refunded for an order's receipt."""
        async with self.client.get("/sim/ledger", params={"receipt": number}) as response:
            sums: dict[str, Any] = await response.json()
            return sums

    async def events(self, gateway_order_id: str) -> list[dict[str, Any]]:
        async with self.client.get("/sim/events", params={"order_id": gateway_order_id}) as response:
            return (await response.json())["items"]


async def variant_of(product_id: UUID) -> UUID:
    found: UUID = await pool().fetchval(
        "SELECT id FROM variant WHERE product_id = $1 ORDER BY position LIMIT 1", product_id
    )
    return found


async def state_of(number: str) -> str:
    found: str = await pool().fetchval("SELECT state FROM orders WHERE number = $1", number)
    return found


async def run_jobs(context: Context, *names: str) -> int:
    """Run the waiting jobs of these names now, whatever their delay. Returns how many ran."""
    rows = await pool().fetch(
        "DELETE FROM pgqueuer WHERE entrypoint = ANY($1) AND status = 'queued' RETURNING entrypoint, payload", names
    )
    for row in rows:
        await HANDLERS[row["entrypoint"]](context, msgspec.json.decode(row["payload"]))
    return len(rows)
