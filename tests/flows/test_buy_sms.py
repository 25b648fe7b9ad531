"""An SMS confirms a paid order, once, however often its job runs; an outage only delays it."""

import msgspec
import pytest

from jobs.sms import confirm_order
from models.errors import Unavailable
from server.integrations.sms import open_sms
from tests.buying import run_jobs, state_of
from tests.wait import until

pytestmark = pytest.mark.usefixtures("sound")


@pytest.fixture
async def paid(buyer, bank, variant):
    placed = await buyer.order(await variant())
    await bank.pay(placed["payment"]["gateway_order_id"])

    async def is_paid():
        return await state_of(placed["number"]) == "paid"

    await until(is_paid)
    return placed["number"]


async def sent(http, settings, number) -> list[str]:
    async with http.get(f"{settings.sms.url}/sms") as page:
        return [line for line in (await page.text()).split("<li>") if number in line]


async def test_a_paid_order_is_confirmed_by_one_sms(http, paid, context, settings, database):
    order = {"order_id": str(await database.fetchval("SELECT id FROM orders"))}
    assert await run_jobs(context, "sms.order_paid") == 1
    await confirm_order(context, order)
    [message] = await sent(http, settings, paid)
    assert "+919876543210" in message
    assert f"/orders/{paid}" in message


async def test_a_provider_that_is_away_delays_it(http, paid, context, settings, port):
    away = msgspec.structs.replace(settings.sms, url=f"http://127.0.0.1:{port}/nobody", timeout_ms=500)
    context.sms, own = open_sms(away), context.sms
    with pytest.raises(Unavailable):
        await run_jobs(context, "sms.order_paid")
    await context.sms.close()
    context.sms = own
    assert await sent(http, settings, paid) == []


async def test_a_number_that_cannot_be_called_is_the_providers_refusal(context):
    with pytest.raises(Unavailable, match="21211"):
        await context.sms.send("12345", "hello")


async def test_a_shop_without_a_provider_sends_none(context, settings):
    await open_sms(msgspec.structs.replace(settings.sms, url="")).send("+919876543210", "hello")
