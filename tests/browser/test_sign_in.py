"""Somebody makes an account, leaves and comes back; what a guest put in the cart goes along."""

import pytest
from playwright.async_api import Page, expect

from models.database import pool
from server.context import Context
from tests.browser.checkout import add_to_cart
from tests.browser.people import PASSWORD, SHOPPER, make_person, sign_in
from tests.browser.stall import Stall
from tests.browser.window import SIZES, Window

pytestmark = pytest.mark.parametrize("size", SIZES)


async def test_a_new_shopper_registers_leaves_and_signs_in_again(
    window: Window, tab: Page, stall: Stall, context: Context
) -> None:
    window.allow("422 POST")
    await add_to_cart(tab, "Brass Table Lamp")
    await tab.goto("/checkout")
    await tab.locator("main").get_by_role("link", name="Sign in").click()
    await tab.get_by_role("link", name="Make an account").click()
    await tab.get_by_label("Name").fill("Meera Iyer")
    await tab.get_by_label("E-mail").fill(SHOPPER)
    await tab.get_by_label("Password").fill(PASSWORD)
    await tab.get_by_role("button", name="Make the account").click()
    await expect(tab.get_by_role("heading", name="Look for our mail")).to_be_visible()
    link_id = await pool().fetchval("SELECT id FROM mail_link")
    await tab.goto(f"/register/confirm?token={context.keyring.link_token(link_id)}")
    await tab.get_by_label("Password").fill(PASSWORD)
    await tab.get_by_role("button", name="Finish and sign in").click()
    await expect(tab.get_by_role("link", name="Account of Meera Iyer")).to_be_visible()
    await tab.goto("/checkout")
    await expect(tab.locator("#email")).to_have_value(SHOPPER)
    await tab.goto("/account")
    await tab.get_by_role("button", name="Sign out").click()
    await expect(tab.locator(".toast")).to_have_text("You are signed out.")
    await sign_in(tab, SHOPPER, "not the password")
    await expect(tab.get_by_role("alert")).to_have_text("The mail address or the password is wrong.")
    await expect(tab.get_by_label("E-mail")).to_have_value(SHOPPER)
    await sign_in(tab, SHOPPER)
    await expect(tab.get_by_role("link", name="Account of Meera Iyer")).to_be_visible()
    await expect(tab.locator("#cart-count")).to_have_text("1")


async def test_a_guests_cart_is_joined_with_the_shoppers_own(tab: Page, stall: Stall, context: Context) -> None:
    await make_person(context, SHOPPER)
    await sign_in(tab, SHOPPER)
    await add_to_cart(tab, "Brass Table Lamp")
    await tab.goto("/account/profile")
    await tab.get_by_role("button", name="Sign out").click()
    await expect(tab.locator(".toast")).to_have_text("You are signed out.")
    await expect(tab.locator("#cart-count")).to_have_count(0)
    await add_to_cart(tab, "Cane Floor Lamp")
    await expect(tab.locator("#cart-count")).to_have_text("1")
    await sign_in(tab, SHOPPER)
    await expect(tab.locator("#cart-count")).to_have_text("2")
    await tab.goto("/cart")
    await expect(tab.locator(".line-name")).to_have_count(2)
    await expect(tab.locator(".line-name", has_text="Brass Table Lamp")).to_be_visible()
    await expect(tab.locator(".line-name", has_text="Cane Floor Lamp")).to_be_visible()
