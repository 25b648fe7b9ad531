"""The operator's pages: what waits is decided there, with a reason where it is refused."""

import re
from uuid import UUID

import pytest

from models.approval import get_pending
from models.database import Pool
from models.product_input import NewSpecification, ProductChange
from models.product_write import change_product
from tests.factories import insert, make_product, make_seller
from tests.handlers.pages.visitor import Visitor
from tests.search.rows import make_specification

VERSION = re.compile(r'name="version" value="([0-9a-f]{64})"')


async def state_of(database: Pool, table: str, row_id: UUID) -> str:
    return await database.fetchval(f"SELECT state FROM {table} WHERE id = $1", row_id)


@pytest.mark.parametrize(
    "path", ["/admin", "/admin/sellers", "/admin/sellers?state=all", "/admin/products", "/admin/jobs", "/admin/search"]
)
async def test_every_page_opens_for_the_operator(visitor: Visitor, operator: UUID, path: str) -> None:
    await make_product(await make_seller(state="pending"), state="pending")
    assert (await visitor.get(path)).status == 200


@pytest.mark.parametrize("path", ["/admin", "/admin/sellers", "/admin/products", "/admin/jobs", "/admin/search"])
async def test_nobody_else_gets_in(visitor: Visitor, seller: UUID, path: str) -> None:
    assert (await visitor.get(path)).status == 403
    assert (await Visitor(visitor.http).get(path)).location.startswith("/login?next=/admin")


async def test_a_seller_is_approved_in_the_list(visitor: Visitor, operator: UUID, database: Pool) -> None:
    seller_id = await make_seller(name="Kala Kendra", state="pending")
    assert "Kala Kendra" in (await visitor.get("/admin/sellers")).text
    seen = await visitor.post(f"/admin/sellers/{seller_id}", htmx=True, decision="approve")
    assert "Approved" in seen.text
    assert await state_of(database, "seller", seller_id) == "approved"


async def test_the_whole_product_is_there_to_be_judged(visitor: Visitor, operator: UUID) -> None:
    text = "\n".join(f"Line {number} of what it is." for number in range(60))
    product_id = await make_product(
        await make_seller(), state="pending", name="Lamp", description=text, hsn_code="9405", country_of_origin="VN"
    )
    await make_specification(product_id, "Height", "40 cm", number=40.0, unit="cm")
    for position in range(3):
        await insert("product_image", product_id=product_id, key=f"demo/lamp-{position}.svg", position=position)
    seen = await visitor.get("/admin/products")
    assert "Line 59 of what it is." in seen.text
    assert "Height: 40 cm" in seen.text
    assert "HSN code: 9405 · Country of origin: Vietnam" in seen.text
    assert [name in seen.html for name in ("demo/lamp-0.svg", "demo/lamp-1.svg", "demo/lamp-2.svg")] == [True] * 3


async def test_the_operator_sees_what_specifications_of_a_live_product_would_become(
    visitor: Visitor, operator: UUID
) -> None:
    seller_id = await make_seller(trusted=False)
    product_id = await make_product(seller_id)
    await make_specification(product_id, "Fabric", "Cotton")
    asked = [NewSpecification(name="Fabric", value="Silk"), NewSpecification(name="Length", value=110.0, unit="cm")]
    await change_product(seller_id, product_id, ProductChange(specifications=asked), actor_id=seller_id)
    seen = await visitor.get("/admin/products/changes")
    told = " ".join(re.sub("<[^>]*>", " ", seen.text).split())
    assert "Specifications Fabric: Cotton Silk Length: 110 cm" in told
    assert '<del class="text-bad">Cotton</del>' in seen.html


async def test_a_refusal_wants_a_reason(visitor: Visitor, operator: UUID, database: Pool) -> None:
    product_id = await make_product(await make_seller(), state="pending")
    path = f"/admin/products/{product_id}"
    silent = await visitor.post(path, htmx=True, decision="refuse", reason=" ")
    assert (silent.status, silent.headers["HX-Reswap"]) == (422, "none")
    assert await state_of(database, "product", product_id) == "pending"
    version = (await get_pending(product_id)).version
    spoken = await visitor.post(path, decision="refuse", reason="The picture shows another thing.", version=version)
    assert spoken.status == 303
    assert await state_of(database, "product", product_id) == "rejected"


async def test_what_is_decided_already_is_said(visitor: Visitor, operator: UUID) -> None:
    product_id = await make_product(await make_seller(), state="active")
    seen = await visitor.post(f"/admin/products/{product_id}", htmx=True, decision="approve")
    assert seen.status == 422
    assert "nothing to decide" in seen.text


async def test_search_tells_how_far_it_lags(visitor: Visitor, operator: UUID, database: Pool) -> None:
    await make_product(await make_seller())
    await database.execute("UPDATE search_change SET created_at = now() - interval '5 minutes'")
    seen = await visitor.get("/admin/search", HX_Request="true")
    assert "do not become searchable" in seen.text
    assert "<html" not in seen.html


async def test_options_and_mrp_are_there_to_be_judged(visitor: Visitor, operator: UUID, database: Pool) -> None:
    await make_product(await make_seller(), state="pending", variants=2)
    await database.execute("UPDATE variant SET list_price_minor = 150000, sku = 'K-' || position")
    seen = await visitor.get("/admin/products")
    assert "Size: 1 · ₹1,299 · MRP ₹1,500 · SKU K-1" in seen.text
    assert "MRP ₹1,500</span>" in seen.text


@pytest.mark.parametrize("htmx", [False, True], ids=["plain", "htmx"])
async def test_a_product_that_was_rewritten_meanwhile_is_shown_anew_and_not_decided(
    visitor: Visitor, operator: UUID, database: Pool, *, htmx: bool
) -> None:
    seller_id = await make_seller(trusted=False)
    product_id = await make_product(seller_id, state="pending", name="Lamp")
    path, form = f"/admin/products/{product_id}", {"decision": "refuse", "reason": "No lamp of yours."}
    version = VERSION.findall((await visitor.get("/admin/products")).html)[0]
    await change_product(seller_id, product_id, ProductChange(description="Call 98450 12345"), actor_id=seller_id)
    for stale in ({"version": version}, {}):
        seen = await visitor.post(path, htmx=htmx, **form, **stale)
        assert seen.status == (422 if htmx else 409), "htmx swaps 422"
        assert "changed this product while you looked at it" in seen.text
        assert "Call 98450 12345" in seen.text
        assert 'value="No lamp of yours."' in seen.text
        assert ("<html" in seen.html, "HX-Reswap" in seen.headers) == (not htmx, False)
        assert await state_of(database, "product", product_id) == "pending"
    again = await visitor.post(path, htmx=htmx, **form, version=VERSION.findall(seen.html)[0])
    assert again.status == (200 if htmx else 303)
    assert await state_of(database, "product", product_id) == "rejected"


@pytest.mark.parametrize("htmx", [False, True], ids=["plain", "htmx"])
async def test_a_change_that_was_changed_meanwhile_is_shown_anew_and_not_decided(
    visitor: Visitor, operator: UUID, database: Pool, *, htmx: bool
) -> None:
    seller_id = await make_seller(trusted=False)
    product_id = await make_product(seller_id, name="Lamp")
    await change_product(seller_id, product_id, ProductChange(name="Large Lamp"), actor_id=seller_id)
    path = f"/admin/products/changes/{await database.fetchval('SELECT id FROM product_change')}"
    version = VERSION.findall((await visitor.get("/admin/products/changes")).html)[0]
    await change_product(seller_id, product_id, ProductChange(name="Unseen Lamp"), actor_id=seller_id)
    seen = await visitor.post(path, htmx=htmx, decision="approve", version=version)
    assert seen.status == (422 if htmx else 409)
    assert "rewritten while you looked at it" in seen.text
    assert "Unseen" in seen.text
    assert await database.fetchval("SELECT name FROM product") == "Lamp"
    await visitor.post(path, htmx=htmx, decision="approve", version=VERSION.findall(seen.html)[0])
    assert await database.fetchval("SELECT name FROM product") == "Unseen Lamp"
