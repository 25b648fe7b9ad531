"""The operator's API over HTTP: approvals and suspensions are audited and unique, parked jobs run again."""

from typing import Any

import aiohttp
import msgspec
import pytest

from models.approval import find_rejection
from models.base import uuid7
from models.database import Pool
from models.outbox import enqueue
from server.context import Context
from tests.factories import log_in_as, make_product, make_seller, make_user

PATH = "/api/v1/admin"


class Desk:
    """The operator's view of the API."""

    def __init__(self, http: aiohttp.ClientSession, headers: dict[str, str]) -> None:
        self.http, self.headers = http, headers

    async def call(self, method: str, path: str, **options: Any) -> tuple[int, Any]:
        async with self.http.request(method, PATH + path, headers=self.headers, **options) as response:
            body = await response.read()
            return response.status, msgspec.json.decode(body) if body else None


@pytest.fixture
async def desk(http: aiohttp.ClientSession, context: Context) -> Desk:
    return Desk(http, await log_in_as(context.settings, await make_user(context.settings, role="admin")))


async def test_only_the_operator_may_call(http: aiohttp.ClientSession, context: Context) -> None:
    for role, status in ((None, 401), ("shopper", 403), ("seller", 403)):
        headers = await log_in_as(context.settings, await make_user(context.settings, role=role)) if role else {}
        for path in ("/overview", "/sellers", "/products/pending", "/jobs/parked"):
            async with http.get(PATH + path, headers=headers) as response:
                assert response.status == status


async def test_a_seller_is_approved_suspended_and_restored(desk: Desk, database: Pool) -> None:
    seller_id = await make_seller(state="pending", trusted=False)
    _, page = await desk.call("GET", "/sellers", params={"state": "pending"})
    assert [item["id"] for item in page["items"]] == [str(seller_id)]
    steps = (
        ({"action": "approve"}, 200, "approved"),
        ({"action": "approve"}, 409, None),
        ({"action": "suspend"}, 422, None),
        ({"action": "suspend", "reason": "Counterfeits"}, 200, "suspended"),
        ({"action": "restore"}, 200, "approved"),
    )
    for body, status, state in steps:
        code, answer = await desk.call("POST", f"/sellers/{seller_id}/decision", json=body)
        assert code == status, answer
        assert state is None or answer["state"] == state
    actions = await database.fetch("SELECT action FROM audit_entry WHERE subject_id = $1 ORDER BY id", seller_id)
    assert [row["action"] for row in actions] == ["seller.approve", "seller.suspend", "seller.restore"]


async def test_products_wait_for_a_decision_that_is_made_once(desk: Desk, database: Pool) -> None:
    seller_id = await make_seller()
    good, bad = [await make_product(seller_id, state="pending", name=name) for name in ("Lamp", "Fake Lamp")]
    _, page = await desk.call("GET", "/products/pending")
    assert [item["name"] for item in page["items"]] == ["Lamp", "Fake Lamp"]
    approval = {"action": "approve", "version": page["items"][0]["version"]}
    assert (await desk.call("POST", f"/products/{good}/decision", json=approval))[0] == 204
    assert (await desk.call("POST", f"/products/{good}/decision", json=approval))[0] == 409
    refusal = {"action": "reject", "reason": "A copy of a registered design", "version": page["items"][1]["version"]}
    assert (await desk.call("POST", f"/products/{bad}/decision", json=refusal))[0] == 204
    assert await find_rejection(bad) == "A copy of a registered design"
    states = {row["id"]: row["state"] for row in await database.fetch("SELECT id, state FROM product")}
    assert states == {good: "active", bad: "rejected"}
    assert (await desk.call("POST", f"/products/{uuid7()}/decision", json=approval))[0] == 404


async def test_a_parked_job_is_listed_and_tried_again(desk: Desk, database: Pool) -> None:
    async with database.acquire() as connection:
        await enqueue(connection, "products.counts", {"product_id": "x"})
    await database.execute("UPDATE pgqueuer SET status = 'failed', attempts = 8")
    _, page = await desk.call("GET", "/jobs/parked")
    assert [(job["name"], job["ids"], job["attempts"]) for job in page["items"]] == [
        ("products.counts", {"product_id": "x"}, 8)
    ]
    job_id = page["items"][0]["id"]
    assert (await desk.call("POST", f"/jobs/{job_id}/retry"))[0] == 204
    assert tuple(await database.fetchrow("SELECT status::text, attempts FROM pgqueuer")) == ("queued", 0)
    assert (await desk.call("POST", f"/jobs/{job_id}/retry"))[0] == 404


async def test_the_overview_counts_what_waits(desk: Desk, database: Pool) -> None:
    seller_id = await make_seller(state="pending")
    await make_product(seller_id, state="pending")
    status, numbers = await desk.call("GET", "/overview")
    assert status == 200, numbers
    assert (numbers["sellers_waiting"], numbers["products_waiting"], numbers["orders"]) == (1, 1, 0)
    assert numbers["search_changes"] == await database.fetchval("SELECT count(*) FROM search_change")
    assert numbers["search_waiting_s"] >= 0
