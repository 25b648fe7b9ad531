"""What helps where little was found: another spelling, the filter in the way, what sells; on both engines."""

from collections.abc import AsyncIterator
from typing import Any, TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.database import pool
from search.client import SearchClient
from search.engine import Engine
from search.query import SearchQuery, normalise
from search.rescue import rescue
from search.spelling import respelt, slips_between
from tests.factories import make_category, make_product, make_seller
from tests.search.rows import make_specification

T = TypeVar("T")


@pytest.fixture(params=["meilisearch", "postgres"])
async def ask(request, engine, database, port, drain) -> AsyncIterator[Any]:
    """A small shop, and a search in it with all the help there is."""
    seller = await make_seller()
    lamps, sound = await make_category("Lamps"), await make_category("Sound")
    for name, category, brand in (
        ("Brass Table Lamp", lamps, "Diya"),
        ("Clay Lamp", lamps, "Kagaz"),
        ("Wireless Headphones", sound, "Swara"),
    ):
        product = await make_product(seller, name=name, category_id=category, brand=brand, price_minor=50_000)
        await make_specification(product, "Finish", "matte")
    await drain()
    nowhere = SearchClient(f"http://127.0.0.1:{port}", "", index="none", timeout_ms=200)
    chosen = engine if request.param == "meilisearch" else Engine(nowhere, facets_ttl_s=0)

    async def answer(**parameters: Any):
        wanted = normalise(SearchQuery(**parameters))
        return await rescue(chosen, wanted, await chosen.search(wanted))

    yield answer
    await nowhere.close()


async def test_a_strange_spelling_gets_one_that_finds_something(ask):
    meant = {}
    strange = ("lmap", "brass lmap", "brass,lmap!", "hradphones", "wireles hedphones", "zzxqj")
    for q in (*strange, "lamp", "lamps", "matte lamp", "wirel"):
        meant[q] = (await ask(q=q)).did_you_mean
    assert meant == {
        "lmap": "lamp",
        "brass lmap": "brass lamp",
        "brass,lmap!": "brass,lamp!",
        "hradphones": "headphones",
        "wireles hedphones": meant["wireles hedphones"],
        "lamp": None,
        "lamps": None,
        "matte lamp": None,
        "zzxqj": None,
        "wirel": None,
    }
    assert meant["wireles hedphones"] in ("wireless headphones", "wireles headphones")
    for q in ("headphones", "hradphones"):
        assert (await ask(q=q, brand=("Diya",))).did_you_mean is None


async def test_a_word_that_was_taught_is_no_strange_one(ask, drain):
    """Though no product has it: a tee is found for it, or nothing is, but it is no slip for a shirt."""
    for name in ("Polo Tee", "Linen Shirt", "Divya Rug"):
        await make_product(await make_seller(), name=name)
    await drain()
    assert (await ask(q="tshirt")).did_you_mean is None
    assert (await ask(q="rug diviya")).did_you_mean == "rug divya"
    assert (await ask(q="linen shrit")).did_you_mean == "linen shirt"
    await pool().execute(
        "INSERT INTO synonym (id, kind, term, words) VALUES (gen_random_uuid(), 'one_way', 'lit lmap', '{diviyaa}')"
    )
    assert (await ask(q="lmap")).did_you_mean is None
    assert (await ask(q="diviyaa")).did_you_mean is None


async def test_what_postgresql_said_of_a_word_is_remembered(ask):
    assert await respelt("lmap matte", ()) == "lamp matte"
    await pool().execute("DELETE FROM search_word")
    await pool().execute("DELETE FROM product_search")
    assert await respelt("lmap matte", ()) == "lamp matte"
    assert await respelt("lapm", ()) is None


async def test_where_nothing_is_found_the_filter_in_the_way_is_named_and_what_sells_is_shown(ask):
    found = await ask(q="lamp", category="lamps", brand=("Diya",), price_max="100", spec={"finish": ("matte",)})
    assert found.total == 0
    assert {way.filter: way.total for way in found.instead.without} == {"price": 1}
    assert found.instead.category == "lamps"
    assert {hit.name for hit in found.instead.popular} == {"Brass Table Lamp", "Clay Lamp"}
    nothing = (await ask(q="zzxqj")).instead
    assert (nothing.without, nothing.category, len(nothing.popular)) == ((), "", 3)
    assert (await ask(q="lamp")).instead is None


async def test_what_sells_is_only_what_can_be_bought(ask, drain):
    """Neither what is sold out, nor what was taken off sale, nor what a shop without approval has."""
    seller, closed = await make_seller(), await make_seller(name="Closed")
    lamps = await pool().fetchval("SELECT id FROM category WHERE slug = 'lamps'")
    await make_product(seller, name="Sold Out Lamp", category_id=lamps, stock=0)
    await make_product(seller, name="Draft Lamp", category_id=lamps, state="draft")
    await make_product(closed, name="Closed Lamp", category_id=lamps)
    gone = await make_product(seller, name="Gone Lamp", category_id=lamps)
    await drain()
    found = (await ask(q="zzxqj", category="lamps")).instead
    assert {hit.name for hit in found.popular} == {"Brass Table Lamp", "Clay Lamp", "Closed Lamp", "Gone Lamp"}
    await pool().execute("UPDATE seller SET state = 'suspended' WHERE id = $1", closed)
    await pool().execute("UPDATE product SET state = 'archived' WHERE id = $1", gone)
    await drain()
    for parameters in ({"q": "zzxqj", "category": "lamps"}, {"q": "lamp", "category": "lamps", "price_max": "1"}):
        found = (await ask(**parameters)).instead
        assert {hit.name for hit in found.popular} == {"Brass Table Lamp", "Clay Lamp"}


class Counting(SearchClient):
    """Says how often the engine was asked."""

    asked = 0

    async def multi_search(self, body: bytes, kind: type[T]) -> T:
        self.asked += 1
        return await super().multi_search(body, kind)


async def test_all_the_help_is_one_question(ask, client):
    """Of one word, which nothing can be left out of: beside the search itself."""
    counting = Counting(client.url, client.api_key, index=client.index, timeout_ms=30_000)
    engine = Engine(counting, facets_ttl_s=0)
    chosen = {"brand": ("Diya",), "seller": ("x",), "price_max": "1", "rating_min": "4", "in_stock": "1"}
    wanted = normalise(SearchQuery(q="lmap", category="lamps", facets=(), **chosen))
    helped = await rescue(engine, wanted, await engine.search(wanted))
    await counting.close()
    assert (helped.engine, helped.total, helped.instead.category) == ("meilisearch", 0, "lamps")
    assert len(helped.instead.popular) == 2
    assert counting.asked == 2


WORDS = st.text("abcd", max_size=7)


@given(WORDS, WORDS, st.integers(0, 6))
def test_slips_are_counted_alike_from_both_sides_and_a_swap_is_one(one, other, place):
    assert slips_between(one, other) == slips_between(other, one)
    assert (slips_between(one, other) == 0) == (one == other)
    assert abs(len(one) - len(other)) <= slips_between(one, other) <= max(len(one), len(other))
    swapped = one[:place] + one[place : place + 2][::-1] + one[place + 2 :]
    assert slips_between(one, swapped) <= 1
