"""What either engine forgives, what it ranks first, and what it says when it had to leave words out."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from models.database import pool
from search.client import SearchClient
from search.engine import Engine
from search.query import SearchQuery, normalise
from tests.factories import make_category, make_product, make_seller
from tests.search.rows import make_specification


@pytest.fixture(params=("meilisearch", "postgres"))
async def ask(request, engine, database, port) -> AsyncIterator[Any]:
    """The answer to a text, of either engine."""
    nowhere = SearchClient(f"http://127.0.0.1:{port}", "", index="none", timeout_ms=200)
    chosen = engine if request.param == "meilisearch" else Engine(nowhere, facets_ttl_s=0)

    async def answer(q: str, **parameters: Any):
        found = await chosen.search(normalise(SearchQuery(q=q, **parameters)))
        assert found.engine == request.param
        return found

    yield answer
    await nowhere.close()


@pytest.fixture
async def shop(database, drain) -> None:
    seller = await make_seller()
    home = await make_category("Home")
    mats, chairs = (
        await make_category("Chair Mats", parent_id=home),
        await make_category("Office Chairs", parent_id=home),
    )
    audio, beds = await make_category("Headphones", parent_id=home), await make_category("Nightstands", parent_id=home)
    rows = (
        ("Clear Chair Mat for Wood Floors", mats, 900),
        ("Walnut Office Chair with Wheels", chairs, 2),
        ("Studio Headphones, 40 mm", audio, 3),
        ("Oak Nightstand, 55 cm", beds, 1),
        ("Laptop (16 GB RAM, 512 GB)", None, 5),
        ("सूती साड़ी", None, 5),
        ("क्\u200dया किताब", None, 5),
        ("Ceramic Mug", None, 0),
        ("Face Wash, 50 ml", None, 900),
        ("Steel Flask, 500 ml", None, 1),
        ("Wool Carpet", None, 1),
        ("Iron Shelf", None, 900),
    )
    for number, (name, category, sold) in enumerate(rows):
        brand = "Studio" if name == "Ceramic Mug" else "Diya"
        product = await make_product(
            seller, name=name, sku=f"QX{number}00Z", category_id=category, brand=brand, sales_count=sold
        )  # no SKU has words of the name in it
        if name.startswith("Laptop"):
            await make_specification(product, "Screen", "15.6 inch", number=15.6, unit="inch")
        if name == "Iron Shelf":
            await make_specification(product, "Assembly", "Carpenter needed")
    await drain()


def names(found: Any) -> list[str]:
    return [hit.name.split(",")[0].split(" (")[0] for hit in found.hits]


MEANT = {
    "head phones": "Studio Headphones",
    "night stand": "Oak Nightstand",
    "nightstands": "Oak Nightstand",
    "bedside table": "Oak Nightstand",
    "officechair": "Walnut Office Chair with Wheels",
    "ofice chiar": "Walnut Office Chair with Wheels",
    "chair office walnut": "Walnut Office Chair with Wheels",
    "16gb laptop": "Laptop",
    "laptop 16 GB": "Laptop",
    '15.6" laptop': "Laptop",
    "15.6 inches": "Laptop",
    '"walnut" -chair': "Walnut Office Chair with Wheels",
    "साड़ी": "सूती साड़ी",
    "क्\u200dया": "क्\u200dया किताब",
    "क्या किताब": "क्\u200dया किताब",
}


async def test_what_was_meant_is_found_first(shop, ask):
    found = {q: await ask(q) for q in MEANT}
    assert {q: names(answer)[:1] for q, answer in found.items()} == {q: [name] for q, name in MEANT.items()}
    assert [q for q, answer in found.items() if answer.relaxed] == []
    sku = await pool().fetchval("SELECT sku FROM product WHERE name LIKE 'Oak%'")
    assert names(await ask(sku))[:1] == ["Oak Nightstand"]
    assert names(await ask("studio")) == ["Ceramic Mug", "Studio Headphones"], "of that brand first"
    for q in ("chair", "chairs"):
        assert names(await ask(q)) == ["Walnut Office Chair with Wheels", "Clear Chair Mat for Wood Floors"]


async def test_a_typo_is_looked_for_in_names_and_not_in_whatever_is_told_of_a_product(shop, ask):
    for q in ("carpet", "carpte", "wool carpte"):
        assert names(await ask(q)) == ["Wool Carpet"]
    for q in ("carpenter", "carpente", "shelf needed"):
        assert names(await ask(q)) == ["Iron Shelf"]


async def test_a_measure_is_never_taken_for_one_that_is_a_slip_away(shop, ask):
    for q in ("500 ml", "500ml", "500ML steel"):
        assert names(await ask(q)) == ["Steel Flask"]
    assert names(await ask("50 m")) == ["Face Wash"]
    assert (await ask("502 ml")).total == 0
    assert (await ask("flask 502 ml")).dropped == ("502ml",)


async def test_words_that_were_left_out_are_said(shop, ask):
    found = await ask("walnut unobtainium chair")
    assert (found.relaxed, found.dropped) == (True, ("unobtainium",))
    assert names(found) == ["Walnut Office Chair with Wheels"]
    kept = await ask("oak chair")
    assert (kept.dropped, names(kept)[0]) == (("oak",), "Walnut Office Chair with Wheels")
    assert (await ask("17gb laptop")).dropped == ("17gb",)
    assert (await ask("walnut chair")).dropped == ()
    found = await ask("unobtainium qwzx")
    assert (found.total, found.hits, found.relaxed, found.dropped) == (0, (), False, ())


async def test_letters_with_dots_are_one_word_in_what_is_asked_and_in_what_is_told(database, drain, ask):
    seller = await make_seller()
    rows = (
        ("Smart TV", "Diya", "Clear and bright."),
        ("Vega T.V.", "Diya", "Clear and bright."),
        ("Wall Bracket", "Diya", "Holds a T.V. of any make."),
        ("Hub with U.S.B. ports", "M.K.E.", "For the desk."),
        ("Polo T-Shirt, V-Neck", "Diya", "Of cotton."),
        ("Vitamin C Soap", "Diya", "With a scent."),
        ("Split AC", "Diya", "Cools a room."),
        ("Acrylic Tray", "Diya", "For tea."),
    )
    for number, (name, brand, description) in enumerate(rows):
        await make_product(seller, name=name, brand=brand, description=description, sku=f"QX{number}00Z")
    await drain()
    for q in ("t.v.", "T.V", "tv", "television"):
        assert sorted(names(await ask(q))) == ["Smart TV", "Vega T.V.", "Wall Bracket"], q
    for q, found in {"a.c.": ["Split AC"], "split a.c.": ["Split AC"], "a.c": ["Acrylic Tray", "Split AC"]}.items():
        assert sorted(names(await ask(q))) == found, "only what has no last dot may be unfinished"
    for q in ("u.s.b.", "usb hub", "U.S.B hub", "mke", "m.k.e. hub"):
        assert names(await ask(q)) == ["Hub with U.S.B. ports"], q
    await pool().execute(
        "INSERT INTO synonym (id, kind, term, words) VALUES (gen_random_uuid(), 'one_way', 'g.a.d.g.e.t', $1)",
        ["u.s.b."],
    )
    if (found := await ask("gadget")).engine == "postgres":  # the other one learns words by a job
        assert names(found) == ["Hub with U.S.B. ports"]


async def test_a_thing_is_not_taken_for_another_that_is_a_slip_away(database, drain, ask):
    seller = await make_seller()
    for number, name in enumerate(("Silk Saree", "Screen for Projectors", "Shoe Stand", "Shelf of Oak")):
        await make_product(seller, name=name, brand="Diya", sku=f"QX{number}00Z")
    await drain()
    meant = {"saree": "Silk Saree", "sarees": "Silk Saree", "shoes": "Shoe Stand", "shoes stands": "Shoe Stand"}
    assert {q: names(await ask(q)) for q in meant} == {q: [name] for q, name in meant.items()}
    slips = {"sareee": "Silk Saree", "stnad": "Shoe Stand", "screne": "Screen for Projectors"}
    assert {q: names(await ask(q))[:1] for q in slips} == {q: [name] for q, name in slips.items()}, "still forgiven"
