"""The gateway's wrapper against servers that refuse, hang, crawl and talk nonsense: an answer in time, of two kinds."""

import asyncio
import hashlib
import hmac
import socket
from collections.abc import AsyncIterator, Callable

import msgspec
import pytest
from aiohttp import web

from models.errors import Declined, Invalid, Unavailable
from server.integrations.razorpay import Gateway
from server.integrations.razorpay_events import read_event
from server.settings import Payments, Settings
from tests.shop import bank

__all__ = ["bank"]


@pytest.fixture
async def gateway_that(port: int) -> AsyncIterator[Callable[..., Gateway]]:
    """A gateway whose server answers everything as told."""
    behaviour: list[object] = []

    async def answer(request: web.Request) -> web.StreamResponse:
        return await behaviour[0](request)

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    runner = web.AppRunner(app, shutdown_timeout=0)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    made: list[Gateway] = []

    def build(behave: object, **changes: object) -> Gateway:
        behaviour[:] = [behave]
        values = {"base_url": f"http://127.0.0.1:{port}", "timeout_ms": 30_000, **changes}
        made.append(Gateway(Payments(**values)))
        return made[-1]

    yield build
    for gateway in made:
        gateway.close()
    await runner.cleanup()


def says(status: int, body: object) -> object:
    async def respond(_: web.Request) -> web.Response:
        return web.Response(status=status, body=body if isinstance(body, bytes) else msgspec.json.encode(body))

    return respond


def error(description: str, code: str = "BAD_REQUEST_ERROR") -> dict[str, object]:
    return {"error": {"code": code, "description": description}}


async def test_a_refusal_is_declined_in_razorpays_words(gateway_that):
    gateway = gateway_that(says(400, error("The amount must be at least INR 1.00")))
    with pytest.raises(Declined, match="must be at least"):
        await gateway.create_order("H1", amount_minor=1, currency="INR")


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (401, error("Authentication failed")),
        (429, error("Too many requests")),
        (500, error("oops", "SERVER_ERROR")),
        (502, b"<html>Bad gateway</html>"),
        (503, b""),
        (200, b"<html>hello</html>"),
        (200, b"{}"),
        (200, b"[]"),
        (200, b'{"items": [{"id": 1}]}'),
    ],
)
async def test_whatever_else_is_wrong_is_unavailable(gateway_that, status, body):
    gateway = gateway_that(says(status, body))
    for ask in (
        lambda: gateway.create_order("H1", amount_minor=100, currency="INR"),
        lambda: gateway.get_charge("pay_1"),
        lambda: gateway.charges_of("order_1"),
        lambda: gateway.find_refund("pay_1", "key"),
        lambda: gateway.create_refund("pay_1", amount_minor=100, key="key"),
    ):
        with pytest.raises(Unavailable):
            await ask()


async def test_a_server_that_hangs_or_crawls_costs_no_more_than_the_time_out(gateway_that):
    async def crawl(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        for _ in range(600):
            await response.write(b" ")
            await asyncio.sleep(0.1)
        return response

    for behaviour in (crawl, lambda _: asyncio.sleep(60)):
        gateway = gateway_that(behaviour, timeout_ms=300)
        began = asyncio.get_running_loop().time()
        with pytest.raises(Unavailable):
            await gateway.get_charge("pay_1")
        assert asyncio.get_running_loop().time() - began < 20


async def test_a_server_that_is_not_there_is_unavailable():
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        gateway = Gateway(Payments(base_url=f"http://127.0.0.1:{nobody.getsockname()[1]}", timeout_ms=1000))
        with pytest.raises(Unavailable):
            await gateway.get_charge("pay_1")
        gateway.close()


async def test_the_real_calls_are_understood_by_the_simulator(context, bank):
    gateway = context.gateway
    made = await gateway.create_order("H-REAL-1", amount_minor=50_000, currency="INR")
    assert await gateway.find_order("H-REAL-1") == made
    assert await gateway.find_order("H-REAL-2") is None
    assert await gateway.charges_of(made) == []
    await bank.misbehave(events={"*": {"drop": True}})
    paid = await bank.pay(made)
    charge = await gateway.get_charge(paid["razorpay_payment_id"])
    assert (charge.order_id, charge.status, charge.amount_minor, charge.currency) == (made, "captured", 50_000, "INR")
    assert (charge.fee_minor, charge.fee_tax_minor) == (1_180, 180)
    assert await gateway.charges_of(made) == [charge]
    assert gateway.return_is_signed(made, charge.payment_id, paid["razorpay_signature"])
    assert await gateway.find_refund(charge.payment_id, "k") is None
    refund = await gateway.create_refund(charge.payment_id, amount_minor=20_000, key="key-0123456789")
    assert await gateway.create_refund(charge.payment_id, amount_minor=20_000, key="key-0123456789") == refund
    assert await gateway.find_refund(charge.payment_id, "key-0123456789") == refund


def test_signatures_are_of_bytes_and_an_empty_secret_signs_nothing():
    gateway = Gateway(msgspec.structs.replace(Settings().payments, webhook_secrets=("", "s")))
    assert not gateway.webhook_is_signed(b"{}", "")
    assert not gateway.webhook_is_signed("é".encode(), "é")
    assert not gateway.return_is_signed("", "", "")
    gateway.close()


def test_while_a_secret_is_changed_the_old_one_and_the_new_one_hold():
    payments = msgspec.structs.replace(
        Settings().payments, key_secret="new", previous_key_secret="old", webhook_secrets=("new", "old")
    )
    gateway = Gateway(payments)
    held = {}
    for secret in ("new", "old", "older"):
        returned, body = (
            hmac.new(secret.encode(), told, hashlib.sha256).hexdigest() for told in (b"order_1|pay_1", b"{}")
        )
        held[secret] = (gateway.return_is_signed("order_1", "pay_1", returned), gateway.webhook_is_signed(b"{}", body))
    gateway.close()
    assert held == {"new": (True, True), "old": (True, True), "older": (False, False)}


def test_an_event_says_what_its_kind_says_whatever_became_of_the_payment():
    payment = {"id": "pay_1", "amount": 100, "currency": "INR", "status": "refunded", "order_id": "order_1"}
    body = msgspec.json.encode({"event": "payment.captured", "payload": {"payment": {"entity": payment}}})
    assert read_event(body, "evt_1").charge.status == "captured"


@pytest.mark.parametrize("body", [b"", b"{", b"null", b'{"event": null}', b"\xff"])
def test_a_body_that_is_no_event_is_invalid(body):
    with pytest.raises(Invalid):
        read_event(body, "evt_1")
