"""A product's page that stood open while the product changed: what nobody altered follows, the rest is told once."""

import asyncio
import re
from uuid import UUID

import pytest

from models.database import Pool
from models.listing import Listing, get_listing
from models.product_input import NewSpecification, NewVariant, ProductChange, VariantChange
from models.product_write import change_product
from tests.buying import variant_of
from tests.factories import make_category, make_product
from tests.handlers.pages.filled import filled_form
from tests.handlers.pages.visitor import Seen, Visitor
from tests.search.rows import make_image, make_specification
from tests.wait import until

WAITING = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


@pytest.fixture
async def product(seller: UUID) -> UUID:
    lamps = await make_category("Lamps")
    product_id = await make_product(seller, name="Lamp", sku="LAMP", stock=10, category_id=lamps, description="Brass.")
    await make_specification(product_id, "Material", "Brass")
    return product_id


async def opened(visitor: Visitor, product: UUID) -> tuple[str, dict[str, str]]:
    path = f"/seller/products/{product}"
    return path, filled_form(await visitor.get(path), path)


async def elsewhere(seller: UUID, product: UUID, **fields: object) -> Listing:
    """What another tab or a program saves."""
    change = ProductChange(**fields)  # type: ignore[arg-type]
    return await change_product(seller, product, change, actor_id=seller)


def error_of(seen: Seen, field: str) -> str:
    found = re.search(rf'id="{field}-error">(.*?)</span>', seen.html, re.DOTALL)
    return Seen(200, re.sub("<[^>]*>", "", found[1]), {}).text.strip() if found else ""


async def free(database: Pool) -> int:
    found: int = await database.fetchval("SELECT on_hand - reserved FROM stock ORDER BY variant_id LIMIT 1")
    return found


async def test_units_that_are_sold_while_an_altered_stock_is_saved_are_told_and_stay_sold(
    visitor: Visitor, product: UUID, database: Pool
) -> None:
    """The page has read the product and waits for its lock."""
    at = await variant_of(product)
    path, form = await opened(visitor, product)
    async with database.acquire() as connection, connection.transaction():
        await connection.execute("SELECT FROM product WHERE id = $1 FOR UPDATE", product)
        saving = asyncio.create_task(visitor.post(path, **{**form, f"stock-{at}": "12"}))
        await until(lambda: database.fetchval(WAITING))
        await connection.execute("UPDATE stock SET on_hand = 7")
    refused = await saving
    assert (refused.status, await free(database)) == (422, 7)
    assert error_of(refused, f"stock-{at}").startswith("Changed meanwhile: it is “7” now.")
    assert (await visitor.post(path, **filled_form(refused, path))).status == 303
    assert await free(database) == 12


@pytest.mark.parametrize("button", ["more-variants", "more-specifications"])
async def test_units_that_are_sold_before_the_form_comes_back_stay_sold(
    visitor: Visitor, product: UUID, database: Pool, button: str
) -> None:
    path, form = await opened(visitor, product)
    await database.execute("UPDATE stock SET on_hand = 7")
    again = await visitor.post(path, **{**form, "name": "Tall Lamp", button: "1"})
    assert (again.status, again.text.count("hanged meanwhile")) == (200, 0)
    assert (await visitor.post(path, **filled_form(again, path))).status == 303
    assert await free(database) == 7


async def test_units_that_are_sold_before_an_error_is_mended_stay_sold(
    visitor: Visitor, product: UUID, database: Pool
) -> None:
    path, form = await opened(visitor, product)
    await database.execute("UPDATE stock SET on_hand = 7")
    wrong = await visitor.post(path, **{**form, "hsn_code": "940"})
    assert wrong.status == 422
    await database.execute("UPDATE stock SET on_hand = 5")
    assert (await visitor.post(path, **{**filled_form(wrong, path), "hsn_code": "9405"})).status == 303
    assert await free(database) == 5


async def test_what_the_seller_did_not_touch_stays_as_another_tab_left_it(
    visitor: Visitor, seller: UUID, product: UUID, database: Pool
) -> None:
    only = await variant_of(product)
    path, form = await opened(visitor, product)
    await make_category("Tables")
    small = NewVariant(options={"Size": "S"}, price_minor=90_000, list_price_minor=95_000, stock=2)
    changed = VariantChange(id=only, sku="L-M", options={"Size": "M"}, price_minor=150_000, list_price_minor=160_000)
    said = [NewSpecification(name="Height", value="40 cm")]
    await elsewhere(seller, product, name="Brass Lamp", brand="Pital", category="tables", hsn_code="9405",
                    country_of_origin="VN", buyer_limit=3, variants=[changed], new_variants=[small],
                    specifications=said)  # fmt: skip
    later = await elsewhere(seller, product, variants=[VariantChange(id=only, status="archived")], status="archived")
    saved = await visitor.post(path, **{**form, "description": "Cast in one piece.\r\n\r\nHeavy."})
    assert saved.status == 303, saved.text
    after = await get_listing(seller, product)
    assert after.description == "Cast in one piece.\n\nHeavy."
    same = ("name", "brand", "category", "hsn_code", "country_of_origin", "buyer_limit", "status", "variants",
            "specifications")  # fmt: skip
    assert {name: getattr(after, name) for name in same} == {name: getattr(later, name) for name in same}


async def test_what_both_altered_is_refused_once_beside_its_field_with_the_present_value(
    visitor: Visitor, seller: UUID, product: UUID, database: Pool
) -> None:
    at = await variant_of(product)
    await make_category("Tables")
    await make_category("Chairs")
    path, form = await opened(visitor, product)
    his = VariantChange(id=at, sku="HIS", options={"Size": "M", "Fit": "Slim"}, price_minor=140_000,
                        list_price_minor=150_000, stock=4)  # fmt: skip
    here = {"name": "Hers", "brand": "Hers", "description": "Hers", "category": "chairs", "status": "draft",
            "hsn_code": "9403", "country_of_origin": "CN", "buyer_limit": "5", f"price-{at}": "1,600",
            f"mrp-{at}": "1,700", f"stock-{at}": "12", f"sku-{at}": "HERS", f"option-0-name-{at}": "Size",
            f"option-0-value-{at}": "L"}  # fmt: skip
    facts = {"hsn_code": "9405", "country_of_origin": "VN", "buyer_limit": 3, "category": "tables"}
    said = dict.fromkeys(("name", "brand", "description"), "His")
    before = await elsewhere(seller, product, **facts, **said, status="archived", variants=[his])
    refused = await visitor.post(path, **{**form, **here})
    assert refused.status == 422
    now = {"name": "His", "brand": "His", "description": "His", "category": "Tables", "status": "Archived",
           "hsn_code": "9405", "country_of_origin": "Vietnam", "buyer_limit": "3", f"price-{at}": "1400",
           f"mrp-{at}": "1500", f"stock-{at}": "4", f"sku-{at}": "HIS",
           f"option-0-value-{at}": "Fit: Slim, Size: M"}  # fmt: skip
    words = "Changed meanwhile: it is “{}” now. Save again to keep what you typed."
    assert {name: error_of(refused, name) for name in now} == {name: words.format(value) for name, value in now.items()}
    assert here.items() <= filled_form(refused, path).items(), "what was typed is kept"
    assert (await get_listing(seller, product)) == before
    assert (await visitor.post(path, **filled_form(refused, path))).status == 303
    after = await get_listing(seller, product)
    assert (after.name, after.brand, after.description, after.category, after.status, after.hsn_code) == (
        "Hers", "Hers", "Hers", "chairs", "draft", "9403",
    )  # fmt: skip
    assert (after.country_of_origin, after.buyer_limit) == ("CN", 5)
    (one,) = after.variants
    assert (one.price_minor, one.list_price_minor, one.stock, one.sku, one.options) == (
        160_000, 170_000, 12, "HERS", {"Size": "L"},
    )  # fmt: skip


async def test_rows_of_specifications_that_both_altered_are_told_too(
    visitor: Visitor, seller: UUID, product: UUID
) -> None:
    path, form = await opened(visitor, product)
    mine = {**form, "spec-1-name": "Height", "spec-1-value": "40", "spec-1-unit": "cm"}
    said = [NewSpecification(name="Material", value="Copper"), NewSpecification(name="Dimmer", value=True)]
    await elsewhere(seller, product, specifications=said)
    refused = await visitor.post(path, **mine)
    assert refused.status == 422
    assert "Changed meanwhile: it is “Material: Copper; Dimmer: Yes” now." in refused.text
    kept = filled_form(refused, path)
    assert (kept["spec-0-value"], kept["spec-1-name"]) == ("Brass", "Height")
    assert [one.text for one in (await get_listing(seller, product)).specifications] == ["Copper", "Yes"]
    assert (await visitor.post(path, **kept)).status == 303
    assert [one.text for one in (await get_listing(seller, product)).specifications] == ["Brass", "40 cm"]


async def test_a_button_that_brings_rows_does_not_hide_what_changed_meanwhile(
    visitor: Visitor, seller: UUID, product: UUID
) -> None:
    path, form = await opened(visitor, product)
    price = f"price-{await variant_of(product)}"
    await elsewhere(seller, product, price_minor=140_000)
    shown = await visitor.post(path, **{**form, price: "1600", "more-specifications": "1"})
    refused = await visitor.post(path, **filled_form(shown, path))
    assert (refused.status, error_of(refused, price)[:40]) == (422, "Changed meanwhile: it is “1400” now. Sav")


async def test_a_form_without_what_it_was_filled_with_overwrites_nothing_unasked(
    visitor: Visitor, seller: UUID, product: UUID, database: Pool
) -> None:
    path, form = await opened(visitor, product)
    await database.execute("UPDATE stock SET on_hand = 7")
    for was in ({}, {"was": "[1"}, {"was": '{"name": 1}'}):
        old = {name: text for name, text in form.items() if name != "was"} | was
        refused = await visitor.post(path, **{**old, "description": "Of brass."})
        assert refused.status == 422
        assert error_of(refused, "description").startswith("Changed meanwhile: it is “Brass.” now")
        assert error_of(refused, f"stock-{await variant_of(product)}").startswith("Changed meanwhile: it is “7” now")
        assert error_of(refused, "name") == ""
    assert await free(database) == 7


@pytest.mark.parametrize("clicks", ["at once", "in turn"])
async def test_a_new_variant_that_a_double_click_sends_twice_is_made_once(
    visitor: Visitor, seller: UUID, product: UUID, database: Pool, clicks: str
) -> None:
    at = await variant_of(product)
    path, form = await opened(visitor, product)
    form |= {"name": "Tall  Lamp", "description": "<p>Of brass</p>", f"price-{at}": "₹1,500", f"stock-{at}": "1,000",
             f"option-0-name-{at}": "Size", f"option-0-value-{at}": "M", "spec-1-name": "Height",
             "spec-1-value": "40 cm", "option-0-name-new-0": "Size", "option-0-value-new-0": "L",
             "price-new-0": "1,600", "stock-new-0": "3"}  # fmt: skip
    if clicks == "at once":
        both = await asyncio.gather(*(visitor.post(path, **form) for _ in range(2)))
    else:
        both = [await visitor.post(path, **form) for _ in range(2)]
    assert [seen.status for seen in both] == [303, 303], [re.findall(r'-error">.*', seen.text) for seen in both]
    after = await get_listing(seller, product)
    assert [(one.options, one.price_minor, one.stock) for one in after.variants] == [
        ({"Size": "M"}, 150_000, 1_000), ({"Size": "L"}, 160_000, 3),
    ]  # fmt: skip
    assert [one.name for one in after.specifications] == ["Material", "Height"]
    assert await database.fetchval("SELECT count(*) FROM audit_entry WHERE action = 'product.changed'") == 1


async def test_asking_for_approval_twice_is_asking_once(visitor: Visitor, seller: UUID, database: Pool) -> None:
    await database.execute("UPDATE seller SET trusted = false")
    product_id = await make_product(
        seller, name="Lamp", state="draft", description="Of brass.", category_id=await make_category("Lamps")
    )
    await make_image(product_id, "products/0_320.webp")
    path, form = await opened(visitor, product_id)
    both = await asyncio.gather(*(visitor.post(path, **form, ask="1") for _ in range(2)))
    late = await visitor.post(path, **form, ask="1")
    assert [seen.status for seen in (*both, late)] == [303, 303, 303]
    assert await database.fetchval("SELECT state FROM product") == "pending"


async def test_rows_that_wait_for_the_market_are_the_ones_that_are_gone_on_with(
    visitor: Visitor, seller: UUID, product: UUID, database: Pool
) -> None:
    await database.execute("UPDATE seller SET trusted = false")
    path, form = await opened(visitor, product)
    colour = {"spec-1-name": "Colour", "spec-1-value": "Gold"}
    assert (await visitor.post(path, **{**form, **colour})).status == 303
    page = await visitor.get(path)
    assert "Shoppers see the product as it is here until then, but for the specifications." in page.text
    form = filled_form(page, path)
    assert colour.items() <= form.items()
    assert (await visitor.post(path, **{**form, "spec-2-name": "Weight", "spec-2-value": "2 kg"})).status == 303
    wanted = await database.fetchval("SELECT wanted FROM product_change WHERE state = 'pending'")
    assert re.findall(r'"name": ?"(\w+)"', wanted) == ["Material", "Colour", "Weight"]
    assert [one.name for one in (await get_listing(seller, product)).specifications] == ["Material"]


async def test_a_country_that_the_list_does_not_have_stays(
    visitor: Visitor, seller: UUID, product: UUID, database: Pool
) -> None:
    await database.execute("UPDATE product SET country_of_origin = 'FR'")
    path, form = await opened(visitor, product)
    assert form["country_of_origin"] == "FR"
    assert (await visitor.post(path, **{**form, "name": "Tall Lamp"})).status == 303
    after = await get_listing(seller, product)
    assert (after.name, after.country_of_origin) == ("Tall Lamp", "FR")
