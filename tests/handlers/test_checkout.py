"""Checking out over HTTP: keys, fields, and an answer that can be paid, or says why not."""

from datetime import datetime, timedelta
from urllib.parse import urlsplit

import pytest

from tests.buying import ADDRESS, Buyer
from tests.factories import log_in_as, make_user
from tests.shop import bank, buyer, variant

__all__ = ["bank", "buyer", "variant"]


async def nothing_written(database) -> bool:
    counts = (
        "SELECT (SELECT count(*) FROM orders) + (SELECT count(*) FROM idempotency_key) + (SELECT count(*) FROM payment)"
    )
    return await database.fetchval(counts) == 0


async def test_an_order_comes_with_all_that_is_needed_to_pay_it(buyer, bank, variant, settings):
    await buyer.add(await variant(price_minor=20_000), 2)
    status, answer = await buyer.check_out()
    assert status == 201
    assert answer["number"][0] == "H"
    assert len(answer["number"]) == 9
    assert answer["url"] == f"{settings.site.base_url}/orders/{answer['number']}"
    assert (answer["state"], answer["total_minor"], answer["tax_minor"]) == ("pending", 44_900, 6_849)
    left = datetime.fromisoformat(answer["expires_at"]) - datetime.now().astimezone()
    assert timedelta(minutes=14) < left < timedelta(minutes=16)
    checkout = answer["payment"]["checkout"]
    assert urlsplit(checkout["url"]).path == "/v1/checkout/embedded"
    assert checkout["fields"] | {"order_id": ""} == {
        "key_id": settings.payments.key_id,
        "order_id": "",
        "amount": "44900",
        "currency": "INR",
        "name": "Haat",
        "description": f"Order {answer['number']}",
        "prefill[email]": buyer.email,
        "callback_url": f"{settings.site.base_url}/payments/return",
        "cancel_url": answer["url"],
    }


async def test_the_hosted_page_opens_with_those_fields(buyer, bank, variant):
    checkout = (await buyer.order(await variant()))["payment"]["checkout"]
    async with bank.client.post(urlsplit(checkout["url"]).path, data=checkout["fields"]) as response:
        assert response.status == 200
        assert buyer.email in await response.text()


async def test_the_retry_returns_the_same_order(buyer, bank, variant, database):
    await buyer.add(await variant())
    status, first = await buyer.check_out("key-1")
    assert status == 201
    assert await buyer.check_out("key-1") == (200, first)
    assert await database.fetchval("SELECT count(*) FROM orders") == 1
    status, problem = await buyer.check_out("key-1", email="other@example.in")
    assert (status, problem["code"]) == (422, "key_reused")
    await database.execute("UPDATE idempotency_key SET created_at = now() - interval '25 hours'")
    status, problem = await buyer.check_out("key-1")
    assert (status, problem["code"], problem["errors"][0]["field"]) == (422, "key_expired", "Idempotency-Key")


async def test_one_more_tab_gets_the_same_order_and_payment(buyer, bank, variant):
    await buyer.add(await variant())
    _, first = await buyer.check_out()
    assert await buyer.check_out() == (200, first)


@pytest.mark.parametrize("key", ["", "k" * 65, "with space", "tab\there", "ümlaut"])
async def test_the_key_is_required_and_short(buyer, variant, database, key):
    await buyer.add(await variant())
    body = {"email": buyer.email, "delivery": ADDRESS}
    headers = {"Idempotency-Key": key} if key else {}
    status, problem = await buyer.ask("POST", "/api/v1/checkout", json=body, headers=headers)
    assert (status, problem["errors"][0]["field"]) == (422, "Idempotency-Key")
    assert await nothing_written(database)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", "nobody"),
        ("email", "a@b"),
        ("email", "a@b.c\r\nBcc: x@y.zz"),
        ("email", "a" * 250 + "@example.in"),
        ("delivery.name", "A"),
        ("delivery.name", "A" * 121),
        ("delivery.phone", "12345 67890"),
        ("delivery.phone", "+1 202 555 0100"),
        ("delivery.phone", "987654321"),
        ("delivery.line1", ""),
        ("delivery.line2", "x" * 201),
        ("delivery.city", " "),
        ("delivery.region", "Bavaria"),
        ("delivery.region", "karnataka"),
        ("delivery.pin_code", "056003"),
        ("delivery.pin_code", "56003"),
        ("delivery.pin_code", "５６００３８"),
    ],
)
async def test_a_wrong_field_is_named(buyer, variant, database, field, value):
    await buyer.add(await variant())
    part, _, name = field.rpartition(".")
    body = {"delivery": {**ADDRESS, name: value}} if part else {field: value}
    status, problem = await buyer.check_out(**body)
    assert (status, problem["errors"][0]["field"]) == (422, field)
    assert await nothing_written(database)


async def test_all_wrong_fields_are_named_at_once(buyer, variant):
    await buyer.add(await variant())
    wrong = {**ADDRESS, "phone": "1", "region": "x", "pin_code": "x"}
    _, problem = await buyer.check_out(email="x", delivery=wrong)
    assert [error["field"] for error in problem["errors"]] == [
        "email",
        "delivery.phone",
        "delivery.region",
        "delivery.pin_code",
    ]


@pytest.mark.parametrize(
    "extra", [{"user_id": "1"}, {"state": "paid"}, {"price_minor": 1}, {"coupon": "FREE"}, {"total_minor": "1"}]
)
async def test_fields_of_the_shop_are_not_the_shoppers_to_send(buyer, variant, database, extra):
    await buyer.add(await variant())
    status, problem = await buyer.check_out(**extra)
    assert (status, problem["errors"][0]["field"]) == (422, next(iter(extra)))
    assert await nothing_written(database)


@pytest.mark.parametrize("phone", ["9876543210", "+91 98765-43210", "0 98765 43210", "919876543210"])
async def test_a_phone_number_may_be_written_as_people_do(buyer, bank, variant, phone):
    await buyer.add(await variant())
    status, answer = await buyer.check_out(delivery={**ADDRESS, "phone": phone})
    assert status == 201
    assert (await buyer.see(answer["number"]))["delivery"]["phone"] == "+919876543210"


async def test_out_of_stock_is_a_conflict_that_names_the_item(http, buyer, bank, variant):
    chair, late = await variant(stock=1, name="Chair"), Buyer(http)
    await late.add(chair)
    await buyer.order(chair)
    status, problem = await late.check_out()
    assert (status, problem["code"]) == (409, "out_of_stock")
    assert problem["errors"][0]["detail"] == "0 of Chair left, 1 wanted"


async def test_a_changed_price_is_a_conflict(buyer, variant, database):
    await buyer.add(await variant())
    await database.execute("UPDATE variant SET price_minor = price_minor + 1")
    status, problem = await buyer.check_out()
    assert (status, problem["code"]) == (409, "price_changed")


async def test_without_a_cart_there_is_nothing_to_order(buyer, database):
    status, problem = await buyer.check_out()
    assert (status, problem["code"]) == (422, "empty_cart")


async def test_a_gateway_that_is_down_does_not_cost_the_order(buyer, bank, variant, database):
    await bank.misbehave(api={"status": 502})
    await buyer.add(await variant())
    status, answer = await buyer.check_out()
    assert (status, answer["payment"]) == (
        201,
        {"state": "created", "error": "", "gateway_order_id": None, "checkout": None},
    )
    assert (await buyer.see(answer["number"]))["payment"]["state"] == "created"


async def test_an_amount_that_the_gateway_refuses_is_told(buyer, bank, variant, settings):
    """Razorpay takes no more than fifty lakh rupees at once."""
    await buyer.add(await variant(price_minor=6_000_000_000))
    status, answer = await buyer.check_out()
    assert (status, answer["payment"]["state"]) == (201, "failed")
    order = await buyer.see(answer["number"])
    assert (order["payment"]["state"], order["events"][-1]["kind"]) == ("failed", "payment_refused")


async def test_the_order_of_a_user_is_the_users(http, bank, variant, settings, database):
    user_id = await make_user(settings)
    buyer = Buyer(http, await log_in_as(settings, user_id))
    await buyer.order(await variant())
    assert await database.fetchval("SELECT user_id FROM orders") == user_id
