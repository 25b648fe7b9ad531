"""Who leaves the payment page is reminded once, while the things are still kept, and nobody else is."""

from collections.abc import Mapping

import aiohttp
import pytest

from jobs.registry import HANDLERS
from models.cash import confirm_cash
from tests.buying import run_jobs, state_of
from tests.ordering import end_hold, jobs_named
from tests.wait import until

pytestmark = pytest.mark.usefixtures("sound")
REMINDER = "mail.payment_reminder"


@pytest.fixture
async def reminders(stack: Mapping[str, str]):
    """The reminders that an address got."""
    async with aiohttp.ClientSession(stack["HAAT_INBOX_URL"]) as client:

        async def mails_to(address: str) -> list[dict]:
            async with client.get("/api/messages", params={"to": address, "limit": "100"}) as response:
                mails = await response.json()
            return [mail for mail in mails if "<payment-reminder." in mail["headers"]["Message-ID"]]

        yield mails_to


async def test_who_leaves_the_payment_page_is_reminded_while_the_order_is_kept(
    buyer, variant, context, database, reminders
):
    placed = await buyer.order(await variant(price_minor=29_900))
    due_s = await database.fetchval(
        "SELECT extract(epoch FROM execute_after - now()) FROM pgqueuer WHERE entrypoint = $1", REMINDER
    )
    assert 430 < due_s <= 450, "halfway to the end of the hold"
    assert await run_jobs(context, REMINDER) == 1
    [mail] = await reminders(buyer.email)
    assert mail["subject"] == f"Your order {placed['number']} waits to be paid"
    for part in (mail["text"], mail["html"]):
        for words in (f"/orders/{placed['number']}", "₹348", "kept until", "IST", "Grievances: "):
            assert words in part
    await buyer.ask("POST", f"/api/v1/orders/{placed['number']}/pay")
    assert await jobs_named(REMINDER) == 0, "to try again gives no second one"


async def paid(buyer, bank, placed, database) -> None:
    await bank.pay(placed["payment"]["gateway_order_id"])

    async def known() -> bool:
        return await state_of(placed["number"]) == "paid"

    await until(known)


async def declined(buyer, bank, placed, database) -> None:
    await bank.pay(placed["payment"]["gateway_order_id"], "failed")

    async def known() -> bool:
        return await jobs_named("mail.payment_declined") == 1

    await until(known)


async def cancelled(buyer, bank, placed, database) -> None:
    assert (await buyer.ask("POST", f"/api/v1/orders/{placed['number']}/cancel"))[0] == 200


async def in_cash(buyer, bank, placed, database) -> None:
    await database.execute("UPDATE seller SET cash_allowed = true")
    await confirm_cash(await database.fetchval("SELECT id FROM orders"), limit_minor=2_000_000)


@pytest.mark.parametrize("become", [paid, declined, cancelled, in_cash])
async def test_the_reminder_is_taken_back_with_the_wait_and_one_that_has_begun_sends_nothing(
    buyer, bank, variant, context, database, reminders, become
):
    placed = await buyer.order(await variant())
    order_id = await database.fetchval("SELECT id FROM orders")
    await become(buyer, bank, placed, database)
    assert await jobs_named(REMINDER) == 0
    await HANDLERS[REMINDER](context, {"order_id": str(order_id)})
    assert await reminders(buyer.email) == []


async def test_nobody_is_reminded_after_the_hold_or_of_what_the_gateway_knows_to_be_paid(
    buyer, bank, variant, context, database, reminders
):
    """An order that nobody has ended yet, a gateway that is away, and a payment of which no webhook told."""
    placed = await buyer.order(await variant())
    order_id = await database.fetchval("SELECT id FROM orders")
    ids = {"order_id": str(order_id)}
    until_when = await database.fetchval("SELECT expires_at FROM orders")
    await end_hold(order_id)
    await HANDLERS[REMINDER](context, ids)
    await database.execute("UPDATE orders SET expires_at = $1", until_when)
    await bank.misbehave(api={"status": 500})
    await HANDLERS[REMINDER](context, ids)
    await bank.misbehave(events={"*": {"drop": True}})
    await bank.pay(placed["payment"]["gateway_order_id"])
    await HANDLERS[REMINDER](context, ids)
    assert (await state_of(placed["number"]), await reminders(buyer.email)) == ("paid", [])
