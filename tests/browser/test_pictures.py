"""Pictures: one that does not come leaves a drawn one, and the gallery shows the one that is picked."""

import re

from playwright.async_api import Page, expect

from models.database import Pool
from tests.browser.stall import Stall, add_picture
from tests.browser.window import Window
from tests.factories import insert, make_product


async def test_a_remote_picture_that_does_not_come_leaves_a_drawn_one(
    window: Window, tab: Page, stall: Stall, database: Pool
) -> None:
    window.allow("https://127.0.0.1:9/nowhere.jpg")
    product_id = await make_product(stall.seller_id, name="Far Away Lamp")
    slug = await database.fetchval("SELECT slug FROM product WHERE id = $1", product_id)
    await insert("product_image", product_id=product_id, key="https://127.0.0.1:9/nowhere.jpg", position=0)
    await tab.goto(f"/p/{slug}")
    await expect(tab.locator(".gallery-stage img")).to_have_attribute("src", re.compile("no-picture"))


async def test_the_gallery_shows_the_picture_that_is_picked(tab: Page, stall: Stall, database: Pool) -> None:
    product_id = stall.products["Brass Table Lamp"]
    slug = await database.fetchval("SELECT slug FROM product WHERE id = $1", product_id)
    await add_picture(product_id, "lamp-matte-black-3", position=1)
    await tab.goto(f"/p/{slug}")
    second = tab.locator(".gallery-stage img").nth(1)
    await expect(second).not_to_be_in_viewport()
    await tab.get_by_role("button", name="Picture 2").click()
    await expect(second).to_be_in_viewport()
    await expect(tab.get_by_role("button", name="Picture 2")).to_have_attribute("aria-current", "true")
