"""The stock proof proves: nothing oversold with the guard, a red figure without it."""

import asyncpg
import pytest

from loadtests.prove import Verdict, prove
from tests.shop import bank

__all__ = ["bank"]

STOCK, BUYERS = 4, 24


async def proved(settings) -> Verdict:
    return await prove(settings.site.base_url, settings.payments.base_url, stock=STOCK, buyers=BUYERS, timeout_s=30)


async def test_no_more_is_sold_than_there_is(http, bank, settings, database):
    verdict = await proved(settings)
    assert (verdict.sold, verdict.refused, verdict.other, verdict.oversold) == (STOCK, BUYERS - STOCK, 0, 0)
    assert await database.fetchval("SELECT count(*) FROM product WHERE state = 'active'") == 0


async def test_without_guard_and_check_the_figure_is_red(
    http, bank, settings, owner: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
):
    await owner.execute("ALTER TABLE stock DROP CONSTRAINT stock_reserved")
    monkeypatch.setenv("HAAT_UNSAFE", "stock")
    verdict = await proved(settings)
    assert verdict.oversold == verdict.sold - STOCK
    assert verdict.oversold > 0


async def test_in_production_no_guard_can_be_switched_off(http, bank, settings, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("HAAT_UNSAFE", "stock")
    monkeypatch.setenv("HAAT_SITE__ENVIRONMENT", "production")
    assert (await proved(settings)).oversold == 0
