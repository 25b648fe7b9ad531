"""Parcels, returns, refunds and reviews over HTTP: for their owners, and for nobody else."""

from typing import Any
from uuid import UUID

import aiohttp
import pytest

from models.base import uuid7
from models.basket import Shopper
from models.database import Pool
from models.moderation import decide_review
from models.review import write_review
from server.context import Context
from tests.factories import log_in_as, make_user
from tests.fulfilling import SENT, Bought, actor_of, bring, buy, seal_with
from tests.shop import sound

__all__ = ["sound"]
pytestmark = pytest.mark.usefixtures("sound")
SELLER = "/api/v1/seller"
UNKNOWN = "0198c0de-0000-7000-8000-000000000000"  # the same in every process: it is part of the tests' names


class Person:
    """Somebody who is logged in."""

    def __init__(self, http: aiohttp.ClientSession, headers: dict[str, str]) -> None:
        self.http, self.headers = http, headers

    async def ask(self, method: str, path: str, **options: Any) -> tuple[int, Any]:
        headers = {**self.headers, **options.pop("headers", {})}
        async with self.http.request(method, path, headers=headers, **options) as response:
            return response.status, await response.json(content_type=None) if response.status != 204 else None


@pytest.fixture
async def sale(context: Context, http: aiohttp.ClientSession) -> tuple[Bought, Person, Person, Person]:
    """An order of three units with its seller, its buyer and the operator."""
    user_id = await make_user(context.settings)
    one = await buy(quantity=3, shopper=Shopper(user_id=user_id))
    await seal_with(context.keyring)
    admin = await make_user(context.settings, role="admin")
    people = [await actor_of(one.sellers[0]), user_id, admin]
    seller, buyer, operator = [Person(http, await log_in_as(context.settings, person)) for person in people]
    return one, seller, buyer, operator


async def test_a_seller_packs_sends_and_delivers(sale) -> None:
    one, seller, buyer, _ = sale
    parcel = f"{SELLER}/shipments/{one.shipments[0]}"
    status, shown = await seller.ask("GET", parcel)
    assert status == 200, shown
    assert (status, shown["delivery"]["city"], shown["lines"][0]["quantity"]) == (200, "Bengaluru", 3)
    status, part = await seller.ask("POST", f"{parcel}/split", json={"lines": [
        {"line_id": str(one.lines[0]), "quantity": 1}]})  # fmt: skip
    assert (status, part["lines"][0]["quantity"], part["parts"]) == (201, 1, 2)
    assert (await seller.ask("POST", f"{parcel}/ship", json=SENT))[0] == 409
    for act, body, state in (("pack", None, "packed"), ("ship", SENT, "shipped"), ("deliver", None, "delivered")):
        status, shown = await seller.ask("POST", f"{parcel}/{act}", **({"json": body} if body else {}))
        assert (status, shown["state"]) == (200, state), shown
    number = shown["number"]
    _, order = await buyer.ask("GET", f"/api/v1/orders/{number}")
    assert [shipment["state"] for shipment in order["shipments"]] == ["delivered", "waiting"]
    assert order["shipments"][0]["tracking_number"] == SENT["tracking_number"]
    status, order = await buyer.ask("POST", f"/api/v1/orders/{number}/cancel")
    assert (status, order["state"], order["refunds"][0]["lines"][0]["quantity"]) == (200, "partly_refunded", 1)


async def test_a_return_goes_its_way(sale, database: Pool) -> None:
    one, seller, buyer, _ = sale
    await bring(one.sellers[0], one.shipments[0])
    number = await database.fetchval("SELECT number FROM orders")
    asked = {"lines": [{"line_id": str(one.lines[0]), "quantity": 2}], "reason": "damaged", "comment": "Broken."}
    status, order = await buyer.ask("POST", f"/api/v1/orders/{number}/returns", json=asked)
    assert (status, order["returns"][0]["state"]) == (201, "requested")
    assert (await buyer.ask("POST", f"/api/v1/orders/{number}/returns", json=asked))[0] == 409
    path = f"{SELLER}/returns/{order['returns'][0]['id']}"
    assert (await seller.ask("POST", f"{path}/refund"))[0] == 409
    for act, body in (("approve", None), ("receive", {"restock": True}), ("refund", None)):
        assert (await seller.ask("POST", f"{path}/{act}", **({"json": body} if body else {})))[0] == 204
    _, page = await seller.ask("GET", f"{SELLER}/returns", params={"state": "refunded"})
    assert [(item["quantity"], item["comment"]) for item in page["items"]] == [(2, "Broken.")]
    _, order = await buyer.ask("GET", f"/api/v1/orders/{number}")
    assert (order["returns"][0]["state"], order["state"]) == ("refunded", "partly_refunded")


BAD_RETURNS = [
    {"quantity": 0}, {"quantity": -1}, {"quantity": 1.5}, {"quantity": 2**31}, {"quantity": "1"}, {"reason": "bored"},
    {"line_id": "nonsense"}, {"line_id": UNKNOWN},
]  # fmt: skip


@pytest.mark.parametrize("wrong", BAD_RETURNS, ids=str)
async def test_a_bad_return_is_refused_with_its_field(sale, database: Pool, wrong) -> None:
    one, _, buyer, _ = sale
    await bring(one.sellers[0], one.shipments[0])
    number = await database.fetchval("SELECT number FROM orders")
    line = {"line_id": str(one.lines[0]), "quantity": 1, **{k: v for k, v in wrong.items() if k != "reason"}}
    body = {"lines": [line], "reason": wrong.get("reason", "damaged")}
    status, problem = await buyer.ask("POST", f"/api/v1/orders/{number}/returns", json=body)
    assert status in (409, 422), problem
    assert problem["errors"]
    assert await database.fetchval("SELECT count(*) FROM return_line") == 0


async def test_the_operator_finds_orders_and_refunds_by_line(sale, database: Pool) -> None:
    one, _, _, operator = sale
    number = await database.fetchval("SELECT number FROM orders")
    slug = await database.fetchval("SELECT slug FROM seller WHERE id = $1", one.sellers[0])
    for query in ({"number": number[:5]}, {"email": "ASHA@example.in"}, {"state": "paid"}, {"seller": slug}, {}):
        _, page = await operator.ask("GET", "/api/v1/admin/orders", params=query)
        assert [item["number"] for item in page["items"]] == [number], query
    for query in ({"number": "HO"}, {"email": "x@y.in"}, {"state": "pending"}, {"last_day": "2020-01-01"}):
        assert (await operator.ask("GET", "/api/v1/admin/orders", params=query))[1]["items"] == []
    path, key = f"/api/v1/admin/orders/{number}/refunds", {"Idempotency-Key": "once"}
    body = {"lines": [{"line_id": str(one.lines[0]), "quantity": 2}], "with_shipping": False, "reason": "Goodwill"}
    for _ in range(2):
        status, order = await operator.ask("POST", path, json=body, headers=key)
        assert (status, len(order["refunds"]), order["state"]) == (200, 1, "partly_refunded")
    status, problem = await operator.ask("POST", path, json=body, headers={"Idempotency-Key": "twice"})
    assert (status, problem["code"]) == (409, "refund_exceeds")
    assert await database.fetchval("SELECT count(*) FROM audit_entry WHERE action = 'order.refunded'") == 1


async def test_a_review_with_photo_is_looked_at_answered_and_counted(sale, database: Pool) -> None:
    one, seller, buyer, operator = sale
    await bring(one.sellers[0], one.shipments[0])
    slug = await database.fetchval("SELECT p.slug FROM product p JOIN order_line l ON l.product_id = p.id")
    path = f"/api/v1/products/{slug}/reviews"
    _, made = await buyer.ask("POST", path, json={"rating": 5, "title": "Good", "text": "Very."})
    _, queue = await operator.ask("GET", "/api/v1/admin/reviews")
    assert [item["id"] for item in queue["items"]] == [made["id"]]
    decision, seen = f"/api/v1/admin/reviews/{made['id']}/decision", {"version": queue["items"][0]["version"]}
    assert (await operator.ask("POST", decision, json={"action": "reject", **seen}))[0] == 422
    assert (await operator.ask("POST", decision, json={"action": "publish", **seen}))[0] == 204
    assert (await operator.ask("POST", decision, json={"action": "publish", **seen}))[0] == 409
    answer = f"{SELLER}/reviews/{made['id']}/answer"
    assert (await seller.ask("PUT", answer, json={"answer": "Thank you."}))[0] == 204
    _, page = await buyer.ask("GET", path)
    assert [(item["answer"], item["verified"]) for item in page["items"]] == [("Thank you.", True)]


async def test_a_strangers_things_are_not_there(sale, database: Pool, context: Context, http) -> None:
    """Two sellers, two buyers: 404 for every address that names another's."""
    one, _, buyer, _ = sale
    await bring(one.sellers[0], one.shipments[0])
    number = await database.fetchval("SELECT number FROM orders")
    asked = {"lines": [{"line_id": str(one.lines[0]), "quantity": 1}], "reason": "damaged"}
    _, order = await buyer.ask("POST", f"/api/v1/orders/{number}/returns", json=asked)
    buyer_id = await database.fetchval("SELECT user_id FROM orders")
    slug = await database.fetchval("SELECT p.slug FROM product p JOIN order_line l ON l.product_id = p.id")
    review_id = await write_review(buyer_id, slug, rating=5, title="", text="")
    await decide_review(review_id, "published", actor_id=uuid7())
    other = await buy()
    seller = Person(http, await log_in_as(context.settings, await actor_of(other.sellers[0])))
    stranger = Person(http, await log_in_as(context.settings, await make_user(context.settings)))
    parcel, back = f"{SELLER}/shipments/{one.shipments[0]}", f"{SELLER}/returns/{order['returns'][0]['id']}"
    for method, path, body in (
        ("GET", parcel, None), ("POST", f"{parcel}/pack", None), ("POST", f"{parcel}/ship", SENT),
        ("POST", f"{parcel}/deliver", None), ("POST", f"{parcel}/lose", {}),
        ("POST", f"{parcel}/cancel", {"reason": "x"}), ("POST", f"{parcel}/split", {"lines": asked["lines"]}),
        ("POST", f"{back}/approve", None), ("POST", f"{back}/refuse", {"reason": "x"}),
        ("POST", f"{back}/receive", {"restock": True}), ("POST", f"{back}/refund", None),
        ("PUT", f"{SELLER}/reviews/{review_id}/answer", {"answer": "x"}),
    ):  # fmt: skip
        assert (await seller.ask(method, path, **({} if body is None else {"json": body})))[0] == 404, path
        assert (await stranger.ask(method, path, **({} if body is None else {"json": body})))[0] == 403, path
    mine = f"/api/v1/orders/{number}"
    for path, body in (
        ("/cancel", None), (f"/shipments/{one.shipments[0]}/cancel", None), ("/returns", asked),
        ("/cash-on-delivery", None),
    ):  # fmt: skip
        assert (await stranger.ask("POST", mine + path, **({} if body is None else {"json": body})))[0] == 404, path
    assert (await stranger.ask("POST", f"/api/v1/reviews/{review_id}/photos", data=b"x"))[0] == 404
    for method, path in (
        ("GET", "/api/v1/admin/orders"), ("GET", f"/api/v1/admin/orders/{number}"), ("GET", "/api/v1/admin/reviews"),
        ("GET", "/api/v1/admin/returns"), ("DELETE", "/api/v1/admin/jobs/1"),
    ):  # fmt: skip
        assert (await seller.ask(method, path))[0] == 403, path


async def test_a_parked_job_is_dropped(sale, database: Pool) -> None:
    _, _, _, operator = sale
    job_id: UUID = await database.fetchval(
        "UPDATE pgqueuer SET status = 'failed' WHERE id = (SELECT id FROM pgqueuer LIMIT 1) RETURNING id"
    )
    assert (await operator.ask("DELETE", f"/api/v1/admin/jobs/{job_id}"))[0] == 204
    assert (await operator.ask("DELETE", f"/api/v1/admin/jobs/{job_id}"))[0] == 404
