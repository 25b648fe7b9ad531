"""Specifications over the seller API: typed, as a whole, in their order, found by the search's filters soon after."""

from typing import Any
from uuid import UUID

import aiohttp
import msgspec
import pytest

from models.database import Pool
from server.context import Context
from tests.factories import log_in_as, make_category, make_product, make_seller, make_user
from tests.wait import until

PATH = "/api/v1/seller/products"
GIVEN = [
    {"name": "Material", "value": "Solid  teak "},
    {"name": "Width", "value": 120, "unit": "centimetre"},
    {"name": "Height", "value": "1,200.5 mm", "kind": "number"},
    {"name": "Foldable", "value": True},
    {"name": "Washable", "value": "no", "kind": "boolean"},
    {"name": "Screen", "value": 55.5, "unit": "inches"},
]
LISTED = [
    ("Material", "text", "Solid teak", "", "Solid teak"),
    ("Width", "number", 120.0, "centimetre", "120 centimetre"),
    ("Height", "number", 1200.5, "mm", "1200.5 mm"),
    ("Foldable", "boolean", True, "", "Yes"),
    ("Washable", "boolean", False, "", "No"),
    ("Screen", "number", 55.5, "in", "55.5 in"),
]


class Desk:
    def __init__(self, http: aiohttp.ClientSession, headers: dict[str, str], seller_id: UUID) -> None:
        self.http, self.headers, self.seller_id = http, headers, seller_id

    async def call(self, method: str, path: str = "", **options: Any) -> tuple[int, dict[str, Any]]:
        async with self.http.request(method, PATH + path, headers=self.headers, **options) as response:
            return response.status, msgspec.json.decode(await response.read())


@pytest.fixture
async def desk(http: aiohttp.ClientSession, context: Context) -> Desk:
    user_id = await make_user(context.settings, role="seller")
    return Desk(http, await log_in_as(context.settings, user_id), await make_seller(user_id=user_id))


def told(product: dict[str, Any]) -> list[tuple[Any, ...]]:
    return [
        tuple(entry[name] for name in ("name", "kind", "value", "unit", "text")) for entry in product["specifications"]
    ]


async def test_specifications_are_given_with_a_new_product_and_changed_as_a_whole(desk: Desk, database: Pool) -> None:
    status, made = await desk.call("POST", json={"name": "Table", "price_minor": 100, "specifications": GIVEN})
    assert (status, told(made)) == (201, LISTED), made
    again = [{key: entry[key] for key in ("name", "kind", "value", "unit")} for entry in made["specifications"]]
    status, same = await desk.call("PATCH", f"/{made['id']}", json={"specifications": again})
    assert (status, same["updated_at"]) == (200, made["updated_at"]), "what was read may be sent back: nothing changes"
    _, fewer = await desk.call("PATCH", f"/{made['id']}", json={"specifications": [again[1], again[0]]})
    assert told(fewer) == [LISTED[1], LISTED[0]]
    trail = await database.fetchrow("SELECT * FROM audit_entry WHERE action = 'product.changed'")
    assert [entry["name"] for entry in msgspec.json.decode(trail["after"])["specifications"]] == ["Width", "Material"]
    assert len(msgspec.json.decode(trail["before"])["specifications"]) == 6
    _, other = await desk.call("PATCH", f"/{made['id']}", json={"price_minor": 200})
    assert told(other) == told(fewer)
    _, none = await desk.call("PATCH", f"/{made['id']}", json={"specifications": []})
    assert none["specifications"] == []


@pytest.mark.parametrize(
    ("entry", "field"),
    [
        ({"name": "Width"}, "value"),
        ({"name": "Width", "value": None}, "value"),
        ({"name": "Width", "value": [1]}, "value"),
        ({"name": "Width", "value": 10**400}, "value"),
        ({"name": "Width", "value": 1e15}, "value"),
        ({"name": "Width", "value": "wide", "kind": "number"}, "value"),
        ({"name": "Width", "value": "12 cm", "kind": "number", "unit": "mm"}, "value"),
        ({"name": "Width", "value": "1,50 m", "kind": "number"}, "value"),
        ({"name": "Width", "value": True, "kind": "number"}, "value"),
        ({"name": "Width", "value": "   "}, "value"),
        ({"name": "Width", "value": "x" * 301}, "value"),
        ({"name": "Width", "value": "maybe", "kind": "boolean"}, "value"),
        ({"name": "Width", "value": 1, "kind": "boolean"}, "value"),
        ({"name": "Width", "value": 1, "kind": "text"}, "value"),
        ({"name": "Width", "value": "wide", "unit": "cm"}, "unit"),
        ({"name": "Width", "value": 1, "unit": "u" * 17}, "unit"),
        ({"name": "", "value": 1}, "name"),
        ({"name": " — ", "value": 1}, "name"),
        ({"name": "n" * 61, "value": 1}, "name"),
        ({"name": "a\x00b", "value": 1}, "name"),
        ({"name": "MATERIAL ", "value": 1}, "name"),
        ({"name": "Mate\u200brial", "value": 1}, "name"),
        ({"name": "\u3164", "value": 1}, "name"),
        ({"name": "Width", "value": "\u200b \u2800"}, "value"),
        ({"name": "Width", "value": 1, "kind": "length"}, "kind"),
        ({"name": "Width", "value": 1, "text": "1"}, "text"),
    ],
)
async def test_what_is_no_specification_is_refused_by_its_field_and_nothing_is_kept(
    desk: Desk, database: Pool, entry: dict[str, Any], field: str
) -> None:
    product_id = await make_product(desk.seller_id)
    change = {"name": "New", "specifications": [{"name": "Material", "value": "Teak"}, entry]}
    status, problem = await desk.call("PATCH", f"/{product_id}", json=change)
    assert (status, [error["field"] for error in problem["errors"]]) == (422, [f"specifications[1].{field}"]), problem
    assert (await desk.call("POST", json={"price_minor": 1, **change}))[0] == 422
    assert await database.fetchval("SELECT count(*) FROM specification") == 0
    assert await database.fetch("SELECT name FROM product") == [("Cotton Kurta",)]


async def test_sixty_one_are_too_many(desk: Desk) -> None:
    product_id = await make_product(desk.seller_id)
    many = [{"name": f"Part {i}", "value": i} for i in range(61)]
    assert (await desk.call("PATCH", f"/{product_id}", json={"specifications": many}))[0] == 422
    assert (await desk.call("PATCH", f"/{product_id}", json={"specifications": many[:60]}))[0] == 200


async def test_shoppers_filter_by_what_a_seller_has_just_said(desk: Desk, worker: None) -> None:
    category_id = await make_category("Tables")
    product_id = await make_product(desk.seller_id, name="Teak Table", category_id=category_id)

    async def found(**filters: str) -> bool:
        query = {"category": "tables", **{name.replace("__", "."): value for name, value in filters.items()}}
        async with desk.http.get("/api/v1/search", params=query) as response:
            return [hit["name"] for hit in (await response.json())["hits"]] == ["Teak Table"]

    await until(found)
    assert not await found(spec__material="Solid teak")
    await desk.call("PATCH", f"/{product_id}", json={"specifications": GIVEN})
    await until(lambda: found(spec__material="Solid teak", spec__width="100..130", spec__foldable="true"))
    await desk.call("PATCH", f"/{product_id}", json={"specifications": GIVEN[1:]})

    async def gone() -> bool:
        return not await found(spec__material="Solid teak")

    await until(gone)
