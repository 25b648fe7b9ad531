"""Buyers go on buying while PostgreSQL is killed again and again, Redis is flushed and killed, the gateway and the mail
server stop: who keeps trying with the same key gets one order, and what was paid is confirmed by one mail.
"""

import asyncio
import os
import signal
import uuid
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
import pytest
from redis.asyncio import Redis

from devstack import postgres
from devstack.datafolder import DataFolder
from loadtests.fresh import kept_stack
from loadtests.processes import running
from loadtests.stall import open_stall
from models.database import LOST, connected, pool
from server.settings import load_settings, read_env_file
from tests.buying import ADDRESS
from tests.oracle import broken_promises
from tests.proofs.figures import ROUNDS
from tests.proofs.figures import count as add
from tests.wait import until

BUYERS = 4
KILLS = 20 if ROUNDS > 1 else 1
STEP = 3
PATIENCE_S = 180.0
GIVEN_UP = (aiohttp.ClientError, TimeoutError)


class Siege:
    """A stack under attack and the buyers who do not give up. `paid` are the numbers they were told are paid."""

    def __init__(self, folder, settings, client: aiohttp.ClientSession, variant_id) -> None:
        self.folder, self.settings, self.client, self.variant_id = DataFolder(folder), settings, client, variant_id
        self.paid: list[str] = []
        self.placed = 0
        self.over = False
        self.journeys = 0
        self.guests: list[asyncio.Task[None]] = []

    async def buy_on(self) -> None:
        while not self.over:
            await self.buy()

    async def buy(self) -> None:
        self.journeys += 1
        headers = {"X-Forwarded-For": f"10.7.{self.journeys >> 8}.{self.journeys & 255}"}
        shop, gateway = self.settings.site.base_url, self.settings.payments.base_url
        item = {"variant_id": str(self.variant_id), "quantity": 1}
        given: dict[str, str] = {}
        await self.insist("POST", f"{shop}/api/v1/cart/items", {201}, headers=headers, json=item, given=given)
        headers["X-Cart-Token"] = given["X-Cart-Token"]
        body = {"email": f"{uuid.uuid4().hex[:10]}@example.in", "delivery": ADDRESS}
        keyed = {**headers, "Idempotency-Key": uuid.uuid4().hex}
        order = await self.insist("POST", f"{shop}/api/v1/checkout", {200, 201}, headers=keyed, json=body)
        self.placed += 1
        seen = f"{shop}/api/v1/orders/{order['number']}"
        while order["payment"]["gateway_order_id"] is None:
            await asyncio.sleep(0.1)
            order = await self.insist("GET", seen, {200}, headers=headers)
        pay = f"{gateway}/sim/orders/{order['payment']['gateway_order_id']}/pay"
        await self.insist("POST", pay, {200, 400}, json={"outcome": "captured"})
        while order["state"] != "paid":
            await asyncio.sleep(0.1)
            order = await self.insist("GET", seen, {200}, headers=headers)
        self.paid.append(order["number"])

    async def insist(self, method: str, url: str, wanted: set[int], *, given: Any = None, **request: Any) -> Any:
        """Ask until the answer is one of `wanted`; anything else that is not the fault of an outage is an error."""
        while True:
            try:
                async with self.client.request(method, url, **request) as response:
                    body = await response.json(content_type=None)
                    if response.status in wanted:
                        if given is not None:
                            given.update(response.headers)
                        return body
                    add("outages", f"answers {response.status}")
                    assert response.status in (409, 429, 502, 503, 504), (method, url, response.status, body)
                    assert response.status != 503 or "Retry-After" in response.headers, (method, url)
            except GIVEN_UP:
                add("outages", "requests without an answer")
            await asyncio.sleep(0.2)

    def pid(self, service: str) -> int:
        return self.folder.read_state().services[service].process.pid

    def send(self, service: str, number: signal.Signals) -> None:
        os.kill(self.pid(service), number)

    async def more(self, what: Callable[[], int], number: int = STEP) -> None:
        goal = what() + number

        async def reached() -> bool:
            return what() >= goal

        await until(reached, timeout_s=PATIENCE_S, poll_s=0.05)

    async def attack(self) -> None:
        await self.more(self.sold)
        for _ in range(KILLS):
            self.send("postgres", signal.SIGKILL)
            add("outages", "PostgreSQL killed under a running flow")
            await self.more(self.sold)
        for _ in range(min(KILLS, 5)):
            async with Redis.from_url(self.settings.redis.url) as redis:
                await redis.flushall()
            add("outages", "Redis flushed")
            await self.more(self.sold)
            self.send("redis", signal.SIGKILL)
            add("outages", "Redis killed")
            await self.more(self.sold)
            await self.stopped("inbox", self.sold)
            await self.stopped("razorpay", lambda: self.placed, guests=2)
            self.send("worker", signal.SIGKILL)
            self.send("web-1", signal.SIGKILL)
            add("outages", "worker and web process killed")
            await self.more(self.sold)

    async def stopped(self, service: str, while_: Callable[[], int], *, guests: int = 0) -> None:
        """The shop goes on for a while without it. `guests` come meanwhile: all others may wait to pay."""
        pid = self.pid(service)
        os.kill(pid, signal.SIGSTOP)
        self.guests += [asyncio.create_task(self.buy()) for _ in range(guests)]
        try:
            await self.more(while_, 2)
        finally:
            os.kill(pid, signal.SIGCONT)
        add("outages", f"{service} stopped")
        await self.more(self.sold)

    def sold(self) -> int:
        return len(self.paid)


async def patiently(ask: Callable[[], Awaitable[Any]]) -> Any:
    """The answer once the database is back."""
    while True:
        try:
            return await ask()
        except LOST:
            await asyncio.sleep(0.1)


@pytest.fixture
def folder(tmp_path):
    with kept_stack(tmp_path, products=10, workers=1):
        yield tmp_path
    assert running(tmp_path) == {}
    postgres.discard(tmp_path)


async def test_nothing_is_lost_and_nothing_doubled_while_servers_are_killed(folder):
    settings = load_settings({}, folder)
    inbox = read_env_file(folder / "stack.env")["HAAT_INBOX_URL"]
    timeout = aiohttp.ClientTimeout(total=15)
    async with connected(settings.database.url, pool_max=4), aiohttp.ClientSession(timeout=timeout) as client:
        stall = await open_stall(100_000)
        siege = Siege(folder, settings, client, stall.variant_id)
        buyers = [asyncio.create_task(siege.buy_on()) for _ in range(BUYERS)]
        attack = asyncio.create_task(siege.attack())
        await asyncio.wait([attack, *buyers], return_when=asyncio.FIRST_COMPLETED)
        siege.over = True
        await asyncio.gather(attack, *buyers)
        await asyncio.gather(*siege.guests)
        await judge(siege, inbox)


async def judge(siege: Siege, inbox: str) -> None:
    async def idle() -> bool:
        due = "SELECT count(*) = 0 FROM pgqueuer WHERE execute_after <= now()"
        return await patiently(lambda: pool().fetchval(due))

    await until(idle, timeout_s=PATIENCE_S, poll_s=0.2)
    orders = {row["number"]: row for row in await pool().fetch("SELECT id, number, state FROM orders")}
    unpaid = [number for number in siege.paid if orders[number]["state"] != "paid"]
    doubled = len(orders) - len(siege.paid)
    async with siege.client.get(f"{siege.settings.payments.base_url}/sim/ledger") as response:
        money = await response.json()
    collected = await pool().fetchval("SELECT sum(amount_minor) FROM payment WHERE state = 'captured'")
    async with siege.client.get(f"{inbox}/api/messages", params={"limit": "1000"}) as response:
        mails = Counter(mail["headers"]["Message-ID"] for mail in await response.json())
    unconfirmed = [n for n, row in orders.items() if not any(str(row["id"]) in message for message in mails)]
    broken = await broken_promises(pool())
    add("outages", "orders placed and paid", len(siege.paid))
    add("outages", "orders lost or doubled", len(unpaid) + abs(doubled))
    add("outages", "orders without a confirmation", len(unconfirmed))
    add("outages", "mails sent again with the same Message-ID", mails.total() - len(mails))
    add("outages", "paise that gateway and shop disagree on", abs(money["net_minor"] - int(collected)))
    add("oracle", "checks")
    add("oracle", "broken", len(broken))
    assert (unpaid, doubled, unconfirmed, broken) == ([], 0, [], {})
    assert (money["net_minor"], money["paid_orders"]) == (collected, len(siege.paid))
