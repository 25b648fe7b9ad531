"""Paying sellers: what has arrived and stays, once, less what came back, and never twice when nobody knows."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from models.base import uuid7
from models.database import transaction
from models.disputes import record_dispute
from models.errors import Declined, NotFound, Unavailable
from models.gateway import GatewayDispute
from models.ledger import Entry, book, sale_entries
from models.paying_out import prepare_payout, prepare_payouts, send_payout
from models.pricing import Split
from models.returns import request_return
from models.settlement import receive_event
from models.statement import get_statement, list_payouts, owed_minor
from server.integrations.razorpay import Gateway
from tests.factories import make_product, make_seller
from tests.ordering import KEYRING, charge, count, event, new_order
from tests.shop import variant_of
from tests.teller import Teller

HOLD = timedelta(days=7)
ACCOUNT = "fa_00000000000001"


@pytest.fixture
async def seller(database):
    seller_id = await make_seller()
    await database.execute("UPDATE seller SET payout_account = $2 WHERE id = $1", seller_id, ACCOUNT)
    return seller_id


@pytest.fixture
def sell(seller, database):
    """A paid order of one unit, at 1,180 rupees with 180 of GST in it, delivered so many days ago."""

    async def done(*, days: int | None = 8, price_minor: int = 118_000):
        chair = await variant_of(await make_product(seller, price_minor=price_minor, gst_bps=1800))
        order = await new_order(chair)
        await receive_event(event(charge(order)), keyring=KEYRING)
        if days is not None:
            await database.execute(
                "UPDATE shipment SET state = 'delivered', delivered_at = now() - $2::interval WHERE order_id = $1",
                order.order_id,
                timedelta(days=days),
            )
        return order

    return done


async def due(seller) -> int:
    return await owed_minor(seller, hold=HOLD, currency="INR")


async def take_back(order, seller) -> None:
    """A refund of the whole order is booked."""
    split = Split(seller_id=seller, seller_minor=88_200, commission_minor=11_800, shipping_minor=0, tax_minor=18_000)
    entries = [entry._replace(amount_minor=-entry.amount_minor) for entry in sale_entries([split])]
    async with transaction() as connection:
        await book(connection, uuid7(), entries, order_id=order.order_id, reason="return", currency="INR")


async def open_dispute(order) -> None:
    told = GatewayDispute(
        dispute_id=f"disp_{order.claim.receipt}", payment_id=f"pay_{order.claim.receipt}", status="open",
        phase="chargeback", reason="fraud", amount_minor=order.price.total_minor, deducted_minor=0, currency="INR",
        respond_by=None, told_at=datetime.now(UTC),
    )  # fmt: skip
    async with transaction() as connection:
        assert await record_dispute(connection, told)


async def test_a_seller_is_paid_price_and_tax_less_commission_and_tax_collected_at_source(
    seller, sell, context, database
):
    """1,000.00 of value: commission 118.00 of the price, GST 180.00, TCS 0.5 % of the value."""
    await sell()
    payout_id = await prepare_payout(seller, hold=HOLD, currency="INR")
    await send_payout(context.gateway, payout_id)
    payout = await database.fetchrow("SELECT * FROM payout")
    assert (payout["state"], payout["amount_minor"], payout["tcs_minor"]) == ("sent", 88_200 + 18_000 - 500, 500)
    booked = await database.fetch("SELECT account, amount_minor FROM ledger_entry WHERE reason = 'payout'")
    assert {row["account"]: row["amount_minor"] for row in booked} == {
        "seller": -88_200, "tax": -18_000, "tcs": 500, "bank": 105_700,
    }  # fmt: skip
    _, [line] = await get_statement(payout_id, seller)
    assert (line.value_minor, line.tax_minor, line.commission_minor, line.net_minor) == (
        100_000, 18_000, 11_800, 106_200,
    )  # fmt: skip
    assert await due(seller) == 0


async def test_more_than_imps_carries_is_paid_all_the_same(seller, sell, context, database):
    """Six lakh rupees of goods."""
    for price_minor in (60_000_000, 118_000):
        await sell(price_minor=price_minor)
        await send_payout(context.gateway, await prepare_payout(seller, hold=HOLD, currency="INR"))
    rows = await database.fetch("SELECT state, amount_minor > 50000000 AS large FROM payout ORDER BY id")
    assert [tuple(row) for row in rows] == [("sent", True), ("sent", False)]


async def test_less_than_a_rupee_is_paid_with_what_is_owed_next(seller, sell, context, database):
    order = await sell()
    await send_payout(context.gateway, await prepare_payout(seller, hold=HOLD, currency="INR"))
    for owed in (60, 120):
        async with transaction() as connection:
            entries = [Entry("seller", 60, seller), Entry("promotion", -60)]
            await book(connection, uuid7(), entries, order_id=order.order_id, reason="sale", currency="INR")
        assert await due(seller) == owed
        payout_id = await prepare_payout(seller, hold=HOLD, currency="INR")
        assert (payout_id is not None) == (owed >= 100)
    await send_payout(context.gateway, payout_id)
    assert await database.fetchval("SELECT amount_minor FROM payout WHERE id = $1 AND state = 'sent'", payout_id) == 120


@pytest.mark.parametrize("days", [None, 0, 6])
async def test_nothing_is_paid_before_it_has_arrived_and_can_no_longer_be_returned(seller, sell, days):
    await sell(days=days)
    assert await due(seller) == 0
    assert await prepare_payout(seller, hold=HOLD, currency="INR") is None


async def test_nobody_sets_a_hold_that_ends_before_the_returns_do(context):
    for after, returned, held in ((7, 10, 10), (14, 10, 14)):
        payments = replace(context.settings.payments, payout_after_days=after)
        checkout = replace(context.settings.checkout, return_days=returned)
        settings = replace(context.settings, payments=payments, checkout=checkout)
        assert replace(context, settings=settings).payout_hold == timedelta(days=held)


async def test_an_open_return_holds_the_payout(seller, sell, database):
    order = await sell()
    line = await database.fetchval("SELECT id FROM order_line WHERE order_id = $1", order.order_id)
    await database.execute(
        "INSERT INTO return_line (id, order_line_id, quantity, state, reason) VALUES ($1, $2, 1, 'requested', 'x')",
        uuid7(),
        line,
    )
    assert await prepare_payout(seller, hold=HOLD, currency="INR") is None
    await database.execute("UPDATE return_line SET state = 'refused'")
    assert await prepare_payout(seller, hold=HOLD, currency="INR")


async def test_an_entry_is_paid_once_and_a_refund_after_the_payout_is_taken_off_the_next(seller, sell, context):
    first = await sell()
    await send_payout(context.gateway, await prepare_payout(seller, hold=HOLD, currency="INR"))
    assert await prepare_payout(seller, hold=HOLD, currency="INR") is None
    await take_back(first, seller)
    assert await due(seller) == -(88_200 + 18_000 - 500)
    assert await prepare_payout(seller, hold=HOLD, currency="INR") is None
    await sell()
    await sell()
    second = await prepare_payout(seller, hold=HOLD, currency="INR")
    _, lines = await get_statement(second, seller)
    assert sorted(line.net_minor for line in lines) == [-106_200, 106_200, 106_200]
    assert (await list_payouts(seller))[0][0].amount_minor == 105_700


async def test_an_unknown_answer_is_looked_up_and_never_paid_twice(seller, sell, context, bank, database, settings):
    await sell()
    payout_id = await prepare_payout(seller, hold=HOLD, currency="INR")
    await bank.misbehave(api={"status": 500})
    with pytest.raises(Unavailable):
        await send_payout(context.gateway, payout_id)
    assert await database.fetchval("SELECT state FROM payout") == "unknown"
    await bank.misbehave()
    made = await context.gateway.create_payout(
        ACCOUNT, amount_minor=105_700, currency="INR", reference=str(payout_id)
    )  # as if the answer to it had been lost
    teller = Teller(settings.payments)
    for _ in range(3):
        await send_payout(teller, payout_id)
    teller.close()
    assert teller.told == 0
    row = await database.fetchrow("SELECT state, gateway_payout_id FROM payout")
    assert tuple(row) == ("sent", made.payout_id)
    assert await count("ledger_entry WHERE reason = 'payout'") == 4


class Slow(Gateway):
    """Its first request is on its way when another asks the same, and is refused for that."""

    async def create_payout(self, *account, **columns):
        await super().create_payout(*account, **columns)
        raise Declined("Another request with this key is in progress.")


async def test_a_refusal_of_what_was_paid_all_the_same_frees_nothing(seller, sell, settings, database):
    await sell()
    slow = Slow(settings.payments)
    await send_payout(slow, await prepare_payout(seller, hold=HOLD, currency="INR"))
    slow.close()
    assert (await database.fetchval("SELECT state FROM payout"), await due(seller)) == ("sent", 0)


async def test_a_payout_that_the_bank_refuses_leaves_its_money_due(seller, sell, context, database):
    await sell()
    await database.execute("UPDATE seller SET payout_account = 'nonsense'")
    await send_payout(context.gateway, await prepare_payout(seller, hold=HOLD, currency="INR"))
    assert await database.fetchval("SELECT state FROM payout") == "failed"
    assert (await due(seller), await count("payout_entry")) == (105_700, 0)


@pytest.mark.parametrize("begun", ["return", "dispute"])
async def test_what_begins_before_the_bank_is_told_holds_the_payout_back_and_nothing_later_does(
    seller, sell, context, bank, database, begun
):
    first, other = await sell(), await sell()
    payout_id = await prepare_payout(seller, hold=HOLD, currency="INR")
    line = await database.fetchval("SELECT id FROM order_line WHERE order_id = $1", first.order_id)
    if begun == "return":
        await request_return(first.order_id, {line: 1}, reason="damaged", comment="", window=timedelta(days=10))
    else:
        await open_dispute(first)
    teller = Teller(context.settings.payments)
    await send_payout(teller, payout_id)
    await send_payout(teller, payout_id)
    row = await database.fetchrow("SELECT state, error FROM payout WHERE id = $1", payout_id)
    assert (row["state"], row["error"][:8], await count("payout_entry"), teller.told) == ("failed", "Not sent", 0, 0)
    assert await due(seller) == 105_700, "the other order is paid all the same"
    second = await prepare_payout(seller, hold=HOLD, currency="INR")
    await bank.misbehave(api={"status": 500})
    with pytest.raises(Unavailable):
        await send_payout(teller, second)
    await bank.misbehave()
    await open_dispute(other)
    await send_payout(teller, second)
    teller.close()
    assert await database.fetchval("SELECT state FROM payout WHERE id = $1", second) == "sent", "it may have gone out"


async def test_every_seller_with_an_account_is_paid_and_one_payout_is_under_way_at_a_time(seller, sell, database):
    await sell()
    at_once = [prepare_payouts(hold=HOLD, currency="INR") for _ in range(5)]
    assert sorted(await asyncio.gather(*at_once)) == [0, 0, 0, 0, 1]
    await database.execute("DELETE FROM pgqueuer")
    assert await prepare_payouts(hold=HOLD, currency="INR") == 0
    assert await count("pgqueuer WHERE entrypoint = 'payouts.send'") == 1, "its job was dropped"
    await sell()
    assert await prepare_payouts(hold=HOLD, currency="INR") == 0
    assert (await count("payout"), await count("pgqueuer WHERE entrypoint = 'payouts.send'")) == (1, 1)


async def test_a_stranger_sees_no_statement(seller, sell):
    await sell()
    payout_id = await prepare_payout(seller, hold=HOLD, currency="INR")
    with pytest.raises(NotFound):
        await get_statement(payout_id, await make_seller())
