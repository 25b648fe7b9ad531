"""The checklist of a product that is not on sale yet: what is needed holds it back, by page and API, in its words."""

import asyncio
import re
from uuid import UUID

import pytest

from models.checklist import product_steps
from models.database import Pool
from models.errors import Invalid
from models.listing import get_listing
from models.pictures import remove_picture
from models.product_input import ProductChange
from models.product_write import change_product
from tests.factories import make_category, make_product
from tests.handlers.pages.filled import filled_form
from tests.handlers.pages.visitor import Visitor
from tests.search.rows import make_image
from tests.wait import until

NEEDED = ("pictures", "category", "description")
PICTURE = "products/0_320.webp"
MISSING = "Still missing: a picture, best two or three; the category, by which shoppers find it; a description."


WAITING = """
SELECT count(*) = $1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'
"""


async def make_complete(seller_id: UUID, *, state: str = "draft", but: str = "") -> UUID:
    category_id = await make_category("Lamps")
    said = {"category": {"category_id": category_id}, "description": {"description": "Cast brass."}}
    columns = {name: value for part, one in said.items() if part != but for name, value in one.items()}
    product_id = await make_product(seller_id, name="Lamp", state=state, stock=0, **columns)
    if but != "pictures":
        await make_image(product_id, PICTURE)
    return product_id


@pytest.mark.parametrize("trusted", [True, False])
async def test_what_was_typed_is_saved_and_what_is_missing_is_told_beside_its_field(
    visitor: Visitor, seller: UUID, database: Pool, *, trusted: bool
) -> None:
    await database.execute("UPDATE seller SET trusted = $1", trusted)
    await make_category("Lamps")
    product_id = await make_product(seller, name="Lamp", state="draft")
    path = f"/seller/products/{product_id}"
    page = await visitor.get(path)
    for step in product_steps(await get_listing(seller, product_id)):
        if not step.done:
            assert f'<a class="link" href="#{step.name}">{step.words}' in page.text
            assert f'id="{step.name}"' in page.html, "the link leads somewhere"
    seen = await visitor.post(path, **filled_form(page, path), brand="Pital", ask="1")
    assert seen.status == 422
    assert f"Saved, but not {'put on sale' if trusted else 'sent to the market'}. {MISSING}" in seen.text
    told = re.findall(r'<[^>]*class="field-error"[^>]*>(?:<svg.*?</svg>)?(.*?)<', seen.text, re.DOTALL)
    assert told == ["Is still missing."] * 3
    assert 'data-dirty="yes"' not in seen.html
    assert tuple(await database.fetchrow("SELECT state, brand FROM product")) == ("draft", "Pital")
    await make_image(product_id, PICTURE)
    form = {**filled_form(seen, path), "category": "lamps", "description": "Cast brass."}
    assert (await visitor.post(path, **form, ask="1")).status == 303, "what the same form brings counts"
    assert await database.fetchval("SELECT state FROM product") == ("active" if trusted else "pending")


@pytest.mark.parametrize("missing", NEEDED)
@pytest.mark.parametrize(("state", "asked"), [("draft", "active"), ("rejected", "pending"), ("archived", "active")])
async def test_nothing_is_sent_without_what_is_needed_and_no_way_round_leads_past(
    seller: UUID, database: Pool, missing: str, state: str, asked: str
) -> None:
    product_id = await make_complete(seller, state=state, but=missing)
    change = ProductChange(status=asked)  # type: ignore[arg-type]
    with pytest.raises(Invalid, match="Still missing: ") as refused:
        await change_product(seller, product_id, change, actor_id=seller)
    assert refused.value.code == "checklist"
    assert [field.field for field in refused.value.fields] == [missing]
    assert await database.fetchval("SELECT state FROM product") == state


@pytest.mark.parametrize("gone", ["category", "description"])
async def test_what_goes_with_the_same_change_is_missing(seller: UUID, database: Pool, gone: str) -> None:
    product_id = await make_complete(seller)
    emptied = ProductChange(status="active", category=None) if gone == "category" else ProductChange(
        status="active", description=" "
    )  # fmt: skip
    with pytest.raises(Invalid) as refused:
        await change_product(seller, product_id, emptied, actor_id=seller)
    assert [field.field for field in refused.value.fields] == [gone]


async def test_advice_holds_nothing_back_and_what_is_on_sale_is_not_asked(seller: UUID, database: Pool) -> None:
    product_id = await make_complete(seller)
    advised = [step for step in product_steps(await get_listing(seller, product_id)) if not step.done]
    assert [(step.name, step.needed) for step in advised] == [("hsn_code", False), ("variants", False)]
    made = await change_product(seller, product_id, ProductChange(status="active"), actor_id=seller)
    assert made.status == "active"
    bare = await make_product(seller)
    change = ProductChange(name="Tall Lamp", status="active")
    assert (await change_product(seller, bare, change, actor_id=seller)).name == "Tall Lamp"


async def test_a_picture_taken_away_in_the_same_moment_is_missed_or_was_there(seller: UUID, database: Pool) -> None:
    """Both hold the product's row: whoever is second sees what the first one did."""
    product_id = await make_complete(seller)
    image_id: UUID = await database.fetchval("SELECT id FROM product_image")
    async with database.acquire() as held:
        hold = held.transaction()
        await hold.start()
        await held.execute("SELECT 1 FROM product FOR UPDATE")
        taking = asyncio.ensure_future(remove_picture(seller, product_id, image_id, actor_id=seller))
        await until(lambda: database.fetchval(WAITING, 1))
        asking = asyncio.ensure_future(
            change_product(seller, product_id, ProductChange(status="active"), actor_id=seller)
        )
        await until(lambda: database.fetchval(WAITING, 2))
        await hold.rollback()
    await taking
    with pytest.raises(Invalid, match="a picture"):
        await asking
