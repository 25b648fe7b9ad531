"""A shopper's way from a product's page through the check-out and the gateway's page to the mail."""

import re
from collections.abc import Mapping
from typing import Any

import aiohttp
from playwright.async_api import Page, expect

CONTACT = {"#email": "asha@example.in", "#phone": "98765 43210"}
ADDRESS = {
    "#name": "Asha Rao",
    "#line1": "14, 2nd Cross, Indiranagar",
    "#line2": "Behind the temple",
    "#pin_code": "560038",
    "#city": "Bengaluru",
}


async def add_to_cart(tab: Page, name: str) -> None:
    """From a search for the product, wherever the tab is."""
    await tab.goto("/search?q=" + name.replace(" ", "+"))
    await tab.get_by_role("link", name=name, exact=True).click()
    await ready(tab)
    await tab.locator("#buy").get_by_role("button", name="Add to cart").click()
    await expect(tab.locator(".toast", has_text="Added to your cart.")).to_be_visible()


async def ready(tab: Page) -> None:
    """Wait for the scripts, whose last act on a new page is the header with the token."""
    await tab.locator('meta[name="csrf-token"]').wait_for(state="attached")


async def fill_in(tab: Page, **changes: str) -> None:
    """The whole form of the check-out; `changes` are values by field."""
    for field, value in (CONTACT | ADDRESS).items():
        await tab.fill(field, changes.get(field[1:], value))
    await tab.select_option("#region", "Karnataka")


async def place(tab: Page) -> None:
    await tab.get_by_role("button", name="Place order and pay").click()


async def at_the_gateway(tab: Page, button: str) -> None:
    """On the gateway's page, which comes by itself, press this button."""
    await tab.get_by_role("button", name=button).click()


async def confirmed(tab: Page) -> str:
    """Wait until the order's page thanks. Returns the order's number."""
    await expect(tab.locator("h1")).to_have_text("Thank you for your order")
    return tab.url.rsplit("/", 1)[1]


async def mail_to(stack: Mapping[str, str], address: str, subject: str) -> dict[str, Any]:
    """The only mail with this in its subject; it may take a moment to come."""
    asked = {"to": address, "subject": subject, "wait_s": "20"}
    async with (
        aiohttp.ClientSession(stack["HAAT_INBOX_URL"]) as client,
        client.get("/api/messages", params=asked) as response,
    ):
        [mail] = await response.json()
        return dict(mail)


def link_in(mail: Mapping[str, Any]) -> str:
    found = re.search(r"https?://\S+/orders/\S+", mail["text"])
    assert found, mail["text"]
    return found[0]
