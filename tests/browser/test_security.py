"""Other ways in, in a browser: Google's page and back, an authenticator app set up from its QR code's page."""

import time

import pytest
from playwright.async_api import Page, expect

from models import totp
from server.context import Context
from tests.browser.people import PASSWORD, SHOPPER, make_person, sign_in
from tests.browser.stall import Stall
from tests.browser.window import SIZES, Window
from tests.google import Google, google

__all__ = ["google"]

pytestmark = pytest.mark.parametrize("size", SIZES)


async def test_somebody_comes_in_by_google_and_with_an_app(
    window: Window, tab: Page, stall: Stall, context: Context, google: Google
) -> None:
    await make_person(context, SHOPPER)
    await tab.goto("/login?next=/account/security")
    await tab.get_by_role("link", name="Go on with Google").click()
    await tab.get_by_label("E-mail").fill(SHOPPER)
    await tab.get_by_role("button", name="Go on").click()
    await tab.wait_for_url("**/account/security")
    await expect(tab.get_by_text("Google is linked")).to_be_visible()
    await tab.locator("#app_password").fill(PASSWORD)
    await tab.get_by_role("button", name="Set up an app").click()
    await expect(tab.get_by_role("img", name="QR code for the app")).to_be_visible()
    secret = await tab.locator("#app-key").inner_text()
    step = totp.step_at(time.time())
    await tab.get_by_label("Code that the app shows").fill(totp.code_at(secret, step))
    await tab.get_by_role("button", name="Ask for codes from now on").click()
    await expect(tab.locator("#recovery-codes li")).to_have_count(10)
    await tab.get_by_role("link", name="I have kept them").click()
    await tab.get_by_role("button", name="Sign out everywhere, here too").click()
    await expect(tab.locator(".toast")).to_have_text("You are signed out.")
    await sign_in(tab, SHOPPER, code=totp.code_at(secret, step + 1))
    await expect(tab.get_by_role("link", name="Account of Meera Iyer")).to_be_visible()
