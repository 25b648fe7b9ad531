"""The seller's pages: one's own products and nobody else's, edited by form; what was not altered stays as it is."""

import html
import re
from uuid import UUID

import pytest

from models.database import Pool
from tests.buying import variant_of
from tests.factories import make_product, make_seller, make_variant
from tests.handlers.pages.filled import filled_form
from tests.handlers.pages.visitor import Seen, Visitor


async def filled(visitor: Visitor, product_id: UUID) -> dict[str, str]:
    """The edit form as the seller first sees it."""
    path = f"/seller/products/{product_id}"
    page = await visitor.get(path)
    assert page.status == 200
    return filled_form(page, path)


def row_form(seen: Seen, product_id: UUID) -> dict[str, str]:
    """What the row of a product in the list would send."""
    row = seen.html.split(f'id="product-{product_id}"')[1].split("</tr>")[0]
    fields = {name: html.unescape(value) for name, value in re.findall(r'name="(\w+)" value="([^"]*)"', row)}
    return {name: value for name, value in fields.items() if name != "csrf_token"}


async def row(database: Pool, product_id: UUID) -> tuple[str, int, int]:
    found = await database.fetchrow(
        "SELECT p.name, v.price_minor, k.on_hand - k.reserved AS free FROM product p"
        " JOIN variant v ON v.product_id = p.id JOIN stock k ON k.variant_id = v.id WHERE p.id = $1",
        product_id,
    )
    return tuple(found)


@pytest.mark.parametrize(
    "path", ["/seller", "/seller/products", "/seller/products?q=lamp&state=active", "/seller/orders"]
)
async def test_every_page_opens_for_a_seller(visitor: Visitor, seller: UUID, path: str) -> None:
    await make_product(seller, name="Brass Lamp", stock=1)
    seen = await visitor.get(path)
    assert seen.status == 200
    assert "Sign out" in seen.text


async def test_an_open_shop_that_cannot_be_paid_is_told_so(visitor: Visitor, seller: UUID, database: Pool) -> None:
    told = "Nothing is paid out before the market knows on which account."
    for state, account, shown in (
        ("pending", "", False),
        ("approved", "fa_ABCDEFGHIJ1234", False),
        ("approved", "", True),
    ):
        await database.execute("UPDATE seller SET state = $1, payout_account = $2", state, account)
        page = (await visitor.get("/seller")).text
        assert (told in re.sub("<[^>]*>", "", page)) is shown
    assert "0 orders" in page


async def test_an_edit_changes_what_was_altered(visitor: Visitor, seller: UUID, database: Pool) -> None:
    product_id = await make_product(seller, name="Brass Lamp")
    variant_id = await variant_of(product_id)
    form = {**await filled(visitor, product_id), "name": "Tall Brass Lamp", f"price-{variant_id}": "₹1,499.50"}
    seen = await visitor.post(f"/seller/products/{product_id}", **form)
    assert seen.status == 303
    assert await row(database, product_id) == ("Tall Brass Lamp", 149_950, 10)
    assert "Shoppers find it in a moment" in (await visitor.get("/seller/products")).text


async def test_what_the_invoice_says_and_how_many_one_buyer_gets_is_the_sellers_to_set(
    visitor: Visitor, seller: UUID, database: Pool
) -> None:
    product_id = await make_product(seller, name="Brass Lamp")
    form = {**await filled(visitor, product_id), "hsn_code": "940", "country_of_origin": "XX", "buyer_limit": "0"}
    seen = await visitor.post(f"/seller/products/{product_id}", **form)
    assert seen.status == 422
    for name in ("hsn_code", "country_of_origin", "buyer_limit"):
        assert f"{name}-error" in seen.html
    for limit in ("00100999999", "1,5", "9" * 5_000):
        seen = await visitor.post(f"/seller/products/{product_id}", **{**form, "buyer_limit": limit})
        assert (seen.status, "buyer_limit-error" in seen.html) == (422, True), limit[:12]
    right = {"hsn_code": "9405", "country_of_origin": "VN", "buyer_limit": "2"}
    assert (await visitor.post(f"/seller/products/{product_id}", **{**form, **right})).status == 303
    facts = "SELECT hsn_code, country_of_origin, buyer_limit FROM product WHERE id = $1"
    assert tuple(await database.fetchrow(facts, product_id)) == ("9405", "VN", 2)
    form = await filled(visitor, product_id)
    await visitor.post(f"/seller/products/{product_id}", **{**form, "buyer_limit": ""})
    assert tuple(await database.fetchrow(facts, product_id)) == ("9405", "VN", None)


async def test_units_sold_while_the_form_was_open_stay_sold(visitor: Visitor, seller: UUID, database: Pool) -> None:
    product_id = await make_product(seller, name="Brass Lamp")
    form = await filled(visitor, product_id)
    await database.execute("UPDATE stock SET on_hand = 4")
    await visitor.post(f"/seller/products/{product_id}", **{**form, "name": "Tall Brass Lamp"})
    assert await row(database, product_id) == ("Tall Brass Lamp", 129_900, 4)


async def test_every_wrong_field_is_named_and_nothing_is_changed(
    visitor: Visitor, seller: UUID, database: Pool
) -> None:
    product_id = await make_product(seller, name="Brass Lamp")
    variant_id = await variant_of(product_id)
    wrong = {"name": " ", f"price-{variant_id}": "free", f"mrp-{variant_id}": "1", f"stock-{variant_id}": "-1"}
    seen = await visitor.post(f"/seller/products/{product_id}", **{**await filled(visitor, product_id), **wrong})
    assert seen.status == 422
    for name in wrong:
        assert f'id="{name}-error"' in seen.html
    assert 'value="free"' in seen.html
    assert await row(database, product_id) == ("Brass Lamp", 129_900, 10)


async def test_price_and_stock_are_edited_in_the_list(visitor: Visitor, seller: UUID, database: Pool) -> None:
    product_id = await make_product(seller, name="Brass Lamp")
    path, form = f"/seller/products/{product_id}/quick", row_form(await visitor.get("/seller/products"), product_id)
    seen = await visitor.post(path, htmx=True, **{**form, "price": "999", "stock": "7"})
    assert seen.status == 200
    assert 'class="saved"' in seen.html
    assert await row(database, product_id) == ("Brass Lamp", 99_900, 7)
    refused = await visitor.post(path, htmx=True, **{**row_form(seen, product_id), "price": "nothing", "stock": "1,5"})
    assert refused.status == 422
    assert "Write a price" in refused.text
    kept = row_form(refused, product_id)
    assert (kept["price"], kept["stock"]) == ("nothing", "1,5"), "what was typed is kept"
    assert (await visitor.post(path, htmx=True, **{**kept, "price": "998", "stock": "6"})).status == 200
    assert await row(database, product_id) == ("Brass Lamp", 99_800, 6)


async def test_a_row_changes_its_own_variant_and_what_was_altered_of_it(
    visitor: Visitor, seller: UUID, database: Pool
) -> None:
    product_id = await make_product(seller, name="Brass Lamp")
    retired = await make_variant(product_id, price_minor=50_000, position=1, options='{"Size": "S"}')
    await database.execute("UPDATE variant SET list_price_minor = 60000, state = 'archived' WHERE id = $1", retired)
    path, form = f"/seller/products/{product_id}/quick", row_form(await visitor.get("/seller/products"), product_id)
    assert (await visitor.post(path, htmx=True, **{**form, "price": "950"})).status == 200
    others = "SELECT price_minor, list_price_minor FROM variant WHERE id = $1"
    assert tuple(await database.fetchrow(others, retired)) == (50_000, 60_000)
    form = row_form(await visitor.get("/seller/products"), product_id)
    await database.execute("UPDATE variant SET price_minor = 97000 WHERE id <> $1", retired)
    await database.execute("UPDATE variant SET state = 'active', options = '{\"Size\": \"S\"}' WHERE id = $1", retired)
    assert (await visitor.post(path, htmx=True, **{**form, "stock": "8"})).status == 200
    prices = [one["price_minor"] for one in await database.fetch("SELECT price_minor FROM variant ORDER BY position")]
    assert prices == [97_000, 50_000], "an old list writes no old price back"
    both = await visitor.post(path, htmx=True, **{**form, "price": "940"})
    assert (both.status, "Changed meanwhile: it is “970” now." in both.text) == (422, True)
    assert row_form(both, product_id)["price"] == "940"
    assert (await visitor.post(path, htmx=True, **row_form(both, product_id))).status == 200
    await database.execute("UPDATE variant SET state = 'archived' WHERE id <> $1", retired)
    gone = await visitor.post(path, htmx=True, **{**form, "price": "930"})
    assert (gone.status, "has changed meanwhile" in gone.text) == (422, True)
    prices = [one["price_minor"] for one in await database.fetch("SELECT price_minor FROM variant ORDER BY position")]
    assert prices == [94_000, 50_000]


async def test_without_scripts_a_refused_row_leads_to_the_page_with_what_was_typed(
    visitor: Visitor, seller: UUID, database: Pool
) -> None:
    product_id = await make_product(seller, name="Brass Lamp")
    at = await variant_of(product_id)
    path, form = f"/seller/products/{product_id}/quick", row_form(await visitor.get("/seller/products"), product_id)
    refused = await visitor.post(path, **{**form, "price": "99,50", "stock": "7"})
    assert (refused.status, f'id="price-{at}-error"' in refused.html) == (422, True)
    page = filled_form(refused, f"/seller/products/{product_id}")
    assert (page[f"price-{at}"], page[f"stock-{at}"]) == ("99,50", "7")
    saved = await visitor.post(f"/seller/products/{product_id}", **{**page, f"price-{at}": "99.50"})
    assert (saved.status, await row(database, product_id)) == (303, ("Brass Lamp", 9_950, 7))
    gone = await visitor.post(path, price="5", stock="5")
    assert (gone.status, "has changed meanwhile" in gone.text) == (422, True)
    form = row_form(await visitor.get("/seller/products"), product_id)
    saved = await visitor.post(path, **{**form, "price": "98"})
    assert saved.location == "/seller/products"
    assert "Shoppers find it" in (await visitor.get(saved.location)).text


async def test_another_sellers_product_is_not_there(visitor: Visitor, seller: UUID) -> None:
    product_id = await make_product(await make_seller(name="Other"), name="Brass Lamp")
    path = f"/seller/products/{product_id}"
    assert (await visitor.get(path)).status == 404
    assert (await visitor.post(path, name="Mine now")).status == 404
    assert (await visitor.post(f"{path}/quick", price="1")).status == 404


async def test_a_state_that_cannot_be_had_is_refused(visitor: Visitor, seller: UUID) -> None:
    product_id = await make_product(seller, name="Brass Lamp")
    form = {**await filled(visitor, product_id), "status": "rejected"}
    assert (await visitor.post(f"/seller/products/{product_id}", **form)).status == 422


async def test_a_shopper_is_no_seller(visitor: Visitor, operator: UUID) -> None:
    assert (await visitor.get("/seller")).status == 403
