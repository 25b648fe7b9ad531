"""A guest searches, narrows, shares what is found and goes back; the same with scripts switched off."""

import re

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import OpenWindow
from tests.browser.stall import Stall
from tests.browser.window import SIZES

pytestmark = pytest.mark.parametrize("size", SIZES)


async def narrow(tab: Page, size: str) -> None:
    if size == "phone":
        await tab.get_by_role("link", name="Filters").tap()


async def widen(tab: Page, size: str) -> None:
    if size == "phone":
        await tab.get_by_role("button", name="Show 1 result").tap()


async def test_a_guest_finds_while_typing_filters_and_shares_the_address(
    tab: Page, stall: Stall, size: str, open_window: OpenWindow
) -> None:
    await tab.goto("/")
    await tab.get_by_role("combobox", name="Search the market").press_sequentially("tabel")
    await expect(tab.get_by_role("option", name="Brass Table Lamp")).to_be_visible()
    await tab.keyboard.press("Enter")
    await expect(tab.locator("h1")).to_have_text("Results for “tabel”")
    await tab.evaluate("window.sameDocument = true")
    await tab.locator("#search-input").fill("lamp")
    await expect(tab.locator("h1")).to_have_text("Results for “lamp”")
    await expect(tab.locator(".card")).to_have_count(3)
    await narrow(tab, size)
    await tab.get_by_role("checkbox", name="Mitti").check()
    await expect(tab.locator(".card")).to_have_count(2)
    await tab.get_by_label("Price (₹) to, in rupees").fill("1000")
    await tab.keyboard.press("Enter")
    await expect(tab.locator(".card")).to_have_count(1)
    await widen(tab, size)
    assert await tab.evaluate("window.sameDocument")
    assert re.search(r"/search\?q=lamp&price_max=1000&brand=Mitti$", tab.url)

    async def shows_what_was_chosen(page: Page) -> None:
        await expect(page.locator(".card-name")).to_have_text(["Terracotta Table Lamp"])
        chips = page.get_by_role("group", name="Active filters")
        await expect(chips.get_by_role("link")).to_have_text(["Up to ₹1,000", "Mitti"])

    await tab.reload()
    await shows_what_was_chosen(tab)
    friend = await (await open_window()).tab()
    await friend.goto(tab.url)
    await shows_what_was_chosen(friend)
    await tab.go_back()
    await expect(tab.locator(".card")).to_have_count(2)
    await tab.go_back()
    await expect(tab.locator(".card")).to_have_count(3)
    await expect(tab.locator("#search-input")).to_have_value("lamp")


async def test_without_scripts_forms_and_links_do_the_same(stall: Stall, size: str, open_window: OpenWindow) -> None:
    window = await open_window(java_script_enabled=False)
    window.allow("csp GET")
    tab = await window.tab()
    await tab.goto("/")
    await tab.locator("#search-input").fill("lamp")
    await tab.get_by_role("button", name="Search", exact=True).click()
    await expect(tab.locator(".card")).to_have_count(3)
    await tab.get_by_role("checkbox", name="Mitti").check()
    await tab.get_by_label("Price (₹) to, in rupees").fill("1000")
    await tab.get_by_role("button", name="Apply the filters").click()
    await expect(tab.locator(".card-name")).to_have_text(["Terracotta Table Lamp"])
    await tab.get_by_role("link", name="Remove the filter Up to ₹1,000").click()
    await expect(tab.locator(".card")).to_have_count(2)
    await tab.locator("#sort").select_option("price_desc")
    await tab.get_by_role("button", name="Apply the filters").click()
    await expect(tab.locator(".card-name")).to_have_text(["Cane Floor Lamp", "Terracotta Table Lamp"])


async def test_nothing_found_says_so_and_leads_on(tab: Page, stall: Stall, size: str) -> None:
    await tab.goto("/search?q=zzxqj")
    await expect(tab.get_by_role("heading", name="Nothing found for “zzxqj”")).to_be_visible()
    await expect(tab.locator(".facets")).to_have_count(0)
    await tab.locator("#results").get_by_role("link", name="All categories").click()
    await tab.locator("main").get_by_role("link", name="Lamps").click()
    await expect(tab.locator(".card")).to_have_count(3)
