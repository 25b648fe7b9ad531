"""Refunds beside disputes: together they give back what was paid, and nobody bears the same loss twice."""

import asyncio
from datetime import timedelta

import asyncpg
import pytest

from models.database import transaction
from models.disputes import let_bear
from models.errors import Conflict, Unavailable
from models.payment import open_claimed
from models.refund import request_refund, send_refund
from models.repayment import refund_by_operator
from models.returns import approve_return, receive_return, refund_return, request_return
from models.settlement import settle
from tests.disputing import dues, lost, news, sold, tell
from tests.factories import make_product, make_seller
from tests.fulfilling import bought, bring
from tests.ordering import count, fill, guest, place
from tests.shop import variant_of

__all__ = ["sold"]
pytestmark = pytest.mark.usefixtures("sound")


async def send_back(one, place: int) -> None:
    """The unit of this line comes back damaged, and is refunded with its carriage."""
    seller, actor = one.sellers[place], one.sellers[place]
    [asked] = await request_return(
        one.id, {one.lines[place]: 1}, reason="damaged", comment="", window=timedelta(days=10)
    )
    await approve_return(seller, asked, actor_id=actor)
    await receive_return(seller, asked, restock=True, actor_id=actor)
    await refund_return(seller, asked, actor_id=actor)


async def given_back(database) -> tuple[int, int, int]:
    """What the gateway sends, what the bank's money stood for, and how many refunds that were."""
    row = await database.fetchrow("SELECT sum(amount_minor) AS sent, sum(bank_minor) AS bank, count(*) FROM refund")
    return int(row["sent"]), int(row["bank"]), row["count"]


async def test_what_the_bank_gave_the_buyer_is_not_given_once_more(sold, database):
    total, parts = sold.order.price.total_minor, [line.total_minor for line in sold.order.price.lines]
    await tell(news(sold, "lost", deducted_minor=total))
    actor = sold.sellers[0]
    with pytest.raises(Conflict):
        await refund_by_operator(sold.id, {sold.lines[0]: 1}, with_shipping=True, reason="so", key="1", actor_id=actor)
    await send_back(sold, 0)
    assert (await given_back(database), sum((await lost(database)).values())) == ((0, parts[0], 1), parts[1])
    await send_back(sold, 1)
    assert (await given_back(database), set((await lost(database)).values())) == ((0, total, 2), {0})
    assert await dues(sold) == [0, 0], "nothing was sold, and nothing is lost"
    assert await database.fetchval("SELECT state FROM orders") == "refunded"


@pytest.mark.parametrize("bearer", ["seller", "platform"])
async def test_a_dispute_that_is_partly_lost_and_returns_of_all_give_back_what_was_paid(sold, database, bearer):
    total, parts = sold.order.price.total_minor, [line.total_minor for line in sold.order.price.lines]
    await tell(news(sold, "lost", amount_minor=parts[1] // 2, deducted_minor=parts[1] // 2))
    dispute_id = await database.fetchval("SELECT id FROM dispute")
    await let_bear(dispute_id, bearer, actor_id=sold.sellers[0])
    await send_back(sold, 0)
    assert await given_back(database) == (parts[0], 0, 1)
    await send_back(sold, 1)
    bank = parts[1] // 2
    assert await given_back(database) == (total - bank, bank, 2)
    assert (set((await lost(database)).values()), await dues(sold)) == ({0}, [0, 0])
    other = "platform" if bearer == "seller" else "seller"
    await let_bear(dispute_id, other, actor_id=sold.sellers[0])
    assert (set((await lost(database)).values()), await dues(sold)) == ({0}, [0, 0])


async def test_what_a_bank_decides_about_waits_for_its_answer(sold, database):
    parts = [line.total_minor for line in sold.order.price.lines]
    await tell(news(sold, "open", amount_minor=parts[0] + 1))
    with pytest.raises(Conflict) as refused:
        await send_back(sold, 0)
    assert (refused.value.code, await count("refund")) == ("disputed", 0)
    assert await database.fetchval("SELECT state FROM return_line") == "received"
    await tell(news(sold, "won", after=5))
    returned = await database.fetchval("SELECT id FROM return_line")
    await refund_return(sold.sellers[0], returned, actor_id=sold.sellers[0])
    assert await given_back(database) == (parts[0], 0, 1)


async def test_a_return_and_the_news_of_a_loss_at_once_never_give_back_more_than_was_paid(sold, database):
    total = sold.order.price.total_minor
    ids = []
    for line_id, seller in zip(sold.lines, sold.sellers, strict=True):
        ids += await request_return(sold.id, {line_id: 1}, reason="damaged", comment="", window=timedelta(days=10))
        await approve_return(seller, ids[-1], actor_id=seller)
        await receive_return(seller, ids[-1], restock=True, actor_id=seller)
    returns = [refund_return(seller, one, actor_id=seller) for seller, one in zip(sold.sellers, ids, strict=True)]
    half = total // 2
    await asyncio.gather(tell(news(sold, "lost", amount_minor=half, deducted_minor=half)), *returns)
    sent, bank, refunds = await given_back(database)
    assert (sent + bank, refunds) == (total, 2)


async def test_the_database_refuses_a_refund_beyond_what_the_bank_has_left(sold, database):
    total = sold.order.price.total_minor
    await tell(news(sold, "lost", amount_minor=1, deducted_minor=1))
    payment_id = await database.fetchval("SELECT id FROM payment")
    with pytest.raises(asyncpg.CheckViolationError):
        async with transaction() as connection:
            await request_refund(
                connection, payment_id, order_id=sold.id, amount_minor=total, currency="INR", reason="x", key="x"
            )


@pytest.fixture
async def paid(context, bank, database):
    """Two sellers' goods, paid at the gateway and delivered; and what the gateway calls the payment."""
    await bank.misbehave(events={"*": {"drop": True}})
    owners = [await make_seller() for _ in range(2)]
    variants = [await variant_of(await make_product(owner, price_minor=33_333)) for owner in owners]
    shopper = guest()
    await fill(shopper, *variants)
    order = await place(shopper)
    done = await bank.pay(await open_claimed(context.gateway, order.claim))
    assert await settle(await context.gateway.get_charge(done["razorpay_payment_id"])) == "paid"
    one = await bought(order, owners, variants)
    for owner, parcel in zip(owners, one.shipments, strict=True):
        await bring(owner, parcel)
    return one, done["razorpay_payment_id"]


@pytest.mark.parametrize("state", ["requested", "failed"])
@pytest.mark.parametrize("left", [0, 5_000])
async def test_a_refund_that_was_not_sent_before_the_bank_took_money_shrinks_to_what_is_left(
    paid, context, bank, database, left, state
):
    one, payment_id = paid
    total, part = one.order.price.total_minor, one.order.price.lines[0].total_minor
    await send_back(one, 0)
    refund_id = await database.fetchval("SELECT id FROM refund")
    await database.execute("UPDATE refund SET state = $1", state)
    await tell(news(one, "open", payment_id=payment_id))
    with pytest.raises(Unavailable):
        await send_refund(context.gateway, refund_id)
    await tell(news(one, "lost", after=5, payment_id=payment_id, deducted_minor=total - left))
    await asyncio.gather(*(send_refund(context.gateway, refund_id) for _ in range(3)))
    assert (await bank.money(one.order.claim.receipt))["refunded_minor"] == left
    assert await given_back(database) == (left, part - left, 1)
    assert await database.fetchval("SELECT state FROM refund") == "processed"
    assert sum((await lost(database)).values()) == total - part


async def test_a_refund_that_the_gateway_had_taken_before_the_bank_took_money_stays_as_it_is(
    paid, context, bank, database
):
    one, payment_id = paid
    total, part = one.order.price.total_minor, one.order.price.lines[0].total_minor
    await send_back(one, 0)
    refund_id = await database.fetchval("SELECT id FROM refund")
    gateway = context.gateway
    await gateway.create_refund(payment_id, amount_minor=part, key=str(refund_id))  # its answer was lost
    await tell(news(one, "lost", payment_id=payment_id, deducted_minor=total))
    await send_refund(gateway, refund_id)
    assert await given_back(database) == (part, 0, 1)
    assert sum((await lost(database)).values()) == total
