"""Owners of shops and people of the market who are erased: the person goes, the firm stays in the books."""

import asyncio
from contextvars import copy_context
from uuid import UUID

import asyncpg
import pytest

from models.base import uuid7
from models.database import Pool, transaction
from models.disputes import let_bear
from models.erasure import erase_person
from models.errors import Conflict
from models.gateway import GatewayPayout
from models.leaving import leave_shop
from models.ledger import Entry, book
from models.people import set_role
from models.seller import decide_seller, get_seller
from models.sessions import find_session, start_session
from models.settlement import receive_event
from tests.disputing import news, tell
from tests.factories import insert, make_product, make_seller, make_user
from tests.fulfilling import Bought, bring, buy
from tests.ordering import KEYRING, event
from tests.privacy.traces import columns_with
from tests.wait import until

WAITING = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
FIRM = "SELECT user_id, name, legal_name, payout_account FROM seller WHERE id = $1"


async def refusal(user_id: UUID) -> str:
    with pytest.raises(Conflict) as refused:
        await erase_person(user_id, keyring=KEYRING)
    return refused.value.code


async def pay_out(database: Pool, seller_id: UUID, state: str) -> UUID:
    payout_id = await insert("payout", seller_id=seller_id, amount_minor=1, currency="INR", reference="r", state=state)
    for entry in await database.fetch("SELECT id FROM ledger_entry WHERE seller_id = $1", seller_id):
        await database.execute(
            "INSERT INTO payout_entry (id, payout_id, entry_id) VALUES ($1, $2, $3)", uuid7(), payout_id, entry["id"]
        )
    return payout_id


async def test_an_owner_leaves_a_closed_and_even_shop_whose_firm_stays(database: Pool) -> None:
    one = await buy()
    seller_id = one.sellers[0]
    owner: UUID = await database.fetchval("SELECT user_id FROM seller WHERE id = $1", seller_id)
    await database.execute("UPDATE seller SET payout_account = 'fa_1', legal_name = 'Stall Private Limited'")
    await insert("seller_document", seller_id=seller_id, kind="identity", name="pan.pdf", size_bytes=1,
                 content_type="application/pdf", content_encrypted=b"x")  # fmt: skip
    helper = await make_user()
    await database.execute("INSERT INTO seller_staff VALUES ($1, $2, '{orders}')", helper, seller_id)
    session_id = await start_session(database, helper, refresh_token="x", user_agent="", ttl_s=60)
    assert await refusal(owner) == "shop_open"
    await database.execute("UPDATE seller SET state = 'suspended' WHERE id = $1", seller_id)
    assert await refusal(owner) == "open", "a parcel waits"
    await bring(seller_id, one.shipments[0])
    assert await refusal(owner) == "owed"
    payout_id = await pay_out(database, seller_id, "unknown")
    assert await refusal(owner) == "open", "a payout is under way"
    await database.execute("UPDATE payout SET state = 'sent' WHERE id = $1", payout_id)
    invoices = await database.fetchval("SELECT count(*) FROM invoice WHERE seller_id = $1", seller_id)
    assert await erase_person(owner, keyring=KEYRING) == [session_id]
    assert tuple(await database.fetchrow(FIRM, seller_id)) == (None, "Stall 0", "Stall Private Limited", "")
    assert await database.fetchval("SELECT count(*) FROM users WHERE id = $1", owner) == 0
    assert await database.fetchval("SELECT count(*) FROM seller_document") == 0
    assert await database.fetchval("SELECT count(*) FROM invoice WHERE seller_id = $1", seller_id) == invoices
    assert await find_session(session_id) is None


async def closed_and_paid(database: Pool) -> tuple[Bought, UUID, UUID]:
    """What was bought of a shop that is suspended and has its money, the shop, and its owner."""
    one = await buy()
    seller_id = one.sellers[0]
    owner: UUID = await database.fetchval("SELECT user_id FROM seller WHERE id = $1", seller_id)
    await bring(seller_id, one.shipments[0])
    await pay_out(database, seller_id, "sent")
    await database.execute("UPDATE seller SET state = 'suspended' WHERE id = $1", seller_id)
    return one, seller_id, owner


async def test_paise_that_no_payout_can_send_keep_nobody(database: Pool) -> None:
    one, seller_id, owner = await closed_and_paid(database)

    async def owe(paise: int) -> None:
        entries = [Entry("seller", paise, seller_id), Entry("promotion", -paise)]
        async with transaction() as connection:
            await book(connection, uuid7(), entries, order_id=one.id, reason="sale", currency="INR")

    for paise in (-1, 101):
        await owe(paise)
        assert await refusal(owner) == "owed"
    await owe(-1)
    await erase_person(owner, keyring=KEYRING)


async def test_of_a_shop_that_never_sold_nothing_is_kept(database: Pool) -> None:
    owner = await make_user(role="seller")
    seller_id = await make_seller(name="Ravi Stores", user_id=owner)
    await make_product(seller_id)
    await database.execute("UPDATE seller SET state = 'draft', legal_name = 'Ravi Menon' WHERE id = $1", seller_id)
    await erase_person(owner, keyring=KEYRING)
    assert tuple(await database.fetchrow(FIRM, seller_id)) == (None, "Closed shop", "", "")
    assert "ravi" not in str(await database.fetch("SELECT * FROM seller")).lower()


async def test_a_shop_whose_owner_was_erased_is_never_opened_again(database: Pool) -> None:
    operator, closed = await make_user(role="admin"), {}
    for state, action in (("suspended", "restore"), ("rejected", "reopen")):
        owner = await make_user(role="seller", name=state)
        closed[await make_seller(name=state, user_id=owner, state=state)] = state, action
        await erase_person(owner, keyring=KEYRING)
    for seller_id, (state, action) in closed.items():
        with pytest.raises(Conflict) as refused:
            await decide_seller(seller_id, action, actor_id=operator)
        assert refused.value.code == "left"
        assert (await get_seller(seller_id)).state == state
        with pytest.raises(asyncpg.CheckViolationError):
            await database.execute("UPDATE seller SET state = 'approved' WHERE id = $1", seller_id)
    imported = await make_seller(name="Imported", state="suspended")
    assert (await decide_seller(imported, "restore", actor_id=operator)).state == "approved", "it never had an owner"


async def test_a_shop_that_its_owner_leaves_at_this_moment_is_not_restored(database: Pool) -> None:
    owner, operator = await make_user(role="seller"), await make_user(role="admin")
    seller_id, outside = await make_seller(user_id=owner, state="suspended"), copy_context()
    async with transaction() as connection:
        await leave_shop(connection, owner, keyring=KEYRING)
        deciding = decide_seller(seller_id, "restore", actor_id=operator)
        restoring = asyncio.create_task(deciding, context=outside)
        await until(lambda: database.fetchval(WAITING))
    with pytest.raises(Conflict, match="erased"):
        await restoring
    assert (await get_seller(seller_id)).state == "suspended"


async def test_the_markets_own_people_give_their_role_back_first(database: Pool) -> None:
    operator, colleague = await make_user(role="admin"), await make_user(role="support")
    assert await refusal(operator) == await refusal(colleague) == "of_market"
    await set_role(colleague, "shopper", actor_id=operator)
    await erase_person(colleague, keyring=KEYRING)
    assert await database.fetchval("SELECT count(*) FROM users") == 1


async def test_an_owner_whom_a_bank_or_the_market_has_yet_to_settle_with_stays(database: Pool) -> None:
    one, _, owner = await closed_and_paid(database)
    await tell(news(one, "open"))
    assert await refusal(owner) == "open", "a bank decides"
    await tell(news(one, "lost", after=5, deducted_minor=one.order.price.total_minor))
    assert await refusal(owner) == "owed", "what was paid out is to be given back"
    dispute_id = await database.fetchval("SELECT id FROM dispute")
    await let_bear(dispute_id, "platform", actor_id=await make_user(role="admin"))
    await erase_person(owner, keyring=KEYRING)


async def test_what_the_bank_said_of_payouts_goes_with_the_owner_and_does_not_come_back(database: Pool) -> None:
    owner = await make_user(role="seller")
    seller_id = await make_seller(user_id=owner)
    await insert("payout", seller_id=seller_id, amount_minor=1, currency="INR", reference="r", state="sent",
                 gateway_payout_id="pout_1")  # fmt: skip
    await database.execute("UPDATE seller SET state = 'suspended' WHERE id = $1", seller_id)
    told = GatewayPayout(payout_id="pout_1", status="processed", amount_minor=1, reference="r")
    for _ in range(2):
        body = b'{"bank_account": {"name": "Ravi Menon"}}'
        said = event(None, "payout.processed", id=f"evt_{uuid7()}", payout=told, body=body)
        assert await receive_event(said, keyring=KEYRING) == "paid_out"
        if await database.fetchval("SELECT count(*) FROM webhook_event") == 1:
            assert "webhook_event.body_encrypted" in await columns_with(["Ravi Menon"], KEYRING)
            await erase_person(owner, keyring=KEYRING)
        assert await columns_with(["Ravi Menon"], KEYRING) == {}
    assert await database.fetchval("SELECT count(*) FROM webhook_event WHERE gateway_ids = '{}'") == 2
