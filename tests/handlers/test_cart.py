"""The cart over HTTP: tokens, bad input, and whose cart it is."""

import pytest

from tests.buying import Buyer
from tests.factories import log_in_as, make_user
from tests.shop import bank, buyer, variant

__all__ = ["bank", "buyer", "variant"]
UNKNOWN = "0198c0de-0000-7000-8000-000000000000"  # the same in every process: it is part of the tests' names


async def test_a_guest_gets_a_token_with_the_first_item_and_no_sooner(http, buyer, variant):
    async with http.get("/api/v1/cart", headers=buyer.headers) as response:
        assert "X-Cart-Token" not in response.headers
        assert (await response.json())["items"] == []
    body = {"variant_id": str(await variant())}
    async with http.post("/api/v1/cart/items", json=body, headers=buyer.headers) as response:
        assert response.status == 201
        token = response.headers["X-Cart-Token"]
        cookie = response.cookies["haat_cart"]
        assert (cookie.value, cookie["httponly"], cookie["samesite"]) == (token, True, "Lax")
    for headers in ({"X-Cart-Token": token}, {"Cookie": f"haat_cart={token}"}):
        async with http.get("/api/v1/cart", headers=headers) as response:
            assert (await response.json())["count"] == 1


async def test_the_token_itself_is_not_stored(buyer, variant, database):
    await buyer.add(await variant())
    stored = await database.fetchval("SELECT token_hash FROM cart")
    assert stored != buyer.headers["X-Cart-Token"]
    assert len(stored) == 64


async def test_change_and_remove_answer_with_the_whole_cart(buyer, variant):
    cart = await buyer.add(await variant(price_minor=10_000), 2)
    item = cart["items"][0]["id"]
    status, cart = await buyer.ask("PATCH", f"/api/v1/cart/items/{item}", json={"quantity": 3})
    assert (status, cart["subtotal_minor"], cart["shipping_minor"], cart["total_minor"]) == (200, 30_000, 4_900, 34_900)
    status, cart = await buyer.ask("DELETE", f"/api/v1/cart/items/{item}")
    assert (status, cart["items"], cart["total_minor"]) == (200, [], 0)
    assert (await buyer.ask("DELETE", f"/api/v1/cart/items/{item}"))[0] == 404


async def test_a_user_has_one_cart_everywhere(http, variant, settings, database):
    headers = await log_in_as(settings, await make_user(settings))
    await Buyer(http, headers).add(await variant())
    elsewhere = Buyer(http, headers)
    await elsewhere.add(await variant())
    assert (await elsewhere.ask("GET", "/api/v1/cart"))[1]["count"] == 2
    assert "X-Cart-Token" not in elsewhere.headers


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ("{}", "variant_id"),
        ('{"variant_id": "x"}', "variant_id"),
        ('{"variant_id": 1}', "variant_id"),
        (f'{{"variant_id": "{UNKNOWN}"}}', "variant_id"),
        (f'{{"variant_id": "{UNKNOWN}", "price_minor": 1}}', "price_minor"),
        ("[]", "body"),
        ("{", None),
        ("", "body"),
    ],
)
async def test_a_bad_body_is_refused_by_field(buyer, database, body, field):
    status, problem = await buyer.ask("POST", "/api/v1/cart/items", data=body)
    assert status == 422
    assert field is None or problem["errors"][0]["field"] == field
    assert await database.fetchval("SELECT count(*) FROM cart") == 0


@pytest.mark.parametrize("token", ["", "x", "a" * 42, "a" * 44, "a" * 42 + "!", "' OR 1=1 --"])
async def test_a_token_that_is_none_of_ours_is_refused(http, database, token):
    async with http.get("/api/v1/cart", headers={"X-Cart-Token": token}) as response:
        assert response.status == 422
        assert (await response.json())["errors"][0]["field"] == "X-Cart-Token"


async def test_another_shoppers_item_is_absent(http, buyer, variant):
    item = (await buyer.add(await variant()))["items"][0]["id"]
    thief = Buyer(http)
    await thief.add(await variant())
    assert (await thief.ask("PATCH", f"/api/v1/cart/items/{item}", json={"quantity": 2}))[0] == 404
    assert (await thief.ask("DELETE", f"/api/v1/cart/items/{item}"))[0] == 404
    assert (await Buyer(http).ask("DELETE", f"/api/v1/cart/items/{item}"))[0] == 404


async def test_adding_by_cookie_from_another_site_is_refused(http, buyer, variant, database):
    await buyer.add(await variant())
    headers = {"Cookie": f"haat_cart={buyer.headers['X-Cart-Token']}", "Origin": "https://evil.example"}
    async with http.post("/api/v1/cart/items", json={"variant_id": str(await variant())}, headers=headers) as response:
        assert response.status == 403
    assert await database.fetchval("SELECT count(*) FROM cart_item") == 1
