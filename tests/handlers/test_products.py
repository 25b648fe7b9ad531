"""A product in public: what a page needs, from the cache, with redirects, and nothing that is not for sale."""

import pytest

from models.database import pool
from tests.factories import insert, make_category, make_product, make_seller, make_user, make_variant
from tests.search.rows import make_image, make_specification


@pytest.fixture
async def product(database):
    home = await make_category("Home")
    lamps = await make_category("Lamps", parent_id=home)
    seller = await make_seller()
    await pool().execute("UPDATE seller SET gstin = '27AAPFU0939F1ZV', address_line = '4 MG Road', city = 'Pune'")
    made = await make_product(
        seller, name="Brass Lamp", category_id=lamps, price_minor=150_000, stock=300, rating_sum=9, rating_count=2
    )
    await make_variant(made, price_minor=90_000, stock=0, position=1)
    await make_specification(made, "Height", "30 cm", number=30, unit="cm")
    await make_image(made, "b.jpg", position=2)
    await make_image(made, "a.jpg", position=1)
    for rating, state in ((5, "published"), (4, "published"), (1, "rejected")):
        user = await make_user(name="Meera Iyer")
        await insert("review", product_id=made, user_id=user, rating=rating, title="Good", state=state)
    return made


async def slug_of(product) -> str:
    return await pool().fetchval("SELECT slug FROM product WHERE id = $1", product)


async def test_a_product_shows_all_that_its_page_needs(product, http):
    async with http.get(f"/api/v1/products/{await slug_of(product)}") as response:
        assert response.status == 200
        body = await response.json()
    assert (body["price_minor"], body["in_stock"], body["rating"]) == (90_000, True, 4.5)
    assert [(variant["free"], variant["in_stock"]) for variant in body["variants"]] == [(10, True), (0, False)]
    assert [crumb["slug"] for crumb in body["breadcrumbs"]] == ["home", "lamps"]
    assert [image["key"] for image in body["images"]] == ["a.jpg", "b.jpg"]
    assert body["specifications"] == [{"name": "Height", "text": "30 cm", "unit": "cm"}]
    assert body["stars"] == {"5": 1, "4": 1}
    assert {review["author"] for review in body["reviews"]} == {"Meera"}
    assert body["seller"]["gstin"] == "27AAPFU0939F1ZV"
    assert body["seller"]["address"] == "4 MG Road, Pune"
    assert body["country_of_origin"] == "IN"


async def test_a_product_is_cached_and_revalidated(product, http):
    path = f"/api/v1/products/{await slug_of(product)}"
    async with http.get(path) as first, http.get(path) as again:
        assert (first.headers["X-Cache"], again.headers["X-Cache"]) == ("miss", "hit")
        tag = first.headers["ETag"]
    async with http.get(path, headers={"If-None-Match": tag}) as unchanged:
        assert unchanged.status == 304


async def test_an_old_slug_leads_to_the_new_one(product, http):
    await insert("product_redirect", slug="old-lamp", product_id=product)
    async with http.get("/api/v1/products/old-lamp", allow_redirects=False) as response:
        assert response.status == 301
        assert response.headers["Location"] == f"/api/v1/products/{await slug_of(product)}"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE product SET state = 'draft'",
        "UPDATE seller SET state = 'suspended'",
        "UPDATE variant SET state = 'archived'",
    ],
)
async def test_what_is_not_for_sale_is_not_found_nor_redirected_to(product, http, statement):
    await insert("product_redirect", slug="old-lamp", product_id=product)
    await pool().execute(statement)
    for slug in (await slug_of(product), "old-lamp", "never-was", "%00", "a" * 2_000):
        async with http.get(f"/api/v1/products/{slug}", allow_redirects=False) as response:
            assert response.status in ({404, 422} if slug == "%00" else {404}), slug
