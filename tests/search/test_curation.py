"""Pins, boosts and hides on both engines: in their places, within the filters, no product twice and none lost."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.base import uuid7
from models.database import pool
from models.merchandising import Item, RuleInput, create_rule, publish_rule, unpublish_rule
from search.client import SearchClient
from search.curation import Curation, Places, Ruled, curation_of
from search.engine import Engine
from search.query import SearchQuery, normalise
from search.rules import Rules
from tests.factories import make_category, make_product, make_seller

ACTOR = uuid7()
LAMPS = [f"Lamp {number}" for number in range(1, 8)]  # the first sells best


@pytest.fixture(params=["meilisearch", "postgres"])
async def ask(request, engine, database, port) -> AsyncIterator[Any]:
    """A search by its parameters, on either engine: names and total."""
    nowhere = SearchClient(f"http://127.0.0.1:{port}", "", index="none", timeout_ms=200)
    chosen = engine if request.param == "meilisearch" else Engine(nowhere, facets_ttl_s=0)
    chosen.rules = Rules(kept_s=0)

    async def answer(**parameters: Any) -> tuple[list[str], int]:
        found = await chosen.search(normalise(SearchQuery(**parameters)))
        assert found.engine == request.param
        return [hit.name for hit in found.hits], found.total

    yield answer
    await nowhere.close()


@pytest.fixture(params=["meilisearch", "postgres"])
async def suggest(request, engine, database, port) -> AsyncIterator[Any]:
    """Names of the products that either engine suggests."""
    nowhere = SearchClient(f"http://127.0.0.1:{port}", "", index="none", timeout_ms=200)
    chosen = engine if request.param == "meilisearch" else Engine(nowhere, facets_ttl_s=0)
    chosen.rules = Rules(kept_s=0)

    async def answer(text: str) -> list[str]:
        found = await chosen.suggest(text)
        assert found.engine == request.param
        return [product.name for product in found.products]

    yield answer
    await nowhere.close()


@pytest.fixture
async def shop(database, drain) -> dict[str, UUID]:
    """Seven lamps, the odd ones of brand Diya, and a vase; products by name.

    No SKU has the word lamp in it or begins with a number: how well they match is the same for all of them.
    """
    seller, shelf = await make_seller(), await make_category("Lamps")
    made = {}
    for number, name in enumerate(LAMPS, start=1):
        made[name] = await make_product(
            seller,
            name=name,
            sku=f"W{number}",
            category_id=shelf,
            brand="Diya" if number % 2 else "Kagaz",
            sales_count=1000 // number,
        )
    made["Vase"] = await make_product(seller, name="Vase", brand="Kiln")
    made["Draft"] = await make_product(seller, name="Lamp draft", state="draft")
    await drain()
    return made


async def publish(*items: Item, **target: Any) -> UUID:
    target = target or {"query": "lamp"}
    rule = await create_rule(RuleInput(name="Test", items=list(items), **target), actor_id=ACTOR)
    await publish_rule(rule.id, version=1, actor_id=ACTOR)
    return rule.id


def pin(product: UUID, position: int) -> Item:
    return Item(action="pin", product_id=product, position=position)


async def pages(ask: Any, size: int, **parameters: Any) -> list[str]:
    """All pages of this size, one after the other; each says the same total."""
    found: list[str] = []
    number = 1
    while True:
        names, total = await ask(page=number, per_page=size, **parameters)
        found += names
        number += 1
        if not names:
            assert len(found) == total
            return found


async def test_every_page_size_shows_the_same_order_with_everything_once(shop, ask):
    """`Vase` lacks the word and is pinned; the brand Kagaz is boosted; Lamp 1 is hidden; the draft cannot be pinned."""
    await publish(
        pin(shop["Vase"], 2),
        pin(shop["Lamp 7"], 5),
        pin(shop["Draft"], 1),
        Item(action="boost", brand="kagaz"),
        Item(action="boost", product_id=shop["Lamp 5"]),
        Item(action="hide", product_id=shop["Lamp 1"]),
    )
    found = await pages(ask, 20, q="lamp", facets=())
    assert found[1] == "Vase"
    assert found[4] == "Lamp 7"
    rest = [name for name in found if name not in {"Vase", "Lamp 7"}]
    assert set(rest[:4]) == {"Lamp 2", "Lamp 4", "Lamp 6", "Lamp 5"}
    assert rest[4:] == ["Lamp 3"]
    for size in (1, 2, 3, 5):
        assert await pages(ask, size, q="lamp", facets=()) == found, size


async def test_pins_beyond_the_end_stand_at_the_end(shop, ask):
    await publish(pin(shop["Vase"], 90), pin(shop["Lamp 3"], 50))
    names, total = await ask(q="lamp")
    assert (names[-2:], total, len(names)) == (["Lamp 3", "Vase"], 8, 8)


async def test_a_pin_must_pass_the_filters_of_the_shopper(shop, ask):
    await publish(pin(shop["Vase"], 1), pin(shop["Lamp 6"], 2))
    names, total = await ask(q="lamp", brand=("Kagaz",))
    assert (names[1], len(names), total) == ("Lamp 6", 3, 3)
    assert "Vase" not in names


async def test_an_order_that_the_shopper_chose_is_kept_and_hides_still_hold(shop, ask):
    await publish(pin(shop["Lamp 7"], 1), Item(action="hide", brand="DIYA"))
    names, total = await ask(q="lamp", sort="best_selling")
    assert (names, total) == (["Lamp 2", "Lamp 4", "Lamp 6"], 3)


async def test_a_category_rule_holds_on_its_page_and_not_where_words_are_searched(shop, ask):
    await publish(pin(shop["Lamp 7"], 1), category="lamps")
    assert (await ask(category="lamps"))[0][0] == "Lamp 7"
    assert (await ask(category="lamps", q="lamp"))[0][0] == "Lamp 1"


async def test_what_is_hidden_from_a_query_is_not_suggested_for_it(shop, suggest):
    await publish(
        pin(shop["Vase"], 1), Item(action="hide", product_id=shop["Lamp 1"]), Item(action="hide", brand="KAGAZ")
    )
    assert sorted(await suggest("LAMP ")) == ["Lamp 3", "Lamp 5", "Lamp 7"]
    assert "Lamp 1" in await suggest("lam")


async def test_counts_of_facets_leave_out_what_is_hidden(shop, engine):
    engine.rules = Rules(kept_s=0)
    await publish(Item(action="hide", brand="Diya"))
    found = await engine.search(normalise(SearchQuery(q="lamp")))
    (brand,) = [facet for facet in found.facets if facet.name == "brand"]
    assert {value.value: value.count for value in brand.values} == {"Kagaz": 3}


async def test_rules_begin_and_end_by_the_clock_of_the_database(shop, ask):
    now = datetime.now(UTC)
    later = {"query": "lamp", "starts_at": now + timedelta(hours=1)}
    rule_id = await publish(pin(shop["Lamp 7"], 1), **later)
    assert (await ask(q="lamp"))[0][0] != "Lamp 7"
    await pool().execute("UPDATE merchandising_rule SET starts_at = now() - interval '1 second'")
    assert (await ask(q="lamp"))[0][0] == "Lamp 7"
    await pool().execute("UPDATE merchandising_rule SET ends_at = now()")
    assert (await ask(q="lamp"))[0][0] != "Lamp 7"
    await pool().execute("UPDATE merchandising_rule SET ends_at = NULL")
    await unpublish_rule(rule_id, version=2, actor_id=ACTOR)
    assert (await ask(q="lamp"))[0][0] != "Lamp 7"


async def test_a_draft_changes_nothing_and_the_latest_published_rule_decides(shop, ask):
    await create_rule(RuleInput(name="Draft", query="lamp", items=[pin(shop["Lamp 6"], 1)]), actor_id=ACTOR)
    assert (await ask(q="lamp"))[0][0] != "Lamp 6"
    await publish(pin(shop["Lamp 7"], 1), Item(action="hide", product_id=shop["Lamp 5"]))
    await publish(pin(shop["Vase"], 1), pin(shop["Lamp 5"], 3))
    assert (await ask(q="lamp"))[0][:3] == ["Vase", "Lamp 7", "Lamp 5"]


@given(
    positions=st.lists(st.integers(1, 30), unique=True, max_size=6).map(sorted),
    others=st.integers(0, 30),
    size=st.integers(1, 12),
)
def test_pages_of_any_size_hold_every_result_once_in_one_order(positions, others, size):
    pins, rest = [f"pin {p}" for p in positions], [f"other {i}" for i in range(others)]
    places = Places.of(positions, others)
    whole = places.page(0, 100, pins, rest)
    paged = []
    for first in range(0, 60, size):
        offset, count = places.window(first, size)
        paged += places.page(first, size, pins, rest[offset : offset + count])
    assert paged == whole
    assert sorted(whole) == sorted([*pins, *rest])
    assert [whole[p - 1] for p in positions if p <= others] == [f"pin {p}" for p in positions if p <= others]


def test_of_several_rules_the_first_decides_and_a_taken_place_moves_down():
    items = [Ruled("pin", "a", "", 1), Ruled("hide", "b", "", 0), Ruled("pin", "c", "", 1), Ruled("boost", "b", "", 0)]
    assert curation_of(items) == Curation(pins=((1, "a"), (2, "c")), hidden=("b",))


@pytest.mark.parametrize(
    "values",
    ["'pin', NULL, 'Diya', 1", "'boost', NULL, NULL, NULL", "'hide', NULL, '', NULL", "'boost', NULL, 'Diya', 1",
     "'bury', NULL, 'Diya', NULL"],
)  # fmt: skip
async def test_the_database_itself_refuses_impossible_items(database, values):
    rule = await create_rule(RuleInput(name="Test", query="x"), actor_id=ACTOR)
    statement = f"INSERT INTO merchandising_item VALUES ('{rule.id}', 0, {values})"
    with pytest.raises(asyncpg.CheckViolationError):
        await database.execute(statement)
