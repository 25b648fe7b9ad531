"""Payouts that a bank gives back after it had paid them: owed again, once, whoever says so and however often."""

import asyncio
import hashlib
import hmac
import itertools
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from models.erasure import erase_person
from models.gateway import GatewayPayout
from models.paid_out import ask_of_payouts
from models.paying_out import prepare_payout, prepare_payouts, send_payout
from models.seller import set_payout_account
from models.settlement import receive_event
from models.statement import get_statement, list_balances, owed_minor
from server.integrations.razorpay_events import read_event
from tests.factories import log_in_as, make_user
from tests.fulfilling import bring, buy
from tests.ordering import KEYRING, count, event, jobs_named

pytestmark = pytest.mark.usefixtures("sound")
HOLD = timedelta(days=7)
_numbers = itertools.count()


@pytest.fixture
async def seller(database):
    """Is owed for one order, and has an account."""
    one = await buy()
    await bring(one.sellers[0], one.shipments[0])
    await database.execute("UPDATE seller SET payout_account = 'fa_00000000000001'")
    await database.execute("UPDATE shipment SET delivered_at = now() - interval '8 days'")
    return one.sellers[0]


@pytest.fixture
async def paid(seller, context):
    """The payout of it, as the bank processed it."""
    payout_id = await prepare_payout(seller, hold=HOLD, currency="INR")
    await send_payout(context.gateway, payout_id)
    return await context.gateway.find_payout(str(payout_id))


def says(told: GatewayPayout, status: str, **changes):
    said = msgspec.structs.replace(told, status=status, **changes)
    return event(None, f"payout.{status}", id=f"evt_payout_{next(_numbers)}", payout=said)


async def due(seller) -> int:
    return await owed_minor(seller, hold=HOLD, currency="INR")


async def states(database) -> list[str]:
    return [row["state"] for row in await database.fetch("SELECT state FROM payout ORDER BY id")]


async def test_what_comes_back_is_owed_again_once_however_often_it_is_said(seller, paid, context, database):
    operator = await make_user(role="admin")
    assert await due(seller) == 0
    back = [says(paid, "reversed", reason="Account closed") for _ in range(20)]
    told = await asyncio.gather(*(receive_event(one, keyring=KEYRING) for one in [*back, back[0]]))
    assert set(told) == {"paid_out", "known"}
    assert (await states(database), await due(seller)) == (["reversed"], paid.amount_minor)
    balances = await list_balances("INR")
    assert (balances["bank"], balances["tcs"]) == (0, 0)
    payout, lines = await get_statement(await database.fetchval("SELECT id FROM payout"), seller)
    assert (payout.error, len(lines)) == ("The bank says: reversed, Account closed.", 1), "its statement stays"
    assert await count("audit_entry WHERE action = 'payout.reversed'") == 1
    whom = await database.fetch("SELECT payload FROM pgqueuer WHERE entrypoint = 'mail.payout_reversed'")
    assert sorted(str(msgspec.json.decode(row["payload"])) for row in whom) == sorted(
        str({"payout_id": str(payout.id), name: str(id_)})
        for name, id_ in (("operator_id", operator), ("seller_id", seller))
    )


async def test_it_is_paid_out_again_and_may_come_back_again(seller, paid, context, database):
    for earlier in (["reversed"], ["reversed", "reversed"]):
        [sent] = await database.fetch("SELECT id, reference FROM payout WHERE state = 'sent'")
        told = await context.gateway.find_payout(sent["reference"])
        assert await receive_event(says(told, "reversed"), keyring=KEYRING) == "paid_out"
        again = await prepare_payout(seller, hold=HOLD, currency="INR")
        assert await prepare_payout(seller, hold=HOLD, currency="INR") is None
        await send_payout(context.gateway, again)
        assert (await states(database), await due(seller)) == ([*earlier, "sent"], 0)
    assert (await list_balances("INR"))["bank"] == paid.amount_minor


async def test_what_comes_back_after_its_owner_was_erased_is_paid_where_the_operator_says(
    seller, paid, context, database
):
    owner = await database.fetchval("SELECT user_id FROM seller")
    operator = await make_user(role="admin")
    await database.execute("UPDATE seller SET state = 'suspended'")
    await erase_person(owner, keyring=KEYRING)
    assert await receive_event(says(paid, "reversed", reason="Account closed"), keyring=KEYRING) == "paid_out"
    assert (await states(database), await due(seller)) == (["reversed"], paid.amount_minor)
    await prepare_payouts(hold=HOLD, currency="INR")
    assert await states(database) == ["reversed"], "no account is known"
    payout, _ = await get_statement(await database.fetchval("SELECT id FROM payout"), None)
    assert (payout.seller_id, payout.account_known) == (seller, False)
    await set_payout_account(seller, "fa_00000000000002", actor_id=operator, ownerless=True)
    assert await prepare_payouts(hold=HOLD, currency="INR") == 1
    await send_payout(context.gateway, await database.fetchval("SELECT id FROM payout WHERE state = 'pending'"))
    assert (await states(database), await due(seller)) == (["reversed", "sent"], 0)
    assert await database.fetchval("SELECT account FROM payout WHERE state = 'sent'") == "fa_00000000000002"


async def test_the_nightly_question_finds_what_no_webhook_told(seller, paid, context, bank, database):
    now = datetime.now(UTC)
    window = (now - timedelta(days=14), now + timedelta(minutes=1))
    await ask_of_payouts(context.gateway, *window)
    assert await states(database) == ["sent"]
    await bank.misbehave(events={"payout.reversed": {"drop": True}})
    async with bank.client.post(f"/sim/payouts/{paid.payout_id}/reverse") as response:
        assert (response.status, (await response.json())["status"]) == (200, "reversed")
    for _ in range(2):
        await ask_of_payouts(context.gateway, *window)
    assert (await states(database), await due(seller)) == (["reversed"], paid.amount_minor)
    assert "account is closed" in await database.fetchval("SELECT error FROM payout")


async def test_what_comes_back_before_we_know_that_it_was_paid_was_never_paid(seller, context, database):
    payout_id = await prepare_payout(seller, hold=HOLD, currency="INR")
    await database.execute("UPDATE payout SET state = 'unknown'")
    told = GatewayPayout(payout_id="pout_1", status="processed", amount_minor=1, reference=str(payout_id))
    assert await receive_event(says(told, "reversed"), keyring=KEYRING) == "paid_out"
    assert await receive_event(says(told, "processed"), keyring=KEYRING) == "paid_out"
    assert (await states(database), await jobs_named("mail.payout_reversed")) == (["failed"], 0)
    assert await count("ledger_entry WHERE account = 'bank'") == 0
    assert await due(seller) > 0


async def test_news_of_the_bank_ends_a_payout_whose_answer_was_lost(seller, context, database):
    payout_id = await prepare_payout(seller, hold=HOLD, currency="INR")
    await database.execute("UPDATE payout SET state = 'unknown'")
    told = GatewayPayout(payout_id="pout_1", status="processed", amount_minor=1, reference=str(payout_id))
    for status, state in (("queued", "unknown"), ("processed", "sent"), ("processing", "sent"), ("processed", "sent")):
        await receive_event(says(told, status), keyring=KEYRING)
        assert await states(database) == [state]
    await send_payout(context.gateway, payout_id)
    assert await count("ledger_entry WHERE account = 'bank'") == 1


async def test_somebody_elses_payout_is_none_of_ours(paid, database):
    told = msgspec.structs.replace(paid, reference="rent")
    assert await receive_event(says(told, "reversed"), keyring=KEYRING) == "ignored"
    assert await states(database) == ["sent"]


def test_the_event_is_read_as_razorpayx_sends_it():
    body = (
        b'{"entity":"event","event":"payout.reversed","contains":["payout"],"created_at":1700000000,"payload":{"payout":'
        b'{"entity":{"id":"pout_1","entity":"payout","fund_account_id":"fa_1","amount":1000,"currency":"INR","fees":5,'
        b'"status":"reversed","reference_id":"ours","utr":null,"status_details":{"description":"Account is closed.",'
        b'"source":"beneficiary_bank","reason":"beneficiary_account_closed"}}}}}'
    )
    assert read_event(body, "evt_1").payout == GatewayPayout(
        payout_id="pout_1", status="reversed", amount_minor=1_000, reference="ours", reason="Account is closed"
    )
    assert read_event(body.replace(b'"ours"', b"null"), "evt_1").payout.reference == ""


async def test_the_trail_does_not_say_that_the_gateway_came_from_who_used_the_connection_before(
    seller, paid, context, http, database
):
    """A proxy sends everybody's requests over the connections that it keeps."""
    headers = {
        **await log_in_as(context.settings, await make_user(context.settings)),
        "User-Agent": "somebody's browser",
    }
    told = {
        "id": paid.payout_id, "amount": paid.amount_minor, "status": "reversed", "reference_id": paid.reference,
    }  # fmt: skip
    body = msgspec.json.encode({"event": "payout.reversed", "payload": {"payout": {"entity": told}}})
    signature = hmac.new(context.settings.payments.webhook_secrets[0].encode(), body, hashlib.sha256).hexdigest()
    for method, path, sent in (
        ("GET", "/api/v1/me", {"headers": headers}),
        ("POST", "/webhooks/razorpay", {"headers": {"X-Razorpay-Signature": signature}, "data": body}),
    ):
        async with http.request(method, path, **sent) as response:
            assert response.status == 200, await response.text()
            await response.read()
    assert await count("audit_entry WHERE action = 'payout.reversed' AND origin_sealed IS NULL") == 1
    assert await count("person_key") == 0
