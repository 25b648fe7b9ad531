"""The smoke tells a shop that became slow from a machine that is slow: a pause in one handler breaks its ratio."""

import asyncio
import contextlib
import sys
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import aiohttp
import msgspec
import pytest

from loadtests import smoke
from loadtests.budgets import load_budgets
from loadtests.conduct import Shop
from loadtests.result import Result
from models.database import Pool
from server.context import Context
from tests.factories import make_product, make_seller
from tests.loadtests.servers import shop_is_searchable
from tests.shop import bank

__all__ = ["bank"]

WOODS = ("Oak", "Teak", "Sal", "Elm", "Ash", "Fir", "Pine", "Palm")


@contextlib.asynccontextmanager
async def served(environment: Mapping[str, str], data: Path, *, pause_s: float) -> AsyncIterator[aiohttp.ClientSession]:
    """A web process of its own, listed in a state file as the supervisor would."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.loadtests.slowed_app"), env={**environment, "SLOWED_BY_S": str(pause_s)}
    )
    state = {"services": {"web-1": {"state": "running", "process": {"pid": process.pid}}}}
    (data / "stack.json").write_bytes(msgspec.json.encode(state))
    try:
        async with aiohttp.ClientSession(environment["HAAT_SITE__BASE_URL"]) as client:
            await until_it_answers(client)
            yield client
    finally:
        process.terminate()
        await process.wait()


async def until_it_answers(client: aiohttp.ClientSession) -> None:
    while True:
        with contextlib.suppress(aiohttp.ClientConnectionError):
            async with client.get("/readyz") as response:
                assert response.status == 200
                return
        await asyncio.sleep(0.05)


@pytest.fixture
async def products(database: Pool) -> None:
    seller_id = await make_seller()
    for wood in WOODS:
        await make_product(seller_id, name=f"{wood} table", stock=900)


async def smoked(context: Context, data: Path) -> Result:
    shop = Shop(host=context.settings.site.base_url, settings=context.settings, data=data)
    return await smoke.smoke(shop, load_budgets(), rounds=3, turn_s=0.6)


async def test_a_slowed_handler_breaks_its_ratio_and_no_other(
    context: Context, environment: Mapping[str, str], products: None, worker: None, bank: None, tmp_path: Path
):
    async with served(environment, tmp_path, pause_s=0) as client:
        await shop_is_searchable(client, len(WOODS))
        sound = await smoked(context, tmp_path)
    async with served(environment, tmp_path, pause_s=0.25):
        slowed = await smoked(context, tmp_path)
    assert broken(sound) == set()
    assert "cached_search" in broken(slowed)
    assert broken(slowed) <= {"cached_search", "cached_search_cpu", "uncached_search", "uncached_search_facets"}


def broken(result: Result) -> set[str]:
    return {verdict.budget.figure[-1] for verdict in result.verdicts if not verdict.kept}
