"""The whole way with a worker at work: what the buyer and the sellers find in their inboxes, once each."""

from collections.abc import Mapping

import aiohttp
import pytest

from models.closing import cancel_order
from models.keyring import Keyring
from tests.buying import state_of, variant_of
from tests.factories import make_product, make_seller, make_user
from tests.ordering import count
from tests.wait import until

pytestmark = pytest.mark.usefixtures("sound")


@pytest.fixture
async def inbox(stack: Mapping[str, str]):
    """Mails to an address, waiting for as many as asked."""
    async with aiohttp.ClientSession(stack["HAAT_INBOX_URL"]) as client:

        async def mails_to(address: str, wanted: int = 1) -> list[dict]:
            query = {"to": address, "wait_s": "15", "count": str(wanted)}
            async with client.get("/api/messages", params=query) as response:
                return await response.json()

        yield mails_to


async def idle(database) -> bool:
    """Nothing to do is due now."""
    due = "SELECT count(*) FROM pgqueuer WHERE execute_after <= now() OR status <> 'queued'"
    return await database.fetchval(due) == 0


async def test_a_paid_order_is_confirmed_to_the_buyer_and_told_to_the_seller(
    buyer, bank, worker, inbox, database, settings
):
    owner = await make_user(settings, role="seller")
    seller = await make_seller(name="Anil & Sons", user_id=owner)
    chair = await variant_of(await make_product(seller, name='Chair <b>"Bold"</b>', price_minor=29_900))
    placed = await buyer.order(chair, 1)
    await bank.pay(placed["payment"]["gateway_order_id"])
    [mail] = await inbox(buyer.email)
    number = placed["number"]
    assert mail["subject"] == f"Order {number} is confirmed"
    assert mail["headers"]["Message-ID"].startswith("<order-paid.")
    for part in (mail["text"], mail["html"]):
        for words in (number, "₹299", "₹49", "₹348", "₹53.08", "Asha Rao", "560038", f"/orders/{number}"):
            assert words in part
    assert 'Chair <b>"Bold"</b>' in mail["text"]
    assert "Chair &lt;b&gt;" in mail["html"]
    address = Keyring(settings.keys.ring, settings.keys.lookup).decrypt(
        await database.fetchval("SELECT email_encrypted FROM users WHERE id = $1", owner)
    )
    [told] = await inbox(address)
    assert told["subject"] == f"New order {number} to pack"
    assert "98765" not in told["text"]
    await until(lambda: idle(database))
    assert len(await inbox(buyer.email)) == 1


async def test_a_payment_that_came_too_late_is_apologised_for_and_returned(
    buyer, bank, variant, worker, inbox, database
):
    placed = await buyer.order(await variant())
    await cancel_order(await database.fetchval("SELECT id FROM orders"))
    await bank.pay(placed["payment"]["gateway_order_id"])
    [mail] = await inbox(buyer.email)
    assert mail["subject"] == f"Your payment for order {placed['number']} is returned"
    assert "after you had cancelled" in mail["text"]

    async def returned():
        return (await bank.money(placed["number"]))["refunded_minor"] == placed["total_minor"]

    await until(returned)
    await until(lambda: idle(database))
    assert (await state_of(placed["number"]), await count("refund")) == ("cancelled", 1)
    assert await database.fetchval("SELECT state FROM refund") == "processed"
