"""A product made by form: all that was typed is kept, as one draft however often it is sent, by whoever may."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from types import MappingProxyType
from uuid import UUID

import pytest

from handlers.pages.category_choice import SHOWN_MAX, category_groups
from models.category_tree import CategoryNode, Tree
from models.database import Pool
from tests.buying import variant_of
from tests.factories import make_category, make_product, make_seller
from tests.handlers.pages.conftest import PASSWORD
from tests.handlers.pages.filled import filled_form
from tests.handlers.pages.visitor import Seen, Visitor
from tests.search.rows import make_image

NEW = "/seller/products/new"
ONCE = re.compile(r'name="once" value="([^"]+)"')
LAMP = {"name": "Brass  Table Lamp", "brand": "Pital", "description": "Cast in one piece.\r\n\r\nHeavy.", "sku": "BL-1",
    "price": "₹2,499.50", "mrp": "2999", "stock": "1,200", "hsn_code": "9405", "country_of_origin": "VN",
    "buyer_limit": "3"}  # fmt: skip
Person = Callable[..., Awaitable[tuple[str, UUID]]]


async def opened(visitor: Visitor) -> str:
    """The word of a form that was opened just now."""
    found = ONCE.search((await visitor.get(NEW)).html)
    assert found
    return found[1]


async def count(database: Pool) -> int:
    found: int = await database.fetchval("SELECT count(*) FROM product")
    return found


def options_of(seen: Seen, name: str) -> str:
    found = re.search(rf'<select[^>]*name="{name}".*?</select>', seen.html, re.DOTALL)
    assert found
    return found[0]


async def test_what_was_typed_becomes_a_draft_and_its_page_says_what_is_missing(
    visitor: Visitor, seller: UUID, database: Pool
) -> None:
    await make_category("Lamps", parent_id=await make_category("Home"))
    assert '<option value="lamps">Lamps</option>' in options_of(await visitor.get(NEW), "category")
    made = await visitor.post(NEW, **LAMP, category="lamps", once=await opened(visitor))
    assert made.status == 303, made.text
    row = await database.fetchrow(
        "SELECT p.*, c.slug AS category, v.sku AS own, price_minor, list_price_minor, on_hand FROM product p"
        " JOIN category c ON c.id = p.category_id JOIN variant v ON v.product_id = p.id"
        " JOIN stock k ON k.variant_id = v.id"
    )
    assert made.location == f"/seller/products/{row['id']}"
    told = {name: row[name] for name in ("name", "brand", "description", "state", "hsn_code", "country_of_origin")}
    assert told == {"name": "Brass Table Lamp", "brand": "Pital", "description": "Cast in one piece.\n\nHeavy.",
                    "state": "draft", "hsn_code": "9405", "country_of_origin": "VN"}  # fmt: skip
    sums = tuple(row[name] for name in ("buyer_limit", "price_minor", "list_price_minor", "on_hand"))
    assert sums == (3, 249_950, 299_900, 1_200)
    assert (row["seller_id"], row["category"], row["sku"], row["own"]) == (seller, "lamps", "BL-1", "BL-1")
    page = await visitor.get(made.location)
    assert "A picture, best two or three: still missing" in re.sub("<[^>]*>", "", page.text)
    assert "The category, by which shoppers find it: done" in re.sub("<[^>]*>", "", page.text)
    assert "Your draft is kept" in page.text


async def test_a_name_and_a_price_are_enough(visitor: Visitor, seller: UUID, database: Pool) -> None:
    assert (await visitor.post(NEW, name="Lamp", price="1", country_of_origin="IN")).status == 303
    row = await database.fetchrow("SELECT p.sku, p.hsn_code, on_hand FROM product p, stock")
    assert row["sku"].startswith("lamp-")
    assert tuple(row)[1:] == ("", 0)


async def test_every_wrong_field_is_named_and_nothing_that_was_typed_is_lost(
    visitor: Visitor, seller: UUID, database: Pool
) -> None:
    wrong = {
        "name": "x" * 201, "brand": "y" * 81, "sku": "z" * 65, "price": "cheap", "stock": "-1", "hsn_code": "940",
        "buyer_limit": "0", "country_of_origin": "XX", "category": "nowhere", "description": "w" * 20_001,
    }  # fmt: skip
    once = await opened(visitor)
    seen = await visitor.post(NEW, **wrong, mrp="7 or so", once=once)
    assert seen.status == 422
    for name in (*wrong, "mrp"):
        assert f'id="{name}-error"' in seen.html, name
    for text in ("x" * 201, "y" * 81, "z" * 65, "cheap", "-1", "940", "7 or so", "w" * 20_001, once):
        assert text in seen.text
    low = await visitor.post(NEW, **{**LAMP, "mrp": "2499"}, once=once)
    assert (low.status, 'id="mrp-error"' in low.html) == (422, True)
    blank = await visitor.post(NEW, name="", price="")
    assert 'id="name-error"' in blank.html
    assert 'id="price-error"' in blank.html
    assert await count(database) == 0
    assert (await visitor.post(NEW, **LAMP, once=once)).status == 303


async def test_a_form_that_is_sent_many_times_at_once_makes_one_product(
    visitor: Visitor, seller: UUID, database: Pool
) -> None:
    form = {**LAMP, "once": await opened(visitor)}
    seen = await asyncio.gather(*(visitor.post(NEW, **form) for _ in range(6)))
    assert {answer.status for answer in seen} == {303}
    assert len({answer.location for answer in seen}) == 1
    form.pop("sku")
    nameless = {**form, "once": await opened(visitor)}
    seen = await asyncio.gather(*(visitor.post(NEW, **nameless) for _ in range(6)))
    assert ({answer.status for answer in seen}, len({answer.location for answer in seen})) == ({303}, 1)
    assert await count(database) == 2
    assert await database.fetchval("SELECT count(*) FROM audit_entry WHERE action = 'product.created'") == 2
    assert await database.fetchval("SELECT sum(on_hand_change) FROM stock_movement") == 2_400


async def test_a_form_that_says_something_else_than_before_asks_and_then_makes_another(
    visitor: Visitor, seller: UUID, database: Pool
) -> None:
    form = {**LAMP, "sku": "", "once": await opened(visitor)}
    first = await visitor.post(NEW, **form)
    asked = await visitor.post(NEW, **{**form, "name": "Copper Lamp"})
    assert asked.status == 409
    assert f'href="{first.location}"' in asked.html
    assert 'value="Copper Lamp"' in asked.html
    assert await count(database) == 1
    again = ONCE.search(asked.html)
    assert again
    assert (await visitor.post(NEW, **{**form, "name": "Copper Lamp", "once": again[1]})).status == 303
    assert await count(database) == 2


async def test_two_tabs_make_two_products_but_not_of_one_sku(visitor: Visitor, seller: UUID, database: Pool) -> None:
    words = [await opened(visitor) for _ in range(4)]
    assert len(set(words)) == 4
    same = await asyncio.gather(*(visitor.post(NEW, **LAMP, once=word) for word in words[:2]))
    assert sorted(answer.status for answer in same) == [303, 422]
    refused = next(answer for answer in same if answer.status == 422)
    assert 'id="sku-error"' in refused.html
    assert "Cast in one piece." in refused.text
    both = await asyncio.gather(*(visitor.post(NEW, **{**LAMP, "sku": ""}, once=word) for word in words[2:]))
    assert [answer.status for answer in both] == [303, 303]
    assert await count(database) == 3


async def test_a_word_of_one_seller_means_nothing_to_another(
    visitor: Visitor, seller: UUID, database: Pool, person: Person
) -> None:
    await visitor.post(NEW, **LAMP, once="word")
    email, user_id = await person("ravi@example.in", role="seller")
    await make_seller(name="Ravi Stores", user_id=user_id)
    other = Visitor(visitor.http)
    await other.sign_in(email, PASSWORD)
    assert (await other.post(NEW, **LAMP, once="word")).status == 303
    assert await count(database) == 2


@pytest.mark.parametrize("state", ["suspended", "rejected"])
async def test_a_seller_who_may_not_write_is_told_and_loses_nothing(
    visitor: Visitor, seller: UUID, database: Pool, state: str
) -> None:
    once = await opened(visitor)
    await database.execute("UPDATE seller SET state = $1", state)
    seen = await visitor.get(NEW)
    assert "Write to the market" in seen.text
    assert 'name="price"' not in seen.html
    assert f'href="{NEW}"' not in (await visitor.get("/seller/products")).html
    refused = await visitor.post(NEW, **LAMP, once=once)
    assert refused.status == 403
    assert "Cast in one piece." in refused.text
    assert state in refused.text
    assert await count(database) == 0


@pytest.mark.parametrize("grant", ["products", "orders", "money"])
async def test_staff_make_products_where_they_were_granted_that(
    visitor: Visitor, person: Person, database: Pool, grant: str
) -> None:
    email, user_id = await person("kiran@example.in")
    seller_id = await make_seller()
    await database.execute("INSERT INTO seller_staff VALUES ($1, $2, $3)", user_id, seller_id, [grant])
    await visitor.sign_in(email, PASSWORD)
    granted = grant == "products"
    assert (await visitor.get(NEW)).status == (200 if granted else 403)
    assert (await visitor.post(NEW, **LAMP)).status == (303 if granted else 403)
    assert (f'href="{NEW}"' in (await visitor.get("/seller")).html) is False
    assert await count(database) == int(granted)


async def test_an_empty_shop_points_to_the_form(visitor: Visitor, seller: UUID) -> None:
    for path in ("/seller", "/seller/products"):
        seen = await visitor.get(path)
        assert f'href="{NEW}"' in seen.html
    assert "Your first product" in seen.text
    await make_product(seller)
    assert f'href="{NEW}"' not in (await visitor.get("/seller")).html
    assert "Your first product" not in (await visitor.get("/seller/products?q=zzz")).text


@pytest.mark.parametrize("state", ["active", "pending"])
async def test_the_button_under_the_checklist_saves_and_asks(
    visitor: Visitor, seller: UUID, database: Pool, state: str
) -> None:
    trusted = state == "active"
    await database.execute("UPDATE seller SET trusted = $1", trusted)
    await make_category("Lamps")
    location = (await visitor.post(NEW, **LAMP)).location
    await make_image(UUID(location.rsplit("/", 1)[1]), "products/0_320.webp")
    button = "put it on sale" if trusted else "ask for approval"
    page = await visitor.get(location)
    assert f"Save and {button}" in page.text
    assert ("once the market agrees" in page.text) is not trusted
    form = {**filled_form(page, location), "name": "Brass Lamp", "category": "lamps"}
    assert (await visitor.post(location, **form, ask="1")).status == 303
    assert tuple(await database.fetchrow("SELECT state, name FROM product")) == (state, "Brass Lamp")
    assert "Before " not in re.sub("<[^>]*>", "", (await visitor.get(location)).text)


async def test_a_field_that_is_emptied_on_the_page_is_emptied(visitor: Visitor, seller: UUID, database: Pool) -> None:
    await make_category("Lamps")
    location = (await visitor.post(NEW, **LAMP, category="lamps")).location
    variant_id = await variant_of(UUID(location.rsplit("/", 1)[1]))
    emptied = ("brand", "description", "category", "hsn_code", f"mrp-{variant_id}")
    form = filled_form(await visitor.get(location), location) | dict.fromkeys(emptied, "")
    bad = await visitor.post(location, **{**form, f"price-{variant_id}": "", f"stock-{variant_id}": ""})
    assert bad.status == 422
    assert f'id="price-{variant_id}-error"' in bad.html
    assert f'id="stock-{variant_id}-error"' in bad.html
    assert not filled_form(bad, location).keys() & {*emptied} - {"description"}, "what was emptied comes back empty"
    assert 'maxlength="20000"></textarea>' in bad.html
    assert (await visitor.post(location, **form)).status == 303
    row = await database.fetchrow(
        "SELECT brand, description, category_id, hsn_code, list_price_minor FROM product, variant"
    )
    assert tuple(row) == ("", "", None, "", None)


def node(slug: str, path: str) -> CategoryNode:
    return CategoryNode(slug=slug, name=slug.title(), path=path, count=0)


def test_categories_are_chosen_below_their_root_and_what_is_chosen_is_always_shown() -> None:
    paths = {"toys": "toys", "home": "home", "lamps": "home/lamps", "floor": "home/lamps/floor"}
    tree = Tree(MappingProxyType({slug: node(slug, path) for slug, path in paths.items()}), {})
    assert category_groups(tree) == [
        ("Home", [("home", "Home, anything else"), ("lamps", "Lamps"), ("floor", "Lamps › Floor")]),
        ("Toys", [("toys", "Toys")]),
    ]
    assert category_groups(tree, ("new", "New"))[1] == ("New", [("new", "New")])
    many = {str(n): node(str(n), str(n)) for n in range(SHOWN_MAX + 1)}
    assert category_groups(Tree(many, {})) == []
