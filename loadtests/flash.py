"""Sets up a flash sale through the seller's API; counts afterwards what was promised beyond stock: in the database, or
far from it by the orders that the crowd was given.
"""

import random
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import aiohttp
import asyncpg
import msgspec

from loadtests.plan import Login, Target

TARGETS = 3
STOCK = 20
PRODUCTS = "/api/v1/seller/products"
PROMISED = """
SELECT l.variant_id::text, sum(l.quantity)::int AS units, sum(l.quantity) FILTER (WHERE o.state = 'paid')::int AS paid
  FROM order_line l JOIN orders o ON o.id = l.order_id
 WHERE l.variant_id::text = ANY($1) AND o.created_at >= $2 AND o.state IN ('pending', 'paid') GROUP BY 1
"""
BROKEN = "SELECT count(*) FROM stock WHERE reserved < 0 OR reserved > on_hand"


class FlashError(Exception):
    """The sale cannot be set up: the message says what is missing."""


async def set_up(host: str, login: Login, *, targets: int = TARGETS, stock: int = STOCK) -> tuple[Target, ...]:
    """Some products of one variant of which nothing is promised to anybody get `stock` free units each."""
    async with aiohttp.ClientSession(host) as client:
        headers = await _log_in(client, login)
        lines = (await _ask(client, "GET", f"{PRODUCTS}?status=active&per_page=200", headers=headers))["items"]
        random.shuffle(lines)
        found: list[Target] = []
        for line in lines:
            product = await _ask(client, "GET", f"{PRODUCTS}/{line['id']}", headers=headers)
            variants = product["variants"]
            if len(variants) == 1 and variants[0]["reserved"] == 0:
                await _ask(client, "PATCH", f"{PRODUCTS}/{line['id']}", headers=headers, json={"stock": stock})
                found.append(Target(line["id"], variants[0]["id"], stock, before=variants[0]["stock"]))
            if len(found) == targets:
                return tuple(found)
    raise FlashError(f"{login.email} sells fewer than {targets} products of one variant with nothing reserved.")


async def put_back(host: str, login: Login, targets: Sequence[Target]) -> None:
    """As many free units as before the sale; what the crowd bought stays bought."""
    async with aiohttp.ClientSession(host) as client:
        headers = await _log_in(client, login)
        for target in targets:
            path = f"{PRODUCTS}/{target.product_id}"
            await _ask(client, "PATCH", path, headers=headers, json={"stock": target.before})


async def _log_in(client: aiohttp.ClientSession, login: Login) -> dict[str, str]:
    token = await _ask(client, "POST", "/api/v1/auth/login", json=msgspec.to_builtins(login))
    return {"Authorization": f"Bearer {token['access_token']}"}


async def count(database_url: str, targets: Sequence[Target], since: datetime) -> dict[str, float]:
    """`oversold`: units in pending and paid orders beyond the stock there was, of all targets."""
    connection = await asyncpg.connect(database_url)
    try:
        rows = await connection.fetch(PROMISED, [target.variant_id for target in targets], since)
        broken = await connection.fetchval(BROKEN)
    finally:
        await connection.close()
    promised = {row["variant_id"]: row["units"] for row in rows}
    beyond = sum(max(0, promised.get(target.variant_id, 0) - target.stock) for target in targets)
    return {
        "stock": float(sum(target.stock for target in targets)),
        "sold": float(sum(row["paid"] or 0 for row in rows)),
        "oversold": float(beyond + broken),
    }


def count_by_answers(recorded: Mapping[str, float], targets: Sequence[Target]) -> dict[str, float]:
    """The same of what load processes counted: orders that were placed, and paid, each of one unit."""
    stock = float(sum(target.stock for target in targets))
    beyond = max(0.0, recorded.get("placed", 0.0) - stock)
    return {"stock": stock, "sold": recorded.get("paid", 0.0), "oversold": beyond}


async def database_now(database_url: str) -> datetime:
    connection = await asyncpg.connect(database_url)
    try:
        now: datetime = await connection.fetchval("SELECT clock_timestamp()")
    finally:
        await connection.close()
    return now


async def _ask(client: aiohttp.ClientSession, method: str, path: str, **options: Any) -> Any:
    async with client.request(method, path, **options) as response:
        if response.status != 200:
            raise FlashError(f"{method} {path} answers {response.status}: {(await response.text())[:200]}")
        return await response.json()
