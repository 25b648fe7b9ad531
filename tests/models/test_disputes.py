"""Disputes: what is disputed waits, what is lost is taken off payouts once, in whatever order the bank's news comes."""

import asyncio
import itertools

import pytest

from models.base import uuid7
from models.closing import cancel_order
from models.database import transaction
from models.dispute_view import list_disputes, read_dispute
from models.disputes import let_bear
from models.errors import NotFound
from models.paying_out import prepare_payout, send_payout
from models.repayment import refund_by_operator
from models.settlement import receive_event, settle
from models.statement import get_statement, list_balances, owed_minor
from tests.disputing import HOLD, dues, lost, news, sold, tell, webhook
from tests.fulfilling import Bought, buy
from tests.ordering import KEYRING, charge, count, jobs_named, new_order

__all__ = ["sold"]
pytestmark = pytest.mark.usefixtures("sound")


async def test_an_open_dispute_holds_the_payout_and_one_that_is_won_lets_it_go(sold, database):
    before = await dues(sold)
    assert min(before) > 0
    for told in (news(sold, "open"), news(sold, "under_review", after=5), news(sold, "open", after=6)):
        assert await tell(told) == ["disputed"]
        assert await dues(sold) == [0, 0]
        assert await prepare_payout(sold.sellers[0], hold=HOLD, currency="INR") is None
    assert await tell(news(sold, "won", after=9), news(sold, "open", after=7)) == ["disputed", "disputed"]
    assert (await dues(sold), await lost(database)) == (before, {})
    assert await database.fetchval("SELECT state FROM dispute") == "won"


async def test_what_is_lost_is_taken_off_the_sellers_payouts_in_proportion_to_the_paisa(sold, database):
    before, total = await dues(sold), sold.order.price.total_minor
    await tell(news(sold, "open"), news(sold, "lost", after=5, deducted_minor=total))
    shares = await lost(database)
    assert sum(shares.values()) == total
    assert sorted(shares) == sorted(sold.sellers)
    assert abs(shares[sold.sellers[0]] - shares[sold.sellers[1]]) <= 1
    assert await dues(sold) == [due - shares[seller] for due, seller in zip(before, sold.sellers, strict=True)]
    assert sum((await list_balances("INR")).values()) == 0
    own = await list_disputes(seller_id=sold.sellers[0])
    assert [(row.state, row.amount_minor, row.lost_minor) for row in own] == [("lost", *[shares[sold.sellers[0]]] * 2)]
    assert own[0].shipment_id == sold.shipments[0]
    with pytest.raises(NotFound):
        await read_dispute(own[0].id, seller_id=uuid7())


async def test_what_was_paid_out_before_it_was_lost_is_a_debt_that_later_sales_pay(sold, context, database):
    seller = sold.sellers[0]
    await send_payout(context.gateway, await prepare_payout(seller, hold=HOLD, currency="INR"))
    await tell(news(sold, "open"), news(sold, "lost", after=5, deducted_minor=sold.order.price.total_minor))
    debt = (await lost(database))[seller]
    assert await owed_minor(seller, hold=HOLD, currency="INR") == -debt
    assert await prepare_payout(seller, hold=HOLD, currency="INR") is None
    for _ in range(2):
        later = await new_order(sold.variants[0])
        await settle(charge(later))
    await database.execute("UPDATE shipment SET state = 'delivered', delivered_at = now() - interval '8 days'")
    due = await owed_minor(seller, hold=HOLD, currency="INR")
    payout_id = await prepare_payout(seller, hold=HOLD, currency="INR")
    _, lines = await get_statement(payout_id, seller)
    assert [(line.reason, line.net_minor) for line in lines if line.reason == "dispute"] == [("dispute", -debt)]
    await send_payout(context.gateway, payout_id)
    assert (await lost(database))[seller] == 0
    paid = await database.fetchval("SELECT amount_minor FROM payout WHERE id = $1", payout_id)
    assert paid == due > 0


@pytest.mark.parametrize("end", ["won", "lost"])
async def test_money_that_goes_as_it_begins_is_booked_then_and_comes_back_with_what_is_won(sold, database, end):
    total = sold.order.price.total_minor
    await tell(news(sold, "open", deducted_minor=total))
    assert sum((await lost(database)).values()) == total
    assert await dues(sold) == [0, 0]
    await tell(news(sold, end, after=5, deducted_minor=total if end == "lost" else 0))
    assert sum((await lost(database)).values()) == (total if end == "lost" else 0)
    assert (await count("ledger_entry WHERE reason = 'dispute'")) == (3 if end == "lost" else 6)


async def test_news_in_any_order_twice_over_ends_the_same(database):
    for end in ("won", "lost", "closed"):
        for arrangement in itertools.permutations(("open", "under_review", end)):
            one = await buy()
            total = one.order.price.total_minor
            kept = total if end == "lost" else 0
            times = {"open": 0, "under_review": 5, end: 9}
            told = [news(one, s, after=times[s], deducted_minor=kept if s == end else 0) for s in arrangement]
            await tell(*told, *told)
            state = await database.fetchval(
                "SELECT state FROM dispute WHERE gateway_dispute_id = $1", told[0].dispute_id
            )
            assert (state, (await lost(database)).get(one.sellers[0], 0)) == (end, kept), arrangement


async def test_fifty_couriers_at_once_book_it_once(sold, database):
    total = sold.order.price.total_minor
    told = [news(sold, "open"), news(sold, "lost", after=5, deducted_minor=total)] * 25
    done = await asyncio.gather(*(receive_event(webhook(one), keyring=KEYRING) for one in told))
    assert set(done) == {"disputed"}
    assert (await count("dispute"), await count("dispute_share"), sum((await lost(database)).values())) == (1, 2, total)


async def test_a_later_phase_takes_up_what_was_won(sold, database):
    total = sold.order.price.total_minor
    await tell(news(sold, "open"), news(sold, "won", after=5))
    await tell(news(sold, "open", after=9))
    assert await database.fetchval("SELECT state FROM dispute") == "won", "in the same phase it stays won"
    await tell(news(sold, "open", after=12, phase="pre_arbitration"))
    assert await dues(sold) == [0, 0]
    await tell(news(sold, "lost", after=20, phase="pre_arbitration", deducted_minor=total))
    assert sum((await lost(database)).values()) == total


async def test_the_operator_lets_the_market_bear_it_before_or_after_and_the_sellers_are_paid(sold, database):
    before, total, actor = await dues(sold), sold.order.price.total_minor, sold.sellers[0]
    await tell(news(sold, "open"))
    dispute_id = await database.fetchval("SELECT id FROM dispute")
    await asyncio.gather(*(let_bear(dispute_id, "platform", actor_id=actor) for _ in range(3)))
    assert await dues(sold) == before, "it no longer waits for the bank"
    await tell(news(sold, "lost", after=5, deducted_minor=total))
    assert (await lost(database), await dues(sold)) == ({None: total}, before)
    assert {row.lost_minor for row in await list_disputes(seller_id=actor)} == {0}
    await let_bear(dispute_id, "seller", actor_id=actor)
    borne = await lost(database)
    assert (borne.pop(None), sum(borne.values())) == (0, total)
    assert await dues(sold) == [due - borne[seller] for due, seller in zip(before, sold.sellers, strict=True)]
    await let_bear(dispute_id, "platform", actor_id=actor)
    assert await dues(sold) == before
    assert sum((await list_balances("INR")).values()) == 0
    assert await count("audit_entry WHERE action = 'dispute.borne'") == 3
    with pytest.raises(NotFound):
        await let_bear(uuid7(), "platform", actor_id=actor)


async def test_what_the_market_bore_comes_back_to_the_market(sold, database):
    total = sold.order.price.total_minor
    await tell(news(sold, "open", deducted_minor=total))
    dispute_id = await database.fetchval("SELECT id FROM dispute")
    await let_bear(dispute_id, "platform", actor_id=sold.sellers[0])
    await tell(news(sold, "won", after=5))
    assert set((await lost(database)).values()) == {0}


async def test_only_those_bear_it_whose_goods_were_not_paid_back(sold, database):
    actor = sold.sellers[0]
    await refund_by_operator(sold.id, {sold.lines[0]: 1}, with_shipping=True, reason="Broken", key="a", actor_id=actor)
    left = sold.order.price.lines[1].total_minor
    await tell(news(sold, "lost", amount_minor=left, deducted_minor=left))
    assert await lost(database) == {sold.sellers[1]: left}


async def test_money_that_no_order_waited_for_is_nobodys_but_the_markets(variant, database):
    order = await new_order(await variant())
    await cancel_order(order.order_id)
    assert await settle(charge(order)) == "refunded"
    await tell(news(Bought(order, [], [], [], []), "lost", deducted_minor=order.price.total_minor))
    assert (await lost(database), await count("dispute_share")) == ({None: order.price.total_minor}, 0)


async def test_each_seller_and_operator_is_told_of_the_beginning_and_the_end(sold, database):
    await database.execute("UPDATE users SET role = 'admin' WHERE id = (SELECT id FROM users LIMIT 1)")
    await tell(news(sold, "open"), news(sold, "under_review", after=5))
    assert await jobs_named("mail.dispute") == 3
    await tell(news(sold, "won", after=9), news(sold, "won", after=9))
    assert await jobs_named("mail.dispute") == 6
    assert await tell(news(sold, "open", payment_id="pay_of_another_shop", dispute_id="disp_x")) == ["unknown"]


async def test_the_database_refuses_a_state_that_is_none(sold, database):
    await tell(news(sold, "open"))
    with pytest.raises(Exception, match="dispute_state"):
        async with transaction() as connection:
            await connection.execute("UPDATE dispute SET state = 'nonsense'")
