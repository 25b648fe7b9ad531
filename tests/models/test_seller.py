"""Sellers under the operator: each decision from one state to the next, once, with its trail."""

import asyncio

import pytest

from models.base import uuid7
from models.database import Pool
from models.errors import Conflict, NotFound
from models.seller import DECISIONS, decide_seller, get_seller, list_sellers
from models.states import SELLER
from tests.factories import make_product, make_seller


def test_every_decision_is_a_move_of_the_machine() -> None:
    for old, new in DECISIONS.values():
        assert SELLER.allows(old, new)


async def test_an_approval_is_dated_once_and_listed(database: Pool) -> None:
    seller_id = await make_seller(state="pending")
    await make_product(seller_id)
    approved = await decide_seller(seller_id, "approve", actor_id=uuid7())
    assert (approved.state, approved.products) == ("approved", 1)
    await decide_seller(seller_id, "suspend", actor_id=uuid7(), reason="Fakes")
    restored = await decide_seller(seller_id, "restore", actor_id=uuid7())
    assert restored.approved_at == approved.approved_at
    assert await list_sellers(state="approved") == ([restored], 1)
    assert await list_sellers(state="pending") == ([], 0)
    reasons = await database.fetch("SELECT after->>'reason' AS reason FROM audit_entry ORDER BY id")
    assert [row["reason"] for row in reasons] == ["", "Fakes", ""]


async def test_of_two_decisions_at_once_one_wins(database: Pool) -> None:
    seller_id = await make_seller(state="pending")
    both = [decide_seller(seller_id, action, actor_id=uuid7()) for action in ("approve", "reject")]
    outcomes = await asyncio.gather(*both, return_exceptions=True)
    assert sum(isinstance(outcome, Conflict) for outcome in outcomes) == 1
    assert await database.fetchval("SELECT count(*) FROM audit_entry") == 1


async def test_an_unknown_seller_is_not_found(database: Pool) -> None:
    with pytest.raises(NotFound):
        await decide_seller(uuid7(), "approve", actor_id=uuid7())
    with pytest.raises(NotFound):
        await get_seller(uuid7())


async def test_a_suspended_sellers_products_leave_the_search(database: Pool) -> None:
    seller_id = await make_seller()
    product_id = await make_product(seller_id)
    await database.execute("DELETE FROM search_change")
    await decide_seller(seller_id, "suspend", actor_id=uuid7(), reason="Fakes")
    assert await database.fetchval("SELECT product_id FROM search_change") == product_id
