"""What the operator publishes at one web process is seen at the other, though both hold answers of before."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import aiohttp
import pytest

from devstack.draft import ROOT
from server.context import Context
from tests.conftest import free_port
from tests.factories import log_in_as, make_product, make_seller, make_user
from tests.handlers.test_admin import Desk
from tests.wait import until

ASKED = 20


@pytest.fixture
async def webs(
    context: Context, environment: dict[str, str], worker: None
) -> AsyncIterator[list[aiohttp.ClientSession]]:
    """Two web processes of one shop, beside its worker."""
    async with AsyncExitStack() as stack:
        opened = []
        for _ in range(2):
            port = free_port()
            env = {**os.environ, **environment, "HAAT_HTTP__PORT": str(port), "HAAT_LIMITS__ENABLED": "false"}
            process = await asyncio.create_subprocess_exec(sys.executable, "-m", "server.app", env=env, cwd=ROOT)
            stack.push_async_callback(process.wait)
            stack.callback(process.terminate)
            client = aiohttp.ClientSession(f"http://127.0.0.1:{port}", cookie_jar=aiohttp.DummyCookieJar())
            opened.append(await stack.enter_async_context(client))
        for client in opened:
            await until(lambda client=client: serves(client), timeout_s=60)
        yield opened


async def serves(client: aiohttp.ClientSession) -> bool:
    try:
        async with client.get("/readyz") as response:
            return response.status == 200
    except aiohttp.ClientConnectionError:
        return False


async def names(client: aiohttp.ClientSession, q: str) -> tuple[list[str], str]:
    """What is found, and whether it came from the cache."""
    async with client.get("/api/v1/search", params={"q": q}) as response:
        body = await response.json()
        return ["degraded"] if body["degraded"] else [hit["name"] for hit in body["hits"]], response.headers["X-Cache"]


async def until_all_find(webs: list[aiohttp.ClientSession], q: str, *expected: str) -> None:
    """Both find it from the cache, and neither finds anything else any more."""

    async def found() -> bool:
        return [await names(client, q) for client in webs] == [([*expected], "hit")] * len(webs)

    await until(found)
    for _ in range(ASKED):
        assert [(await names(client, q))[0] for client in webs] == [[*expected]] * len(webs)


async def test_a_published_synonym_and_a_published_pin_are_seen_by_both_processes(
    webs: list[aiohttp.ClientSession], context: Context
) -> None:
    seller = await make_seller()
    for name, sold in (("Brass Lamp", 100), ("Clay Lamp", 1)):
        pinned = await make_product(seller, name=name, sales_count=sold)
    desk = Desk(webs[0], await log_in_as(context.settings, await make_user(context.settings, role="admin")))
    await until_all_find(webs, "lamp", "Brass Lamp", "Clay Lamp")
    await until_all_find(webs, "deepam")
    synonym = {"kind": "one_way", "term": "deepam", "words": ["clay lamp"]}
    status, taught = await desk.call("POST", "/search/synonyms", json=synonym)
    assert status == 201, taught
    await until_all_find(webs, "deepam", "Clay Lamp")
    items = [{"action": "pin", "product_id": str(pinned), "position": 1}]
    status, rule = await desk.call("POST", "/search/rules", json={"name": "Test", "query": "lamp", "items": items})
    assert status == 201, rule
    one = f"/search/rules/{rule['id']}"
    status, published = await desk.call("POST", f"{one}/publish", json={"version": 1})
    assert status == 200, published
    await until_all_find(webs, "lamp", "Clay Lamp", "Brass Lamp")
    status, _ = await desk.call("POST", f"{one}/unpublish", json={"version": published["version"]})
    assert status == 200
    await until_all_find(webs, "lamp", "Brass Lamp", "Clay Lamp")
