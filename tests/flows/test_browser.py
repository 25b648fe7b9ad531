"""What a person does, in a real browser: search, filter, buy, read the mail; edit as the seller and find the edit."""

import re
from collections.abc import Mapping
from uuid import UUID

import aiohttp
import pytest
from playwright.async_api import Page, expect

from models.database import Pool, pool
from server.context import Context
from tests.browser import Window, browser, phone, tab, window
from tests.factories import insert, make_category, make_product, make_seller, make_user
from tests.wait import until

__all__ = ["browser", "phone", "tab", "window"]
PASSWORD = "correct horse battery"
ADDRESS = {
    "#phone": "98450 12345",
    "#name": "Meera Iyer",
    "#line1": "22, 4th Cross, Indiranagar",
    "#city": "Bengaluru",
    "#pin_code": "560038",
}


@pytest.fixture
async def shop(context: Context, http: aiohttp.ClientSession, worker: None) -> UUID:
    """A few products that search has found; the seller's user can sign in. Returns the seller's id."""
    user_id = await make_user(context.settings, role="seller", name="Kala Devi")
    await _give_password(context, user_id, "kala@example.in")
    seller_id = await make_seller(name="Kala Kendra", user_id=user_id)
    lamps = await make_category("Lamps")
    for name, price, brand in (
        ("Brass Table Lamp", 249_900, "Pital"),
        ("Terracotta Table Lamp", 89_900, "Mitti"),
        ("Cane Floor Lamp", 349_900, "Mitti"),
        ("Teak Coffee Table", 1_249_900, "Kaveri"),
    ):
        await make_product(seller_id, name=name, price_minor=price, brand=brand, category_id=lamps)

    async def all_found() -> bool:
        async with http.get("/api/v1/search", params={"facets": "none"}) as response:
            answer = await response.json()
            return answer["total"] == 4 and not answer["degraded"]

    await until(all_found)
    return seller_id


async def _give_password(context: Context, user_id: UUID, email: str) -> None:
    keyring = context.keyring
    await pool().execute(
        "UPDATE users SET password_hash = $2, email_hash = $3, email_encrypted = $4 WHERE id = $1",
        user_id,
        await context.passwords.hash(PASSWORD),
        keyring.email_hash(email),
        keyring.encrypt(email),
    )


async def test_a_shopper_searches_filters_buys_and_gets_a_mail(
    tab: Page, shop: UUID, gateway_webhooks: None, stack: Mapping[str, str]
) -> None:
    await tab.goto("/")
    await tab.get_by_role("combobox", name="Search the market").press_sequentially("tabel lamp")
    await tab.keyboard.press("Enter")
    await tab.wait_for_url("**/search?q=tabel+lamp")
    await tab.get_by_role("checkbox", name=re.compile("^Mitti")).check()
    await expect(tab.locator(".card")).to_have_count(1)
    await tab.get_by_role("link", name="Terracotta Table Lamp").click()
    await tab.locator("#buy").get_by_role("button", name="Add to cart").click()
    await expect(tab.locator("#cart-count")).to_have_text("1")
    await tab.get_by_role("link", name="See the cart").click()
    await tab.get_by_role("button", name="One more of Terracotta Table Lamp").click()
    await expect(tab.locator(".breakdown")).to_contain_text("₹1,798")
    await tab.get_by_role("link", name="Check out").click()
    await tab.fill("#email", "meera@example.in")
    for field, value in ADDRESS.items():
        await tab.fill(field, value)
    await tab.select_option("#region", "Karnataka")
    await tab.get_by_role("button", name="Place order and pay").click()
    await tab.get_by_role("button", name="Pay ₹1,798").click()
    await expect(tab.get_by_role("heading", level=1)).to_have_text("Thank you for your order")
    number = tab.url.rsplit("/", 1)[1]
    await tab.goto("/cart")
    await expect(tab.get_by_text("Your cart is empty")).to_be_visible()
    mails = f"{stack['HAAT_INBOX_URL']}/api/messages?to=meera@example.in&subject={number}&wait_s=10"
    async with aiohttp.ClientSession() as client, client.get(mails) as response:
        assert len(await response.json()) == 1


async def test_a_seller_edits_a_product_and_shoppers_find_the_edit(window: Window, tab: Page, shop: UUID) -> None:
    await tab.goto("/seller/products")
    await tab.get_by_label("E-mail").fill("kala@example.in")
    await tab.get_by_label("Password").fill(PASSWORD)
    await tab.get_by_role("button", name="Sign in").click()
    await tab.get_by_label("Price of Brass Table Lamp in rupees").fill("1,999")
    await tab.get_by_role("row", name=re.compile("Brass Table Lamp")).get_by_role("button", name="Save").click()
    await expect(tab.locator("tr.saved")).to_contain_text("Brass Table Lamp")
    await tab.get_by_role("link", name="Cane Floor Lamp").click()
    await tab.get_by_label("Name", exact=True).fill("Rattan Reading Lamp")
    await tab.get_by_role("button", name="Save").click()
    await expect(tab.locator(".toast")).to_contain_text("Shoppers find it in a moment")
    shopper = await window.tab()

    async def seen(query: str, text: str) -> bool:
        await shopper.goto(f"/search?q={query}")
        return text in await shopper.locator("#results").inner_text()

    await until(lambda: seen("rattan", "Rattan Reading Lamp"))
    await until(lambda: seen("brass", "₹1,999"))


async def test_the_operator_lets_a_product_in(tab: Page, shop: UUID, context: Context, database: Pool) -> None:
    await _give_password(context, await make_user(context.settings, role="admin"), "admin@example.in")
    product_id = await make_product(shop, name="Peacock Throne", state="pending")
    await tab.goto("/admin/products")
    await tab.get_by_label("E-mail").fill("admin@example.in")
    await tab.get_by_label("Password").fill(PASSWORD)
    await tab.get_by_role("button", name="Sign in").click()
    await tab.get_by_role("button", name="Approve Peacock Throne").click()
    await expect(tab.locator(".toast", has_text="Approved.")).to_be_visible()
    assert await database.fetchval("SELECT state FROM product WHERE id = $1", product_id) == "active"


async def test_a_remote_picture_that_does_not_come_leaves_a_drawn_one(tab: Page, shop: UUID, database: Pool) -> None:
    product_id = await make_product(shop, name="Far Away Lamp")
    slug = await database.fetchval("SELECT slug FROM product WHERE id = $1", product_id)
    await insert("product_image", product_id=product_id, key="https://127.0.0.1:9/nowhere.jpg", position=0)
    await tab.goto(f"/p/{slug}")
    picture = tab.locator(".gallery-stage img")
    await expect(picture).to_have_attribute("src", re.compile("no-picture"))
