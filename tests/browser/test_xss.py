"""Scripts that people type into any text, shown by a real browser wherever the shop shows them; none runs."""

from uuid import UUID

from playwright.async_api import Page

from models.database import Pool
from models.order_view import read_order
from server.context import Context
from tests.browser.people import SHOPPER, make_person
from tests.browser.stall import Stall, until_found
from tests.factories import insert, make_product
from tests.ordering import KEYRING, new_order

RUN = "window.pwned=1"
PAYLOADS = (
    f"<script>{RUN}</script>",
    f"<img src=x onerror={RUN}>",
    f'"><svg onload={RUN}>',
    f"'-{RUN}-'",
    f"<mark><img src=x onerror={RUN}></mark>",
    f"<a href='javascript:{RUN}'>x</a>",
    f"{{{{{RUN}}}}}",
    f"<iframe srcdoc='<script>parent.{RUN}</script>'></iframe>",
    f"<math><mtext></form><form><mglyph><style></math><img src onerror={RUN}>",
    f"</title><script>{RUN}</script>",
    f"</textarea><script>{RUN}</script>",
    f"<!--><script>{RUN}</script>-->",
)
LOADED = "() => document.readyState === 'complete'"


async def demand_harmless(tab: Page, path: str) -> None:
    await tab.goto(path)
    await tab.wait_for_function(LOADED)
    assert await tab.evaluate("window.pwned") is None, path
    assert await tab.locator("img[onerror], svg[onload], iframe, a[href^='javascript']").count() == 0, path


async def test_no_payload_runs_wherever_it_is_shown(
    tab: Page, stall: Stall, database: Pool, context: Context, http
) -> None:
    dialogs = []
    tab.on("dialog", lambda dialog: dialogs.append(dialog.message))
    user_id: UUID = await make_person(context, SHOPPER, name=PAYLOADS[0])
    paths = []
    for number, payload in enumerate(PAYLOADS):
        product_id = await make_product(
            stall.seller_id,
            name=f"Zephyr {number} {payload}"[:200],
            brand=payload[:80],
            description="\n".join(PAYLOADS),
        )
        await insert("review", product_id=product_id, user_id=user_id, rating=4, title=payload[:120], text=payload,
                     state="published", answer=payload)  # fmt: skip
        slug = await database.fetchval("SELECT slug FROM product WHERE id = $1", product_id)
        paths.append(f"/p/{slug}")
    await database.execute("UPDATE seller SET name = $2, description = $3 WHERE id = $1", stall.seller_id,
                           f"Kala {PAYLOADS[1]}"[:120], "\n".join(PAYLOADS))  # fmt: skip
    await until_found(http, len(stall.products) + len(PAYLOADS))
    for path in (*paths, "/search?q=zephyr", f"/search?q=zephyr {PAYLOADS[1]}", f"/search?q={PAYLOADS[2]}", "/"):
        await demand_harmless(tab, path)
    await tab.goto("/")
    await tab.locator("input[name=q]").first.fill("zephyr")
    await tab.locator("#suggestions, .suggest, [role=listbox]").first.wait_for()
    assert await tab.evaluate("window.pwned") is None
    assert dialogs == []

    variant_id = await database.fetchval(
        "SELECT v.id FROM variant v JOIN product p ON p.id = v.product_id WHERE p.name LIKE 'Zephyr 1 %'"
    )
    placed = await new_order(variant_id)
    order = await read_order(placed.order_id, keyring=KEYRING)
    mail = context.mail.compose("meera@example.in", "order_paid", key="x", order=order, url="/orders/x")
    await tab.goto("about:blank")
    await tab.set_content(mail.html)  # in a mail program no CSP of ours stands behind the escaping
    assert "Zephyr" in await tab.content()
    assert await tab.evaluate("window.pwned") is None
    assert await tab.locator("img[onerror], svg[onload], iframe, script").count() == 0
    assert dialogs == []
