"""A change that waits for the market, as its seller finds it on the product's page and takes it back."""

from uuid import UUID

import aiohttp
import pytest

from handlers.pages.flash import EARLIER
from handlers.pages.product_form import NOT_ASKED
from models.base import uuid7
from models.change_queue import decide_change, list_changes
from models.database import Pool, pool
from models.listing import get_listing
from models.pictures import add_picture, remove_picture
from models.product_change import NewPicture, VariantWish, Wanted, find_change
from models.product_input import NewVariant, ProductChange, VariantChange
from models.product_write import change_product
from tests.buying import variant_of
from tests.factories import insert, make_product, make_seller
from tests.handlers.pages.filled import filled_form
from tests.handlers.pages.visitor import Visitor
from tests.handlers.test_media import picture


@pytest.fixture
async def product(seller: UUID, database: Pool) -> UUID:
    """On sale, of a seller whom the market does not trust."""
    await database.execute("UPDATE seller SET trusted = false")
    return await make_product(seller, name="Kurta", sku="KURTA", stock=4)


async def test_who_takes_a_change_back_reads_whether_pictures_went_with_it(
    visitor: Visitor, seller: UUID, product: UUID
) -> None:
    path = f"/seller/products/{product}"
    change = ProductChange(name="Linen Kurta")
    await change_product(seller, product, change, actor_id=seller)
    assert (await visitor.post(f"{path}/change/withdraw")).location == path
    told = (await visitor.get(path)).text
    assert ("Taken back" in told, "pictures that waited" in told) == (True, False)
    await change_product(seller, product, change, actor_id=seller)
    await add_picture(seller, product, uuid7(), key="b.webp", actor_id=seller)
    assert (await visitor.post(f"{path}/change/withdraw")).location == path
    assert "pictures that waited are gone" in (await visitor.get(path)).text


async def test_who_takes_a_product_off_sale_reads_what_went_with_it(
    visitor: Visitor, seller: UUID, product: UUID
) -> None:
    path = f"/seller/products/{product}"
    for with_picture, words in (
        (False, "what waited for the market is taken back."),
        (True, "its new pictures are gone"),
    ):
        await change_product(seller, product, ProductChange(name="Linen Kurta"), actor_id=seller)
        if with_picture:
            await add_picture(seller, product, uuid7(), key="b.webp", actor_id=seller)
        form = filled_form(await visitor.get(path), path)
        assert (await visitor.post(path, **{**form, "status": "archived"})).status == 303
        told = (await visitor.get(path)).text
        assert (words in told, "Shoppers do not see it any more" in told) == (True, True)
        await pool().execute("UPDATE product SET state = 'active'")


async def test_a_seller_who_is_trusted_by_now_reads_what_holds_and_what_still_waits(
    visitor: Visitor, seller: UUID, product: UUID, database: Pool
) -> None:
    path = f"/seller/products/{product}"
    await change_product(seller, product, ProductChange(name="Linen Kurta"), actor_id=seller)
    await add_picture(seller, product, waits := uuid7(), key="b.webp", actor_id=seller)
    shown = await insert("product_image", product_id=product, key="a.webp", position=0)
    await remove_picture(seller, product, shown, actor_id=seller)
    assert (await visitor.post(f"{path}/pictures/{waits}/remove")).status == 303
    assert "The market is not asked for it any more." in (await visitor.get(path)).text
    await add_picture(seller, product, waits := uuid7(), key="c.webp", actor_id=seller)
    await database.execute("UPDATE seller SET trusted = true")
    page = await visitor.get(path)
    assert "this change goes on waiting until it is looked at, but for what you say anew" in page.text
    assert (await visitor.post(path, **{**filled_form(page, path), "brand": "Asha"})).status == 303
    assert f"Saved. Shoppers find it in a moment. {EARLIER}" in (await visitor.get(path)).text
    assert (await get_listing(seller, product)).brand == "Asha"
    assert await sent_picture(visitor, path) == 303
    assert f"Added, shoppers see it in a moment. {EARLIER}" in (await visitor.get(path)).text
    assert (await visitor.post(f"{path}/pictures/{shown}/remove")).status == 303
    assert f"Taken away. {EARLIER}" in (await visitor.get(path)).text
    assert await wanted_of(seller, product) == Wanted(name="Linen Kurta", added=(NewPicture(waits, "c.webp"),))
    assert (await visitor.post(f"{path}/pictures/{waits}/remove")).status == 303, "its button stands on the page"
    assert await wanted_of(seller, product) == Wanted(name="Linen Kurta")
    form = filled_form(await visitor.get(path), path)
    assert (await visitor.post(path, **{**form, "name": "Silk Kurta"})).status == 303
    told = (await visitor.get(path)).text
    assert ("Saved. Shoppers find it in a moment." in told, EARLIER in told) == (True, False)
    assert await sent_picture(visitor, path) == 303
    assert EARLIER not in (await visitor.get(path)).text


async def test_who_is_not_trusted_reads_that_pictures_wait(visitor: Visitor, seller: UUID, product: UUID) -> None:
    path = f"/seller/products/{product}"
    assert await sent_picture(visitor, path) == 303
    assert "Shoppers see it once the market has looked at it." in (await visitor.get(path)).text
    shown = await insert("product_image", product_id=product, key="a.webp", position=0)
    assert (await visitor.post(f"{path}/pictures/{shown}/remove")).status == 303
    assert "Shoppers see it until the market agrees that it goes." in (await visitor.get(path)).text


async def sent_picture(visitor: Visitor, path: str) -> int:
    form = aiohttp.FormData({"csrf_token": await visitor.token()})
    form.add_field("picture", picture(), filename="a.png", content_type="image/png")
    return (await visitor.ask("POST", f"{path}/pictures", data=form)).status


async def wanted_of(seller: UUID, product: UUID) -> Wanted:
    found = await find_change(seller, product)
    return found.wanted if found and found.state == "pending" else Wanted()


def sizes_of(form: dict[str, str]) -> list[str]:
    return [value for name, value in form.items() if name.startswith("option-0-value-")]


async def test_variants_that_wait_are_gone_on_with_in_the_form_and_shoppers_see_the_old_ones(
    visitor: Visitor, seller: UUID, product: UUID
) -> None:
    path, only = f"/seller/products/{product}", await variant_of(product)
    more = await visitor.post(path, **filled_form(await visitor.get(path), path), **{"more-variants": "1"})
    parts = {f"option-0-name-{only}": "Size", f"option-0-value-{only}": "M", f"stock-{only}": "9",
             "option-0-name-new-0": "Size", "option-0-value-new-0": "L", "price-new-0": "1399", "stock-new-0": "6",
             f"price-{only}": "1,250"}  # fmt: skip
    form = {**filled_form(more, path), **parts}
    assert (await visitor.post(path, **form)).status == 303
    assert (await visitor.post(path, **form)).status == 303, "sent twice"
    live = await get_listing(seller, product)
    assert [(v.options, v.price_minor, v.stock) for v in live.variants] == [({}, 125_000, 9)]
    ((wish,), (new,)) = (wanted := await wanted_of(seller, product)).variants, wanted.new_variants
    assert (wish, new.options, new.sku) == (VariantWish(id=only, options={"Size": "M"}), {"Size": "L"}, "KURTA-l")
    page = await visitor.get(path)
    assert "The market looks at the change first; price and stock hold from now on." in page.text
    assert "Shoppers see the product as it is here until then, but for the variants." in page.text
    assert page.text.count("below wait for the market; shoppers see this") == 1
    form = filled_form(page, path)
    assert (sizes_of(form), form[f"price-{new.id}"], form[f"stock-{new.id}"]) == (["M", "L"], "1399", "6")
    assert (await visitor.post(path, **form)).status == 303
    assert await wanted_of(seller, product) == wanted, "saved as it is it goes on waiting"
    form |= {f"price-{new.id}": "999", f"stock-{new.id}": "2", f"option-0-value-{new.id}": "XL"}
    assert (await visitor.post(path, **form)).status == 303
    (new,) = (await wanted_of(seller, product)).new_variants
    assert (new.options, new.price_minor, new.stock) == ({"Size": "XL"}, 99_900, 2)
    form = {**filled_form(await visitor.get(path), path), f"state-{new.id}": "archived"}
    del form[f"option-0-value-{only}"]
    assert (await visitor.post(path, **form)).status == 303
    assert await wanted_of(seller, product) == Wanted()


async def test_errors_of_variants_that_wait_stand_beside_their_fields(
    visitor: Visitor, seller: UUID, product: UUID
) -> None:
    path, only = f"/seller/products/{product}", await variant_of(product)
    asked = ProductChange(
        variants=[VariantChange(id=only, options={"Size": "M"})],
        new_variants=[NewVariant(options={"Size": "L"}, price_minor=5)],
    )
    await change_product(seller, product, asked, actor_id=seller)
    wanted = await wanted_of(seller, product)
    at = wanted.new_variants[0].id
    form = filled_form(await visitor.get(path), path)
    sku = form[f"sku-{only}"]
    for wrong, field in (
        ({f"option-0-value-{at}": "m"}, f"option-0-value-{at}"),
        ({f"price-{at}": "cheap"}, f"price-{at}"),
        ({f"sku-{at}": sku}, f"sku-{at}"),
    ):
        seen = await visitor.post(path, **{**form, **wrong})
        assert (seen.status, f'id="{field}-error"' in seen.html) == (422, True), wrong
    last = await visitor.post(path, **{**form, f"state-{only}": "archived"})
    assert (last.status, f'id="state-{only}-error"' in last.html) == (422, True)
    assert "What waits for the market does not count yet" in last.text
    assert await wanted_of(seller, product) == wanted


async def test_a_variant_that_was_refused_while_the_form_was_open_is_told_once_and_then_gone(
    visitor: Visitor, seller: UUID, product: UUID, database: Pool
) -> None:
    path, only = f"/seller/products/{product}", await variant_of(product)
    asked = ProductChange(
        variants=[VariantChange(id=only, options={"Size": "M"})],
        new_variants=[NewVariant(options={"Size": "L"}, price_minor=500)],
    )
    await change_product(seller, product, asked, actor_id=seller)
    at = (await wanted_of(seller, product)).new_variants[0].id
    form = filled_form(await visitor.get(path), path)
    ((seen,), _) = await list_changes()
    await decide_change(seen.id, version=seen.version, approve=False, actor_id=uuid7(), reason="No")
    told = await visitor.post(path, **{**form, f"price-{at}": "7", f"price-{only}": "900"})
    assert (told.status, NOT_ASKED in told.text) == (422, True)
    again = filled_form(told, path)
    assert (again[f"price-{only}"], f"price-{at}" in again) == ("900", False)
    assert (await visitor.post(path, **again)).status == 303
    assert [(v.options, v.price_minor) for v in (await get_listing(seller, product)).variants] == [({}, 90_000)]
    assert await wanted_of(seller, product) == Wanted()
    assert (await visitor.post(path, **form, brand="Asha")).status == 303, "what was not altered is not told"


async def test_the_operator_reads_what_variants_are_called_now_and_what_they_shall_be(
    visitor: Visitor, operator: UUID, database: Pool
) -> None:
    seller_id = await make_seller(trusted=False)
    product_id = await make_product(seller_id, sku="KURTA", variants=2)
    await database.execute(
        "UPDATE variant SET sku = 'K-' || position, options = jsonb_build_object('Size', position::text)"
    )
    first, second = [row["id"] for row in await database.fetch("SELECT id FROM variant ORDER BY position")]
    asked = ProductChange(
        variants=[
            VariantChange(id=first, options={"Size": "<b>Small</b>"}, sku="K-S"),
            VariantChange(id=second, status="archived"),
        ],
        new_variants=[NewVariant(options={"Size": "XL"}, price_minor=99_900, list_price_minor=120_000, stock=1_200)],
    )
    await change_product(seller_id, product_id, asked, actor_id=seller_id)
    page = await visitor.get("/admin/products/changes")
    for part in (">0</del>", "&lt;b&gt;Small&lt;/b&gt;</ins>", "K-0</del>", "K-S</ins>",
                 "Size: 1 · SKU K-1 · no longer sold",
                 "Size: XL · SKU KURTA-xl · ₹999 · MRP ₹1,200 · 1,200 in stock</ins>"):  # fmt: skip
        assert part in page.html, part
    change_id = await database.fetchval("SELECT id FROM product_change")
    path = f"/admin/products/changes/{change_id}"
    form = filled_form(page, path)
    bad = NewVariant(options={"Size": "Call 98450"}, price_minor=1)
    await change_product(seller_id, product_id, ProductChange(new_variants=[bad]), actor_id=seller_id)
    again = await visitor.post(path, **form, decision="approve")
    assert (again.status, "Call 98450" in again.text) == (409, True)
    assert await database.fetchval("SELECT count(*) FROM variant") == 2
    assert (await visitor.post(path, **filled_form(again, path), decision="approve")).status == 303
    rows = await database.fetch("SELECT options->>'Size' AS size FROM variant ORDER BY position")
    assert [row["size"] for row in rows] == ["<b>Small</b>", "1", "XL", "Call 98450"]
