"""Specifications on a product's page: rows by name, value, unit and kind, added and taken away without scripts."""

import re
from uuid import UUID

import pytest

from models.database import Pool
from tests.factories import make_category, make_product, make_seller
from tests.handlers.pages.filled import filled_form
from tests.handlers.pages.visitor import Seen, Visitor
from tests.search.rows import make_specification


def form_of(seen: Seen) -> dict[str, str]:
    """Of the page's first form, which brings all but pictures."""
    found = re.search(r'<form[^>]*action="(/seller/products/[^"/]+)"', seen.html)
    assert found
    return filled_form(seen, found[1])


@pytest.fixture
async def product(seller: UUID, database: Pool) -> UUID:
    category_id = await make_category("Lamps")
    product_id = await make_product(seller, name="Brass Lamp", category_id=category_id, description="Handwoven.")
    await make_specification(product_id, "Material", "Brass")
    await make_specification(product_id, "Height", "40 cm", number=40.0, unit="cm")
    await database.execute("UPDATE specification SET position = 1 WHERE name = 'Height'")
    return product_id


async def told(database: Pool, product_id: UUID) -> list[tuple[object, ...]]:
    rows = await database.fetch(
        "SELECT name, kind, text, number, unit FROM specification WHERE product_id = $1 ORDER BY position", product_id
    )
    return [tuple(row) for row in rows]


BRASS, TALL = ("Material", "text", "Brass", None, ""), ("Height", "number", "40 cm", 40.0, "cm")


async def test_rows_are_added_changed_and_emptied_by_form(visitor: Visitor, product: UUID, database: Pool) -> None:
    path = f"/seller/products/{product}"
    page = await visitor.get(path)
    pressed_by_enter = page.html.split(f'action="{path}"')[1].split("<button")[1]
    assert "name=" not in pressed_by_enter.split(">")[0], "or Enter in a field would take a row away"
    form = form_of(page)
    assert (form["spec-0-name"], form["spec-0-kind"], form["spec-1-value"]) == ("Material", "text", "40")
    added = {"spec-1-value": "45.5", "spec-2-name": "Cable", "spec-2-value": "1,2 m", "spec-3-name": "Dimmer",
             "spec-3-value": "yes", "spec-7-name": "Width", "spec-7-value": "12", "spec-7-unit": "inch"}  # fmt: skip
    seen = await visitor.post(path, **{**form, **added})
    assert seen.status == 303, seen.text
    assert await told(database, product) == [
        BRASS, ("Height", "number", "45.5 cm", 45.5, "cm"), ("Cable", "text", "1,2 m", None, ""),
        ("Dimmer", "boolean", "Yes", 1.0, ""), ("Width", "number", "12 in", 12.0, "in"),
    ]  # fmt: skip
    form = form_of(await visitor.get(path))
    for name in ("spec-0-name", "spec-0-value"):
        del form[name]
    assert (await visitor.post(path, **form)).status == 303
    assert [row[0] for row in await told(database, product)] == ["Height", "Cable", "Dimmer", "Width"]


async def test_more_rows_and_fewer_come_back_unsaved_with_all_that_was_typed(
    visitor: Visitor, product: UUID, database: Pool
) -> None:
    path = f"/seller/products/{product}"
    form = {**form_of(await visitor.get(path)), "name": "Half a name", "spec-2-name": "Cable"}
    more = await visitor.post(path, **form, **{"more-specifications": "1"})
    assert (more.status, more.text.count('name="drop-specification"')) == (200, 3)
    assert len(re.findall(r'name="spec-\d+-name"', more.text)) == 13
    assert {"name": "Half a name", "spec-2-name": "Cable"}.items() <= form_of(more).items()
    assert 'data-dirty="yes"' in more.text
    fewer = await visitor.post(path, **form_of(more), **{"drop-specification": "spec-0-"})
    assert fewer.status == 200
    assert "spec-0-value" not in form_of(fewer)
    assert await told(database, product) == [BRASS, TALL]
    assert (await visitor.post(path, **{**form_of(fewer), "spec-2-value": "2 m"})).status == 303
    assert [row[0] for row in await told(database, product)] == ["Height", "Cable"]


async def test_the_error_stands_beside_its_field_and_nothing_typed_is_lost(
    visitor: Visitor, product: UUID, database: Pool
) -> None:
    path = f"/seller/products/{product}"
    wrong = {"spec-1-value": "tall", "spec-2-name": "material", "spec-2-value": "Iron", "spec-3-value": "alone",
             "spec-4-name": "Bulb", "spec-5-name": "Finish", "spec-5-value": "matt", "spec-5-unit": "cm"}  # fmt: skip
    seen = await visitor.post(path, **{**form_of(await visitor.get(path)), **wrong, "name": "New name"})
    assert seen.status == 422
    for name in ("spec-1-value", "spec-2-name", "spec-3-name", "spec-4-value", "spec-5-value"):
        assert f'id="{name}-error"' in seen.html, name
    assert {**wrong, "name": "New name"}.items() <= form_of(seen).items()
    assert await told(database, product) == [BRASS, TALL]
    assert await database.fetchval("SELECT name FROM product") == "Brass Lamp"


async def test_what_an_import_changed_meanwhile_stays_where_no_row_was_altered(
    visitor: Visitor, product: UUID, database: Pool
) -> None:
    path = f"/seller/products/{product}"
    form = form_of(await visitor.get(path))
    await make_specification(product, "Finish", "Matt")
    assert (await visitor.post(path, **{**form, "name": "Tall Lamp"})).status == 303
    assert len(await told(database, product)) == 3


async def test_what_others_of_the_category_say_is_offered(visitor: Visitor, product: UUID, database: Pool) -> None:
    category_id = await database.fetchval("SELECT id FROM category")
    for _ in range(2):
        other = await make_product(await make_seller(), category_id=category_id)
        await make_specification(other, "Bulb", "9 W", number=9.0, unit="W")
        await make_specification(other, "Material", "Iron")
    hidden = await make_product(await make_seller(), category_id=category_id, state="draft")
    await make_specification(hidden, "Secret", "Iron")
    page = (await visitor.get(f"/seller/products/{product}")).text
    assert '<option value="Bulb"></option>' in page
    assert '<option value="W"></option>' in page
    assert "Others of this category also say: Bulb (W)." in page
    assert "Secret" not in page


NEW = "/seller/products/new"
BELL = {"name": "Brass Bell", "price": "499", "category": "lamps", "once": "word"}


async def test_a_new_product_is_made_with_its_rows_once_and_an_error_beside_one_loses_none(
    visitor: Visitor, seller: UUID, database: Pool
) -> None:
    await make_category("Lamps")
    page = await visitor.get(NEW)
    assert page.html.count('aria-label="Unit of specification') == 2
    pressed_by_enter = page.html.split(f'action="{NEW}"')[1].split("<button")[1]
    assert "name=" not in pressed_by_enter.split(">")[0]
    rows = {"spec-0-name": "Material", "spec-0-value": "Brass", "spec-1-name": "Height", "spec-1-value": "tall",
            "spec-1-unit": "cm", "spec-1-kind": "number", "spec-4-name": "Bulb"}  # fmt: skip
    more = await visitor.post(NEW, **BELL, **rows, **{"more-specifications": "1"})
    assert (more.status, len(re.findall(r'name="spec-\d+-name"', more.text))) == (200, 13)
    assert 'data-dirty="yes"' in more.text
    assert {**BELL, **rows}.items() <= filled_form(more, NEW).items()
    seen = await visitor.post(NEW, **filled_form(more, NEW))
    assert (seen.status, 'id="spec-1-value-error"' in seen.html, 'id="spec-4-value-error"' in seen.html) == (
        422, True, True,
    )  # fmt: skip
    form = filled_form(seen, NEW)
    assert {**BELL, **rows}.items() <= form.items()
    fewer = await visitor.post(NEW, **form, **{"drop-specification": "spec-4-"})
    form = filled_form(fewer, NEW) | {"spec-1-value": "40"}
    assert "spec-4-name" not in form
    made = [await visitor.post(NEW, **form) for _ in range(2)]
    assert [answer.status for answer in made] == [303, 303]
    product_id: UUID = await database.fetchval("SELECT id FROM product")
    assert await told(database, product_id) == [BRASS, TALL]
    other = await visitor.post(NEW, **form | {"spec-1-value": "41"})
    assert (other.status, filled_form(other, NEW)["spec-1-value"]) == (409, "41")


async def test_a_new_product_is_offered_the_rows_of_its_category_and_those_left_empty_say_nothing(
    visitor: Visitor, seller: UUID, product: UUID, database: Pool
) -> None:
    await make_specification(product, "Dimmer", "Yes", number=1.0, kind="boolean")
    bells = await make_category("Bells")
    await make_specification(await make_product(seller, category_id=bells), "Tone", "C")
    picked = await visitor.post(NEW, **BELL, **{"offer-specifications": "1"})
    form = filled_form(picked, NEW)
    assert [form[f"spec-{i}-name"] for i in range(3)] == ["Dimmer", "Height", "Material"]
    assert (form["spec-0-kind"], form["spec-1-unit"], form["spec-1-kind"]) == ("boolean", "cm", "number")
    assert ("placeholder" in picked.html, 'name="drop-specification"' in picked.html) == (True, False)
    form |= {"spec-1-value": "40"}
    wrong = await visitor.post(NEW, **form | {"price": "cheap"})
    assert wrong.status == 422
    assert {name for name, text in form.items() if "spec" in name} == {
        name for name in filled_form(wrong, NEW) if "spec" in name
    } - {"spec-0-value"}
    moved = filled_form(await visitor.post(NEW, **form | {"category": "bells", "offer-specifications": "1"}), NEW)
    names = [moved[name] for name in sorted(moved) if name.endswith("-name")]
    assert names == ["Tone", "Height"], "what was filled in stays"
    assert (await visitor.post(NEW, **form)).status == 303
    made: UUID = await database.fetchval("SELECT id FROM product WHERE name = 'Brass Bell'")
    assert await told(database, made) == [TALL]


async def test_the_page_of_a_product_brings_the_rows_of_the_category_that_is_chosen_on_it(
    visitor: Visitor, seller: UUID, product: UUID, database: Pool
) -> None:
    bells = await make_category("Bells")
    await make_specification(await make_product(seller, category_id=bells), "Tone", "C")
    path = f"/seller/products/{product}"
    form = form_of(await visitor.get(path)) | {"category": "bells", "name": "Bell"}
    seen = await visitor.post(path, **form, **{"offer-specifications": "1"})
    offered = form_of(seen)
    assert (offered["spec-2-name"], offered["spec-2-kind"], offered["name"]) == ("Tone", "text", "Bell")
    assert (await visitor.post(path, **offered)).status == 303
    assert await told(database, product) == [BRASS, TALL]
    typed = await visitor.post(path, **form_of(await visitor.get(path)), **{"spec-2-name": "Tone"})
    assert 'id="spec-2-value-error"' in typed.html, "a name that was typed is not dropped in silence"
