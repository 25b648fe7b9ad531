"""Sellers under the operator: each decision from one state to the next, once, with its trail."""

import asyncio

import pytest

from models.base import uuid7
from models.database import Pool
from models.errors import Conflict, NotFound
from models.seller import DECISIONS, count_sellers, decide_seller, get_seller, list_sellers, set_payout_account
from models.states import SELLER
from tests.factories import make_product, make_seller, make_user
from tests.ordering import KEYRING


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
    assert await list_sellers(state="approved", keyring=KEYRING) == ([restored], 1)
    assert await list_sellers(state="pending", keyring=KEYRING) == ([], 0)
    assert await count_sellers() == {"approved": 1}
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


async def test_sellers_are_found_by_words_numbers_and_their_owners_mail(database: Pool) -> None:
    owner = await make_user()
    email = KEYRING.decrypt(await database.fetchval("SELECT email_encrypted FROM users"))
    one, two = await make_seller(name="Kala 100% Kendra", user_id=owner), await make_seller(name="Asha Stores")
    await database.execute("UPDATE seller SET gstin = '29ABCDE1234F1Z5', state = 'suspended' WHERE id = $1", one)
    for words in ("kala", "100% k", "KENDRA PRIV", "29abcde1234f1z5", f" {email.upper()} ", str(one)):
        found, total = await list_sellers(words, keyring=KEYRING)
        assert ([seller.id for seller in found], total) == ([one], 1), words
    assert (await list_sellers("kala", state="approved", keyring=KEYRING))[1] == 0
    assert [seller.id for seller in (await list_sellers("stores", keyring=KEYRING))[0]] == [two]
    for words in ("1%0", "nobody@example.in", "%", "29ABCDE"):
        assert [s.id for s in (await list_sellers(words, keyring=KEYRING))[0]] == ([one] if words == "%" else []), words


async def test_the_operator_names_an_account_only_for_a_shop_that_nobody_owns(database: Pool) -> None:
    owned, left = await make_seller(user_id=await make_user()), await make_seller()
    with pytest.raises(Conflict):
        await set_payout_account(owned, "fa_00000000000001", actor_id=uuid7(), ownerless=True)
    with pytest.raises(NotFound):
        await set_payout_account(uuid7(), "fa_00000000000001", actor_id=uuid7(), ownerless=True)
    await set_payout_account(left, "fa_00000000000001", actor_id=uuid7(), ownerless=True)
    rows = await database.fetch("SELECT user_id, payout_account FROM seller ORDER BY user_id NULLS FIRST")
    assert [row["payout_account"] for row in rows] == ["fa_00000000000001", ""]
    [entry] = await database.fetch("SELECT subject_id, after->>'ends_in' AS ends_in FROM audit_entry")
    assert tuple(entry) == (left, "0001")
