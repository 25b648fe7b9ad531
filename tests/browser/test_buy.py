"""A guest buys: variant, cart, a mistake in the address, payment, mail; declined first; with scripts switched off."""

import asyncio
from collections.abc import Mapping

import pytest
from playwright.async_api import Page, Route, expect

from models.database import Pool
from tests.browser.checkout import (
    CONTACT,
    add_to_cart,
    at_the_gateway,
    confirmed,
    fill_in,
    link_in,
    mail_to,
    place,
    ready,
)
from tests.browser.conftest import OpenWindow
from tests.browser.stall import Stall
from tests.browser.window import SIZES, Window
from tests.buying import Bank

AT_EVERY_SIZE = pytest.mark.parametrize("size", SIZES)
EMAIL = CONTACT["#email"]


@AT_EVERY_SIZE
async def test_a_guest_buys_and_gets_a_mail_whose_link_opens_the_order(
    window: Window, tab: Page, stall: Stall, bank: Bank, stack: Mapping[str, str], open_window: OpenWindow
) -> None:
    await tab.goto("/search?q=kurta")
    await tab.get_by_role("link", name="Block-Print Kurta").click()
    await ready(tab)
    await expect(tab.locator("#product")).to_contain_text("₹799")
    await tab.get_by_role("link", name="M", exact=True).click()
    await expect(tab.locator("#product")).to_contain_text("₹849")
    await tab.locator("#buy").get_by_role("button", name="Add to cart").click()
    await tab.get_by_role("link", name="See the cart").click()
    await expect(tab.locator(".line-detail").first).to_have_text("Size: M")
    await tab.get_by_role("button", name="One more of Block-Print Kurta").click()
    await expect(tab.locator(".breakdown-total").last).to_have_text("₹1,698")
    await expect(tab.locator("#cart-count")).to_have_text("2")
    await tab.get_by_role("link", name="Check out").click()

    await fill_in(tab, phone="12345")
    window.allow("422 POST")
    await place(tab)
    await expect(tab.locator("#phone-error")).to_contain_text("ten digits")
    assert "phone-error" in (await tab.locator("#phone").get_attribute("aria-describedby") or "")
    kept = {name: await tab.locator(f"#{name}").input_value() for name in ("email", "phone", "name", "line2", "region")}
    assert kept == {"email": EMAIL, "phone": "12345", "name": "Asha Rao", "line2": "Behind the temple",
                    "region": "Karnataka"}  # fmt: skip
    await tab.fill("#phone", CONTACT["#phone"])
    await place(tab)
    await at_the_gateway(tab, "Pay ₹1,698")
    number = await confirmed(tab)
    assert (await bank.money(number))["captured_minor"] == 169_800

    mail = await mail_to(stack, EMAIL, number)
    assert "Total     ₹1,698" in mail["text"]
    await tab.goto("/cart")
    await expect(tab.get_by_text("Your cart is empty")).to_be_visible()
    await tab.goto(link_in(mail))
    assert await confirmed(tab) == number
    elsewhere = await (await open_window()).tab()
    await elsewhere.goto(link_in(mail))
    await elsewhere.get_by_label("E-mail you ordered with").fill(EMAIL)
    await elsewhere.get_by_role("button", name="Show the order").click()
    assert await confirmed(elsewhere) == number


@AT_EVERY_SIZE
async def test_a_declined_payment_can_be_made_again_from_the_order(tab: Page, stall: Stall, bank: Bank) -> None:
    await add_to_cart(tab, "Brass Table Lamp")
    await tab.goto("/checkout")
    await fill_in(tab)
    await place(tab)
    await at_the_gateway(tab, "Cancel")
    await expect(tab.locator("h1")).to_have_text("Almost done")
    await tab.get_by_role("button", name="Pay ₹2,499").click()
    await at_the_gateway(tab, "Let the payment fail")
    await expect(tab.locator("h1")).to_have_text("The payment did not go through")
    await expect(tab.locator("#order .notice")).to_contain_text("declined")
    await tab.get_by_role("button", name="Pay ₹2,499").click()
    await at_the_gateway(tab, "Pay ₹2,499")
    number = await confirmed(tab)
    assert (await bank.money(number))["captured_minor"] == 249_900


async def test_what_is_sent_before_the_token_came_waits_for_it(tab: Page, stall: Stall) -> None:
    asked, held = asyncio.Event(), asyncio.Event()

    async def hold(route: Route) -> None:
        asked.set()
        await held.wait()
        await route.continue_()

    await tab.goto("/search?q=cane")
    address = await tab.get_by_role("link", name="Cane Floor Lamp").get_attribute("href")
    await tab.route("**/fragments/header", hold)
    await tab.goto(f"{address}")
    await asked.wait()
    await tab.locator("#buy").get_by_role("button", name="Add to cart").click()
    held.set()
    await expect(tab.locator(".toast")).to_contain_text("Added to your cart.")


@AT_EVERY_SIZE
async def test_without_scripts_a_guest_buys_by_forms(
    stall: Stall, bank: Bank, open_window: OpenWindow, database: Pool
) -> None:
    window = await open_window(java_script_enabled=False)
    window.allow("403 POST", "csp GET")
    tab = await window.tab()
    await tab.goto("/search?q=cane")
    await tab.get_by_role("link", name="Cane Floor Lamp").click()
    await tab.locator("#buy").get_by_role("button", name="Add to cart").click()
    await tab.get_by_role("button", name="Go on").click()
    await tab.get_by_role("button", name="One more of Cane Floor Lamp").click()
    await expect(tab.locator(".breakdown-total").last).to_have_text("₹6,998")
    await tab.get_by_role("link", name="Check out").click()
    await fill_in(tab)
    await place(tab)
    await tab.get_by_role("button", name="Go to the payment page").click()
    await at_the_gateway(tab, "Pay ₹6,998")
    await tab.get_by_role("button", name="Continue").click()
    await expect(tab.locator("h1")).to_have_text("Thank you for your order")
    assert await database.fetchval("SELECT count(*) FROM orders WHERE state = 'paid'") == 1
