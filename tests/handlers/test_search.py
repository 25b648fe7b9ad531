"""Search over HTTP: cached bytes, 304, limits, strict parameters, and an edit that the cache does not hide."""

import re

import pytest

from models.database import pool
from search.locks import dedicated
from search.sync import Drainer
from server.settings import Settings
from tests.factories import make_category, make_product, make_seller
from tests.rewire import rewire
from tests.search.conftest import running
from tests.search.rows import make_specification
from tests.wait import until

SEARCH = "/api/v1/search"


@pytest.fixture
async def drainer(context) -> Drainer:
    return Drainer(context.settings.database.url, context.search.client, bump=context.cache.bump, poll_ms=5)


@pytest.fixture
async def shop(context, drainer) -> None:
    lamps = await make_category("Lamps")
    await make_product(await make_seller(), name="Brass Lamp", category_id=lamps, brand="Diya")
    async with dedicated(context.settings.database.url) as line:
        while await pool().fetchval("SELECT EXISTS (SELECT FROM search_change)"):
            await drainer.drain_once(line)


async def get(http, path, headers=None, **parameters):
    async with http.get(path, params=parameters, headers=headers) as response:
        return response, await response.json(content_type=None)


async def test_a_repeated_search_is_answered_from_the_cache_and_revalidated(shop, http):
    first, body = await get(http, SEARCH, q="lamp")
    again, same = await get(http, SEARCH, q="  LAMP ", per_page="24")
    assert [hit["name"] for hit in body["hits"]] == ["Brass Lamp"]
    assert (first.headers["X-Cache"], again.headers["X-Cache"]) == ("miss", "hit")
    assert same == body
    assert first.headers["ETag"] == again.headers["ETag"]
    assert again.headers["Cache-Control"] == "public, no-cache"
    assert "RateLimit" in again.headers
    tag = first.headers["ETag"]
    for held in (tag, f'"older", W/{tag}'):
        unchanged, _ = await get(http, SEARCH, {"If-None-Match": held}, q="lamp")
        assert unchanged.status == 304
        assert unchanged.headers["ETag"] == tag
    assert (await get(http, SEARCH, {"If-None-Match": '"older"'}, q="lamp"))[0].status == 200


async def test_an_edit_shows_in_a_search_that_was_cached_before(shop, http, context, drainer):
    _, before = await get(http, SEARCH, q="lamp")
    await pool().execute("UPDATE variant SET price_minor = 77700")

    async def shows() -> bool:
        _, body = await get(http, SEARCH, q="lamp")
        return body["hits"][0]["price_minor"] == 77_700

    async with running(drainer):
        await until(shows)
    assert before["hits"][0]["price_minor"] != 77_700


async def test_an_edit_shows_on_every_cached_page_that_it_touches_and_no_other_page_is_made_anew(
    shop, http, context, drainer
):
    lamp = await pool().fetchrow("SELECT id, slug FROM product")
    rug = await make_product(await make_seller(), name="Wool Rug", brand="Kilim")
    told = []

    async def bump(tags=None, /) -> bool:
        told.append(tags)
        return await context.cache.bump(tags)

    drainer._bump = bump

    async def edit(product, name: str) -> None:
        count = len(told)
        await pool().execute("UPDATE product SET name = $2 WHERE id = $1", product, name)

        async def carried() -> bool:
            return len(told) > count

        await until(carried)

    async def look(path: str) -> tuple[str, str]:
        async with http.get(path) as response:
            return response.headers["X-Cache"], await response.text()

    paths = ("/", "/c/lamps", f"/p/{lamp['slug']}", f"{SEARCH}?q=lamp", f"{SEARCH}/suggest?q=la",
        f"/api/v1/products/{lamp['slug']}")  # fmt: skip
    async with running(drainer):
        await edit(rug, "Silk Rug")  # whoever begins to drain tells everything as touched
        for path in paths[1:]:  # on a machine that is busy PostgreSQL may answer, and that is not kept

            async def kept(path: str = path) -> bool:
                return (await look(path))[0] == "hit"

            await until(kept)
        await edit(rug, "Jute Rug")
        assert told[-1]
        for path in paths[1:]:
            assert (await look(path))[0] == "hit", path
        await edit(lamp["id"], "Copper Lamp")
        for path in paths:

            async def shows(path: str = path) -> bool:
                return "Copper" in (await look(path))[1].replace("<mark>", "").replace("</mark>", "")

            await until(shows)


REFUSED = (
    ({"colour": "red"}, "colour"),
    ({"sort": "price; DROP TABLE product"}, "sort"),
    ({"page": "0"}, "page"),
    ({"page": "x"}, "page"),
    ({"per_page": "-1"}, "per_page"),
    ({"price_min": "-5"}, "price_min"),
    ({"price_max": "1e9"}, "price_max"),
    ({"price_max": "NaN"}, "price_max"),
    ({"rating_min": "5.1"}, "rating_min"),
    ({"in_stock": "maybe"}, "in_stock"),
    ({"facets": "secret"}, "facets"),
    ({"q": "a\x00b"}, "q"),
    ({"brand": "x" * 201}, "brand[0]"),
    ({"brand": [f"brand{number}" for number in range(51)]}, "brand"),
    ({"spec.": "x"}, "spec."),
)
ODD = (
    {"q": "word " * 1_000},
    {"page": "1000000000"},
    {"per_page": "1000000"},
    {"q": "' \" \\ ) OR ( : * & | ! <->"},
    {"brand": '" OR brand = "x'},
    {"spec.ram": '" OR 1 = 1'},
    {"category": "../../etc"},
    {"facets": "none"},
    {"price_min": "", "price_max": "", "rating_min": "", "in_stock": "", "brand": "", "q": ""},
)


async def test_what_cannot_be_is_refused_by_name_and_what_is_odd_is_answered(shop, http):
    for parameters, field in REFUSED:
        response, problem = await get(http, SEARCH, **parameters)
        assert (response.status, problem["errors"][0]["field"]) == (422, field)
        assert response.content_type == "application/problem+json"
        assert "regex" not in problem["detail"]
    for parameters in ODD:
        response, body = await get(http, SEARCH, **parameters)
        assert (response.status, body["engine"]) == (200, "meilisearch"), parameters


async def test_a_query_longer_than_any_header_may_be_is_refused(shop, http):
    response, problem = await get(http, SEARCH, q="w" * 10_000)
    assert response.status == 413
    assert problem["status"] == 413


async def test_too_many_searches_are_refused_with_a_time(settings, context, shop, http):
    context.settings = Settings(**{**_groups(context.settings), "limits": type(context.settings.limits)(read="3/1000")})
    responses = [(await get(http, SEARCH, q="lamp"))[0] for _ in range(4)]
    assert [response.status for response in responses] == [200, 200, 200, 429]
    assert int(responses[-1].headers["Retry-After"]) > 0


def _groups(settings: Settings) -> dict[str, object]:
    return {name: getattr(settings, name) for name in settings.__struct_fields__}


async def test_suggestions_are_cached_too(shop, http):
    first, body = await get(http, f"{SEARCH}/suggest", q="bra")
    again, _ = await get(http, f"{SEARCH}/suggest", q="BRA")
    assert [product["name"] for product in body["products"]] == ["Brass Lamp"]
    assert (first.headers["X-Cache"], again.headers["X-Cache"]) == ("miss", "hit")


async def test_another_spelling_and_what_sells_come_with_an_empty_answer(shop, http):
    _, body = await get(http, SEARCH, q="lmap", facets="none")
    assert (body["total"], body["did_you_mean"]) == (0, "lamp")
    assert [hit["name"] for hit in body["instead"]["popular"]] == ["Brass Lamp"]


async def test_the_page_strikes_out_the_words_that_were_left_out(shop, http):
    async with http.get("/search", params={"q": "brass unobtainium lamp"}) as response:
        page = await response.text()
    assert "so <s>unobtainium</s> was left out" in page
    assert 'href="/search?q=brass+lamp"' in page
    assert ">Brass</mark>" in page


async def test_a_form_without_scripts_sends_ranges_in_two_fields(database, context, drainer, http):
    seller, lamps = await make_seller(), await make_category("Lamps")
    for height in range(5, 65, 5):
        product = await make_product(seller, name=f"Lamp of {height}", category_id=lamps, price_minor=height * 10_000)
        await make_specification(product, "Height", f"{height} cm", number=height, unit="cm")
        await make_specification(product, "Dimmer", "yes", number=int(height > 30), kind="boolean")
    async with dedicated(context.settings.database.url) as line:
        while await pool().fetchval("SELECT EXISTS (SELECT FROM search_change)"):
            await drainer.drain_once(line)
    form = {"min.height": "10", "max.height": "20", "price_min": "", "price_max": "10000", "spec.dimmer": ""}
    async with http.get("/c/lamps", params=form) as response:
        page = await response.text()
    assert sorted(re.findall(r">Lamp of (\d+)<", page)) == ["10", "15", "20"]
    assert 'name="min.height" value="10"' in page
    assert re.search(r'aria-label="Remove the filter Height: 10 to 20 cm"', page)
    assert re.search(r'<a class="bar" href="/c/lamps\?price_max=10000&amp;spec.height=10..12.5"', page)
    assert re.search(r'type="checkbox"[^>]*name="spec.dimmer" value="true"', page) is None
    assert 'name="price_max" value="10000"' in page
    async with http.get("/c/lamps", params={**form, "price_max": "199.999", "sort": "x"}) as response:
        assert sorted(re.findall(r">Lamp of (\d+)<", await response.text())) == ["10", "15", "20"]
    async with http.get("/c/lamps", params={"min.height": "x", "max.height": "--"}) as response:
        assert (await response.text()).count('class="card-name"') == 12


async def test_without_the_engine_the_answer_has_the_same_shape_and_is_not_kept(shop, http, context):
    _, well = await get(http, SEARCH, q="lamp")
    rewire(context.search.client)
    response, degraded = await get(http, SEARCH, q="lamp", page="1", sort="newest")
    assert response.status == 200
    assert (degraded["engine"], degraded["degraded"]) == ("postgres", True)
    assert degraded.keys() == well.keys()
    assert degraded["hits"][0].keys() == well["hits"][0].keys()
    assert [facet["name"] for facet in degraded["facets"]] == [facet["name"] for facet in well["facets"]]
    again, _ = await get(http, SEARCH, q="lamp", sort="newest")
    assert again.headers["X-Cache"] == "miss"


async def test_the_tree_of_categories_has_counts(shop, http):
    home = await make_category("Home")
    await pool().execute("UPDATE category SET parent_id = $1, path = 'home/lamps' WHERE slug = 'lamps'", home)
    _, body = await get(http, "/api/v1/categories")
    assert [(node["slug"], [child["slug"] for child in node["children"]]) for node in body["categories"]] == [
        ("home", ["lamps"])
    ]
    _, below = await get(http, "/api/v1/categories", under="home", depth="1")
    assert [(node["slug"], node["count"]) for node in below["categories"]] == [("lamps", 1)]
    missing, _ = await get(http, "/api/v1/categories", under="nowhere")
    assert missing.status == 404
