"""A product's page on a phone: the bar at its foot says and sells the variant that was picked."""

import pytest
from playwright.async_api import Page, expect

from tests.browser.checkout import ready
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
