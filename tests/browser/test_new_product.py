"""A seller's new product by the page: made, asked for, approved by the operator, found; also without scripts."""

from playwright.async_api import Page, expect

from models.database import Pool
from server.context import Context
from tests.browser.conftest import OpenWindow
from tests.browser.people import ADMIN, SELLER, make_person, sign_in
from tests.browser.soundness import axe, faults_at_both_sizes
from tests.browser.stall import Stall, add_picture
from tests.browser.test_desks import AT_EVERY_SIZE, until_search_shows
from tests.browser.window import Window
from tests.search.rows import make_specification


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
    made = await database.fetchval("SELECT id FROM product WHERE name = 'Brass Temple Bell'")
    await tab.get_by_role("button", name="Save and ask for approval").click()
    await expect(tab.locator(".notice-bad")).to_contain_text("Still missing: a picture, best two or three.")
    assert await faults_at_both_sizes(tab, "a product that is not complete") == []
    await add_picture(made, "lamp-antique-brass-0")
    await tab.get_by_role("button", name="Save and ask for approval").click()
    await expect(tab.locator(".toast")).to_contain_text("once the market has looked at it")
    operator = await (await open_window()).tab()
    await operator.goto("/admin/products")
    await sign_in(operator, ADMIN)
    await operator.get_by_role("button", name="Approve Brass Temple Bell").click()
    await expect(operator.locator(".toast", has_text="Approved.")).to_be_visible()
    await until_search_shows(await window.tab(), "temple", "Brass Temple Bell", "₹1,499.50")


async def test_a_category_brings_its_rows_and_what_was_typed_stays(
    window: Window, tab: Page, stall: Stall, database: Pool
) -> None:
    await window.context.add_init_script(axe())
    await make_specification(stall.products["Brass Table Lamp"], "Height", "40 cm", number=40.0, unit="cm")
    await make_specification(stall.products["Teak Coffee Table"], "Seats", "4", number=4.0)
    await tab.goto("/seller/products/new")
    await sign_in(tab, SELLER)
    await tab.locator("#spec-0-name").fill("Material")
    await tab.locator("#spec-0-value").fill("Brass")
    await fill_in(tab)
    await expect(tab.locator("#spec-1-name")).to_have_value("Height")
    await tab.get_by_label("Value of Height").fill("45.5")
    await tab.get_by_label("Category").select_option(label="Tables")
    await expect(tab.get_by_label("Name of Seats")).to_have_value("Seats")
    await expect(tab.locator("#name")).to_have_value("Brass Temple Bell")
    assert await faults_at_both_sizes(tab, "a new product with rows") == []
    await tab.get_by_role("button", name="Keep the draft").click()
    await expect(tab.locator("h1")).to_have_text("Brass Temple Bell")
    rows = await database.fetch(
        "SELECT s.name, s.text FROM specification s JOIN product p ON p.id = s.product_id"
        " WHERE p.name = 'Brass Temple Bell' ORDER BY s.position"
    )
    assert [tuple(row) for row in rows] == [("Material", "Brass"), ("Height", "45.5 cm")]


async def test_without_scripts_the_form_works_as_well(stall: Stall, open_window: OpenWindow, database: Pool) -> None:
    window = await open_window(java_script_enabled=False)
    window.allow("422 POST", "403 POST", "csp GET")
    await make_specification(stall.products["Brass Table Lamp"], "Height", "40 cm", number=40.0, unit="cm")
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
    await tab.get_by_role("button", name="Rows for this category").click()
    await expect(tab.get_by_label("Unit of Height")).to_have_value("cm")
    await expect(tab.locator("#stock")).to_have_value("12")
    await tab.get_by_label("Value of Height").fill("12")
    await tab.get_by_role("button", name="Keep the draft").click()
    await expect(tab.locator("h1")).to_have_text("Brass Temple Bell")
    await tab.locator("#description").fill("It rings for a long time.")
    await tab.get_by_role("button", name="Save and put it on sale").click()
    await expect(tab.get_by_text("Still missing: a picture")).to_be_visible()
    await expect(tab.locator("#description")).to_have_value("It rings for a long time.")
    await add_picture(await database.fetchval("SELECT id FROM product WHERE state = 'draft'"), "lamp-antique-brass-0")
    await tab.get_by_role("button", name="Save and put it on sale").click()
    await expect(tab.locator("h1")).to_have_text("Brass Temple Bell")
    row = await database.fetchrow(
        "SELECT p.state, s.text FROM product p JOIN specification s ON s.product_id = p.id"
        " WHERE p.name = 'Brass Temple Bell'"
    )
    assert tuple(row) == ("active", "12 cm")
