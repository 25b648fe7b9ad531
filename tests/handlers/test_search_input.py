"""Whatever is thrown at the search, its page and suggestions, on either engine: no 5xx, and nothing not for sale.

Products that nobody may see are sold by a seller of their own, and cheaper and dearer than any other.
"""

import asyncio
from collections.abc import Callable
from typing import Any, NamedTuple
from urllib.parse import quote

import aiohttp
import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.database import pool
from search.locks import dedicated
from search.query import SearchQuery
from search.sync import Drainer
from server.context import Context
from tests.factories import make_category, make_product, make_seller
from tests.handlers.pages.visitor import slug_of
from tests.rewire import rewire
from tests.search.rows import make_specification

SEARCH, SUGGEST, PAGE = "/api/v1/search", "/api/v1/search/suggest", "/search"
NAMES = [field.encode_name for field in msgspec.structs.fields(SearchQuery)]
NAMES += ["spec.height", "spec.", "state"]
ODD = (
    "sentinel", "Sentinel*", 'x" OR state = "draft', "x' OR 1=1 --", '") OR (id EXISTS', "\\", '\\"', "'", '"', "%",
    "_", "a & b | !c <-> d:*", ":*", "-lamp", '"brass lamp"', "brass OR sentinel", "NOT brass", "a\0b", "\n", "\u202e",
    "0", "-1", "1.5", "1e999", "NaN", "..", "0..", "..0", "-5..1e3", "9" * 400, "1,2", "true", "null", "[]", "{}", "$1",
    "{{7*7}}", "<script>", "../../etc", "x" * 201, "lamp " * 90, "\u0967\u0968", "\U0001fa94", "\ufb01", "price_asc",
    "lamps", "Diya", "matt", "1000000000", "none", "brand,spec", "head phones", "16 GB",
)  # fmt: skip
VALUES = st.one_of(st.sampled_from(ODD), st.text(max_size=30), st.binary(max_size=6))
QUESTIONS = st.lists(st.tuples(st.one_of(st.sampled_from(NAMES), st.text(max_size=8)), VALUES), max_size=6)


class Hidden(NamedTuple):
    """What no answer may name, and the prices between which everything on sale lies."""

    ids: frozenset[str]
    slugs: frozenset[str]
    seller: str
    low: int
    high: int


@pytest.fixture
def environment(environment: dict[str, str]) -> dict[str, str]:
    """Without limits: they are not what is tested here."""
    return {**environment, "HAAT_LIMITS__ENABLED": "false"}


@pytest.fixture
async def hidden(context: Context) -> Hidden:
    open_, closed = await make_seller(), await make_seller(name="Sentinel Traders", state="suspended")
    lamps = await make_category("Lamps")
    for name, price in (("Brass Lamp", 90_000), ("Clay Lamp", 20_000), ("Wireless Headphones", 50_000)):
        product = await make_product(open_, name=name, category_id=lamps, brand="Diya", price_minor=price)
        await make_specification(product, "Height", "40 cm", number=40, unit="cm")
        await make_specification(product, "Finish", "matt")
    kept = [
        await make_product(seller, name=f"Sentinel Lamp {n}", category_id=lamps, brand="Sentinel", price_minor=price,
                           state=state)
        for n, (seller, state, price) in enumerate(
            ((open_, "draft", 1), (open_, "rejected", 99_999_900), (open_, "pending", 1), (closed, "active", 1)))
    ]  # fmt: skip
    drainer = Drainer(context.settings.database.url, context.search.client, bump=context.cache.bump)
    async with dedicated(context.settings.database.url) as line:
        for _ in ("the index is made", "each is changed, and read one by one"):
            while await pool().fetchval("SELECT EXISTS (SELECT FROM search_change)"):
                await drainer.drain_once(line)
            await pool().execute("UPDATE product SET description = 'Sold again.' WHERE description = ''")
    slugs = [await slug_of(product) for product in kept]
    seller = await pool().fetchval("SELECT slug FROM seller WHERE id = $1", closed)
    return Hidden(frozenset(map(str, kept)), frozenset(slugs), seller, 20_000, 90_000)


def leaks(answer: dict[str, Any], hidden: Hidden) -> list[Any]:
    """What an answer says of the hidden products; that a shopper chose a name is no news to him."""
    hits = [*answer.get("hits", ()), *(answer.get("instead") or {}).get("popular", ()), *answer.get("products", ())]
    found = [hit for hit in hits if hit.get("id") in hidden.ids or hit["slug"] in hidden.slugs]
    found += [name for name in answer.get("queries", ()) if "sentinel" in name]
    for facet in answer.get("facets", ()):
        found += [
            value for value in facet["values"] if value["count"] and value["value"] in ("Sentinel", hidden.seller)
        ]
        if facet["name"] == "price" and facet["low"] is not None:
            found += [end for end in (facet["low"], facet["high"]) if not hidden.low <= end <= hidden.high]
    return found


def address(path: str, question: list[tuple[str, str | bytes]]) -> str:
    return f"{path}?{'&'.join(f'{quote(name, safe=str())}={quote(value, safe=str())}' for name, value in question)}"


@pytest.mark.parametrize("engine", ["meilisearch", "postgres"])
async def test_no_string_at_any_parameter_breaks_the_search_or_shows_what_is_hidden(
    http: aiohttp.ClientSession, context: Context, hidden: Hidden, engine: str
) -> None:
    if engine == "postgres":
        rewire(context.search.client)
    loop, seen = asyncio.get_running_loop(), set()

    async def check(url: str) -> None:
        async with http.get(url, allow_redirects=False) as response:
            text = await response.text()
            assert response.status in {200, 413, 422}, f"{url}: {response.status} {text[:300]}"
            seen.add(response.status)
            if url.startswith(PAGE):
                assert [slug for slug in hidden.slugs if slug in text] == [], url
                return
            body = msgspec.json.decode(text)
            if response.status == 200:
                assert leaks(body, hidden) == [], url
                assert body["engine"] == engine or not body["query"], url
            else:
                assert response.content_type == "application/problem+json", url

    def wait_for(path: str, question: list[tuple[str, str | bytes]]) -> None:
        asyncio.run_coroutine_threadsafe(check(address(path, question)), loop).result(60)

    await asyncio.to_thread(thrown_at(SEARCH, QUESTIONS, 120, wait_for))
    await asyncio.to_thread(thrown_at(SUGGEST, st.tuples(st.tuples(st.just("q"), VALUES)).map(list), 40, wait_for))
    await asyncio.to_thread(thrown_at(PAGE, QUESTIONS, 40, wait_for))
    for value in ODD:
        for name in ("q", "brand", "spec.height"):
            await check(address(SEARCH, [(name, value)]))
    assert {200, 422} <= seen


def thrown_at(path: str, questions: Any, examples: int, wait_for: Callable[..., None]) -> Callable[[], None]:
    @settings(max_examples=examples, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(questions)
    def throw(question: list[tuple[str, str | bytes]]) -> None:
        wait_for(path, question)

    return throw


@pytest.mark.parametrize("engine", ["meilisearch", "postgres"])
async def test_what_is_too_much_is_clamped_or_refused_as_the_description_says(
    http: aiohttp.ClientSession, context: Context, hidden: Hidden, engine: str
) -> None:
    if engine == "postgres":
        rewire(context.search.client)

    async def ask(*question: tuple[str, str]) -> tuple[int, dict[str, Any]]:
        async with http.get(address(SEARCH, list(question))) as response:
            return response.status, await response.json(content_type=None)

    _, last = await ask(("page", "1000000000"), ("per_page", "1000000000"))
    assert (last["page"], last["per_page"], last["total"], last["hits"]) == (100, 100, 3, [])
    _, cut = await ask(("q", "lamp " * 400))
    assert len(cut["query"]) <= 200
    assert (await ask(("q", "w" * 10_000)))[0] == 413
    for field, question in (
        ("facets", [("facets", "brand")] * 200),
        ("facets", [("facets", "secret")]),
        ("brand", [("brand", str(n)) for n in range(51)]),
        ("spec", [(f"spec.s{n}", "x") for n in range(21)]),
        ("sort", [("sort", "price; DROP TABLE product")]),
        ("state", [("state", "draft")]),
        ("sort", [("sort", "newest"), ("sort", "rating")]),
    ):
        status, problem = await ask(*question)
        assert (status, problem["errors"][0]["field"]) == (422, field)
    async with http.get(address(PAGE, [("q", "lamp\u202e"), *((f"spec.s{n}", "x") for n in range(21))])) as response:
        page = await response.text()
    assert (response.status, "Brass <mark>Lamp</mark>" in page, "\u202e" in page) == (200, True, False)
    async with http.get("/api/openapi.json") as response:
        parameters = (await response.json())["paths"][SEARCH]["get"]["parameters"]
    assert [parameter["name"] for parameter in parameters if "description" not in parameter] == []
