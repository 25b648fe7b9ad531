"""Every page of the three web apps with the demo catalogue in it, at both sizes: sound, accessible, no complaints.

The tabs are a desk's: each page is asked for once, and looked at as a phone shows it too.
"""

from collections.abc import Mapping
from uuid import UUID

import aiohttp
import asyncpg
import pytest
from playwright.async_api import Page, expect

from catalogue.progress import Progress
from catalogue.seed.generator import make_world
from catalogue.seed.load import seed_shop
from catalogue.seed.people import DEMO_PASSWORD
from models.base import uuid7
from models.database import Pool, transaction
from models.keyring import Keyring
from models.merchandising import Item, RuleInput, create_rule
from models.product_change import VariantWish, Wanted, propose
from models.search_log import Searched, write_searches
from models.staff import invite
from models.variant_set import AddedVariant
from server.context import Context
from server.links import signed
from server.passwords import hash_password
from server.settings import load_settings
from tests.address import on_database
from tests.browser.checkout import at_the_gateway, confirmed, fill_in, place
from tests.browser.people import sign_in
from tests.browser.sale import Sale, make_sale
from tests.browser.soundness import axe, faults_at_both_sizes
from tests.browser.stall import until_found
from tests.browser.window import SIZES, Window
from tests.buying import Bank, Buyer, state_of
from tests.conftest import TEMPLATE
from tests.factories import make_product
from tests.ordering import ASHA
from tests.people import APP_OF, APPS
from tests.wait import until

DEMO = "haat_demo"
PRODUCTS = 150
FINDABLE = """
SELECT count(*) FROM product p JOIN seller s ON s.id = p.seller_id WHERE p.state = 'active' AND s.state = 'approved'
"""
CHOICE = """
SELECT p.slug, v.id AS variant_id, c.slug AS category, p.brand FROM product p
  JOIN seller s ON s.id = p.seller_id JOIN category c ON c.id = p.category_id
  JOIN variant v ON v.product_id = p.id AND v.state = 'active' JOIN stock t ON t.variant_id = v.id
 WHERE p.state = 'active' AND s.slug = 'demo-seller' AND t.on_hand > 3 AND v.options <> '{}'
 ORDER BY p.rating_count DESC, p.id, v.position LIMIT 1
"""
QUERIES = ("table", "wireless headphones", "a rather long query that somebody pasted from a product page", "दीया")
SOLD_OUT = """
SELECT p.slug FROM product p JOIN variant v ON v.product_id = p.id JOIN stock t ON t.variant_id = v.id
 WHERE p.state = 'active' GROUP BY p.id HAVING max(t.on_hand) = 0 ORDER BY p.id LIMIT 1
"""


@pytest.fixture(scope="session")
async def demo(stack: Mapping[str, str], tmp_path_factory: pytest.TempPathFactory) -> str:
    """The name of a template database with a small demo catalogue."""
    admin = await asyncpg.connect(stack["HAAT_SUPERUSER_URL"])
    await admin.execute(f"CREATE DATABASE {DEMO} TEMPLATE {TEMPLATE} OWNER haat_owner")
    await admin.close()
    keys = load_settings(stack, tmp_path_factory.mktemp("demo")).keys
    await seed_shop(
        on_database(stack["HAAT_DATABASE__URL"], DEMO),
        make_world(1),
        PRODUCTS,
        keyring=Keyring(keys.ring, keys.lookup),
        password_hash=hash_password(DEMO_PASSWORD, 4),
        progress=Progress("Seeding", PRODUCTS),
    )
    return DEMO


@pytest.fixture
def template(demo: str) -> str:
    return demo


@pytest.fixture
async def market(context: Context, http: aiohttp.ClientSession, worker: None, database: Pool) -> asyncpg.Record:
    """The demo shop, searchable. Returns a product of the demo seller with choices and reviews."""
    await until_found(http, await database.fetchval(FINDABLE))
    return await database.fetchrow(CHOICE)


@pytest.fixture
async def tab(window: Window) -> Page:
    """Every page of it brings what looks it over: sending that to each page costs a third of the loading."""
    await window.context.add_init_script(axe())
    return await window.tab()


async def walk(tab: Page, *paths: str) -> list[str]:
    """The faults of all these pages."""
    faults = []
    for path in paths:
        await tab.goto(path)
        faults += await faults_at_both_sizes(tab, path)
    return faults


async def test_the_shop(window: Window, tab: Page, market: asyncpg.Record, database: Pool) -> None:
    window.allow("404 GET")
    root = await database.fetchval("SELECT split_part(path, '/', 1) FROM category WHERE slug = $1", market["category"])
    paths = (
        "/",
        "/search",
        "/search?q=table&price_max=9000",
        "/search?q=zzxqj",
        "/search?q=table&brand=Nobody",
        "/categories",
        f"/c/{root}",
        f"/c/{market['category']}",
        f"/p/{market['slug']}",
        f"/p/{await database.fetchval(SOLD_OUT)}",
        "/cart",
        "/gift-cards",
        "/login",
        "/register",
        "/orders/look-up",
        "/help",
        "/nowhere",
        "/p/nothing",
    )
    assert await walk(tab, *paths) == []


async def test_the_way_to_an_order(
    window: Window, tab: Page, market: asyncpg.Record, bank: Bank, database: Pool
) -> None:
    window.allow("422 POST")
    await tab.goto(f"/p/{market['slug']}")
    await tab.locator("#buy").get_by_role("button", name="Add to cart").click()
    await expect(tab.locator(".toast")).to_be_visible()
    faults = await walk(tab, "/cart", "/checkout")
    await place_with_a_mistake(tab)
    faults += await faults_at_both_sizes(tab, "check-out with mistakes")
    await fill_in(tab)
    await place(tab)
    await at_the_gateway(tab, "Cancel")
    await expect(tab.locator("h1")).to_have_text("Almost done")
    faults += await faults_at_both_sizes(tab, "order to be paid")
    await tab.get_by_role("button", name="Pay ₹").click()
    await at_the_gateway(tab, "Pay ₹")
    await confirmed(tab)
    assert faults + await faults_at_both_sizes(tab, "paid order") == []


async def place_with_a_mistake(tab: Page) -> None:
    await fill_in(tab, phone="1", city="")
    await place(tab)
    await expect(tab.locator("#phone-error")).to_be_visible()


async def make_rule(database: Pool) -> UUID:
    """A rule of merchandising, and some days of searches to look at."""
    pin = await database.fetchval("SELECT id FROM product WHERE name ILIKE '%table%' AND state = 'active' LIMIT 1")
    wanted = RuleInput(
        name="Tables before Diwali",
        query="table",
        items=[Item(action="pin", product_id=pin, position=1), Item(action="boost", brand="Baithakwood")],
    )
    await write_searches(
        [Searched(q, f"{n:032x}", n % 5, "meilisearch", n % 2 == 0, 4.0 * n) for q in QUERIES for n in range(9)],
        weight=1,
    )
    admin = await database.fetchval("SELECT id FROM users WHERE role = 'admin' LIMIT 1")
    return (await create_rule(wanted, actor_id=admin)).id


async def test_what_is_behind_a_sign_in(
    window: Window,
    tab: Page,
    market: asyncpg.Record,
    bank: Bank,
    http: aiohttp.ClientSession,
    database: Pool,
    context: Context,
) -> None:
    window.allow("403 GET")
    placed = await Buyer(http).order(market["variant_id"], 2)
    await bank.pay(placed["payment"]["gateway_order_id"])

    async def paid() -> bool:
        return await state_of(placed["number"]) == "paid"

    await until(paid)
    product = await database.fetchval("SELECT id FROM product WHERE slug = $1", market["slug"])
    seller, invitation = await at_work(context, database, product)
    rule, draft = await make_rule(database), await make_product(seller, name="Cane Basket", state="draft")
    desks = {
        "shopper": ("/account/orders", "/account/addresses", "/account/profile", "/account/security", "/admin", "/sell",
                    invitation),
        "seller": ("/seller", "/seller/products", f"/seller/products/{product}", "/seller/products/new",
                   f"/seller/products/{draft}", "/seller/orders", "/seller/payouts", "/seller/shop", "/seller/staff"),
        "admin": ("/admin", "/admin/sellers", "/admin/products", "/admin/jobs", "/admin/money", "/admin/search",
                  f"/admin/sellers/{seller}", "/admin/products/changes", "/admin/users", "/admin/audit",
                  "/admin/search/statistics", "/admin/search/words", "/admin/search/rules",
                  f"/admin/search/rules/{rule}"),
    }  # fmt: skip
    sealed = await database.fetchval(APP_OF, "admin")
    APPS["admin@haat.example"] = context.keyring.decrypt(sealed)
    faults = []
    for who, paths in desks.items():
        await window.context.clear_cookies()
        await sign_in(tab, f"{who}@haat.example", DEMO_PASSWORD)
        faults += await walk(tab, *paths)
    assert faults == []


async def at_work(context: Context, database: Pool, product_id: UUID) -> tuple[UUID, str]:
    """The demo seller changes the product and invites the demo shopper. Returns the seller and the way to accept."""
    seller = await database.fetchrow("SELECT id, user_id FROM seller WHERE slug = 'demo-seller'")
    who = {"actor_id": seller["user_id"]}
    async with transaction() as connection:
        variant = await connection.fetchval("SELECT id FROM variant WHERE product_id = $1 LIMIT 1", product_id)
        wanted = Wanted(
            name="Another name",
            description="Short, and quite another text than before.",
            variants=(VariantWish(id=variant, sku="ANOTHER-1", options={"Finish": "A long word for a colour: Teal"}),),
            new_variants=(
                AddedVariant(
                    id=uuid7(),
                    sku="NEW-1",
                    options={"Finish": "New"},
                    price_minor=99_900,
                    list_price_minor=None,
                    stock=7,
                ),
            ),
        )
        await propose(connection, product_id, wanted, **who)
    invited = await invite(seller["id"], "shopper@haat.example", ["orders"], keyring=context.keyring, **who)
    return seller["id"], signed(context.settings, f"/invitations/{invited}", until=4_000_000_000)


@pytest.fixture
async def sale(market: asyncpg.Record, context: Context, database: Pool) -> Sale:
    return await make_sale(market["variant_id"], market["slug"], context)


async def test_what_comes_after_the_payment(window: Window, tab: Page, market: asyncpg.Record, sale: Sale) -> None:
    """Parcels, returns, reviews, refunds and money, for the shopper, the seller and the operator."""
    parcels = [f"/seller/orders/{one.shipments[0]}" for one in (sale.first, sale.second)]
    number, other = sale.number, sale.other
    shopper = ("/account/wishlist", "/account/gift-cards", f"/orders/{number}", f"/orders/{number}/invoices",
               f"/orders/{other}", f"/orders/{number}/return", f"/p/{market['slug']}/review",
               "/returns-policy")  # fmt: skip
    seller = (*parcels, f"{parcels[0]}/slip", "/seller/returns", "/seller/stock", "/seller/reviews", "/seller/coupons",
              "/seller/shipping", "/seller/payouts", f"/seller/payouts/{sale.payout}")  # fmt: skip
    admin = ("/admin/orders", "/admin/orders?state=paid", f"/admin/orders/{number}", f"/admin/orders/{other}",
             "/admin/reviews", "/admin/jobs", "/admin/money", "/admin/coupons", "/admin/gift-cards", "/admin/shipping",
             "/admin/taxes", "/admin/zones", "/admin/mails")  # fmt: skip
    faults = []
    for who, paths in {"shopper": shopper, "seller": seller, "admin": admin}.items():
        await window.context.clear_cookies()
        await sign_in(tab, f"{who}@haat.example", DEMO_PASSWORD)
        faults += await walk(tab, *paths)
    await window.context.clear_cookies()
    await tab.goto("/orders/look-up")
    await tab.get_by_label("Order number").fill(number)
    await tab.get_by_label("E-mail you ordered with").fill(ASHA.email)
    async with tab.expect_navigation():
        await tab.get_by_role("button", name="Show the order").click()
    await expect(tab.get_by_text(number).first).to_be_visible()
    assert faults + await faults_at_both_sizes(tab, "order that was looked up") == []


@pytest.mark.parametrize("size", SIZES)
async def test_the_description_of_the_api(tab: Page, http: aiohttp.ClientSession) -> None:
    await tab.goto("/api/docs")
    await tab.get_by_role("link", name="checkout", exact=True).click()
    await expect(tab.get_by_text("/api/v1/checkout", exact=True)).to_be_visible()
