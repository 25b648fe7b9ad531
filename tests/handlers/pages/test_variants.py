"""Variants on a product's page: SKU, options and sale of each below its price, new ones too, without scripts."""

from uuid import UUID

import pytest

from models.database import Pool
from tests.buying import variant_of
from tests.factories import make_product
from tests.handlers.pages.filled import filled_form
from tests.handlers.pages.visitor import Visitor


@pytest.fixture
async def product(seller: UUID) -> UUID:
    return await make_product(seller, name="Kurta", sku="KURTA", stock=4)


async def told(database: Pool) -> list[tuple[object, ...]]:
    rows = await database.fetch(
        "SELECT v.sku, v.options, v.price_minor, v.list_price_minor, k.on_hand, v.state"
        "  FROM variant v JOIN stock k ON k.variant_id = v.id ORDER BY position"
    )
    return [tuple(row) for row in rows]


async def test_a_variant_is_added_beside_the_one_that_gets_its_size_and_another_retired(
    visitor: Visitor, product: UUID, database: Pool
) -> None:
    path, only = f"/seller/products/{product}", await variant_of(product)
    form = filled_form(await visitor.get(path), path)
    assert "price-new-0" not in form
    shown = await visitor.post(path, **{**form, "more-variants": "1", "name": "Kurta of linen"})
    assert (shown.status, 'name="price-new-0"' in shown.html) == (200, True)
    assert filled_form(shown, path)["name"] == "Kurta of linen"
    parts = {f"sku-{only}": "K-M", f"option-0-name-{only}": "Size", f"option-0-value-{only}": "M",
             "option-0-name-new-0": "Size", "option-0-value-new-0": "L", "price-new-0": "₹1,399", "mrp-new-0": "1500",
             "stock-new-0": "6"}  # fmt: skip
    saved = await visitor.post(path, **{**filled_form(shown, path), **parts})
    assert saved.status == 303, saved.text
    assert await told(database) == [
        ("K-M", '{"Size": "M"}', 129_900, None, 4, "active"),
        ("KURTA-l", '{"Size": "L"}', 139_900, 150_000, 6, "active"),
    ]
    page = await visitor.get(path)
    more = await visitor.post(path, **filled_form(page, path), **{"more-variants": "1"})
    assert filled_form(more, path)["option-0-name-new-0"] == "Size", "what the others differ in is there already"
    assert (await visitor.post(path, **filled_form(more, path))).status == 303, "a row of which nothing is said is none"
    assert (await visitor.post(path, **{**filled_form(page, path), f"state-{only}": "archived"})).status == 303
    assert [row[-1] for row in await told(database)] == ["archived", "active"]
    assert "no longer sold" in (await visitor.get(path)).text


async def test_errors_stand_beside_their_fields_and_nothing_that_was_typed_is_lost(
    visitor: Visitor, product: UUID, database: Pool
) -> None:
    path, only = f"/seller/products/{product}", await variant_of(product)
    before, form = await told(database), filled_form(await visitor.get(path), path)
    form |= {f"option-0-name-{only}": "Size", f"option-0-value-{only}": "M"}
    same = {"option-0-name-new-0": "size", "option-0-value-new-0": "m", "price-new-0": "9"}
    for wrong, fields in (
        (same, ["option-0-value-new-0"]),
        ({**same, "price-new-0": "cheap", "mrp-new-0": "x"}, ["price-new-0", "mrp-new-0"]),
        ({"option-0-value-new-0": "L"}, ["price-new-0", "option-0-name-new-0"]),
        ({**same, "option-0-value-new-0": "x" * 61}, ["option-0-value-new-0"]),
        ({**same, "option-0-value-new-0": "L", "mrp-new-0": "8"}, ["mrp-new-0"]),
        ({**same, "option-0-value-new-0": "L", "stock-new-0": "-1"}, ["stock-new-0"]),
        ({f"sku-{only}": "x" * 65}, [f"sku-{only}"]),
        ({f"sku-{only}": ""}, [f"sku-{only}"]),
        ({f"state-{only}": "archived"}, [f"state-{only}"]),
        ({f"state-{only}": "gone"}, [f"state-{only}"]),
        ({f"option-1-name-{only}": "SIZE", f"option-1-value-{only}": "M"}, [f"option-1-name-{only}"]),
    ):
        seen = await visitor.post(path, **{**form, **wrong, "name": "Linen"})
        assert seen.status == 422, wrong
        for field in fields:
            assert f'id="{field}-error"' in seen.html, (wrong, field)
        kept = {name: value for name, value in wrong.items() if value and value != "gone"}
        assert {**kept, "name": "Linen"}.items() <= filled_form(seen, path).items(), wrong
        assert ("<details open>" in seen.html) is any(str(only) in field for field in fields)
    assert await told(database) == before


async def test_what_was_sold_while_the_form_was_open_stays_sold(
    visitor: Visitor, product: UUID, database: Pool
) -> None:
    path, only = f"/seller/products/{product}", await variant_of(product)
    form = filled_form(await visitor.get(path), path)
    await database.execute("UPDATE stock SET on_hand = 1")
    form |= {f"option-0-name-{only}": "Size", f"option-0-value-{only}": "M", "option-0-name-new-0": "Size",
             "option-0-value-new-0": "L", "price-new-0": "9"}  # fmt: skip
    assert (await visitor.post(path, **form)).status == 303
    assert [row[4] for row in await told(database)] == [1, 0]
