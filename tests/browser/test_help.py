"""The search page helps: another spelling, a way out of an empty page, recent searches, keys alone, a broken line."""

import asyncio

import pytest
from playwright.async_api import Page, Route, expect

from tests.browser.conftest import OpenWindow
from tests.browser.soundness import faults_of
from tests.browser.stall import Stall
from tests.browser.window import SIZES, Window

TYPE = """(input, text) => {
  for (let end = 1; end <= text.length; end++) {
    input.value = text.slice(0, end);
    input.dispatchEvent(new Event("input", { bubbles: true }));
  }
}"""


@pytest.mark.parametrize("size", SIZES)
async def test_an_empty_page_says_what_is_in_the_way_and_leads_on(tab: Page, stall: Stall, size: str) -> None:
    await tab.goto("/search?q=lmap")
    await expect(tab.get_by_role("heading", name="Popular in the market")).to_be_visible()
    faults = await faults_of(tab, "nothing found")
    await tab.get_by_role("link", name="lamp", exact=True).click()
    await expect(tab.locator(".card")).to_have_count(3)
    await expect(tab.locator("#search-input")).to_have_value("lamp")
    await tab.goto("/search?q=lamp&category=lamps&brand=Pital&price_max=500")
    await expect(tab.get_by_role("heading", name="Popular in Lamps")).to_be_visible()
    faults += await faults_of(tab, "nothing passes")
    await tab.get_by_role("link", name="Without the price filter: 1 product").click()
    await expect(tab.locator(".card-name")).to_have_text(["Brass Table Lamp"])
    assert tab.url.endswith("/search?q=lamp&category=lamps&brand=Pital")
    assert faults + await faults_of(tab, "filtered") == []


async def test_recent_searches_stay_in_this_browser_and_can_be_cleared(
    window: Window, tab: Page, stall: Stall, open_window: OpenWindow
) -> None:
    await tab.goto("/")
    box = tab.locator("#search-input")
    await box.fill("teak")
    await box.press("Enter")
    await expect(tab.locator(".card")).to_have_count(1)
    await tab.goto("/")
    await box.focus()
    mine = tab.get_by_role("group", name="Your recent searches")
    await expect(mine.get_by_role("option")).to_have_text(["teak"])
    assert await faults_of(tab, "recent searches") == []
    await tab.keyboard.press("ArrowDown")
    await tab.keyboard.press("Enter")
    await expect(tab.locator("h1")).to_have_text("Results for “teak”")
    await tab.goto("/")
    await box.focus()
    await tab.get_by_role("button", name="Clear recent searches").click()
    await expect(mine).to_have_count(0)
    assert await tab.evaluate("localStorage.length") == 0
    other = await (await open_window()).tab()
    await other.goto("/")
    await other.locator("#search-input").focus()
    await expect(other.get_by_role("group", name="Your recent searches")).to_have_count(0)


async def test_keys_alone_lead_from_anywhere_to_a_product(tab: Page, stall: Stall) -> None:
    await tab.goto("/help")
    await tab.keyboard.press("/")
    await tab.keyboard.type("lamp")
    await tab.keyboard.press("Enter")
    await expect(tab.locator(".card")).to_have_count(3)
    await tab.keyboard.press("/")
    await tab.keyboard.press("End")
    await tab.keyboard.type(" can")
    await expect(tab.locator(".card")).to_have_count(1)
    await expect(tab.locator("#results-said")).to_have_text("1 product for lamp can")
    await tab.keyboard.press("ArrowDown")
    await expect(tab.get_by_role("link", name="Cane Floor Lamp")).to_be_focused()
    await tab.keyboard.press("Escape")
    await expect(tab.locator("#search-input")).to_be_focused()
    await tab.keyboard.press("ArrowDown")
    await tab.keyboard.press("Enter")
    await expect(tab.locator("h1")).to_have_text("Cane Floor Lamp")


async def test_keys_pressed_in_one_breath_make_one_request(tab: Page, stall: Stall) -> None:
    asked = []
    await tab.goto("/search")
    tab.on("request", lambda request: asked.append(request.url) if "/search?" in request.url else None)
    await tab.locator("#search-input").evaluate(TYPE, "cane lamp")
    await expect(tab.locator("h1")).to_have_text("Results for “cane lamp”")
    assert [url.split("?")[1] for url in asked] == ["q=cane+lamp"]


async def test_a_broken_line_keeps_what_is_there_and_can_be_tried_again(
    window: Window, tab: Page, stall: Stall
) -> None:
    window.allow("net::ERR_FAILED", "Failed to fetch")

    async def break_off(route: Route) -> None:
        await route.abort()

    await tab.goto("/search?q=lamp")
    await tab.route("**/search?*", break_off)
    await tab.locator("#search-input").fill("teak")
    await expect(tab.get_by_role("alert")).to_contain_text("did not answer")
    await expect(tab.locator(".card")).to_have_count(3)
    await tab.unroute_all()
    await tab.get_by_role("button", name="try again").click()
    await expect(tab.locator("h1")).to_have_text("Results for “teak”")
    await expect(tab.get_by_role("alert")).to_be_hidden()


async def test_filters_stay_while_other_words_are_typed_and_prices_have_thumbs(tab: Page, stall: Stall) -> None:
    await tab.goto("/search?q=lamp")
    thumb = tab.get_by_role("slider", name="Price (₹), lower end")
    await thumb.focus()
    await tab.keyboard.press("ArrowRight")
    await expect(tab.locator(".card")).to_have_count(2)
    await expect(thumb).to_be_focused()
    await expect(tab.get_by_role("group", name="Active filters").get_by_role("link")).to_have_count(1)
    await tab.locator("#search-input").fill("table lamp")
    await expect(tab.locator(".card-name")).to_have_text(["Brass Table Lamp"])
    assert "price_min=" in tab.url
    await tab.get_by_role("link", name="Clear all").click()
    await expect(tab.locator(".card")).to_have_count(2)
    await tab.locator(".bar").last.click()
    await expect(tab.locator(".card-name")).to_have_text(["Brass Table Lamp"])


@pytest.mark.parametrize("size", ["phone"])
async def test_the_sheet_of_filters_keeps_the_focus_until_it_is_closed(tab: Page, stall: Stall, size: str) -> None:
    await tab.goto("/search?q=lamp")
    await tab.get_by_role("link", name="Filters").tap()
    assert await faults_of(tab, "sheet of filters") == []
    for _ in range(40):
        await tab.keyboard.press("Tab")
        inside = await tab.evaluate(
            "document.activeElement === document.body || !!document.activeElement.closest('#facets')"
        )
        assert inside
    await tab.keyboard.press("Escape")
    await expect(tab.get_by_role("link", name="Filters")).to_be_focused()


async def test_the_tree_goes_down_and_up_with_counts(tab: Page, stall: Stall) -> None:
    await tab.goto("/search")
    tree = tab.get_by_role("navigation", name="Categories").filter(has_text="Lamps")
    await tree.last.get_by_role("link", name="Lamps 3").click()
    await expect(tab.locator("h1")).to_have_text("Lamps")
    await expect(tab.locator(".tree [aria-current]")).to_have_text("Lamps3")
    await expect(tab.locator(".tree li")).to_have_count(4)
    await tab.locator(".tree").get_by_role("link", name="All categories").click()
    await expect(tab.locator("h1")).to_have_text("All products")
    await asyncio.wait_for(tab.wait_for_url("**/search"), 10)
