"""The instant search in a real browser: late answers are dropped, the address and the way back are right."""

import asyncio
from fnmatch import fnmatch

import pytest
from playwright.async_api import Page, Request, Route, expect

from models.database import Pool
from server.context import Context
from tests.browser.stall import Stall
from tests.wait import until


class Held:
    """Holds the answers to an address back until `let_go`, which returns when the page has had all there is of them."""

    def __init__(self, tab: Page, address: str) -> None:
        self._tab, self._address = tab, address
        self._free, self._over = asyncio.Event(), asyncio.Event()

    async def begin(self) -> None:
        for end in ("requestfinished", "requestfailed"):
            self._tab.on(end, self._ended)
        await self._tab.route(self._address, self._hold)

    async def let_go(self) -> None:
        self._free.set()
        await self._tab.unroute_all(behavior="wait")
        await self._over.wait()
        await self._tab.evaluate("() => new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")

    async def _hold(self, route: Route) -> None:
        await self._free.wait()
        await route.continue_()

    def _ended(self, request: Request) -> None:
        if fnmatch(request.url, self._address):
            self._over.set()


async def test_an_answer_that_comes_late_never_replaces_a_newer_one(tab: Page, stall: Stall) -> None:
    late = Held(tab, "**/search?q=cane")
    await tab.goto("/search")
    await late.begin()
    box = tab.locator("#search-input")
    async with tab.expect_request("**/search?q=cane"):
        await box.fill("cane")
    await box.fill("teak")
    await expect(tab.locator("h1")).to_have_text("Results for “teak”")
    await late.let_go()
    await expect(tab.locator("h1")).to_have_text("Results for “teak”")
    assert tab.url.endswith("/search?q=teak")


async def test_typing_makes_one_step_in_the_history_and_each_filter_one(tab: Page, stall: Stall) -> None:
    await tab.goto("/search?q=lamp")
    box = tab.locator("#search-input")
    for text in ("table", "table l", "table lamp"):
        await box.fill(text)
        await tab.wait_for_url(f"**q={text.replace(' ', '+')}")
    await tab.get_by_role("checkbox", name="Pital").check()
    await tab.wait_for_url("**brand=Pital")
    await expect(tab.locator(".card")).to_have_count(1)
    await expect(tab.get_by_role("checkbox", name="Pital")).to_be_focused()
    await tab.go_back()
    await expect(tab.get_by_role("checkbox", name="Pital")).not_to_be_checked()
    assert tab.url.endswith("/search?q=table+lamp")
    await tab.go_back()
    await expect(tab.locator("h1")).to_have_text("Results for “lamp”")
    await expect(box).to_have_value("lamp")
    await tab.go_forward()
    await expect(box).to_have_value("table lamp")
    await expect(tab).to_have_title("table lamp · Haat")


async def test_suggestions_are_walked_with_the_keyboard(tab: Page, stall: Stall) -> None:
    await tab.goto("/")
    await tab.keyboard.press("/")
    box = tab.get_by_role("combobox", name="Search the market")
    await expect(box).to_be_focused()
    await tab.keyboard.type("cane")
    option = tab.get_by_role("option", name="Cane Floor Lamp")
    await expect(option).to_be_visible()
    await expect(box).to_have_attribute("aria-expanded", "true")
    await tab.keyboard.press("ArrowUp")
    await expect(option).to_have_attribute("aria-selected", "true")
    assert await box.get_attribute("aria-activedescendant") == await option.get_attribute("id")
    late = Held(tab, "**/fragments/suggest?q=cane+fl")
    await late.begin()
    async with tab.expect_request("**/fragments/suggest?q=cane+fl"):
        await tab.keyboard.type(" fl")
    await tab.keyboard.press("Escape")
    await expect(option).to_be_hidden()
    await late.let_go()
    await expect(option).to_be_hidden()
    await tab.keyboard.type("o")
    await expect(option).to_be_visible()
    await tab.keyboard.press("ArrowUp")
    await tab.keyboard.press("Enter")
    await expect(tab.get_by_role("heading", level=1)).to_have_text("Cane Floor Lamp")


async def test_what_was_typed_is_never_mark_up(tab: Page, stall: Stall) -> None:
    nasty = '<img src=x onerror="document.title=1">lamp'
    await tab.goto("/search")
    await tab.locator("#search-input").fill(nasty)
    await expect(tab.locator("h1")).to_have_text(f"Results for “{nasty}”")
    await expect(tab).to_have_title(f"{nasty} · Haat")
    await tab.goto("/")
    await tab.locator("#search-input").fill(nasty)
    await expect(tab.locator("#suggestions strong")).to_have_text(nasty)


@pytest.mark.parametrize("size", ["desk", "phone"])
async def test_a_filter_that_is_taken_away_leaves_the_keyboard_where_it_was(tab: Page, stall: Stall, size: str) -> None:
    await tab.goto("/search?q=lamp&brand=Pital")
    drawer, heading = tab.locator("#facets"), tab.locator("#results-heading")
    await tab.get_by_role("link", name="Remove the filter Pital").press("Enter")
    await expect(heading).to_have_text("Results for “lamp”")
    await expect(tab.locator(".card")).to_have_count(3)
    await expect(heading).to_be_focused()
    if size == "phone":
        await tab.get_by_role("link", name="Filters").tap()
    await tab.get_by_role("checkbox", name="Pital").check()
    await expect(tab.locator(".card")).to_have_count(1)
    await tab.get_by_role("link", name="Clear all").press("Enter")
    await expect(tab.locator(".card")).to_have_count(3)
    await expect(drawer if size == "phone" else heading).to_be_focused()


@pytest.mark.parametrize("size", ["phone"])
async def test_on_a_phone_the_filters_are_a_drawer_that_keeps_open(tab: Page, stall: Stall, size: str) -> None:
    await tab.goto("/search?q=lamp")
    await expect(tab.get_by_role("checkbox", name="Pital")).to_be_hidden()
    await tab.get_by_role("link", name="Filters").tap()
    await tab.get_by_role("checkbox", name="Pital").check()
    await expect(tab.locator(".card")).to_have_count(1)
    await expect(tab.get_by_role("checkbox", name="Pital")).to_be_focused()
    await tab.get_by_role("button", name="Show 1 result").tap()
    await expect(tab.get_by_role("checkbox", name="Pital")).to_be_hidden()


async def test_the_result_that_is_opened_is_counted_with_its_place(
    tab: Page, stall: Stall, context: Context, database: Pool
) -> None:
    """On the first page and after typing, wherever in the card one clicks; what is opened elsewhere is no result."""
    await tab.goto("/search?q=lamp")
    second = tab.locator(".card").nth(1)
    name = await second.locator(".card-name").inner_text()
    async with tab.expect_request("**/api/v1/search/clicks") as told:
        await second.get_by_role("link").first.click()
    await expect(tab.locator("h1")).to_have_text(name)
    click = (await told.value).post_data_json
    assert (click["position"], click["slug"]) == (2, tab.url.rpartition("/")[2])
    await tab.goto("/search")
    await tab.locator("#search-input").fill("teak")
    await tab.wait_for_url("**q=teak")
    async with tab.expect_request("**/api/v1/search/clicks"):
        await tab.locator(".card").get_by_role("link").first.click()
    await expect(tab.locator("h1")).to_have_text("Teak Coffee Table")

    async def both_are_logged() -> bool:  # a beacon is on its way while the next page is read
        await context.queries.flush(everything=True)
        return await database.fetchval("SELECT count(*) FROM search_click") == 2

    assert await until(both_are_logged)
    rows = await database.fetch("SELECT query, position FROM search_click ORDER BY query")
    assert [tuple(row) for row in rows] == [("lamp", 2), ("teak", 1)]
