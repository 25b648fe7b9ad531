"""kill -9 of a worker before, in and after each kind of job; another worker then takes over, and each effect is there
once: a mail that was sent twice has one Message-ID, so that one is shown.
"""

from collections import Counter
from datetime import timedelta

import aiohttp
import pytest

from models.closing import cancel_order
from models.paying_out import prepare_payout
from models.payment import open_claimed
from models.settlement import receive_event, settle
from server.settings import Keys
from tests.factories import make_product, make_seller, make_user
from tests.ordering import KEYRING, charge, end_hold, event, fill, guest, new_order, order_state, place
from tests.proofs.figures import ROUNDS
from tests.proofs.figures import count as add
from tests.shop import variant_of
from tests.victim import work_off

pytestmark = pytest.mark.usefixtures("sound")

REST = "SELECT count(*) FROM pgqueuer WHERE execute_after <= now()"
FORGET = "UPDATE pgqueuer SET heartbeat = now() - interval '1 hour' WHERE status = 'picked'"
ARRIVED = "UPDATE shipment SET state = 'delivered', delivered_at = now() - interval '8 days' WHERE order_id = $1"
BOOKED = "SELECT sum(amount_minor) FROM ledger_entry WHERE transaction_id = $1 AND account = 'bank'"
DUE = "UPDATE pgqueuer SET execute_after = now() WHERE entrypoint = $1"


@pytest.fixture
def environment(environment):
    """With the keys that `tests.ordering` seals with."""
    return {**environment, "HAAT_KEYS__RING": ",".join(Keys().ring), "HAAT_KEYS__LOOKUP": Keys().lookup}


@pytest.fixture
async def mails(stack, database):
    """How many mails with each Message-ID are in the inbox, for the ids of rows in this database."""
    async with aiohttp.ClientSession(stack["HAAT_INBOX_URL"]) as client:

        async def sent(part: str) -> Counter[str]:
            async with client.get("/api/messages", params={"limit": "1000"}) as response:
                ids = [mail["headers"]["Message-ID"] for mail in await response.json()]
            return Counter(message_id for message_id in ids if part in message_id)

        yield sent


@pytest.fixture
def inherit(context, database):
    """A worker that finds what a dead one left behind, and ends with nothing to do."""

    async def run() -> None:
        await database.execute(FORGET)
        await work_off(context)
        assert await database.fetchval(REST) == 0

    return run


@pytest.mark.parametrize("point", ["order_paid.before_run", "before_send", "after_send", "order_paid.after_run"])
async def test_a_confirmation_killed_anywhere_is_in_the_inbox_as_one_mail(
    kill, inherit, variant, mails, database, point
):
    for _ in range(ROUNDS):
        order = await new_order(await variant())
        await receive_event(event(charge(order)), keyring=KEYRING)
        await kill(f"mail.{point}", "work", "")
        await inherit()
        copies = await mails(f"order-paid.{order.order_id}")
        assert len(copies) == 1
        add("mails", "sent again after a kill, with the same Message-ID", copies.total() - 1)


@pytest.mark.parametrize("point", ["before_run", "after_run"])
async def test_a_sellers_mail_killed_anywhere_is_in_the_inbox_as_one_mail(
    kill, inherit, mails, database, settings, point
):
    seller = await make_seller(user_id=await make_user(settings, role="seller"))
    chair = await variant_of(await make_product(seller, stock=ROUNDS))
    for _ in range(ROUNDS):
        order = await new_order(chair)
        await receive_event(event(charge(order)), keyring=KEYRING)
        await kill(f"mail.seller_order.{point}", "work", "")
        await inherit()
        shipment = await database.fetchval("SELECT id FROM shipment WHERE order_id = $1", order.order_id)
        assert len(await mails(f"seller-order.{shipment}")) == 1


@pytest.mark.parametrize("point", ["before_run", "after_run"])
async def test_an_expiry_by_a_killed_worker_is_finished_by_the_next(kill, inherit, variant, database, point):
    for _ in range(ROUNDS):
        order = await new_order(await variant())
        await end_hold(order.order_id)
        await database.execute(DUE, "orders.expire")
        await kill(f"orders.expire.{point}", "work", "")
        await inherit()
        assert await order_state(order) == "expired"


@pytest.mark.parametrize(
    "point", ["payments.open.before_run", "payment.before_gateway", "payment.after_gateway", "payments.open.after_run"]
)
async def test_a_payment_opened_by_a_killed_worker_is_opened_once(kill, inherit, variant, bank, database, point):
    for _ in range(ROUNDS):
        shopper = guest()
        await fill(shopper, await variant())
        placed = await place(shopper)
        await database.execute("UPDATE payment SET claimed_until = now() - interval '1 s' WHERE state = 'created'")
        await database.execute(DUE, "payments.open")
        await kill(point, "work", "")
        await database.execute("UPDATE payment SET claimed_until = now() - interval '1 s' WHERE state = 'created'")
        await inherit()
        state = await database.fetchval("SELECT state FROM payment WHERE id = $1", placed.claim.payment_id)
        assert (state, (await bank.money(placed.claim.receipt))["orders"]) == ("open", 1)


@pytest.mark.parametrize(
    "point", ["refunds.send.before_run", "refund.before_gateway", "refund.after_gateway", "refunds.send.after_run"]
)
async def test_a_refund_sent_by_a_killed_worker_is_paid_once(kill, inherit, variant, bank, context, database, point):
    await bank.misbehave(events={"*": {"drop": True}})
    for _ in range(ROUNDS):
        shopper = guest()
        await fill(shopper, await variant())
        placed = await place(shopper)
        paid = await bank.pay(await open_claimed(context.gateway, placed.claim))
        await cancel_order(placed.order_id)
        assert await settle(await context.gateway.get_charge(paid["razorpay_payment_id"])) == "refunded"
        await kill(point, "work", "")
        await inherit()
        sums = await bank.money(placed.claim.receipt)
        assert (sums["refunded_minor"], sums["net_minor"]) == (placed.price.total_minor, 0)


@pytest.mark.parametrize("point", ["order_paid.before_run", "before_send", "after_send", "order_paid.after_run"])
async def test_an_sms_killed_anywhere_is_sent_once(kill, inherit, variant, http, settings, point):
    """The provider knows no keys; it is asked what it has sent to that number."""
    for _ in range(ROUNDS):
        order = await new_order(await variant())
        await receive_event(event(charge(order)), keyring=KEYRING)
        await kill(f"sms.{point}", "work", "")
        await inherit()
        async with http.get(f"{settings.sms.url}/sms") as page:
            copies = sum(order.claim.receipt in line for line in (await page.text()).split("<li>"))
        add("sms", "sent again after a kill", copies - 1)
        assert copies == 1


@pytest.mark.parametrize(
    "point", ["payouts.send.before_run", "payout.before_gateway", "payout.after_gateway", "payouts.send.after_run"]
)
async def test_a_payout_by_a_killed_worker_is_paid_once(kill, inherit, database, bank, settings, point):
    keys = aiohttp.encode_basic_auth(settings.payments.key_id, settings.payments.key_secret)
    for _ in range(ROUNDS):
        seller = await make_seller()
        await database.execute("UPDATE seller SET payout_account = 'fa_00000000000001' WHERE id = $1", seller)
        order = await new_order(await variant_of(await make_product(seller)))
        await receive_event(event(charge(order)), keyring=KEYRING)
        await database.execute(ARRIVED, order.order_id)
        payout_id = await prepare_payout(seller, hold=timedelta(days=7), currency="INR")
        await kill(point, "work", "")
        await inherit()
        state = await database.fetchval("SELECT state FROM payout WHERE id = $1", payout_id)
        booked = await database.fetchval(BOOKED, payout_id)
        owed = await database.fetchval("SELECT amount_minor FROM payout WHERE id = $1", payout_id)
        async with bank.client.get(
            "/v1/payouts", params={"reference_id": str(payout_id)}, headers={"Authorization": keys}
        ) as response:
            paid = [payout["amount"] for payout in (await response.json())["items"]]
        assert (state, booked, paid) == ("sent", owed, [owed])
