"""Two shoppers and one unit: one gets it, the other reads why not and is charged nothing."""

from playwright.async_api import Page, expect

from models.database import Pool
from tests.browser.checkout import ADDRESS, add_to_cart, at_the_gateway, confirmed, fill_in, place
from tests.browser.conftest import OpenWindow
from tests.browser.stall import Stall
from tests.buying import Bank


async def at_the_check_out(tab: Page, email: str) -> None:
    await add_to_cart(tab, "Brass Table Lamp")
    await tab.goto("/checkout")
    await fill_in(tab, email=email)


async def test_the_last_unit_is_sold_once(open_window: OpenWindow, stall: Stall, bank: Bank, database: Pool) -> None:
    lamp = stall.products["Brass Table Lamp"]
    await database.execute(
        "UPDATE stock SET on_hand = 1 FROM variant v WHERE v.id = variant_id AND v.product_id = $1", lamp
    )
    windows = [await open_window(), await open_window()]
    windows[1].allow("422 POST", "409 POST")
    quick, late = [await window.tab() for window in windows]
    await at_the_check_out(quick, "quick@example.in")
    await at_the_check_out(late, "late@example.in")
    await place(quick)
    await expect(quick.get_by_role("button", name="Pay ₹2,499")).to_be_visible()
    await place(late)
    await expect(late.get_by_role("alert")).to_contain_text("nothing was charged")
    await expect(late.get_by_text("Brass Table Lamp: This is sold out now.")).to_be_visible()
    await expect(late.locator("#line1")).to_have_value(ADDRESS["#line1"])
    await at_the_gateway(quick, "Pay ₹2,499")
    number = await confirmed(quick)
    assert (await bank.money(number))["captured_minor"] == 249_900
    assert await database.fetchval("SELECT array_agg(number) FROM orders") == [number]
    await late.get_by_role("link", name="Change the cart").click()
    await expect(late.get_by_text("This is sold out now. Please remove it.")).to_be_visible()
    await expect(late.get_by_role("link", name="Check out")).to_have_count(0)
