"""A seller's new product by the page: made, asked for, approved by the operator, found; also without scripts."""

from playwright.async_api import Page, expect

from models.database import Pool
from server.context import Context
from tests.browser.conftest import OpenWindow
from tests.browser.people import ADMIN, SELLER, make_person, sign_in
from tests.browser.soundness import axe, faults_at_both_sizes
from tests.browser.stall import Stall
from tests.browser.test_desks import AT_EVERY_SIZE, until_search_shows
from tests.browser.window import Window


async def fill_in(tab: Page, **values: str) -> None:
    for name, value in {"name": "Brass Temple Bell", "price": "1,499.50", "stock": "12", **values}.items():
        await tab.locator(f"#{name}").fill(value)
    await tab.get_by_label("Category").select_option(label="Lamps")


@AT_EVERY_SIZE
async def test_a_new_product_is_made_approved_and_found(
    window: Window, tab: Page, stall: Stall, context: Context, database: Pool, open_window: OpenWindow
) -> None:
    window.allow("422 POST")
    await window.context.add_init_script(axe())
    await database.execute("UPDATE seller SET trusted = false")
    await make_person(context, ADMIN, role="admin")
    await tab.goto("/seller/products")
    await sign_in(tab, SELLER)
    await tab.get_by_role("link", name="New product").click()
    await fill_in(tab, price="cheap", description="It rings for a long time.")
    await tab.get_by_role("button", name="Keep the draft").click()
    await expect(tab.locator("#price-error")).to_be_visible()
    await expect(tab.locator("#description")).to_have_value("It rings for a long time.")
    assert await faults_at_both_sizes(tab, "a new product with a mistake") == []
    await tab.locator("#price").fill("1499.50")
    await tab.get_by_role("button", name="Keep the draft").dblclick()
    await expect(tab.locator("h1")).to_have_text("Brass Temple Bell")
    await expect(tab.get_by_role("link", name="A picture, best two or three")).to_be_visible()
    assert await database.fetchval("SELECT count(*) FROM product WHERE name = 'Brass Temple Bell'") == 1
    await tab.get_by_role("button", name="Save and ask for approval").click()
    await expect(tab.locator(".toast")).to_contain_text("once the market has looked at it")
    operator = await (await open_window()).tab()
    await operator.goto("/admin/products")
    await sign_in(operator, ADMIN)
    await operator.get_by_role("button", name="Approve Brass Temple Bell").click()
    await expect(operator.locator(".toast", has_text="Approved.")).to_be_visible()
    await until_search_shows(await window.tab(), "temple", "Brass Temple Bell", "₹1,499.50")


async def test_without_scripts_the_form_works_as_well(stall: Stall, open_window: OpenWindow, database: Pool) -> None:
    window = await open_window(java_script_enabled=False)
    window.allow("422 POST", "403 POST", "csp GET")
    tab = await window.tab()
    await tab.goto("/login?next=/seller/products/new")
    await tab.get_by_label("E-mail").fill(SELLER)
    await tab.get_by_label("Password").fill("correct horse battery")
    await tab.get_by_role("button", name="Sign in").click()
    await tab.goto("/seller/products/new")
    await fill_in(tab, stock="many")
    await tab.get_by_role("button", name="Keep the draft").click()
    await expect(tab.locator("#stock-error")).to_be_visible()
    await tab.locator("#stock").fill("12")
    await tab.get_by_role("button", name="Keep the draft").click()
    await expect(tab.locator("h1")).to_have_text("Brass Temple Bell")
    await tab.get_by_role("button", name="Save and put it on sale").click()
    await expect(tab.locator("h1")).to_have_text("Brass Temple Bell")
    assert await database.fetchval("SELECT state FROM product WHERE name = 'Brass Temple Bell'") == "active"
