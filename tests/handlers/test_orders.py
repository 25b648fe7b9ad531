"""Orders over HTTP: whose they are, paying again, cancelling."""

from uuid import UUID

import pytest

from models.cart import merge_guest_cart
from models.database import pool
from models.keyring import token_hash
from tests.buying import Buyer, run_jobs, state_of
from tests.factories import log_in_as, make_user
from tests.ordering import end_hold, stock_of
from tests.shop import bank, buyer, sound, variant
from tests.wait import until

__all__ = ["bank", "buyer", "sound", "variant"]

pytestmark = pytest.mark.usefixtures("sound")


async def test_an_order_shows_all_of_itself_to_its_buyer(buyer, bank, variant):
    placed = await buyer.order(await variant(name="Chair"), 2)
    order = await buyer.see(placed["number"])
    assert (order["email"], order["delivery"]["city"], order["lines"][0]["name"]) == (buyer.email, "Bengaluru", "Chair")
    assert order["payment"]["gateway_order_id"] == placed["payment"]["gateway_order_id"]
    assert await buyer.see(placed["number"].lower()) == order
    _, listed = await buyer.ask("GET", "/api/v1/orders")
    assert [(one["number"], one["count"], one["first_name"]) for one in listed["items"]] == [
        (placed["number"], 2, "Chair")
    ]


@pytest.mark.parametrize(("method", "path"), [("GET", ""), ("POST", "/pay"), ("POST", "/cancel")])
async def test_a_strangers_order_is_absent(http, buyer, bank, variant, settings, method, path):
    number = (await buyer.order(await variant()))["number"]
    stranger, nobody = Buyer(http), Buyer(http)
    await stranger.add(await variant())
    other_user = Buyer(http, await log_in_as(settings, await make_user(settings)))
    for somebody in (stranger, nobody, other_user):
        assert (await somebody.ask(method, f"/api/v1/orders/{number}{path}"))[0] == 404
        assert (await somebody.ask(method, f"/api/v1/orders/{number}{path}?email=x@example.in"))[0] == 404
        assert (await somebody.ask("GET", "/api/v1/orders"))[1]["items"] == []
    assert (await buyer.ask("GET", "/api/v1/orders/H00000000"))[0] == 404
    assert (await buyer.see(number))["state"] == "pending"


async def test_a_guest_finds_the_order_by_number_and_mail(http, buyer, bank, variant):
    number = (await buyer.order(await variant()))["number"]
    status, order = await Buyer(http).ask("GET", f"/api/v1/orders/{number}", params={"email": buyer.email.upper()})
    assert (status, order["number"]) == (200, number)


async def test_a_guests_order_becomes_the_users_at_log_in(http, buyer, bank, variant, settings):
    number = (await buyer.order(await variant()))["number"]
    user_id = await make_user(settings)
    await merge_guest_cart(token_hash(buyer.headers["X-Cart-Token"]), user_id, quantity_max=10)
    user = Buyer(http, await log_in_as(settings, user_id))
    assert (await user.see(number))["number"] == number
    assert [one["number"] for one in (await user.ask("GET", "/api/v1/orders"))[1]["items"]] == [number]


async def test_logging_in_with_the_cart_token_takes_cart_and_orders_along(http, buyer, bank, variant, context):
    person = {"email": "asha@example.in", "password": "a long enough password", "name": "Asha Rao"}
    number = (await buyer.order(await variant()))["number"]
    status, asked = await buyer.ask("POST", "/api/v1/auth/register", json=person)
    assert status == 202
    link = {"token": context.keyring.link_token(UUID(asked["registration_id"])), "password": person["password"]}
    status, tokens = await buyer.ask("POST", "/api/v1/auth/register/confirm", json=link)
    assert status == 201
    user = Buyer(http, {"Authorization": f"Bearer {tokens['access_token']}"})
    assert (await user.see(number))["number"] == number
    assert (await user.ask("GET", "/api/v1/cart"))[1]["count"] == 1
    guest = Buyer(http)
    await guest.add(await variant())
    await guest.ask("POST", "/api/v1/auth/login", json={"email": person["email"], "password": person["password"]})
    assert (await user.ask("GET", "/api/v1/cart"))[1]["count"] == 2
    assert (await guest.ask("GET", "/api/v1/cart"))[1]["count"] == 0


async def test_after_a_declined_payment_the_same_gateway_order_is_paid_again(http, buyer, bank, variant):
    placed = await buyer.order(await variant())
    gateway_order_id = placed["payment"]["gateway_order_id"]
    await bank.pay(gateway_order_id, "failed")

    async def told():
        return (await buyer.see(placed["number"]))["payment"]["error"]

    assert "declined by the bank" in await until(told)
    path = f"/api/v1/orders/{placed['number']}/payment"
    whole = await buyer.see(placed["number"])
    waiting = {"number": placed["number"], "order_state": "pending", "payment": whole["payment"]}
    assert await buyer.ask("GET", path) == (200, waiting)
    assert (await Buyer(http).ask("GET", path))[0] == 404
    assert (await Buyer(http).ask("GET", f"{path}?email={whole['email']}")) == (200, waiting)
    status, again = await buyer.ask("POST", f"/api/v1/orders/{placed['number']}/pay")
    assert (status, again["payment"]["gateway_order_id"]) == (200, gateway_order_id)
    assert again["payment"]["checkout"] == placed["payment"]["checkout"]
    await bank.pay(gateway_order_id)

    async def paid():
        return await state_of(placed["number"]) == "paid"

    await until(paid)
    assert (await buyer.ask("GET", path))[1]["order_state"] == "paid"
    assert (await buyer.ask("POST", f"/api/v1/orders/{placed['number']}/pay"))[1]["code"] == "orders_state"


async def test_a_payment_that_the_gateway_refused_is_tried_anew(buyer, bank, variant, database):
    chair = await variant()
    number = (await buyer.order(chair))["number"]
    await database.execute("UPDATE payment SET state = 'failed', gateway_order_id = NULL")
    status, again = await buyer.ask("POST", f"/api/v1/orders/{number}/pay")
    assert (status, again["payment"]["state"]) == (200, "open")
    assert await database.fetchval("SELECT count(*) FROM payment") == 2
    assert (await bank.money(f"{number}-2"))["orders"] == 1


async def test_a_payment_that_no_request_could_open_is_opened_by_the_job(buyer, bank, variant, context, database):
    await bank.misbehave(api={"status": 500})
    await buyer.add(await variant())
    _, placed = await buyer.check_out()
    await bank.misbehave(api={})
    await database.execute("UPDATE payment SET claimed_until = now() - interval '1 second'")
    assert await run_jobs(context, "payments.open") == 1
    assert (await buyer.see(placed["number"]))["payment"]["state"] == "open"
    assert (await bank.money(placed["number"]))["orders"] == 1


async def test_an_order_that_the_gateway_made_and_nobody_wrote_down_is_found(buyer, bank, variant, context, database):
    """A crash between the gateway's answer and our write: the next claimant looks before it makes another."""
    placed = await buyer.order(await variant())
    made = placed["payment"]["gateway_order_id"]
    await database.execute("UPDATE payment SET state = 'created', gateway_order_id = NULL, claimed_until = now()")
    status, again = await buyer.ask("POST", f"/api/v1/orders/{placed['number']}/pay")
    assert (status, again["payment"]["gateway_order_id"]) == (200, made)
    assert (await bank.money(placed["number"]))["orders"] == 1


async def test_a_claimed_payment_is_left_to_the_claimant(buyer, bank, variant, database):
    placed = await buyer.order(await variant())
    await database.execute(
        "UPDATE payment SET state = 'created', gateway_order_id = NULL, claimed_until = now() + interval '1 minute'"
    )
    status, again = await buyer.ask("POST", f"/api/v1/orders/{placed['number']}/pay")
    assert (status, again["payment"]["state"]) == (200, "created")
    await database.execute("UPDATE payment SET claimed_until = NULL")


async def test_cancelling_frees_the_stock_and_the_cart(buyer, bank, variant):
    chair = await variant(stock=1)
    number = (await buyer.order(chair))["number"]
    status, order = await buyer.ask("POST", f"/api/v1/orders/{number}/cancel")
    assert (status, order["state"], await stock_of(chair)) == (200, "cancelled", (1, 0))
    assert (await buyer.ask("POST", f"/api/v1/orders/{number}/cancel"))[0] == 200
    status, _ = await buyer.check_out()
    assert status == 201


async def test_a_paid_order_is_cancelled_until_it_is_packed_and_once(buyer, bank, variant):
    placed = await buyer.order(await variant())
    await bank.pay(placed["payment"]["gateway_order_id"])

    async def paid():
        return await state_of(placed["number"]) == "paid"

    await until(paid)
    status, answer = await buyer.ask("POST", f"/api/v1/orders/{placed['number']}/cancel")
    assert (status, [parcel["state"] for parcel in answer["shipments"]]) == (200, ["cancelled"])
    status, again = await buyer.ask("POST", f"/api/v1/orders/{placed['number']}/cancel")
    assert (status, again["shipments"]) == (200, answer["shipments"])
    assert await pool().fetchval("SELECT count(*) FROM refund") == 1


async def test_an_expired_order_cannot_be_paid(buyer, bank, variant, database, context):
    placed = await buyer.order(await variant())
    await end_hold(await database.fetchval("SELECT id FROM orders"))
    status, problem = await buyer.ask("POST", f"/api/v1/orders/{placed['number']}/pay")
    assert (status, problem["code"]) == (409, "orders_state")
    await run_jobs(context, "orders.expire")
    assert (await buyer.see(placed["number"]))["state"] == "expired"


@pytest.mark.parametrize("query", ["page=0", "page=x", "per_page=101", "page=1&page=2", "other=1"])
async def test_a_bad_page_is_refused(buyer, database, query):
    assert (await buyer.ask("GET", f"/api/v1/orders?{query}"))[0] == 422
