"""A seller sends pictures from the product's page: to the shop, or straight to Cloudinary, as the settings say."""

import io
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.async_api import Page, expect

from devstack.cloudinary import Cloud, make_app
from models.database import Pool
from tests.browser.people import SELLER, sign_in
from tests.browser.stall import Stall
from tests.browser.window import Window
from tests.served import served

ACCOUNT = "cloudinary://key:secret@haat"


def picture(colour: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (900, 700), colour).save(out, "JPEG")
    return out.getvalue()


@pytest.fixture
async def cloud(tmp_path: Path) -> AsyncIterator[str]:
    async for address in served(make_app(Cloud(tmp_path / "cloud", ACCOUNT))):
        yield address


@pytest.fixture(params=["shop", "cloudinary"])
def environment(
    environment: dict[str, str], cloud: str, tmp_path: Path, request: pytest.FixtureRequest
) -> dict[str, str]:
    media = {"HAAT_MEDIA__FOLDER": str(tmp_path / "media")}
    if request.param == "cloudinary":
        media = {"HAAT_MEDIA__URL": ACCOUNT, "HAAT_MEDIA__API_BASE_URL": cloud}
    return {**environment, **media}


async def test_pictures_are_sent_shown_in_the_best_format_and_taken_away(
    window: Window, tab: Page, stall: Stall, database: Pool, cloud: str, environment: dict[str, str]
) -> None:
    product_id = stall.products["Brass Table Lamp"]
    await database.execute("DELETE FROM product_image WHERE product_id = $1", product_id)
    await sign_in(tab, SELLER)
    page = f"/seller/products/{product_id}"
    await tab.goto(page)
    window.allow("422", "400")
    files = [{"name": f"{name}.jpg", "mimeType": "image/jpeg", "buffer": body}
             for name, body in (("teal", picture("teal")), ("none", b"<svg>"), ("plum", picture("plum")))]  # fmt: skip
    await tab.locator('input[name="picture"]').set_input_files(files)
    async with tab.expect_navigation():
        await tab.get_by_role("button", name="Add", exact=True).click()
    shown = tab.get_by_alt_text("Picture ")
    await expect(shown).to_have_count(2)
    keys = await database.fetch("SELECT key FROM product_image WHERE product_id = $1", product_id)
    assert [row["key"].startswith(cloud) for row in keys] == ["HAAT_MEDIA__URL" in environment] * 2
    slug = await database.fetchval("SELECT slug FROM product WHERE id = $1", product_id)
    await tab.goto(f"/p/{slug}")
    first = tab.locator(".gallery-stage img").first
    await tab.wait_for_function("document.querySelector('.gallery-stage img').naturalWidth > 0")
    assert "avif" in await first.evaluate("image => image.currentSrc")
    await tab.goto(page)
    await tab.locator("#hsn_code").fill("940")
    await tab.get_by_role("button", name="Save", exact=True).click()
    await expect(tab.locator("#hsn_code-error")).to_be_visible()
    await tab.locator('input[name="picture"]').set_input_files(files[:1])
    async with tab.expect_navigation() as navigation:
        await tab.get_by_role("button", name="Add", exact=True).click()
    answer = await navigation.value
    assert answer.request.method == "GET", "the page was a POST's answer, which is not sent again"
    await expect(shown).to_have_count(3)
    await tab.get_by_role("button", name="Take away picture 1").click()
    await expect(shown).to_have_count(2)
    await tab.get_by_role("button", name="Take away picture 1").click()
    await expect(shown).to_have_count(1)
