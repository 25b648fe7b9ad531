"""Specifications of any name: few fields in the engine, and the answers of a field of their own, cut lists included."""

import asyncio
import math
from typing import Any
from uuid import UUID

import pytest

from models.base import uuid7
from search.admin import SearchAdmin
from search.client import SearchClient
from search.document import key_of
from search.engine import Engine
from search.guard import keep_true
from search.index import MAX_FACET_VALUES
from search.query import SearchQuery, normalise
from search.reconcile import reconcile
from search.slots import ENDS, OWN, REST, SPEC, digits, field_of, fold, mark, named, number_of, read
from search.source import read_documents
from tests.factories import make_category, make_product, make_seller
from tests.search.rows import make_specification
from tests.wait import until

MANY = MAX_FACET_VALUES + 20


def crowd() -> list[str]:
    """Three names that share a slot, in the order of their marks: what comes last is cut first."""
    names = [f"Trait {number}" for number in range(400)]
    mates = [name for name in names if field_of(key_of(name)) == field_of(key_of(names[0]))]
    return sorted(mates[:3], key=lambda name: mark(key_of(name)))


LOUD, QUIET, SIZE = crowd()
LOUD_KEY, QUIET_KEY, SIZE_KEY = map(key_of, (LOUD, QUIET, SIZE))


def test_numbers_are_digits_that_sort_as_they_do():
    numbers = [-math.inf, -1e300, -12.5, -1.0, -1e-9, 0.0, 1e-300, 0.1, 1.0, 1.5, 2.0, 99_999.0, 1e12, math.inf]
    texts = [digits(number) for number in numbers]
    assert texts == sorted(texts)
    assert [number_of(text) for text in texts] == numbers
    assert digits(-0.0) == digits(0.0)


def test_a_slot_tells_each_specification_its_own_values_only():
    listed = {f"{mark('sheen')}=Matt": 2, f"{mark('sheen')}#{digits(12.5)}": 3, f"{mark('grip')}=Matt": 9}
    assert read("sheen", listed) == ({"Matt": 2, "12.5": 3}, (12.5, 12.5))
    assert read("grip", listed) == ({"Matt": 9}, None)
    assert read("other", listed) == ({}, None)


def test_products_are_named_by_few_texts_that_no_two_share():
    alike = [f"016f5e76-{number:04x}-7300-8b8f-e3e6ae5d8b40" for number in range(20_000)]
    names = [named(product) for product in (*alike, *(str(uuid7()) for _ in range(20_000)))]
    assert len({tuple(name) for name in names}) == len(names)
    assert len({part for name in names for part in name}) == 5 * 512


async def test_the_engine_has_few_fields_whatever_sellers_write(database, line):
    product = await make_product(await make_seller())
    for number in range(1_000):
        await make_specification(product, f"Trait {number}", str(number), number=number if number % 2 else None)
    for key in OWN:
        await make_specification(product, key, "some")
    (document,) = await read_documents(line, [product])
    held = fold(document)
    assert len(document.spec) == 1_000 + len(OWN)
    assert (len(held[SPEC]), len(held[REST]), len(held[ENDS])) == (len(OWN), 48, 8)
    assert sum(len(texts) for texts in held[REST].values()) == 1_000


@pytest.fixture
async def shelf(database, drain) -> list[UUID]:
    """As many values in one slot as fill its list, of a text and of a number, beside one of few values."""
    seller, category = await make_seller(), await make_category("Yarns")
    products = []
    for number in range(MANY):
        product = await make_product(
            seller, name=f"Yarn {'wool' if number % 2 else 'silk'}", category_id=category, price_minor=1_000 + number
        )
        await make_specification(product, LOUD, f"loud {number}")
        await make_specification(product, QUIET, "rare" if number == 7 else "odd" if number % 2 else "even")
        await make_specification(product, SIZE, f"{number / 4} m", number=number / 4 - 5, unit="m")
        if number < 3:
            await make_specification(product, "Twisted", "yes", number=number % 2, kind="boolean")
            await make_specification(product, "Ply", "3" if number else "three", number=3 if number else None)
        products.append(product)
    await drain()
    return products


def facet(found: Any, key: str) -> Any:
    return next(facet for facet in found.facets if facet.name == f"spec.{key}")


def counted(found: Any, key: str) -> dict[str, int]:
    return {value.value: value.count for value in facet(found, key).values}


async def test_a_slot_whose_list_is_cut_answers_as_a_field_of_its_own(shelf, ask, port):
    assert len({field_of(key) for key in (LOUD_KEY, QUIET_KEY, SIZE_KEY)}) == 1
    assert not {LOUD_KEY, QUIET_KEY, SIZE_KEY, "twisted", "ply"} & OWN
    nowhere = SearchClient(f"http://127.0.0.1:{port}", "", index="none", timeout_ms=200)
    degraded = Engine(nowhere, facets_ttl_s=0)
    for parameters in ({"category": "yarns"}, {"q": "yarn"}, {"q": "yarn", "price_min": "10.01"}):
        found = await ask(**parameters)
        truth = await degraded.search(normalise(SearchQuery(**parameters)))
        assert (found.engine, truth.engine) == ("meilisearch", "postgres")
        for key in (QUIET_KEY, "twisted"):
            assert counted(found, key) == counted(truth, key), (parameters, key)
            assert facet(found, key).kind == facet(truth, key).kind
        sizes, wanted = facet(found, SIZE_KEY), facet(truth, SIZE_KEY)
        assert (sizes.kind, sizes.unit, sizes.low, sizes.high) == ("range", "m", wanted.low, wanted.high)
        assert [bar.count for bar in sizes.bars] == [bar.count for bar in wanted.bars]
        assert (len(sizes.values), len(counted(found, LOUD_KEY))) == (30, 30)
    whole = await ask(category="yarns")
    assert (counted(whole, "ply"), facet(whole, "ply").low) == ({"three": 1, "3": 2}, 3)
    assert counted(whole, QUIET_KEY) == {"even": MANY // 2, "odd": MANY // 2 - 1, "rare": 1}
    assert (facet(whole, SIZE_KEY).low, facet(whole, SIZE_KEY).high) == (-5, (MANY - 1) / 4 - 5)
    await nowhere.close()


async def test_what_shares_a_slot_is_filtered_exactly(shelf, ask):
    for spec, total in (
        ({QUIET: ("rare",)}, 1),
        ({QUIET: ("RARE", "odd")}, MANY // 2),
        ({LOUD: ("rare",)}, 0),
        ({SIZE: ("-5",)}, 1),
        ({SIZE: ("-4.5..-4", "0")}, 4),
        ({SIZE: ("..-4.75",)}, 2),
        ({SIZE: (f"{MANY / 4 - 5.5}..",)}, 2),
        ({SIZE: ("7..-7",)}, 0),
        ({SIZE: ("..1",), QUIET: ("odd", "rare")}, 12),
        ({"Ply": ("3",)}, 2),
        ({"ply": ("three", "3.0")}, 3),
        ({"ply": ("2..",)}, 2),
        ({"twisted": ("true",)}, 1),
        ({"twisted": ("false",)}, 2),
        ({"Nowhere": ("x", "1..2")}, 0),
    ):
        found = await ask(spec=spec, facets=("none",))
        assert (found.engine, found.total) == ("meilisearch", total), spec


async def test_what_is_chosen_in_a_cut_slot_hides_no_other_choice(shelf, ask):
    found = await ask(category="yarns", spec={QUIET: ("rare",), SIZE: ("-5..0",)})
    assert found.total == 1
    assert counted(found, QUIET_KEY) == {"odd": 9, "rare": 1, "even": 11}
    assert (facet(found, SIZE_KEY).low, facet(found, SIZE_KEY).high) == (7 / 4 - 5, 7 / 4 - 5)
    assert counted(found, LOUD_KEY) == {"loud 7": 1}


async def test_an_index_of_another_release_is_made_anew_and_meanwhile_not_believed(shelf, settings, client, bumps, ask):
    """Set right in place it would have our fields, and nothing in them."""
    old = {
        "displayedAttributes": ["id", "name", "spec", "version"],
        "filterableAttributes": ["brand", "categories", "spec.*"],
    }
    admin = SearchAdmin(client)
    assert not await admin.outdated(client.index)
    await admin._run(lambda: admin._client.index(client.index).update_settings(old))
    await admin.apply_settings(client.index)
    assert await admin.outdated(client.index)
    found = await reconcile(settings.database.url, client)
    assert (found.outdated, found.compared, found.repaired) == (True, 0, 0)
    assert (await ask(spec={QUIET: ("rare",)})).engine == "postgres"
    stop = asyncio.Event()
    guard = asyncio.create_task(keep_true(settings.database.url, client, stop, bump=bumps, look_s=0.05))

    async def renewed() -> bool:
        return not await admin.outdated(client.index)

    await until(renewed, timeout_s=30)
    stop.set()
    await guard
    client.breaker.succeeded()
    found = await ask(spec={QUIET: ("rare",)})
    assert (found.engine, found.total, bumps.count > 0) == ("meilisearch", 1, True)
    assert await admin.drifted(client.index) == []
