"""What goes wrong on the way to a paid order, with real services misbehaving: nothing is lost, nothing comes twice."""

import asyncio

import pytest

from models.gateway import Charge
from models.reconciliation import GIVE_UP, enqueue_unfinished, reconcile_payment
from tests.buying import Buyer, run_jobs, state_of
from tests.ordering import count, end_hold, stock_of
from tests.wait import until

pytestmark = pytest.mark.usefixtures("sound")

HOUR_AGO = "UPDATE payment SET created_at = now() - interval '1 hour', claimed_until = NULL"


def is_paid(number: str):
    async def condition() -> bool:
        return await state_of(number) == "paid"

    return condition


async def test_a_webhook_that_never_comes_is_made_up_for(buyer, bank, variant, context, database):
    await bank.misbehave(events={"*": {"drop": True}})
    placed = await buyer.order(await variant())
    await bank.pay(placed["payment"]["gateway_order_id"])
    await database.execute(HOUR_AGO)
    assert await enqueue_unfinished() == 1
    await run_jobs(context, "payments.reconcile")
    assert await state_of(placed["number"]) == "paid"


async def test_payments_are_asked_about_less_and_less_often(buyer, bank, variant, context, database):
    await buyer.order(await variant())
    assert await enqueue_unfinished() == 0
    await database.execute(HOUR_AGO)
    assert [await enqueue_unfinished() for _ in range(2)] == [1, 0]
    await run_jobs(context, "payments.reconcile")
    next_look = await database.fetchval("SELECT extract(epoch FROM claimed_until - now()) FROM payment")
    assert 3500 < next_look < 3700


async def test_a_payment_of_an_ended_order_is_given_up_after_a_day(buyer, bank, variant, context, database):
    placed = await buyer.order(await variant())
    await buyer.ask("POST", f"/api/v1/orders/{placed['number']}/cancel")
    payment_id = await database.fetchval("SELECT id FROM payment")
    await reconcile_payment(context.gateway, payment_id)
    assert await database.fetchval("SELECT state FROM payment") == "open"
    await database.execute("UPDATE payment SET created_at = now() - $1::interval", GIVE_UP * 2)
    await reconcile_payment(context.gateway, payment_id)
    assert await database.fetchval("SELECT state FROM payment") == "failed"


async def test_what_jobs_forgot_is_found_again(buyer, bank, variant, context, database):
    """An order nobody ended and a payment nobody opened, their own jobs gone."""
    await bank.misbehave(api={"status": 500})
    await buyer.add(await variant())
    _, placed = await buyer.check_out()
    await bank.misbehave()
    await database.execute("DELETE FROM pgqueuer")
    await database.execute(
        "UPDATE payment SET created_at = now() - interval '1 hour', claimed_until = now() - interval '1 s'"
    )
    assert await enqueue_unfinished() == 1
    assert await run_jobs(context, "payments.open") == 1
    assert (await buyer.see(placed["number"]))["payment"]["state"] == "open"
    await database.execute("UPDATE orders SET expires_at = now() - interval '1 hour'")
    await database.execute("DELETE FROM pgqueuer")
    await database.execute("UPDATE payment SET claimed_until = now() + interval '1 hour'")
    assert await enqueue_unfinished() == 1
    assert await run_jobs(context, "orders.expire") == 1
    assert await state_of(placed["number"]) == "expired"


async def test_webhooks_doubled_and_reordered_end_the_same(buyer, bank, variant, database):
    await bank.misbehave(events={"*": {"duplicate": 5, "reorder": True}})
    chair = await variant(stock=2)
    placed = await buyer.order(chair)
    await bank.pay(placed["payment"]["gateway_order_id"])
    await until(is_paid(placed["number"]))
    events = await bank.events(placed["payment"]["gateway_order_id"])

    async def delivered():
        return {event["state"] for event in await bank.events(placed["payment"]["gateway_order_id"])} == {"delivered"}

    await until(delivered)
    assert len(events) == 3
    assert (await count("shipment"), await stock_of(chair)) == (1, (1, 0))


async def test_a_late_payment_for_what_is_gone_is_refunded_at_the_gateway(
    http, buyer, bank, variant, context, database
):
    chair, rival = await variant(stock=1), Buyer(http)
    placed = await buyer.order(chair)
    await end_hold(await database.fetchval("SELECT id FROM orders"))
    await run_jobs(context, "orders.expire")
    won = await rival.order(chair)
    await bank.pay(won["payment"]["gateway_order_id"])
    await bank.pay(placed["payment"]["gateway_order_id"])
    await until(is_paid(won["number"]))

    async def refund_asked():
        return await count("refund")

    assert await until(refund_asked) == 1
    await run_jobs(context, "refunds.send")
    sums = await bank.money(placed["number"])
    assert (sums["net_minor"], sums["refunded_minor"]) == (0, placed["total_minor"])
    order = await buyer.see(placed["number"])
    assert (order["state"], [refund["state"] for refund in order["refunds"]]) == ("expired", ["processed"])


async def test_a_slow_gateway_costs_the_shopper_two_seconds_and_no_second_order(buyer, bank, variant):
    await bank.misbehave(api={"delay_ms": 8_000})
    await buyer.add(await variant())
    began = asyncio.get_running_loop().time()
    status, placed = await buyer.check_out()
    assert (status, placed["payment"]["state"]) == (201, "created")
    assert asyncio.get_running_loop().time() - began < 7, "before the gateway answered"
    await bank.misbehave(api={"delay_ms": 3_000})

    async def opened():
        return (await buyer.see(placed["number"]))["payment"]["state"] == "open"

    await until(opened)
    assert (await bank.money(placed["number"]))["orders"] == 1


async def test_news_for_another_shop_changes_nothing(buyer, bank, variant, context):
    placed = await buyer.order(await variant())
    stranger = Charge(payment_id="pay_x", order_id="order_x", status="captured", amount_minor=1, currency="INR")
    assert stranger.order_id != placed["payment"]["gateway_order_id"]
    await bank.pay(placed["payment"]["gateway_order_id"])
    await until(is_paid(placed["number"]))
