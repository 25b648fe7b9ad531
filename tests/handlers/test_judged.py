"""The operator decides while the seller writes, over HTTP: what goes on sale is what was read, whoever comes first."""

import asyncio
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import aiohttp
import msgspec
import pytest

from models.database import Pool
from models.listing import get_listing
from models.product_change import find_change
from models.product_page import find_product_page
from server.context import Context
from tests.factories import log_in_as, make_product, make_seller, make_user

QUEUES = {"products/pending": "products", "product-changes": "product-changes"}
ROUNDS = 12


class Both:
    """A seller who is not trusted, and the operator."""

    def __init__(
        self, http: aiohttp.ClientSession, seller: dict[str, str], operator: dict[str, str], seller_id: UUID
    ) -> None:
        self.http, self.seller, self.operator, self.seller_id = http, seller, operator, seller_id

    async def change(self, product_id: UUID, **fields: object) -> int:
        path = f"/api/v1/seller/products/{product_id}"
        async with self.http.patch(path, headers=self.seller, json=fields) as response:
            return response.status

    async def rename(self, product_id: UUID, name: str) -> int:
        return await self.change(product_id, name=name)

    async def first(self, queue: str) -> dict[str, Any]:
        async with self.http.get(f"/api/v1/admin/{queue}", headers=self.operator) as response:
            return msgspec.json.decode(await response.read())["items"][0]

    async def decide(self, queue: str, entry: Mapping[str, Any], **body: str) -> tuple[int, dict[str, Any]]:
        path = f"/api/v1/admin/{QUEUES[queue]}/{entry['id']}/decision"
        async with self.http.post(path, headers=self.operator, json={"action": "approve", **body}) as response:
            text = await response.read()
            return response.status, msgspec.json.decode(text) if text else {}


@pytest.fixture
async def both(http: aiohttp.ClientSession, context: Context) -> Both:
    owner, operator = [await make_user(context.settings, role=role) for role in ("seller", "admin")]
    seller_id = await make_seller(trusted=False, user_id=owner)
    return Both(
        http, await log_in_as(context.settings, owner), await log_in_as(context.settings, operator), seller_id
    )  # fmt: skip


async def waiting(both: Both, queue: str, database: Pool) -> tuple[UUID, dict[str, Any]]:
    """A product, or a change of one, that waits under the name `Seen`."""
    await database.execute("DELETE FROM product_change")
    await database.execute("UPDATE product SET state = 'archived'")
    if queue == "products/pending":
        product_id = await make_product(both.seller_id, name="Seen", state="pending")
    else:
        product_id = await make_product(both.seller_id, name="Live")
        assert await both.rename(product_id, "Seen") == 200
    return product_id, await both.first(queue)


@pytest.mark.parametrize("queue", QUEUES)
async def test_what_goes_on_sale_is_what_was_read_whoever_comes_first(both: Both, queue: str, database: Pool) -> None:
    for _ in range(ROUNDS):
        product_id, entry = await waiting(both, queue, database)
        renamed, (decided, problem) = await asyncio.gather(
            both.rename(product_id, "Unseen"), both.decide(queue, entry, version=entry["version"])
        )
        assert renamed == 200
        live, waits = await get_listing(both.seller_id, product_id), await find_change(both.seller_id, product_id)
        if decided == 204:
            assert (live.name, live.status) == ("Seen", "active")
            assert waits
            assert (waits.state, waits.wanted.name) == ("pending", "Unseen")
        else:
            assert (decided, problem["code"]) == (409, "product_changed")
            assert (live.name, live.status) in {("Unseen", "pending"), ("Live", "active")}


async def test_what_is_written_off_sale_is_overwritten_by_no_earlier_wish(both: Both, database: Pool) -> None:
    for _ in range(ROUNDS):
        product_id, entry = await waiting(both, "product-changes", database)

        async def take_down_and_rename(product_id: UUID = product_id) -> None:
            assert await both.change(product_id, status="draft") == 200
            assert await both.rename(product_id, "Last Word") == 200

        _, (decided, _) = await asyncio.gather(
            take_down_and_rename(), both.decide("product-changes", entry, version=entry["version"])
        )
        live = await get_listing(both.seller_id, product_id)
        assert (live.name, live.status) == ("Last Word", "draft")
        state = await database.fetchval("SELECT state FROM product_change WHERE product_id = $1", product_id)
        assert (decided, state) in {(204, "approved"), (409, "withdrawn")}


@pytest.mark.parametrize("queue", QUEUES)
async def test_a_decision_says_what_it_holds_for(both: Both, queue: str, database: Pool) -> None:
    product_id, entry = await waiting(both, queue, database)
    status, problem = await both.decide(queue, entry)
    assert (status, [error["field"] for error in problem["errors"]]) == (422, ["version"])
    assert await both.rename(product_id, "Unseen") == 200
    status, problem = await both.decide(queue, entry, version=entry["version"])
    assert (status, problem["code"]) == (409, "product_changed")
    assert "read it once more" in problem["detail"]
    now = await both.first(queue)
    assert now["id"] == entry["id"]
    assert (await both.decide(queue, now, version=now["version"]))[0] == 204
    assert (await get_listing(both.seller_id, product_id)).name == "Unseen"


async def test_options_and_mrp_are_told_to_the_operator(both: Both, database: Pool) -> None:
    await make_product(both.seller_id, state="pending", variants=2)
    await database.execute("UPDATE variant SET list_price_minor = 150000, state = 'archived' WHERE position = 1")
    entry = await both.first("products/pending")
    told = [(v["options"], v["price_minor"], v["list_price_minor"], v["status"]) for v in entry["variants"]]
    assert told == [({}, 129_900, None, "active"), ({"Size": "1"}, 129_900, 150_000, "archived")]
    assert (entry["price_minor"], entry["list_price_minor"]) == (129_900, None)


async def test_no_shopper_reads_what_a_variant_shall_be_called_before_the_operator_did(
    both: Both, database: Pool
) -> None:
    product_id = await make_product(both.seller_id, slug="kurta", sku="KURTA")
    only = str(await database.fetchval("SELECT id FROM variant"))

    async def shown() -> list[tuple[str, dict[str, str], int]]:
        page = await find_product_page("kurta")
        assert page
        return [(v.sku, v.options, v.price_minor) for v in page.variants]

    ((sku, _, _),) = await shown()
    renamed = {"id": only, "options": {"Size": "Call 98450 12345"}, "sku": "K-M", "price_minor": 99_900}
    new = {"options": {"Size": "L"}, "price_minor": 120_000, "stock": 3}
    assert await both.change(product_id, variants=[renamed], new_variants=[new]) == 200
    assert await shown() == [(sku, {}, 99_900)], "the price holds at once"
    async with both.http.get(f"/api/v1/seller/products/{product_id}/change", headers=both.seller) as response:
        wanted = (await response.json())["wanted"]
    assert wanted["variants"] == [{"id": only, "sku": "K-M", "options": {"Size": "Call 98450 12345"}}]
    waits = wanted["new_variants"][0]["id"]
    entry = await both.first("product-changes")
    assert (entry["wanted"], entry["live"]["variants"][0]["options"]) == (wanted, {})
    proper = [{"id": only, "options": {"Size": "M"}}, {"id": waits, "price_minor": 110_000}]
    assert await both.change(product_id, variants=proper) == 200
    assert (await both.decide("product-changes", entry, version=entry["version"]))[0] == 409
    entry = await both.first("product-changes")
    assert (await both.decide("product-changes", entry, version=entry["version"]))[0] == 204
    assert await shown() == [("K-M", {"Size": "M"}, 99_900), ("KURTA-l", {"Size": "L"}, 110_000)]
    assert await both.change(product_id, variants=[{"id": waits, "stock": 1}]) == 200, "it keeps its id"
