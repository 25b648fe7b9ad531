"""Suites on a running shop: orders get paid, nothing is oversold, edits are found, and the command says it all."""

import asyncio
import re
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import aiohttp
import msgspec
import pytest
from msgspec.structs import replace

from loadtests import flash
from loadtests.budgets import load_budgets
from loadtests.catalogue import Catalogue
from loadtests.conduct import FAR_AWAY, PLAN, Shop, conduct
from loadtests.plan import read_plan
from loadtests.result import Result
from loadtests.suites import SELLER, Wishes, plan_of
from models.database import Pool
from models.sign_in import register
from server.context import Context
from tests.factories import make_category, make_product, make_seller
from tests.loadtests.servers import shop_is_searchable
from tests.shop import bank

__all__ = ["bank"]

PRODUCTS = 6


@pytest.fixture
async def open_shop(http: aiohttp.ClientSession, context: Context, database: Pool, bank: None, worker: None) -> None:
    """The demo seller's products, findable."""
    password_hash = await context.passwords.hash(SELLER.password)
    async with database.acquire() as connection:
        user_id = await register(
            connection, context.keyring, email=SELLER.email, name="Asha", password_hash=password_hash, role="seller"
        )
    seller_id, category_id = await make_seller(user_id=user_id), await make_category("Tables")
    for number in range(PRODUCTS):
        name = f"{['Oak', 'Teak', 'Sal', 'Elm', 'Ash', 'Fir'][number]} dining table"
        await make_product(seller_id, name=name, category_id=category_id, stock=500)
    await shop_is_searchable(http, PRODUCTS)


async def load(suite, context: Context, folder: Path, budgets: str = "", **wishes) -> Result:
    settings = context.settings
    plan = plan_of(suite, Wishes(host=settings.site.base_url, gateway=settings.payments.base_url, **wishes))
    path = folder / "budgets.toml"
    path.write_text(budgets)
    return await conduct(plan, Shop(host=plan.host, settings=settings), load_budgets(path), folder=folder)


async def test_buyers_arrive_pay_and_are_measured(open_shop: None, context: Context, database: Pool, tmp_path: Path):
    """All of them buy what the file of what is popular names first, for its exponent leaves nothing to the others."""
    budgets = "[checkout]\nerror_rate = 0\n[checkout.journeys.buy]\nper_s_min = 1000\n"
    slugs = [row["slug"] for row in await database.fetch("SELECT slug FROM product ORDER BY slug DESC")]
    wanted = Catalogue(queries=("table",), categories=("tables",), products=tuple(slugs), exponent=99.0)
    popular = tmp_path / "popular.json"
    popular.write_bytes(msgspec.json.encode(wanted))
    result = await load("checkout", context, tmp_path, budgets, rate=4, duration_s=4, think_s=0.02,
        popularity=str(popular))  # fmt: skip
    sold = await database.fetch("SELECT DISTINCT p.slug FROM order_line l JOIN product p ON p.id = l.product_id")
    assert [row["slug"] for row in sold] == slugs[:1]
    paid = await database.fetchval("SELECT count(*) FROM orders WHERE state = 'paid'")
    assert paid >= result.journeys["buy"].count > 5
    assert result.failures == {}
    assert result.facts["statements_per_request"] > 1
    assert [verdict.sentence.split(" is ")[0] for verdict in result.verdicts if not verdict.kept] == [
        "budgets.toml:4: [checkout] journeys buy per_s"
    ]


async def test_a_crowd_on_few_units_gets_no_more_than_there_is(
    open_shop: None, context: Context, database: Pool, tmp_path: Path
):
    budgets = "[flash_sale.facts]\noversold = 0\n"
    free = await database.fetch("SELECT variant_id, on_hand - reserved AS free FROM stock ORDER BY 1")
    result = await load("flash_sale", context, tmp_path, budgets, users=90, spawn_rate=90, duration_s=2)
    assert result.facts["stock"] == 60
    assert result.facts["sold"] == result.facts["paid"] == 60
    assert result.facts["refused"] == 30
    assert await database.fetch("SELECT variant_id, on_hand - reserved AS free FROM stock ORDER BY 1") == free
    assert result.facts["oversold"] == 0
    assert result.kept
    plan = read_plan(tmp_path / PLAN)
    [at_once] = [moment.per_s for moment in result.timeline if moment.at_s == plan.barrier_at_s]
    assert at_once >= 90
    fewer = [replace(target, stock=target.stock - 1) for target in plan.targets]
    url, before = context.settings.database.url, datetime(2026, 1, 1, tzinfo=UTC)
    assert (await flash.count(url, fewer, before))["oversold"] == 3
    counted = flash.count_by_answers(result.facts, plan.targets)
    assert counted == {name: result.facts[name] for name in ("stock", "sold", "oversold")}
    assert flash.count_by_answers(result.facts, fewer)["oversold"] == 3


async def test_edits_are_found_and_names_put_back(open_shop: None, context: Context, database: Pool, tmp_path: Path):
    before = await database.fetch("SELECT name FROM product ORDER BY id")
    result = await load("sellers", context, tmp_path, rate=3, duration_s=3)
    assert result.freshness["edit"].count > 3
    assert result.freshness["edit"].errors == 0
    asked = result.outside["GET /api/v1/search, asked until it is fresh"].count
    assert asked >= 2 * result.freshness["edit"].count  # once before the edit, and until it shows
    assert result.requests["PATCH /api/v1/seller/products/:id"].count > 6
    assert await database.fetch("SELECT name FROM product ORDER BY id") == before


async def test_the_command_writes_report_history_and_exit_code_near_and_far(
    open_shop: None, environment: Mapping[str, str], tmp_path: Path
):
    far, near = tmp_path / "far.toml", tmp_path / "near.toml"
    far.write_text("[shoppers]\nerror_rate = 0\n[shoppers.facts]\napplication_memory_mb = 1\n")
    near.write_text("[shoppers]\np95_ms = 0.001\n")
    where = {far: ("--host", environment["HAAT_SITE__BASE_URL"]), near: ("--data", str(tmp_path))}
    found = {}
    for budgets, words in where.items():
        found[budgets] = await haat(
            environment,
            tmp_path,
            *("load", "shoppers", "--users", "5", "--duration", "3", "--think", "0.1", "--load-workers", "2"),
            *(*words, "--budgets", str(budgets), "--out", f"reports/{budgets.stem}"),
        )
    assert found[far][0] == 0, found[far][1]
    assert found[near][0] == 1, found[near][1]
    assert re.search(r"near\.toml:2: \[shoppers\] p95_ms is [\d.]+, budget at most 0.001", found[near][1])
    report = (tmp_path / "reports/near/report.html").read_text()
    assert "1 budget broken" in report
    assert "GET /api/v1/search/suggest" in report
    assert "| all requests |" in (tmp_path / "reports/near/summary.md").read_text()
    [before], [after] = (
        msgspec.json.decode((tmp_path / "reports" / name / "results.json").read_bytes(), type=list[Result])
        for name in ("far", "near")
    )
    assert [verdict.excuse for verdict in before.verdicts] == ["", FAR_AWAY]
    assert {"load-1", "load-2"} <= after.samples[-1].cpu.keys()
    code, text = await haat(environment, tmp_path, "load", "compare", before.id, after.id)
    assert code == 0
    assert f"after:  {after.id}" in text


async def haat(environment: Mapping[str, str], folder: Path, *arguments: str) -> tuple[int, str]:
    """As somebody runs it who is in `folder`."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "loadtests", *arguments),
        cwd=folder,
        env={"PATH": "", **environment},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await process.communicate()
    assert process.returncode is not None
    return process.returncode, said.decode()
