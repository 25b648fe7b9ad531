"""On a phone the bar at a product's foot says and sells the variant that was picked; and quantities that are typed."""

import pytest
from playwright.async_api import Page, expect

from tests.browser.checkout import add_to_cart, ready
from tests.browser.stall import Stall


@pytest.mark.parametrize("size", ["phone"])
async def test_the_bar_at_the_foot_follows_the_variant(tab: Page, stall: Stall) -> None:
    await tab.goto("/search?q=kurta")
    await tab.get_by_role("link", name="Block-Print Kurta").click()
    await ready(tab)
    bar = tab.locator("#buy-bar")
    await expect(bar).to_contain_text("₹799")
    await tab.get_by_role("link", name="M", exact=True).click()
    await expect(bar).to_contain_text("₹849")
    await tab.get_by_role("link", name="L (out of stock)").click()
    await expect(tab.locator("#product")).to_contain_text("sold out")
    await expect(bar).to_be_empty()
    await tab.get_by_role("link", name="M", exact=True).click()
    await bar.get_by_role("button", name="Add to cart").click()
    await tab.get_by_role("link", name="See the cart").click()
    await expect(tab.locator(".line-detail").first).to_have_text("Size: M")


async def test_a_quantity_that_cannot_be_is_said_at_its_field(tab: Page, stall: Stall) -> None:
    await add_to_cart(tab, "Brass Table Lamp")
    await tab.goto("/cart")
    await ready(tab)
    field = tab.get_by_label("Quantity of Brass Table Lamp")
    for typed in ("99", "0", "1.5", ""):
        await field.fill(typed)
        await tab.get_by_label("Coupon").click()
        await expect(field).to_be_focused()
    await field.fill("3")
    await tab.get_by_label("Coupon").click()
    await expect(tab.locator(".breakdown-total").last).to_have_text("₹7,497")
