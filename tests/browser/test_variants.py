"""A seller gives a product sizes and specifications by the page, at every size and without scripts; shoppers choose."""

from playwright.async_api import Page, expect

from models.database import Pool
from tests.browser.conftest import OpenWindow
from tests.browser.people import SELLER, sign_in
from tests.browser.soundness import axe, faults_at_both_sizes
from tests.browser.stall import Stall
from tests.browser.test_desks import AT_EVERY_SIZE
from tests.browser.window import Window

NAME = "Block-Print Kurta"
CLICKS = """button => {
  const kept = [];
  document.addEventListener("submit", (event) => { kept.push(event.defaultPrevented); event.preventDefault(); });
  button.click();
  button.click();
  return kept;
}"""


async def give(tab: Page) -> None:
    """Two specifications, one of them wrong, and another size that is there already."""
    await tab.get_by_role("button", name="More rows").click()
    await expect(tab.get_by_label("Name of specification")).to_have_count(10)
    await tab.locator("#spec-0-name").fill("Fabric")
    await tab.locator("#spec-0-value").fill("Cotton")
    await tab.locator("#spec-1-name").fill("Length")
    await tab.locator("#spec-1-value").fill("long")
    await tab.locator("#spec-1-unit").fill("cm")
    await tab.get_by_role("button", name="Add a variant").click()
    await expect(tab.locator("#option-0-name-new-0")).to_have_value("Size")
    await tab.locator("#option-0-value-new-0").fill("XL")
    await tab.locator("#price-new-0").fill("899")
    await tab.locator("#stock-new-0").fill("3")
    await tab.locator("#stock-new-0").press("Enter")
    await expect(tab.locator("#spec-1-value-error")).to_be_visible()
    await tab.locator("#spec-1-value").fill("110")
    await tab.locator("#option-0-value-new-0").fill("m")
    await tab.get_by_role("button", name="Save", exact=True).click()
    await expect(tab.locator("#option-0-value-new-0-error")).to_be_visible()


async def keep(tab: Page, stall: Stall, database: Pool) -> None:
    await tab.locator("#option-0-value-new-0").fill("XL")
    await tab.get_by_text("SKU, options, retire: Size: S").click()
    await tab.get_by_label("Sale").first.select_option("archived")
    await tab.get_by_role("button", name="Save", exact=True).dblclick()
    await expect(tab.get_by_text("no longer sold", exact=False).first).to_be_visible()
    rows = await database.fetch(
        "SELECT options->>'Size' AS size, state FROM variant WHERE product_id = $1 ORDER BY position",
        stall.products[NAME],
    )
    assert [tuple(row) for row in rows] == [("S", "archived"), ("M", "active"), ("L", "active"), ("XL", "active")]
    rows = await database.fetch("SELECT name, text FROM specification ORDER BY position")
    assert [tuple(row) for row in rows] == [("Fabric", "Cotton"), ("Length", "110 cm")]


async def alter_elsewhere(tab: Page, stall: Stall, database: Pool) -> None:
    """Prices and rows that are altered here and there at once are told, and nothing that was typed is lost."""
    price = tab.get_by_label("Price (₹) of Size: M", exact=True)
    await price.fill("950")
    await tab.locator("#spec-1-value").fill("112")
    await tab.locator("#description").fill("Printed by hand.")
    await database.execute("UPDATE variant SET price_minor = price_minor + 5000")
    await database.execute("UPDATE product SET description = 'Printed in Bagru.' WHERE id = $1", stall.products[NAME])
    await database.execute("UPDATE specification SET text = 'Linen' WHERE name = 'Fabric'")
    await tab.get_by_role("button", name="Save", exact=True).click()
    await expect(tab.locator("#description-error")).to_contain_text("it is “Printed in Bagru.” now")
    await expect(tab.get_by_text("it is “Fabric: Linen; Length: 110 cm” now")).to_be_visible()
    await expect(tab.get_by_text("Changed meanwhile: it is “899” now")).to_be_visible()
    await expect(price).to_have_value("950")


@AT_EVERY_SIZE
async def test_sizes_and_specifications_are_given_and_shoppers_choose(
    window: Window, tab: Page, stall: Stall, database: Pool
) -> None:
    window.allow("422 POST")
    await window.context.add_init_script(axe())
    await tab.goto(f"/seller/products/{stall.products[NAME]}")
    await sign_in(tab, SELLER)
    await tab.goto(f"/seller/products/{stall.products[NAME]}")
    await give(tab)
    assert await faults_at_both_sizes(tab, "a product with mistakes") == []
    await keep(tab, stall, database)
    save = tab.get_by_role("button", name="Save", exact=True)
    assert await save.evaluate(CLICKS) == [False, True], "the second click sends nothing"
    await tab.reload()
    assert await faults_at_both_sizes(tab, "a product with a retired variant") == []
    await alter_elsewhere(tab, stall, database)
    assert await faults_at_both_sizes(tab, "a product that changed meanwhile") == []
    slug = await database.fetchval("SELECT slug FROM product WHERE id = $1", stall.products[NAME])
    await tab.goto(f"/p/{slug}")
    await expect(tab.get_by_role("link", name="XL")).to_be_visible()
    await expect(tab.get_by_text("110 cm")).to_be_visible()
    await expect(tab.get_by_role("link", name="S", exact=True)).to_have_count(0)


async def test_without_scripts_it_works_as_well(stall: Stall, open_window: OpenWindow, database: Pool) -> None:
    window = await open_window(java_script_enabled=False)
    window.allow("422 POST", "403 POST", "csp GET")
    tab = await window.tab()
    await tab.goto("/login?next=/seller/products")
    await tab.get_by_label("E-mail").fill(SELLER)
    await tab.get_by_label("Password").fill("correct horse battery")
    await tab.get_by_role("button", name="Sign in").click()
    await tab.goto(f"/seller/products/{stall.products[NAME]}")
    await give(tab)
    await keep(tab, stall, database)
    await tab.get_by_role("button", name="Take away Fabric").click()
    await expect(tab.locator("#spec-0-name")).to_have_value("")
    await tab.get_by_role("button", name="Save", exact=True).click()
    await expect(tab.locator("h1")).to_have_text(NAME)
    assert [row["name"] for row in await database.fetch("SELECT name FROM specification")] == ["Length"]
