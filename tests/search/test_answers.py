"""What shoppers ask, answered by Meilisearch and by PostgreSQL alike: filters, facets, sorts, and nothing hidden."""

from collections.abc import AsyncIterator
from typing import Any

import msgspec
import pytest

from models.database import pool
from search.client import SearchClient
from search.engine import Engine
from search.query import SearchQuery, normalise
from tests.factories import make_category, make_product, make_seller
from tests.search.rows import make_specification

ENGINES = ("meilisearch", "postgres")
KILN = "भ\u200dट्टी"
"""A brand with a joiner that nobody sees in it."""


@pytest.fixture(params=ENGINES)
async def ask(request, engine, database, port) -> AsyncIterator[Any]:
    """A search by its parameters, on either engine."""
    nowhere = SearchClient(f"http://127.0.0.1:{port}", "", index="none", timeout_ms=200)
    chosen = engine if request.param == "meilisearch" else Engine(nowhere, facets_ttl_s=0)

    async def answer(**parameters: Any):
        found = await chosen.search(normalise(SearchQuery(**parameters)))
        assert found.engine == request.param
        assert found.degraded == (request.param == "postgres")
        return found

    yield answer
    await nowhere.close()


@pytest.fixture
async def shop(database, drain) -> None:
    """Five products on sale and three that nobody may see."""
    seller, other = await make_seller(name="Asha Stores"), await make_seller(name="Bharat Bazaar")
    home = await make_category("Home")
    lamps, vases = await make_category("Lamps", parent_id=home), await make_category("Vases", parent_id=home)
    rows = (
        (
            "Brass Table Lamp",
            seller,
            lamps,
            "Diya",
            150_000,
            10,
            {"rating_sum": 45, "rating_count": 10, "sales_count": 5},
        ),
        (
            "Paper Floor Lamp",
            seller,
            lamps,
            "Kagaz",
            90_000,
            0,
            {"rating_sum": 6, "rating_count": 2, "sales_count": 50},
        ),
        ("Clay Lamp", other, lamps, "Diya", 20_000, 5, {"rating_sum": 8, "rating_count": 2, "sales_count": 500}),
        ("Blue Vase", other, vases, KILN, 60_000, 5, {}),
        ("Café Vase", other, vases, 'O\'Neil "&" Söhne', 70_000, 5, {}),
    )
    for name, owner, category, brand, price, stock, counts in rows:
        product = await make_product(
            owner, name=name, category_id=category, brand=brand, price_minor=price, stock=stock, **counts
        )
        await make_specification(product, "Height", f"{price // 1000} cm", number=price / 1000, unit="cm")
        await make_specification(product, "Finish", "matt" if "Lamp" in name else 'gloss "A"')
        await make_specification(product, "Handmade", "yes", number=1, kind="boolean")
    await pool().execute("UPDATE variant SET list_price_minor = price_minor * 2 WHERE price_minor = 150000")
    hidden = await make_seller(name="Sentinel Traders", state="suspended")
    await make_product(seller, name="Sentinel Lamp draft", state="draft", brand="Sentinel")
    await make_product(seller, name="Sentinel Lamp rejected", state="rejected", brand="Sentinel")
    await make_product(hidden, name="Sentinel Lamp suspended", brand="Sentinel")
    await drain()


def names(found: Any) -> list[str]:
    return [hit.name for hit in found.hits]


def facet(found: Any, name: str) -> dict[str, int]:
    return next(
        ({value.value: value.count for value in facet.values} for facet in found.facets if facet.name == name), {}
    )


FOUND: tuple[tuple[dict[str, Any], set[str]], ...] = (
    ({"q": "lamp"}, {"Brass Table Lamp", "Paper Floor Lamp", "Clay Lamp"}),
    ({"q": "LAMPS"}, {"Brass Table Lamp", "Paper Floor Lamp", "Clay Lamp"}),
    ({"q": "cafe"}, {"Café Vase"}),
    ({"q": "bra"}, {"Brass Table Lamp"}),
    ({"category": "home"}, {"Brass Table Lamp", "Paper Floor Lamp", "Clay Lamp", "Blue Vase", "Café Vase"}),
    ({"category": "vases"}, {"Blue Vase", "Café Vase"}),
    ({"brand": ("diya",)}, {"Brass Table Lamp", "Clay Lamp"}),
    ({"brand": ("Diya", KILN)}, {"Brass Table Lamp", "Clay Lamp", "Blue Vase"}),
    ({"brand": ('O\'Neil "&" Söhne',)}, {"Café Vase"}),
    ({"price_min": "600", "price_max": "900"}, {"Paper Floor Lamp", "Blue Vase", "Café Vase"}),
    ({"rating_min": "4"}, {"Brass Table Lamp", "Clay Lamp"}),
    ({"rating_min": "4.5"}, {"Brass Table Lamp"}),
    ({"discount_min": "50"}, {"Brass Table Lamp"}),
    ({"in_stock": "1", "category": "lamps"}, {"Brass Table Lamp", "Clay Lamp"}),
    ({"spec": {"height": ("60..90",)}}, {"Paper Floor Lamp", "Blue Vase", "Café Vase"}),
    ({"spec": {"height": ("150",)}}, {"Brass Table Lamp"}),
    ({"spec": {"Finish": ('gloss "A"',)}}, {"Blue Vase", "Café Vase"}),
    (
        {"spec": {"handmade": ("true",), "finish": ("matt", "silk")}},
        {"Brass Table Lamp", "Paper Floor Lamp", "Clay Lamp"},
    ),
    ({"spec": {"nothing": ("x",)}}, set()),
    ({"q": "sentinel"}, set()),
    ({"brand": ("Sentinel",)}, set()),
)
SORTED = {
    "price_asc": ("Clay Lamp", "Brass Table Lamp"),
    "price_desc": ("Brass Table Lamp", "Clay Lamp"),
    "rating": ("Brass Table Lamp", None),
    "best_selling": ("Clay Lamp", None),
    "discount": ("Brass Table Lamp", None),
    "newest": (None, None),
    "relevance": (None, None),
}


async def test_a_search_finds_what_it_should(shop, ask):
    wrong = []
    for parameters, expected in FOUND:
        found = await ask(**parameters)
        if (set(names(found)), found.total) != (expected, len(expected)):
            wrong.append((parameters, names(found)))
    assert wrong == []
    assert names(await ask(q="brass lmap"))[0] == "Brass Table Lamp"


async def test_a_word_too_many_is_dropped_and_said(shop, ask):
    found = await ask(q="brass unobtainium")
    assert found.relaxed
    assert names(found)[0] == "Brass Table Lamp"
    assert not (await ask(q="brass lamp")).relaxed


async def test_results_are_sorted_as_asked(shop, ask):
    for sort, (first, last) in SORTED.items():
        found = names(await ask(sort=sort))
        assert len(found) == 5
        assert first in {None, found[0]}, sort
        assert last in {None, found[-1]}, sort


async def test_the_newest_come_first_by_day_and_then_by_minute(database, drain, ask):
    """A moment is two numbers in the engine; the later day has the earlier minute here."""
    seller = await make_seller()
    moments = {"Old": "2026-03-01 23:50Z", "New": "2026-03-02 00:10Z", "Newest": "2026-03-02 00:11Z"}
    for name, moment in moments.items():
        product = await make_product(seller, name=name)
        await database.execute("UPDATE product SET created_at = $2::text::timestamptz WHERE id = $1", product, moment)
    await drain()
    assert names(await ask(sort="newest")) == ["Newest", "New", "Old"]


async def test_facets_count_what_each_choice_would_give(shop, ask):
    found = await ask(category="home", brand=("Diya",))
    assert facet(found, "brand") == {"Diya": 2, "Kagaz": 1, KILN: 1, 'O\'Neil "&" Söhne': 1}
    assert facet(found, "category") == {"home": 2, "lamps": 2}
    assert facet(found, "in_stock") == {"1": 2}
    assert facet(found, "rating") == {"4": 2, "3": 2, "2": 2, "1": 2}
    assert facet(found, "spec.finish") == {"matt": 2}
    (price,) = [facet for facet in found.facets if facet.name == "price"]
    assert (price.low, price.high) == (20_000, 150_000)
    (height,) = [facet for facet in found.facets if facet.name == "spec.height"]
    assert (height.label, height.unit, height.low, height.high) == ("Height", "cm", 20, 150)
    assert (height.kind, [bar.count for bar in height.bars if bar.count]) == ("range", [1, 1])
    sellers = next(facet for facet in found.facets if facet.name == "seller")
    slugs = {value.label: value.value for value in sellers.values}
    assert slugs.keys() == {"Asha Stores", "Bharat Bazaar"}
    assert set(names(await ask(seller=(slugs["Bharat Bazaar"],)))) == {"Clay Lamp", "Blue Vase", "Café Vase"}
    chosen = next(facet for facet in found.facets if facet.name == "brand").values
    assert [value.value for value in chosen if value.selected] == ["Diya"]


async def test_without_a_category_the_specifications_of_most_results_are_filters(shop, ask):
    """Those of the deepest category that most of them are in; where the results are of all kinds, of their parent."""
    for parameters in ({"q": "lamp"}, {"q": "lamp"}, {"q": "lamp", "spec": {"finish": ("matt",)}}):
        found = await ask(**parameters)
        assert facet(found, "spec.finish") == {"matt": 3}
        (height,) = [facet for facet in found.facets if facet.name == "spec.height"]
        assert (height.unit, height.low, height.high) == ("cm", 20, 150)
    found = await ask(q="lamp", spec={"height": ("20..100",)})
    assert (found.total, facet(found, "spec.finish"), len(facet(found, "spec.height"))) == (2, {"matt": 2}, 3)
    assert facet(await ask(brand=("Diya", KILN), price_max="700"), "spec.finish") == {"matt": 1, 'gloss "A"': 1}
    assert facet(await ask(q="lamp", facets=("brand", "category")), "spec.finish") == {}
    assert facet(await ask(), "spec.handmade") == {"true": 5}


async def test_the_tree_is_counted_as_if_no_category_were_chosen(shop, ask):
    found = await ask(category="vases", in_stock="1")
    assert facet(found, "category") == {"home": 4, "lamps": 2, "vases": 2}
    assert facet(await ask(category="nowhere"), "category") == {"home": 5, "lamps": 3, "vases": 2}


async def test_prices_have_bars_that_their_own_range_does_not_cut(shop, ask):
    found = await ask(price_min="600", price_max="700")
    (price,) = [facet for facet in found.facets if facet.name == "price"]
    assert found.total == 2
    assert {(bar.low, bar.count) for bar in price.bars if bar.count} == {
        (20_000, 1),
        (60_000, 1),
        (70_000, 1),
        (90_000, 1),
        (150_000, 1),
    }
    (handmade,) = [facet for facet in (await ask(category="home")).facets if facet.name == "spec.handmade"]
    assert (handmade.kind, handmade.values[0].value, handmade.values[0].count) == ("toggle", "true", 5)


async def test_a_chosen_value_that_nothing_has_stays_in_sight(shop, ask):
    found = await ask(brand=("Nobody",), spec={"finish": ("rough",)})
    assert found.total == 0
    assert facet(found, "brand")["Nobody"] == 0
    assert facet(found, "spec.finish")["rough"] == 0


async def test_pages_follow_each_other(shop, ask):
    pages = [names(await ask(sort="price_asc", page=page, per_page=2)) for page in (1, 2, 3, 4)]
    assert [len(page) for page in pages] == [2, 2, 1, 0]
    assert len({name for page in pages for name in page}) == 5
    assert (await ask(per_page=2)).pages == 3


async def test_matches_are_marked_in_the_name(shop, ask):
    found = await ask(q="brass lamp")
    assert found.hits[0].highlight == "<mark>Brass</mark> Table <mark>Lamp</mark>"


class Listening(SearchClient):
    """Counts the queries of each question."""

    def __init__(self, client: SearchClient) -> None:
        super().__init__(client.url, client.api_key, index=client.index, timeout_ms=30_000)
        self.queries: list[int] = []

    async def multi_search(self, body: bytes, kind: Any) -> Any:
        self.queries.append(len(msgspec.json.decode(body)["queries"]))
        return await super().multi_search(body, kind)


async def test_what_was_counted_before_a_choice_is_not_counted_again_after_it(shop, client, engine):
    """And everything is counted as by an engine that knows nothing."""
    listening = Listening(client)
    keeping = Engine(listening)
    choices = ({}, {"brand": ("Diya",)}, {"price_max": "1000"}, {"brand": ("Diya",), "price_max": "1000"})
    for chosen in choices:
        search = normalise(SearchQuery(q="lamp", facets=("brand", "price"), **chosen))
        assert (await keeping.search(search)).facets == (await engine.search(search)).facets
    await listening.close()
    assert listening.queries == [1, 1, 1, 1]
