"""Whether a shop holds the catalogue that is to be measured, all of it, and its search as well."""

import aiohttp
import asyncpg

from loadtests import people
from loadtests.quiet import until_quiet

HELD = """
SELECT (SELECT count(*) FROM product) AS products,
       (SELECT count(*) FROM product p JOIN seller s ON s.id = p.seller_id
         WHERE p.state = 'active' AND s.state = 'approved'
           AND EXISTS (SELECT FROM variant v WHERE v.product_id = p.id AND v.state = 'active')) AS on_sale
"""


class NotWhole(Exception):
    """Something is missing, or there is too much: the message says what."""


async def demand_whole(host: str, database_url: str, *, products: int) -> None:
    """Waits until the search has all that it was told. Raises NotWhole, NeverQuiet."""
    await until_quiet(host, database_url)
    connection = await asyncpg.connect(database_url)
    try:
        held = await connection.fetchrow(HELD)
    finally:
        await connection.close()
    if held["products"] != products:
        raise NotWhole(f"{host} holds {held['products']:,} products in place of {products:,}.")
    found = await _found(host)
    if found != held["on_sale"]:
        raise NotWhole(f"Of {held['on_sale']:,} products on sale the search of {host} finds {found:,}.")


async def _found(host: str) -> int:
    headers = {"X-Forwarded-For": people.address()}
    async with (
        aiohttp.ClientSession(host, headers=headers) as client,
        client.get("/api/v1/search", params={"facets": "none", "per_page": 1}) as response,
    ):
        total: int = (await response.json())["total"]
    return total
