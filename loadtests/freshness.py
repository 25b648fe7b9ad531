"""How soon a seller's edit is findable: the time from the answer to a PATCH until the public search shows it.

Open loop: edits come at a steady rate, whatever the shop does. Each is looked for on a page of the seller's products
that was asked for, and so cached, just before the edit (see `loadtests.watch`).
"""

import asyncio
import contextlib
import itertools
import math
import time
from collections.abc import Callable
from typing import Any

import aiohttp
import msgspec

from loadtests import people
from loadtests.beside import Beside, Searches
from loadtests.bulk import Bulk, BulkChange
from loadtests.catalogue import draw_catalogue
from loadtests.watch import Page

LOGIN = "/api/v1/auth/login"
PRODUCTS = "/api/v1/seller/products"
SEARCH = "/api/v1/search"
SHOP = "/api/v1/seller"
TOKEN_S = 600.0
PRICES = 89
PER_PAGE, TARGETS_MAX = 100, 200
BULK_TIMEOUT_S = 120.0
UNAVAILABLE, AGAIN_S = 503, 0.2


class ProbeError(Exception):
    """The probe cannot run; the message says what to do."""


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """`field`: price, name, or mixed (every other one). Rates in edits and searches a second; `bulk` products at once.

    `database_url` is wanted for a bulk change, which is one statement.
    """

    host: str
    email: str
    password: str
    edits: int = 200
    rate: float = 5.0
    field: str = "price"
    timeout_s: float = 10.0
    searches_per_s: float = 0.0
    bulk: int = 0
    database_url: str = ""


class Target(msgspec.Struct, kw_only=True):
    """A product and a page of the search that shows it; `busy` while an edit of it is looked for."""

    id: str
    name: str
    price_minor: int
    list_price_minor: int | None
    page: Page
    round: int = 0
    busy: bool = False
    touched: bool = False


class Probe:
    """`latencies_ms` holds one value for each edit that was found, `late` a sentence for each that was not.

    `unavailable` counts answers of 503; `beside` is what the searches beside met, `bulk` what became of the bulk
    change, where they were wanted.
    """

    def __init__(self, plan: Plan, session: aiohttp.ClientSession, *, say: Callable[[str], None]) -> None:
        self._plan, self._session, self._say = plan, session, say
        self._token, self._token_at_s = "", 0.0
        self._targets: list[Target] = []
        self._found: list[tuple[float, float]] = []
        self.late: list[str] = []
        self.unavailable = 0
        self.beside: Beside | None = None
        self.bulk: Bulk | None = None

    @property
    def latencies_ms(self) -> list[float]:
        return [latency for _, latency in self._found]

    @property
    def meanwhile_ms(self) -> list[float]:
        """Of the edits that were looked for while the bulk change was carried."""
        if self.bulk is None:
            return []
        begin, end = self.bulk.began_s, self.bulk.committed_s + (self.bulk.found_ms or math.inf) / 1000
        return [latency for at, latency in self._found if at <= end and at + latency / 1000 >= begin]

    async def run(self) -> None:
        """Raises ProbeError when there is nothing to edit. Puts every product back as it was."""
        await self._choose_targets()
        change = await self._choose_bulk()
        self._say(f"{self._plan.edits} edits of {len(self._targets)} products at {self._plan.rate:g}/s")
        async with contextlib.AsyncExitStack() as beside:
            if self._plan.searches_per_s:
                catalogue = await draw_catalogue(self._plan.host)
                searches = Searches(self._session, catalogue, self._plan.searches_per_s)
                self.beside = (await beside.enter_async_context(searches)).met
            try:
                await self._edit_all(change)
            finally:
                await asyncio.gather(*(target.page.close() for target in self._targets))
                await self._put_back()
                if change:
                    await change.put_back()

    async def _edit_all(self, change: BulkChange | None) -> None:
        """Every edit at its time, the bulk change after half of them; edits go on while that is looked for."""
        free = itertools.cycle(self._targets)
        started = time.monotonic()
        edits: list[asyncio.Task[None]] = []
        bulk: asyncio.Task[Bulk] | None = None
        try:
            for number in itertools.count():
                if number >= self._plan.edits and (bulk is None or bulk.done()):
                    break
                await asyncio.sleep(max(0.0, started + number / self._plan.rate - time.monotonic()))
                if change and bulk is None and number >= self._plan.edits // 2:
                    bulk = asyncio.create_task(change.run())
                target = next((t for t in itertools.islice(free, len(self._targets)) if not t.busy), None)
                if target is None:
                    self.late.append(f"edit {number + 1}: every product was still being looked for")
                    continue
                target.busy = target.touched = True
                edits.append(asyncio.create_task(self._edit(target, number)))
            await asyncio.gather(*edits)
            if bulk:
                self.bulk = await bulk
        finally:
            for task in (*edits, *([bulk] if bulk else [])):
                task.cancel()
            await asyncio.gather(*edits, return_exceptions=True)

    async def _choose_bulk(self) -> BulkChange | None:
        plan = self._plan
        if not plan.bulk:
            return None
        if not plan.database_url:
            raise ProbeError("A bulk change is one statement: --data of a stack, or HAAT_DATABASE__URL, is wanted.")
        names = plan.field == "name"
        change = BulkChange(self._session, plan.database_url, names=names, timeout_s=BULK_TIMEOUT_S)
        count = await change.choose(plan.bulk, without={target.id for target in self._targets})
        if count < plan.bulk:
            raise ProbeError(f"The search shows {count} products besides those edited: too few for --bulk {plan.bulk}.")
        return change

    async def _edit(self, target: Target, number: int) -> None:
        """Warm the page, change the product, and look until the change shows."""
        change = self._change(target, number)
        await target.page.warm()
        await self._patch(target, change)
        answered_s = time.perf_counter()
        seen_s = await target.page.until(target.id, change, timeout_s=self._plan.timeout_s)
        if seen_s is None:
            self.late.append(f"edit {number + 1} ({target.name}): not shown after {self._plan.timeout_s:g} s")
            return
        self._found.append((answered_s, (seen_s - answered_s) * 1000))
        target.busy = False

    def _change(self, target: Target, number: int) -> dict[str, Any]:
        """A price or name that the product did not have before; the price goes down, so that an MRP stays above it."""
        target.round += 1
        if self._plan.field == "name" or (self._plan.field == "mixed" and number % 2):
            return {"name": f"{target.name[:180]} {'★' * (1 + target.round % 5)}{target.round}"}
        step = 1 + target.round % PRICES
        return {"price_minor": target.price_minor - step if target.price_minor > PRICES else target.price_minor + step}

    async def _choose_targets(self) -> None:
        """The seller's newest products, as far as the search shows them."""
        slug = (await self._call("GET", SHOP))["shop"]["slug"]
        wanted = min(self._plan.edits, TARGETS_MAX)
        for number in itertools.count(1):
            query = {"seller": slug, "sort": "newest", "facets": "none", "per_page": str(PER_PAGE), "page": str(number)}
            page = Page(self._search, query)
            hits = await page.read()
            for hit in hits:
                target = await self._target(hit["id"], page)
                if target and len(self._targets) < wanted:
                    self._targets.append(target)
            if len(self._targets) >= wanted or len(hits) < PER_PAGE:
                break
        if not self._targets:
            raise ProbeError("The seller has no product that the search shows: import or seed some, and reindex.")

    async def _target(self, product_id: str, page: Page) -> Target | None:
        found = await self._call("GET", f"{PRODUCTS}/{product_id}")
        if len({(variant["price_minor"], variant["list_price_minor"]) for variant in found["variants"]}) != 1:
            return None  # one price for all variants could not be put back
        old = {name: found[name] for name in ("id", "name", "price_minor", "list_price_minor")}
        return Target(**old, page=page)

    async def _put_back(self) -> None:
        for target in self._targets:
            if target.touched:
                old: dict[str, Any] = {"name": target.name}
                if self._plan.field != "name":
                    old |= {"price_minor": target.price_minor, "list_price_minor": target.list_price_minor}
                await self._patch(target, old)

    async def _search(self, query: dict[str, str]) -> dict[str, Any]:
        """As a shopper with an address of their own."""
        found: dict[str, Any] = await self._ask(
            "GET", SEARCH, params=query, headers={"X-Forwarded-For": people.address()}
        )
        return found

    async def _patch(self, target: Target, change: dict[str, Any]) -> None:
        await self._call("PATCH", f"{PRODUCTS}/{target.id}", change)

    async def _call(self, method: str, path: str, body: Any = None) -> Any:
        """As the seller; an access token lives 15 minutes, so a new one is taken in time."""
        if time.monotonic() - self._token_at_s > TOKEN_S or not self._token:
            login = {"email": self._plan.email, "password": self._plan.password}
            answer = await self._ask("POST", LOGIN, json=login, headers={"X-Forwarded-For": people.address()})
            self._token, self._token_at_s = answer["access_token"], time.monotonic()
        return await self._ask(method, path, json=body, headers={"Authorization": f"Bearer {self._token}"})

    async def _ask(self, method: str, path: str, **options: Any) -> Any:
        """The decoded answer. A 503 is asked again, as any client does: what is late shows in the figures."""
        until = time.monotonic() + self._plan.timeout_s
        while True:
            async with self._session.request(method, path, **options) as response:
                if response.status != UNAVAILABLE or time.monotonic() > until:
                    return await read(response)
            self.unavailable += 1
            await asyncio.sleep(AGAIN_S)


async def read(response: aiohttp.ClientResponse) -> Any:
    """The decoded answer. Raises ProbeError for any error status."""
    body = await response.read()
    if response.status >= 400:
        raise ProbeError(
            f"{response.method} {response.url.path}: {response.status} {body[:300].decode('utf-8', 'replace')}"
        )
    return msgspec.json.decode(body)


def percentile(values: list[float], share: float) -> float:
    """The nearest rank; 0 when there are none."""
    return sorted(values)[math.ceil(share * len(values)) - 1] if values else 0.0
