"""What else the gateway says: late authorisations, refunds that fail, disputes, and whether its books are ours."""

import json
from datetime import UTC, datetime, timedelta
from uuid import uuid5

import pytest

from models.closing import cancel_order
from models.disputes import ask_of_disputes
from models.errors import Conflict, Declined
from models.gateway_check import compare, list_differences
from models.payment import open_claimed
from models.reconciliation import reconcile_payment
from models.refund import ask_of_refunds, send_refund
from models.repayment import pay_back_by_hand, retry_refund
from models.settlement import receive_event, settle
from server.integrations.razorpay_events import read_event
from tests.factories import make_user
from tests.ordering import KEYRING, count, fill, guest, jobs_named, order_state, place

pytestmark = pytest.mark.usefixtures("sound")


@pytest.fixture
async def opened(context, bank, variant):
    """An order that can be paid at the real simulator, whose webhooks are lost."""
    await bank.misbehave(events={"*": {"drop": True}})
    shopper = guest()
    await fill(shopper, await variant())
    placed = await place(shopper)
    return placed, await open_claimed(context.gateway, placed.claim)


async def told(bank, gateway_order_id, kind, number=0):
    """A webhook that the simulator would have sent."""
    found = [one for one in await bank.events(gateway_order_id) if one["event"] == kind]
    body = json.dumps(found[number]["body"]).encode()
    return await receive_event(read_event(body, found[number]["id"]), keyring=KEYRING)


async def call(bank, path, **body):
    async with bank.client.post(path, json=body) as response:
        answer = await response.json()
        assert response.status == 200, answer
        return answer


async def test_a_payment_that_was_authorised_late_is_captured(opened, bank, context, database):
    placed, gateway_order = opened
    await bank.pay(gateway_order, "authorized")
    assert await told(bank, gateway_order, "payment.authorized") == "ignored"
    await reconcile_payment(context.gateway, placed.claim.payment_id)
    assert await order_state(placed) == "paid"
    fee = await database.fetchrow("SELECT fee_minor, fee_tax_minor FROM payment")
    booked = dict(await database.fetch("SELECT account, amount_minor FROM ledger_entry WHERE reason = 'payment'"))
    assert booked["gateway_fee"] == fee["fee_tax_minor"] - fee["fee_minor"] < 0
    assert booked["gateway_tax"] == -fee["fee_tax_minor"] < 0


async def test_an_authorised_payment_of_an_order_that_ended_is_left_to_lapse(opened, bank, context):
    placed, gateway_order = opened
    await bank.pay(gateway_order, "authorized")
    await cancel_order(placed.order_id)
    await reconcile_payment(context.gateway, placed.claim.payment_id)
    assert (await order_state(placed), (await bank.money(placed.claim.receipt))["captured_minor"]) == ("cancelled", 0)


async def owed_back(opened, bank, context, database):
    """The gateway's payment of an order that was cancelled before it was settled, and the refund that follows."""
    placed, gateway_order = opened
    paid = await bank.pay(gateway_order)
    await cancel_order(placed.order_id)
    payment: str = paid["razorpay_payment_id"]
    assert await settle(await context.gateway.get_charge(payment)) == "refunded"
    return payment, await database.fetchval("SELECT id FROM refund")


async def test_a_refund_that_fails_at_the_bank_is_known_and_goes_out_again(opened, bank, context, database):
    payment, refund_id = await owed_back(opened, bank, context, database)
    await bank.misbehave(events={"*": {"drop": True}}, refunds="pending")
    await send_refund(context.gateway, refund_id)
    assert await database.fetchval("SELECT state FROM refund") == "sent"
    await call(bank, f"/sim/refunds/{await database.fetchval('SELECT gateway_refund_id FROM refund')}/failed")
    assert await told(bank, payment, "refund.failed") == "refunded"
    assert await database.fetchval("SELECT state FROM refund") == "failed"
    await bank.misbehave(events={"*": {"drop": True}})
    await send_refund(context.gateway, refund_id)
    assert await database.fetchval("SELECT state FROM refund") == "processed"
    assert (await bank.money(opened[0].claim.receipt))["net_minor"] == 0
    assert await told(bank, payment, "refund.processed") == "refunded"


async def test_a_refund_that_fails_again_and_again_goes_out_in_the_end(opened, bank, context, database):
    _, refund_id = await owed_back(opened, bank, context, database)
    await bank.misbehave(events={"*": {"drop": True}}, refunds="failed")
    tried = set()
    for _ in range(3):
        await send_refund(context.gateway, refund_id)
        state, made = await database.fetchrow("SELECT state, gateway_refund_id FROM refund")
        assert state == "failed"
        tried.add(made)
    assert len(tried) == 3
    await bank.misbehave(events={"*": {"drop": True}})
    await send_refund(context.gateway, refund_id)
    assert await database.fetchval("SELECT state FROM refund") == "processed"
    assert (await bank.money(opened[0].claim.receipt))["net_minor"] == 0


@pytest.mark.parametrize("sent_after_all", [False, True])
async def test_what_the_bank_refuses_for_good_is_paid_back_by_hand_once(
    opened, bank, context, database, sent_after_all
):
    placed, gateway_order = opened
    paid, operator = (await bank.pay(gateway_order))["razorpay_payment_id"], await make_user(role="admin")
    await cancel_order(placed.order_id)
    assert await settle(await context.gateway.get_charge(paid)) == "refunded"
    refund_id, total = await database.fetchrow("SELECT id, amount_minor FROM refund")

    async def pay_back() -> None:
        await pay_back_by_hand(context.gateway, refund_id, reference="UTR 1", actor_id=operator)

    with pytest.raises(Conflict, match="by itself"):
        await pay_back()
    await bank.misbehave(events={"*": {"drop": True}}, refunds="failed")
    await send_refund(context.gateway, refund_id)
    await database.execute("DELETE FROM pgqueuer")
    await retry_refund(refund_id, actor_id=operator)
    with pytest.raises(Conflict, match="by itself"):
        await pay_back()
    await database.execute("DELETE FROM pgqueuer")
    if sent_after_all:  # and the answer was lost
        await bank.misbehave(events={"*": {"drop": True}})
        failed = await database.fetchval("SELECT gateway_refund_id FROM refund")
        await context.gateway.create_refund(paid, amount_minor=total, key=str(uuid5(refund_id, failed)))
        with pytest.raises(Conflict):
            await pay_back()
    else:
        await pay_back()
        with pytest.raises(Conflict):
            await retry_refund(refund_id, actor_id=operator)
    await send_refund(context.gateway, refund_id)
    assert (await bank.money(placed.claim.receipt))["refunded_minor"] == (total if sent_after_all else 0)
    row = await database.fetchrow("SELECT r.state, p.state AS paid FROM refund r JOIN payment p ON p.id = r.payment_id")
    assert tuple(row) == ("processed", "refunded")


async def test_late_news_of_an_attempt_that_failed_says_nothing_of_the_next(opened, bank, context, database):
    placed, gateway_order = opened
    paid = (await bank.pay(gateway_order))["razorpay_payment_id"]
    await cancel_order(placed.order_id)
    assert await settle(await context.gateway.get_charge(paid)) == "refunded"
    refund_id = await database.fetchval("SELECT id FROM refund")
    await bank.misbehave(events={"*": {"drop": True}}, refunds="pending")
    await send_refund(context.gateway, refund_id)
    first = await database.fetchval("SELECT gateway_refund_id FROM refund")
    await call(bank, f"/sim/refunds/{first}/failed")
    await ask_of_refunds(context.gateway)
    assert await told(bank, paid, "refund.created") == "refunded"
    assert await database.fetchval("SELECT state FROM refund") == "failed", "it began before it failed"
    for _ in range(2):  # as a job whose worker died after it had done its work
        await send_refund(context.gateway, refund_id)
    assert await told(bank, paid, "refund.failed") == "refunded"
    state, second = await database.fetchrow("SELECT state, gateway_refund_id FROM refund")
    assert (state, second == first) == ("sent", False)
    await call(bank, f"/sim/refunds/{second}/processed")
    assert await told(bank, paid, "refund.processed") == "refunded"
    assert await database.fetchval("SELECT state FROM refund") == "processed"


@pytest.mark.parametrize("end", ["processed", "failed"])
async def test_a_refund_of_which_no_webhook_told_is_asked_for(opened, bank, context, database, end):
    placed, gateway_order = opened
    paid = await bank.pay(gateway_order)
    await cancel_order(placed.order_id)
    assert await settle(await context.gateway.get_charge(paid["razorpay_payment_id"])) == "refunded"
    await bank.misbehave(events={"*": {"drop": True}}, refunds="pending")
    await database.execute("DELETE FROM pgqueuer")
    await database.execute("UPDATE refund SET created_at = now() - interval '2 hours'")
    await ask_of_refunds(context.gateway)
    assert await jobs_named("refunds.send") == 1, "its job was dropped"
    await send_refund(context.gateway, await database.fetchval("SELECT id FROM refund"))
    await database.execute(
        "INSERT INTO refund (id, payment_id, key, state, amount_minor, currency, reason, gateway_refund_id)"
        " SELECT '00000000-0000-7000-8000-000000000000', payment_id, 'x', 'sent', 0, 'INR', 'x', 'rfnd_of_nobody'"
        " FROM refund"
    )
    with pytest.raises(Declined, match="rfnd_of_nobody"):
        await ask_of_refunds(context.gateway)
    await database.execute("DELETE FROM refund WHERE key = 'x'")
    for told in ("sent", end, end):
        await ask_of_refunds(context.gateway)
        assert await database.fetchval("SELECT state FROM refund") == told
        if told == "sent":
            await call(bank, f"/sim/refunds/{await database.fetchval('SELECT gateway_refund_id FROM refund')}/{end}")
    assert await count("ledger_entry WHERE reason = 'refund'") == (2 if end == "processed" else 0)


@pytest.mark.parametrize(("end", "booked"), [("won", 0), ("lost", 2)])
async def test_a_dispute_is_kept_and_what_is_lost_is_booked_once(opened, bank, context, database, end, booked):
    placed, gateway_order = opened
    paid = await bank.pay(gateway_order)
    await settle(await context.gateway.get_charge(paid["razorpay_payment_id"]))
    dispute = await call(bank, f"/sim/payments/{paid['razorpay_payment_id']}/dispute")
    for verdict in ("under_review", "action_required", end):
        await call(bank, f"/sim/disputes/{dispute['id']}/{verdict}")
    for kind in ("payment.dispute.action_required", f"payment.dispute.{end}", "payment.dispute.created"):
        assert await told(bank, dispute["id"], kind) == "disputed"
    for kind in (f"payment.dispute.{end}", "payment.dispute.under_review"):
        assert await told(bank, dispute["id"], kind) in ("disputed", "known")
    row = await database.fetchrow("SELECT state, amount_minor FROM dispute")
    assert tuple(row) == (end, placed.price.total_minor)
    assert await count("ledger_entry WHERE reason = 'dispute'") == booked
    assert await count("order_event WHERE kind = 'disputed'") == 2
    respond_by = await database.fetchval("SELECT respond_by FROM dispute")
    assert respond_by.timestamp() == dispute["respond_by"]


async def test_a_dispute_of_which_no_webhook_told_is_asked_for(opened, bank, context, database):
    _, gateway_order = opened
    paid = await bank.pay(gateway_order)
    await settle(await context.gateway.get_charge(paid["razorpay_payment_id"]))
    dispute = await call(bank, f"/sim/payments/{paid['razorpay_payment_id']}/dispute")
    now = datetime.now(UTC)
    for window, verdict, known in (
        ((now - timedelta(hours=1), now + timedelta(hours=1)), None, ("open", 0)),
        ((now - timedelta(hours=3), now - timedelta(hours=2)), "lost", ("lost", 2)),
        ((now - timedelta(hours=1), now + timedelta(hours=1)), None, ("lost", 2)),
    ):
        if verdict:
            await call(bank, f"/sim/disputes/{dispute['id']}/{verdict}")
        await ask_of_disputes(context.gateway, *window)
        state = await database.fetchval("SELECT state FROM dispute WHERE gateway_dispute_id = $1", dispute["id"])
        assert (state, await count("ledger_entry WHERE reason = 'dispute'")) == known


async def test_what_gateway_and_books_disagree_on_is_found_kept_and_forgotten_once_right(
    opened, bank, context, database
):
    placed, gateway_order = opened
    paid = (await bank.pay(gateway_order))["razorpay_payment_id"]
    window = (datetime.now(UTC) - timedelta(hours=2), datetime.now(UTC) + timedelta(hours=2))

    async def found() -> set[tuple]:
        await compare(context.gateway, *window)
        return {row[:4] for row in await list_differences(limit=1000) if row[1] == paid}

    assert await found() == set()
    assert await order_state(placed) == "paid"
    total, fee = placed.price.total_minor, await database.fetchval("SELECT fee_minor FROM payment")
    await database.execute("UPDATE payment SET fee_minor = fee_minor + 1")
    assert await found() == {("fee", paid, fee + 1, fee)}
    await database.execute("UPDATE payment SET fee_minor = fee_minor - 1, amount_minor = amount_minor + 5")
    assert await found() == {("payment", paid, total + 5, total)}
    await database.execute("UPDATE payment SET amount_minor = amount_minor - 5")
    assert await found() == set()


async def test_a_refund_that_took_its_bank_days_is_no_difference_and_one_that_nobody_knows_is(
    opened, bank, context, database
):
    placed, gateway_order = opened
    paid = (await bank.pay(gateway_order))["razorpay_payment_id"]
    await cancel_order(placed.order_id)
    assert await settle(await context.gateway.get_charge(paid)) == "refunded"
    await send_refund(context.gateway, await database.fetchval("SELECT id FROM refund"))
    made = await database.fetchval(
        "UPDATE refund SET processed_at = now() - interval '30 hours' RETURNING gateway_refund_id"
    )
    window = (datetime.now(UTC) - timedelta(hours=48), datetime.now(UTC) - timedelta(hours=20))
    assert [one for one in await compare(context.gateway, *window) if one.kind == "refund"] == [], "it began outside"
    await database.execute("UPDATE refund SET gateway_refund_id = 'rfnd_of_nobody'")
    found = [one for one in await compare(context.gateway, *window) if one.kind == "refund"]
    assert [(one.gateway_id, one.theirs_minor) for one in found] == [("rfnd_of_nobody", None)]
    await database.execute("UPDATE refund SET gateway_refund_id = $1", made)
