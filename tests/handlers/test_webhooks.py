"""What claims to come from the gateway: believed when signed, byte for byte, and never otherwise."""

import hashlib
import hmac
import json
from urllib.parse import urlencode

import msgspec
import pytest

from server.integrations.razorpay import Gateway
from server.metrics import REGISTRY
from tests.buying import run_jobs, state_of
from tests.shop import bank, buyer, sound, variant
from tests.wait import until

__all__ = ["bank", "buyer", "sound", "variant"]

pytestmark = pytest.mark.usefixtures("sound")
PATH = "/webhooks/razorpay"


def signature(body: bytes, secret: str) -> str:
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


@pytest.fixture
def secret(settings):
    return settings.payments.webhook_secrets[0]


@pytest.fixture
async def captured(buyer, bank, variant):
    """A paid order that no webhook has told about yet, and the body that would."""
    await bank.misbehave(events={"*": {"drop": True}})
    placed = await buyer.order(await variant())
    await bank.pay(placed["payment"]["gateway_order_id"])
    events = await bank.events(placed["payment"]["gateway_order_id"])
    body = next(event["body"] for event in events if event["event"] == "payment.captured")
    return placed["number"], json.dumps(body).encode()


async def post(http, body, sign, event_id="evt_1"):
    headers = {"X-Razorpay-Signature": sign, "X-Razorpay-Event-Id": event_id, "Content-Type": "application/json"}
    async with http.post(PATH, data=body, headers=headers) as response:
        return response.status, await response.json(content_type=None)


async def believed(database) -> int:
    return await database.fetchval("SELECT count(*) FROM webhook_event")


async def test_a_signed_webhook_pays_the_order(http, captured, secret):
    number, body = captured
    assert await post(http, body, signature(body, secret)) == (200, {"outcome": "paid"})
    assert await state_of(number) == "paid"
    assert await post(http, body, signature(body, secret)) == (200, {"outcome": "known"})
    assert await post(http, body, signature(body, secret), "evt_2") == (200, {"outcome": "known"})


async def test_every_flipped_byte_is_refused(http, captured, secret, database):
    number, body = captured
    sign = signature(body, secret)
    for i in range(0, len(body), 7):
        forged = body[:i] + bytes([body[i] ^ 1]) + body[i + 1 :]
        assert (await post(http, forged, sign))[0] == 401
    assert (await state_of(number), await believed(database)) == ("pending", 0)


async def test_the_same_json_in_other_bytes_is_refused(http, captured, secret, database):
    number, body = captured
    for other in (json.dumps(json.loads(body), indent=1).encode(), msgspec.json.encode(json.loads(body)), body + b" "):
        assert (await post(http, other, signature(body, secret)))[0] == 401
    assert (await state_of(number), await believed(database)) == ("pending", 0)


@pytest.mark.parametrize("sign", ["", "0" * 64, "ümlaut", "A" * 4_000])
async def test_a_bad_signature_is_refused_and_counted(http, captured, database, sign):
    def forged() -> float:
        return REGISTRY.get_sample_value("haat_webhooks_total", {"outcome": "forged"}) or 0

    before = forged()
    assert (await post(http, captured[1], sign))[0] == 401
    assert (await believed(database), forged()) == (0, before + 1)


async def test_a_signature_by_the_wrong_secret_is_refused(http, captured, settings, database):
    number, body = captured
    for wrong in ("", "guess", settings.payments.key_secret):
        assert (await post(http, body, signature(body, wrong)))[0] == 401
    assert (await state_of(number), await believed(database)) == ("pending", 0)


@pytest.mark.parametrize("used", [0, 1])
async def test_two_secrets_are_valid_while_they_rotate(http, captured, context, used):
    secrets = ("new-secret", "old-secret")
    context.gateway = Gateway(msgspec.structs.replace(context.settings.payments, webhook_secrets=secrets))
    number, body = captured
    assert (await post(http, body, signature(body, secrets[used])))[0] == 200
    assert await state_of(number) == "paid"


@pytest.mark.parametrize("secrets", [(), ("",)])
async def test_without_a_secret_there_is_no_such_address(http, captured, context, secrets):
    context.gateway = Gateway(msgspec.structs.replace(context.settings.payments, webhook_secrets=secrets))
    assert (await post(http, captured[1], signature(captured[1], "")))[0] == 404


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"{}",
        b'{"event": 1}',
        b'{"event": "payment.captured", "payload": {"payment": {"entity": {"id": "x"}}}}',
        b'{"event": "payment.captured", "payload": {"payment": {"entity": {"id": 1, "amount": "1e9"}}}}',
        b"\xff\xfe",
    ],
)
async def test_a_signed_body_that_makes_no_sense_is_a_client_error(http, database, secret, body):
    status, problem = await post(http, body, signature(body, secret))
    assert (status, problem["code"]) == (422, "bad_webhook")
    assert await believed(database) == 0


@pytest.mark.parametrize("body", [b'{"event": "dispute.created"}', b'{"event": "payment.captured", "payload": {}}'])
async def test_an_event_that_says_nothing_to_us_is_kept(http, database, secret, body):
    assert await post(http, body, signature(body, secret)) == (200, {"outcome": "ignored"})
    assert await believed(database) == 1


@pytest.mark.parametrize("event_id", ["", "x" * 65, "a b", "é"])
async def test_without_a_usable_event_id_the_body_is_its_own(http, captured, secret, database, event_id):
    _, body = captured
    assert (await post(http, body, signature(body, secret), event_id))[1] == {"outcome": "paid"}
    assert (await post(http, body, signature(body, secret), event_id))[1] == {"outcome": "known"}
    assert await database.fetchval("SELECT event_id FROM webhook_event") == hashlib.sha256(body).hexdigest()


async def returned(http, **fields):
    async with http.post("/payments/return", data=fields, allow_redirects=False) as response:
        return response.status, response.headers["Location"]


async def test_a_buyer_who_returns_is_confirmed_without_any_webhook(http, buyer, bank, variant):
    await bank.misbehave(events={"*": {"drop": True}})
    placed = await buyer.order(await variant())
    fields = await bank.pay(placed["payment"]["gateway_order_id"])
    assert await returned(http, **fields) == (303, f"/orders/{placed['number']}")
    assert await state_of(placed["number"]) == "paid"


async def test_a_return_that_is_not_signed_settles_nothing(http, buyer, bank, variant):
    await bank.misbehave(events={"*": {"drop": True}})
    placed = await buyer.order(await variant())
    fields = await bank.pay(placed["payment"]["gateway_order_id"])
    forged = {**fields, "razorpay_signature": "0" * 64}
    assert await returned(http, **forged) == (303, f"/orders/{placed['number']}")
    assert await state_of(placed["number"]) == "pending"


async def test_a_return_from_a_declined_payment_leads_to_the_order(http, buyer, bank, variant):
    placed = await buyer.order(await variant())
    fields = await bank.pay(placed["payment"]["gateway_order_id"], "failed")
    metadata = json.dumps(fields["error"]["metadata"])
    assert await returned(http, **{"error[code]": "BAD", "error[metadata]": metadata}) == (
        303,
        f"/orders/{placed['number']}",
    )


@pytest.mark.parametrize("fields", [{}, {"razorpay_order_id": "order_x"}, {"error[metadata]": "{"}, {"x": "\x00"}])
async def test_a_return_from_nowhere_leads_to_the_orders(http, database, fields):
    assert await returned(http, **fields) == (303, "/orders")


async def test_a_gateway_that_is_down_when_the_buyer_returns_is_asked_later(
    http, buyer, bank, variant, context, database
):
    await bank.misbehave(events={"*": {"drop": True}})
    placed = await buyer.order(await variant())
    fields = await bank.pay(placed["payment"]["gateway_order_id"])
    await bank.misbehave(events={"*": {"drop": True}}, api={"status": 500})
    assert await returned(http, **fields) == (303, f"/orders/{placed['number']}")
    assert await state_of(placed["number"]) == "pending"
    await bank.misbehave()


async def test_the_real_courier_is_believed(buyer, bank, variant, context):
    placed = await buyer.order(await variant())
    await bank.pay(placed["payment"]["gateway_order_id"])

    async def paid():
        return await state_of(placed["number"]) == "paid"

    await until(paid)
    assert await run_jobs(context, "payments.open", "orders.expire") == 0, "the payment takes back what waits for none"
    assert await state_of(placed["number"]) == "paid"


@pytest.mark.parametrize("value", ["a\0b", "\ud800", "x" * 5_000])
async def test_odd_fields_of_who_comes_back_from_paying_lead_to_the_orders(http, value):
    for fields in (
        {"razorpay_order_id": value},
        {"error[metadata]": json.dumps({"order_id": value})},
    ):
        body = urlencode(fields, errors="surrogatepass")
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        async with http.post("/payments/return", data=body, headers=form, allow_redirects=False) as response:
            assert (response.status, response.headers.get("Location")) == (303, "/orders")
