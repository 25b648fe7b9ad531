"""Variants over the seller API: added, altered and retired by a change of their product, shown and found soon after."""

from typing import Any

import pytest

from models.database import Pool
from tests.factories import make_category, make_product
from tests.handlers.test_seller import Desk, desk, fields_of
from tests.wait import until

__all__ = ["desk"]


async def test_variants_are_added_altered_and_retired_and_shoppers_find_them(
    desk: Desk, database: Pool, worker: None
) -> None:
    category_id = await make_category("Kurtas")
    product_id = await make_product(desk.seller_id, slug="kurta", sku="KURTA", category_id=category_id, stock=2)
    _, old = await desk.call("GET", f"/{product_id}")
    only = old["variants"][0]["id"]
    new = {"options": {"Size": "L"}, "price_minor": 99_900, "list_price_minor": 120_000, "stock": 3}
    status, problem = await desk.call("PATCH", f"/{product_id}", json={"new_variants": [new]})
    assert (status, fields_of(problem)) == (422, ["new_variants[0].options"]), "which size is the first?"
    change = {"variants": [{"id": only, "options": {"Size": "M"}, "sku": "KURTA-M"}], "new_variants": [new]}
    status, made = await desk.call("PATCH", f"/{product_id}", json=change)
    assert status == 200, made
    assert [(v["sku"], v["options"], v["stock"]) for v in made["variants"]] == [
        ("KURTA-M", {"Size": "M"}, 2),
        ("KURTA-l", {"Size": "L"}, 3),
    ]

    async def found(size: str) -> bool:
        async with desk.http.get("/api/v1/search", params={"category": "kurtas", "spec.size": size}) as response:
            return (await response.json())["total"] == 1

    await until(lambda: found("L"))
    retire = {"variants": [{"id": only, "status": "archived"}]}
    status, left = await desk.call("PATCH", f"/{product_id}", json=retire)
    assert (status, left["stock"], left["price_minor"]) == (200, 3, 99_900)

    async def gone() -> bool:
        return not await found("M")

    await until(gone)
    async with desk.http.get("/api/v1/products/kurta") as response:
        assert [variant["sku"] for variant in (await response.json())["variants"]] == ["KURTA-l"]
    last = {"variants": [{"id": left["variants"][1]["id"], "status": "archived"}]}
    status, problem = await desk.call("PATCH", f"/{product_id}", json=last)
    assert (status, fields_of(problem)) == (422, ["variants[0].status"])
    assert await database.fetchval("SELECT count(*) FROM audit_entry WHERE action = 'product.changed'") == 2


@pytest.mark.parametrize(
    ("new", "field"),
    [
        ({}, "options"),
        ({"options": {"Size": "L"}}, "price_minor"),
        ({"options": {"Size": "L"}, "price_minor": 0}, "price_minor"),
        ({"options": {"Size": "L"}, "price_minor": 1, "stock": -1}, "stock"),
        ({"options": {"Size": "L"}, "price_minor": 1, "sku": "x" * 65}, "sku"),
        ({"options": {"Size": 5}, "price_minor": 1}, "options[...]"),
        ({"options": {"Size": "x" * 61}, "price_minor": 1}, "options[...]"),
        ({"options": {str(n): "x" for n in range(5)}, "price_minor": 1}, "options"),
        ({"options": {"Size": "a\x00b"}, "price_minor": 1}, "options.Size"),
        ({"options": {" ": "L"}, "price_minor": 1}, "options"),
        ({"options": {"Size": "L"}, "price_minor": 1, "status": "archived"}, "status"),
    ],
)
async def test_a_bad_new_variant_names_its_field_and_nothing_is_kept(
    desk: Desk, database: Pool, new: dict[str, Any], field: str
) -> None:
    product_id = await make_product(desk.seller_id)
    status, problem = await desk.call("PATCH", f"/{product_id}", json={"name": "New", "new_variants": [new]})
    assert (status, fields_of(problem)[0]) == (422, f"new_variants[0].{field}"), problem
    assert await database.fetchval("SELECT count(*) FROM variant") == 1
    assert await database.fetchval("SELECT name FROM product") == "Cotton Kurta"
