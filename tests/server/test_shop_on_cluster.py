"""The shop on a Redis Cluster, over HTTP: pages, sessions and limits; a lost node is no visitor's trouble."""

import asyncio
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

import devstack
from devstack import redis_cluster
from devstack.datafolder import DataFolder
from models.database import pool
from tests.factories import log_in_as, make_product, make_seller, make_user
from tests.wait import until


@pytest.fixture
def nodes(tmp_path: Path) -> Iterator[tuple[Path, str]]:
    """The cluster's data folder and address; its nodes may be killed."""
    with devstack.launched((redis_cluster.NAME,), data=tmp_path / "cluster") as env:
        yield tmp_path / "cluster", env["HAAT_REDIS__URL"]


@pytest.fixture
def environment(environment: dict[str, str], nodes: tuple[Path, str]) -> dict[str, str]:
    return {**environment, "HAAT_REDIS__URL": nodes[1]}


@pytest.fixture
def redis() -> None:
    """The cluster is empty as it is."""


async def test_the_shop_answers_as_ever_and_goes_on_when_a_node_is_lost(nodes, settings, http):
    seller = await make_seller()
    for number in range(20):
        await make_product(seller, name=f"Lamp {number}")
    slugs = [row["slug"] for row in await pool().fetch("SELECT slug FROM product")]
    caller = await log_in_as(settings, await make_user(settings))

    async def ask(path: str, headers: dict[str, str]) -> tuple[int, str | None, str | None]:
        async with http.get(path, headers=headers) as response:
            return response.status, response.headers.get("X-Cache"), response.headers.get("RateLimit")

    async def visit() -> set[tuple[int, str | None]]:
        asked = [ask(f"/api/v1/products/{slug}", {}) for slug in slugs] + [ask("/api/v1/orders", caller)]
        return {(status, state) for status, state, _ in await asyncio.gather(*asked)}

    assert await visit() == {(200, "miss"), (200, None)}
    assert await visit() == {(200, "hit"), (200, None)}
    assert '"read";r=' in ((await ask(f"/api/v1/products/{slugs[0]}", {}))[2] or "")
    state = DataFolder(nodes[0]).read_state()
    assert state is not None
    os.kill(state.services["redis-2"].process.pid, signal.SIGKILL)
    met: set[tuple[int, str | None]] = set()

    async def bypassed() -> bool:
        met.update(await visit())
        return (200, "bypass") in met

    await until(bypassed)

    async def whole() -> bool:
        met.update(await visit())
        return await visit() == {(200, "hit"), (200, None)}

    await until(whole, timeout_s=30)
    assert {status for status, _ in met} == {200}
