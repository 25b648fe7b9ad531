"""The seller edits and shoppers find it; the operator lets in; everybody else is turned away politely."""

import re
from uuid import UUID

import pytest
from playwright.async_api import Page, expect

from models.product_input import ProductChange
from models.product_write import change_product
from server.context import Context
from tests.browser.conftest import OpenWindow
from tests.browser.people import ADMIN, SELLER, SHOPPER, make_person, sign_in
from tests.browser.stall import Stall
from tests.browser.window import SIZES, Window
from tests.factories import make_product, make_seller
from tests.wait import until

AT_EVERY_SIZE = pytest.mark.parametrize("size", SIZES)
A_MOMENT_S = 30


async def until_search_shows(tab: Page, query: str, *words: str) -> None:
    """What a shopper who asks again and again sees."""

    async def shown() -> bool:
        await tab.goto(f"/search?q={query}")
        text = await tab.locator("#results").inner_text()
        return all(word in text for word in words)

    await until(shown, timeout_s=A_MOMENT_S)


@AT_EVERY_SIZE
async def test_a_sellers_edit_is_found_a_moment_later(window: Window, tab: Page, stall: Stall) -> None:
    await tab.goto("/seller/products?q=cane")
    await sign_in(tab, SELLER)
    await expect(tab.locator("h1")).to_have_text("Products")
    await tab.get_by_role("link", name="Cane Floor Lamp").click()
    await tab.get_by_label("Name", exact=True).fill("Rattan Reading Lamp")
    await tab.get_by_label("Price (₹) of Cane Floor Lamp", exact=True).fill("2,999.50")
    await tab.get_by_label("Free stock of Cane Floor Lamp", exact=True).fill("3")
    await tab.get_by_role("button", name="Save").click()
    await expect(tab.locator(".toast")).to_contain_text("Shoppers find it in a moment")
    shopper = await window.tab()
    await until_search_shows(shopper, "rattan", "Rattan Reading Lamp", "₹2,999.50")
    await shopper.get_by_role("link", name="Rattan Reading Lamp").click()
    await expect(shopper.get_by_text("Only 3 left")).to_be_visible()


async def test_a_sellers_quick_edit_refuses_nonsense_and_keeps_what_is_right(
    window: Window, tab: Page, stall: Stall
) -> None:
    window.allow("422 POST")
    await tab.goto("/seller/products")
    await sign_in(tab, SELLER)
    row = tab.get_by_role("row", name=re.compile("Brass Table Lamp"))
    await row.get_by_label("Price of Brass Table Lamp in rupees").fill("cheap")
    await row.get_by_role("button", name="Save").click()
    await expect(row.locator(".field-error")).to_contain_text("such as 1299")
    await row.get_by_label("Price of Brass Table Lamp in rupees").fill("1,999")
    await row.get_by_role("button", name="Save").click()
    await expect(tab.locator("tr.saved")).to_contain_text("Brass Table Lamp")
    await until_search_shows(await window.tab(), "brass", "₹1,999")


@AT_EVERY_SIZE
async def test_what_the_operator_approves_can_be_found(
    window: Window, tab: Page, stall: Stall, context: Context
) -> None:
    await make_person(context, ADMIN, role="admin")
    await make_product(stall.seller_id, name="Peacock Throne", state="pending")
    newcomer = await make_seller(name="Nayi Dukaan", state="pending")
    await make_product(newcomer, name="Copper Water Jug")
    shopper = await window.tab()
    await shopper.goto("/search?q=copper+jug")
    await expect(shopper.get_by_role("heading", name="Nothing found for “copper jug”")).to_be_visible()
    await expect(shopper.locator(".card", has_text="Copper Water Jug")).to_have_count(0)
    await tab.goto("/admin/products")
    await sign_in(tab, ADMIN)
    await tab.get_by_role("button", name="Approve Peacock Throne").click()
    await expect(tab.locator(".toast", has_text="Approved.")).to_be_visible()
    await until_search_shows(shopper, "peacock", "Peacock Throne")
    await tab.get_by_role("link", name="Sellers").click()
    await tab.get_by_role("button", name="Approve Nayi Dukaan").click()
    await expect(tab.locator(".toast", has_text="Approved.")).to_be_visible()
    await until_search_shows(shopper, "copper+jug", "Copper Water Jug", "Nayi Dukaan")


async def read_by_the_operator(window: Window, tab: Page, stall: Stall, context: Context) -> UUID:
    """A product that waits, on the operator's page; what is refused there is no fault of the page."""
    window.allow("422 POST")
    await make_person(context, ADMIN, role="admin")
    product_id = await make_product(stall.seller_id, name="Peacock Throne", state="pending")
    await tab.goto("/admin/products")
    await sign_in(tab, ADMIN)
    return product_id


async def test_a_refusal_wants_a_reason_which_the_seller_reads(
    window: Window, tab: Page, stall: Stall, context: Context, open_window: OpenWindow
) -> None:
    product_id = await read_by_the_operator(window, tab, stall, context)
    await tab.get_by_role("button", name="Refuse Peacock Throne").click()
    await expect(tab.locator(".toast", has_text="Say why")).to_be_visible()
    await tab.get_by_label("Reason to refuse Peacock Throne").fill("The pictures show another chair.")
    await tab.get_by_role("button", name="Refuse Peacock Throne").click()
    await expect(tab.locator(".toast", has_text="Refused")).to_be_visible()
    seller = await (await open_window()).tab()
    await seller.goto(f"/seller/products/{product_id}")
    await sign_in(seller, SELLER)
    await expect(seller.get_by_text("The pictures show another chair.")).to_be_visible()


async def test_what_was_rewritten_while_the_operator_looked_is_shown_anew(
    window: Window, tab: Page, stall: Stall, context: Context
) -> None:
    product_id = await read_by_the_operator(window, tab, stall, context)
    await change_product(stall.seller_id, product_id, ProductChange(name="Plastic Stool"), actor_id=stall.seller_id)
    await tab.get_by_role("button", name="Approve Peacock Throne").click()
    await expect(tab.locator("article", has_text="nothing was decided")).to_contain_text("Plastic Stool")
    await tab.get_by_role("button", name="Approve Plastic Stool").click()
    await expect(tab.locator(".toast", has_text="Approved.")).to_be_visible()


async def test_a_shopper_is_refused_politely_at_both_desks(
    window: Window, tab: Page, stall: Stall, context: Context
) -> None:
    window.allow("403 GET")
    await make_person(context, SHOPPER)
    await sign_in(tab, SHOPPER)
    for desk in ("/admin", "/admin/products", "/seller", "/seller/products"):
        answer = await tab.goto(desk)
        assert answer is not None
        assert answer.status == 403
        await expect(tab.locator("h1")).to_have_text("This part is for somebody else")
        await expect(tab.get_by_role("link", name="To the market")).to_be_visible()
