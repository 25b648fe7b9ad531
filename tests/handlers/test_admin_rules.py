"""Merchandising over the operator's API: drafted, previewed, published, seen by shoppers in time, taken back."""

from typing import Any
from uuid import UUID

import aiohttp
import pytest

from models.base import uuid7
from models.database import Pool
from server.context import Context
from tests.factories import log_in_as, make_category, make_product, make_seller, make_user
from tests.handlers.test_admin import Desk
from tests.wait import until

RULES = "/search/rules"


@pytest.fixture
async def desk(http: aiohttp.ClientSession, context: Context) -> Desk:
    return Desk(http, await log_in_as(context.settings, await make_user(context.settings, role="admin")))


@pytest.fixture
async def lamps(http: aiohttp.ClientSession, worker: None, database: Pool) -> list[UUID]:
    """Two lamps that search knows, the better seller first."""
    seller, shelf = await make_seller(), await make_category("Lamps")
    made = [
        await make_product(seller, name=name, category_id=shelf, sales_count=sold)
        for name, sold in (("Brass Lamp", 100), ("Clay Lamp", 1))
    ]

    async def known() -> bool:
        return await first(http, "lamp") == "Brass Lamp"

    await until(known)
    return made


async def first(http: aiohttp.ClientSession, q: str) -> str:
    async with http.get("/api/v1/search", params={"q": q}) as response:
        body = await response.json()
        return body["hits"][0]["name"] if body["hits"] and not body["degraded"] else ""


async def draft(desk: Desk, *items: dict[str, Any], **values: Any) -> dict[str, Any]:
    target = {} if "category" in values else {"query": "lamp"}
    status, rule = await desk.call("POST", RULES, json={"name": "Test", **target, "items": list(items), **values})
    assert status == 201, rule
    return rule


async def test_only_the_operator_may_arrange_results(http: aiohttp.ClientSession, context: Context) -> None:
    for role, status in ((None, 401), ("shopper", 403), ("seller", 403)):
        headers = await log_in_as(context.settings, await make_user(context.settings, role=role)) if role else {}
        one = f"{RULES}/{uuid7()}"
        for method, path in (("GET", RULES), ("POST", RULES), ("GET", f"{one}/preview"), ("POST", f"{one}/publish")):
            async with http.request(method, f"/api/v1/admin{path}", headers=headers) as response:
                assert response.status == status


async def test_a_rule_is_previewed_published_seen_and_taken_back(
    desk: Desk, lamps: list[UUID], http: aiohttp.ClientSession, database: Pool
) -> None:
    rule = await draft(desk, {"action": "pin", "product_id": str(lamps[1]), "position": 1})
    one = f"{RULES}/{rule['id']}"
    _, seen = await desk.call("GET", f"{one}/preview")
    assert [hit["name"] for hit in seen["hits"]] == ["Clay Lamp", "Brass Lamp"]
    assert await first(http, "lamp") == "Brass Lamp"
    status, published = await desk.call("POST", f"{one}/publish", json={"version": 1})
    assert (status, published["state"], published["live"]) == (200, "published", True)

    async def pinned() -> bool:
        return await first(http, "lamp") == "Clay Lamp"

    async def plain() -> bool:
        return await first(http, "lamp") == "Brass Lamp"

    await until(pinned)
    await database.execute("UPDATE merchandising_rule SET ends_at = now()")
    await until(plain)  # nobody did anything, and the cached answer ended too
    await database.execute("UPDATE merchandising_rule SET ends_at = NULL")
    await until(pinned)
    assert (await desk.call("POST", f"{one}/unpublish", json={"version": 2}))[0] == 200
    await until(plain)
    actions = [row["action"] for row in await database.fetch("SELECT action FROM audit_entry ORDER BY id")]
    assert actions == ["rule.created", "rule.published", "rule.unpublished"]


async def test_a_published_rule_is_not_changed_and_a_stale_version_is_told(desk: Desk, database: Pool) -> None:
    rule = await draft(desk, {"action": "hide", "brand": "Diya"})
    one, change = f"{RULES}/{rule['id']}", {"name": "New", "query": "lamp", "items": [], "version": 1}
    assert (await desk.call("PUT", one, json=change))[0] == 200
    assert (await desk.call("PUT", one, json=change))[0] == 409
    assert (await desk.call("POST", f"{one}/publish", json={"version": 1}))[0] == 409
    assert (await desk.call("POST", f"{one}/publish", json={"version": 2}))[0] == 422  # it is empty
    filled = {**change, "version": 2, "items": [{"action": "boost", "brand": "Diya"}]}
    assert (await desk.call("PUT", one, json=filled))[0] == 200
    assert (await desk.call("POST", f"{one}/publish", json={"version": 3}))[0] == 200
    assert (await desk.call("PUT", one, json={**change, "version": 4}))[0] == 409
    assert (await desk.call("DELETE", one, params={"version": 4}))[0] == 409
    assert (await desk.call("POST", f"{one}/unpublish", json={"version": 4}))[0] == 200
    assert (await desk.call("DELETE", one, params={"version": 5}))[0] == 204
    assert (await desk.call("GET", one))[0] == 404


SOMETHING = str(uuid7())


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"query": "lamp", "category": "lamps"}, "query"),
        ({"query": "", "category": ""}, "query"),
        ({"query": "!!!"}, "query"),
        ({"query": "", "category": "nowhere"}, "category"),
        ({"name": "  "}, "name"),
        ({"starts_at": "2026-05-02T00:00:00Z", "ends_at": "2026-05-01T00:00:00Z"}, "ends_at"),
        ({"starts_at": "2026-05-02T00:00:00"}, "starts_at"),
        ({"starts_at": "0001-01-01T00:00:00+23:59"}, "starts_at"),
        ({"items": [{"action": "pin", "product_id": SOMETHING}]}, "items[0].position"),
        ({"items": [{"action": "pin", "brand": "Diya", "position": 1}]}, "items[0].position"),
        ({"items": [{"action": "boost", "product_id": SOMETHING, "position": 1}]}, "items[0].position"),
        ({"items": [{"action": "hide"}]}, "items[0].product_id"),
        ({"items": [{"action": "hide", "product_id": SOMETHING, "brand": "Diya"}]}, "items[0].product_id"),
        ({"items": [{"action": "hide", "product_id": SOMETHING}]}, "items"),
        ({"items": [{"action": "bury", "brand": "Diya"}]}, "items[0].action"),
        ({"items": [{"action": "pin", "product_id": SOMETHING, "position": 101}]}, "items[0].position"),
        ({"items": [{"action": "boost", "brand": "Diya"}] * 51}, "items"),
        ({"items": [{"action": "pin", "product_id": str(uuid7()), "position": n} for n in range(1, 22)]}, "items"),
        ({"version": 1}, "version"),
    ],
)
async def test_a_rule_that_makes_no_sense_is_refused_by_name(desk: Desk, values: dict[str, Any], field: str) -> None:
    status, problem = await desk.call("POST", RULES, json={"name": "Test", "query": "lamp", **values})
    assert (status, problem["errors"][0]["field"]) == (422, field)


async def test_a_product_or_a_place_is_named_once(desk: Desk, database: Pool) -> None:
    one, other = [str(await make_product(await make_seller())) for _ in range(2)]
    for items in (
        [{"action": "hide", "product_id": one}, {"action": "boost", "product_id": one}],
        [{"action": "pin", "product_id": product, "position": 1} for product in (one, other)],
    ):
        status, problem = await desk.call("POST", RULES, json={"name": "Test", "query": "lamp", "items": items})
        assert (status, problem["errors"][0]["field"]) == (422, "items")
    assert await database.fetchval("SELECT count(*) FROM merchandising_rule") == 0
