"""From a product's page to the payment page, by forms alone, as it works without scripts."""

import re
from collections.abc import Awaitable, Callable
from uuid import UUID

from models.database import Pool
from tests.buying import ADDRESS, state_of, variant_of
from tests.factories import make_product, make_seller
from tests.handlers.pages.conftest import PASSWORD
from tests.handlers.pages.visitor import Seen, Visitor, slug_of
from tests.offering import make_gift_card

KEY = re.compile(r'name="idempotency_key" value="([^"]+)"')
TOTAL = re.compile(r'name="total_minor" value="(\d+)"')
MARK = re.compile(r'name="goods_mark" value="([0-9a-f]+)"')
LINE = re.compile(r'id="line-([0-9a-f-]{36})"')
FORM = {**ADDRESS, "email": "meera@example.in", "line2": ""}


async def lamp(**columns: object) -> UUID:
    return await variant_of(await make_product(await make_seller(), name="Brass Lamp", **columns))


async def check_out(visitor: Visitor, **changes: str) -> Seen:
    page = (await visitor.get("/checkout")).html
    key, total = KEY.search(page), TOTAL.search(page)
    assert key
    assert total
    return await visitor.post("/checkout", **{**FORM, "idempotency_key": key[1], "total_minor": total[1], **changes})


async def test_a_product_is_put_into_the_cart_without_scripts(visitor: Visitor) -> None:
    seen = await visitor.post("/cart/items", variant_id=await lamp(), quantity=2)
    assert (seen.status, seen.location) == (303, "/cart")
    assert "₹2,598" in (await visitor.get("/cart")).text
    assert "haat_cart" in visitor.cookies


async def test_with_scripts_a_message_comes_and_the_header_is_told(visitor: Visitor) -> None:
    seen = await visitor.post("/cart/items", htmx=True, variant_id=await lamp(), quantity=1)
    assert (seen.status, seen.headers["HX-Trigger"]) == (200, "cart-changed")
    assert "Added to your cart" in seen.text
    assert 'id="cart-count">1<' in (await visitor.get("/fragments/header")).html


async def test_the_stepper_counts_from_what_the_form_says(visitor: Visitor) -> None:
    await visitor.post("/cart/items", variant_id=await lamp(), quantity=2)
    line = LINE.search((await visitor.get("/cart")).html)
    assert line
    seen = await visitor.post(f"/cart/items/{line[1]}", htmx=True, quantity=2, step=1)
    assert 'name="quantity" value="3"' in seen.html
    await visitor.post(f"/cart/items/{line[1]}/remove")
    assert "Your cart is empty" in (await visitor.get("/cart")).text


async def test_what_another_tab_took_out_is_told_beside_the_cart_as_it_is(visitor: Visitor) -> None:
    await visitor.post("/cart/items", variant_id=await lamp(), quantity=1)
    [line] = LINE.findall((await visitor.get("/cart")).html)
    await visitor.post(f"/cart/items/{line}/remove")
    for act, form in (("", {"quantity": 2}), ("/remove", {}), ("/save", {}), ("/restore", {})):
        shown = await visitor.post(f"/cart/items/{line}{act}", htmx=True, **form)
        assert (shown.status, "taken out elsewhere" in shown.text) == (200, True), act
        assert "Your cart is empty" in shown.text


async def test_somebody_elses_line_is_not_there(visitor: Visitor) -> None:
    await visitor.post("/cart/items", variant_id=await lamp(), quantity=1)
    line = LINE.search((await visitor.get("/cart")).html)
    assert line
    stranger = Visitor(visitor.http)
    assert (await stranger.post(f"/cart/items/{line[1]}/remove")).status == 404


async def test_more_than_there_are_cannot_be_checked_out(visitor: Visitor, database: Pool) -> None:
    variant_id = await lamp(stock=5)
    await visitor.post("/cart/items", variant_id=variant_id, quantity=4)
    await database.execute("UPDATE stock SET on_hand = 1 WHERE variant_id = $1", variant_id)
    seen = await visitor.get("/cart")
    assert "Only 1 left" in seen.text
    assert 'href="/checkout"' not in seen.html
    assert (await visitor.get("/checkout")).location == "/cart"


async def test_a_page_shows_what_is_on_a_gift_card_and_an_account_the_cards_it_used(
    visitor: Visitor, person, database: Pool
) -> None:
    await make_gift_card("GIFT-CODE", 200_000)
    assert 'name="code"' in (await visitor.get("/gift-cards")).html
    for code in ("NOPE", ""):
        refused = await visitor.post("/gift-cards", code=code)
        assert (refused.status, 'aria-invalid="true"' in refused.html) == (422, True)
    shown = await visitor.post("/gift-cards", code="gift code")
    assert (shown.status, "₹2,000" in shown.text, "Can be used" in shown.text) == (200, True, True)
    assert "gift code" not in shown.html.lower()
    assert (await visitor.get("/account/gift-cards")).location.startswith("/login")
    email, _ = await person()
    await visitor.sign_in(email, PASSWORD)
    assert "No gift cards yet" in (await visitor.get("/account/gift-cards")).text
    await visitor.post("/cart/items", variant_id=str(await lamp()))
    await visitor.post("/cart/gift-cards", code="GIFT-CODE")
    assert "ending in" in (await visitor.get("/account/gift-cards")).text


async def test_what_is_wrong_with_a_code_is_said_beside_its_field_with_and_without_scripts(visitor: Visitor) -> None:
    await visitor.post("/cart/items", variant_id=str(await lamp()))
    wrong = (
        ("coupons", {"code": "nope"}, "NOPE is no coupon"),
        ("coupons", {"code": "x"}, "X is no code"),
        ("gift-cards", {"code": "nope"}, "This is no gift card"),
        ("place", {"pin_code": "12"}, "six digits"),
    )
    for path, form, said in wrong:
        for htmx in (False, True):
            shown = await visitor.post(f"/cart/{path}", htmx=htmx, **form)
            assert (shown.status, said in shown.text, 'aria-invalid="true"' in shown.html) == (422, True, True), path
            assert f'value="{form.get("code") or form["pin_code"]}"' in shown.html


async def test_cash_on_delivery_is_offered_where_every_seller_takes_it(visitor: Visitor, database: Pool) -> None:
    await visitor.post("/cart/items", variant_id=await lamp(), quantity=1)
    assert 'value="cash"' not in (await visitor.get("/checkout")).html
    await database.execute("UPDATE seller SET cash_allowed = true")
    assert 'value="cash"' in (await visitor.get("/checkout")).html
    seen = await check_out(visitor, pay="cash")
    number, state, kind = await database.fetchrow("SELECT number, state, payment_kind FROM orders")
    assert (seen.location, state, kind) == (f"/orders/{number}", "confirmed", "cash")
    assert "You pay in cash when it comes" in (await visitor.get(seen.location)).text
    await visitor.post("/cart/items", variant_id=await lamp(), quantity=1)
    refused = await check_out(visitor, pay="cash")
    assert await state_of(refused.location.rsplit("/", 1)[1]) == "pending"
    assert "cannot be paid in cash after all" in (await visitor.get("/fragments/header")).text


async def test_what_was_sold_while_the_form_was_filled_in_is_said(visitor: Visitor, database: Pool) -> None:
    variant_id = await lamp(stock=5)
    await visitor.post("/cart/items", variant_id=variant_id, quantity=4)
    await visitor.get("/checkout")
    await database.execute("UPDATE stock SET on_hand = 1 WHERE variant_id = $1", variant_id)
    seen = await visitor.post("/checkout", **FORM, idempotency_key="a-key")
    assert seen.status == 422
    assert await database.fetchval("SELECT count(*) FROM orders") == 0
    assert "Brass Lamp" in seen.text


async def test_an_empty_cart_has_nothing_to_check_out(visitor: Visitor) -> None:
    assert (await visitor.get("/checkout")).location == "/cart"


async def test_every_wrong_field_is_named_and_what_was_typed_stays(visitor: Visitor) -> None:
    await visitor.post("/cart/items", variant_id=await lamp())
    seen = await check_out(visitor, email="nobody", pin_code="012345", phone="12")
    assert seen.status == 422
    for name in ("email", "pin_code", "phone"):
        assert f'id="{name}-error"' in seen.html
    assert 'value="14, 2nd Cross, Indiranagar"' in seen.html


async def test_an_order_is_placed_once_however_often_the_form_is_sent(visitor: Visitor, database: Pool) -> None:
    await visitor.post("/cart/items", variant_id=await lamp())
    first = await check_out(visitor, idempotency_key="the-same-key")
    second = await check_out(visitor, idempotency_key="the-same-key")
    assert first.status == 303
    assert first.location == second.location
    assert await database.fetchval("SELECT count(*) FROM orders") == 1
    number = first.location.split("/")[2]
    assert await state_of(number) == "pending"
    page = await visitor.get(first.location)
    assert "data-go" in page.html
    assert "/v1/checkout/embedded" in page.html


async def test_a_form_that_was_spent_gets_a_new_key_and_orders(visitor: Visitor, database: Pool) -> None:
    """Sent again with another address, or a day later: the shopper is not caught in the old key."""
    await visitor.post("/cart/items", variant_id=await lamp())
    number = (await check_out(visitor, idempotency_key="spent")).location.split("/")[2]
    for age, city in (("0", "Mysuru"), ("25 hours", FORM["city"])):
        await database.execute(f"UPDATE idempotency_key SET created_at = now() - interval '{age}' WHERE key = 'spent'")
        seen = await check_out(visitor, idempotency_key="spent", city=city)
        assert (seen.status, "out of date" in seen.text) == (422, True)
        again = KEY.search(seen.html)
        assert again
        assert again[1] != "spent"
        assert number in (await check_out(visitor, idempotency_key=again[1], city=city)).location
    assert await database.fetchval("SELECT count(*) FROM orders") == 1


async def test_another_total_than_was_shown_is_not_charged(visitor: Visitor, database: Pool) -> None:
    await visitor.post("/cart/items", variant_id=await lamp())
    seen = await check_out(visitor, total_minor="100")
    assert seen.status == 422
    assert await database.fetchval("SELECT count(*) FROM orders") == 0


async def test_other_options_than_were_shown_are_not_ordered_until_the_shopper_has_seen_both(
    visitor: Visitor, database: Pool
) -> None:
    shirt = await lamp()
    await database.execute("""UPDATE variant SET options = '{"Size": "M"}'""")
    await visitor.post("/cart/items", variant_id=shirt)
    shown = MARK.search((await visitor.get("/checkout")).html)
    assert shown
    await database.execute("""UPDATE variant SET options = '{"Size": "L"}'""")
    told = "it was \u201cSize: M\u201d and is \u201cSize: L\u201d now"
    assert told in (await visitor.get("/cart")).text
    refused = await check_out(visitor, goods_mark=shown[1])
    assert (refused.status, told in refused.text, "changed while you were here" in refused.text) == (422, True, True)
    assert await database.fetchval("SELECT count(*) FROM orders") == 0
    assert (await check_out(visitor)).status == 422, "without a word of what was seen"
    seen = MARK.search(refused.html)
    assert seen
    assert (await check_out(visitor, goods_mark=seen[1])).status == 303
    assert await database.fetchval("SELECT options FROM order_line") == '{"Size": "L"}'


async def test_another_name_than_was_shown_is_not_ordered_until_the_shopper_has_seen_both(
    visitor: Visitor, database: Pool
) -> None:
    await visitor.post("/cart/items", variant_id=await lamp())
    shown = MARK.search((await visitor.get("/checkout")).html)
    assert shown
    await database.execute("UPDATE product SET name = 'Shade for a <b>lamp</b>'")
    told = "it was \u201cBrass Lamp\u201d and is \u201cShade for a <b>lamp</b>\u201d now."
    assert told in (await visitor.get("/cart")).text
    await database.execute("""UPDATE variant SET options = '{"Size": "L"}', price_minor = price_minor + 100""")
    both = "\u201cBrass Lamp, without options\u201d and is \u201cShade for a <b>lamp</b>, Size: L\u201d"
    told = f"it was {both} now. The price went from"
    refused = await check_out(visitor, goods_mark=shown[1])
    assert (refused.status, told in refused.text, "<b>" in refused.html) == (422, True, False)
    assert await database.fetchval("SELECT count(*) FROM orders") == 0
    seen = MARK.search(refused.html)
    assert seen
    assert (await check_out(visitor, goods_mark=seen[1])).status == 303
    assert await database.fetchval("SELECT name FROM order_line") == "Shade for a <b>lamp</b>"


async def test_an_order_is_shown_to_its_buyer_and_to_who_knows_its_mail(visitor: Visitor) -> None:
    await visitor.post("/cart/items", variant_id=await lamp())
    number = (await check_out(visitor)).location.split("/")[2]
    assert "Brass Lamp" in (await visitor.get(f"/orders/{number}")).text
    other = Visitor(visitor.http)
    assert (await other.get(f"/orders/{number}")).location == f"/orders/look-up?number={number}"
    wrong = await other.post("/orders/look-up", number=number, email="ravi@example.in")
    assert wrong.status == 404
    right = await other.post("/orders/look-up", number=number, email="Meera@Example.in")
    assert right.location == f"/orders/{number}"
    assert "Brass Lamp" in (await other.get(f"/orders/{number}")).text


async def test_a_changed_cart_leads_to_the_order_that_waits_which_can_be_cancelled(visitor: Visitor) -> None:
    await visitor.post("/cart/items", variant_id=await lamp())
    number = (await check_out(visitor)).location.split("/")[2]
    await visitor.post("/cart/items", variant_id=await lamp())
    assert (await check_out(visitor)).location == f"/orders/{number}"
    assert "still waits to be paid" in (await visitor.get("/fragments/header")).text
    await visitor.post(f"/orders/{number}/cancel")
    assert "This order was cancelled" in (await visitor.get(f"/orders/{number}")).text
    again = await check_out(visitor)
    assert again.location.startswith("/orders/")
    assert number not in again.location


async def test_the_order_page_asks_again_only_until_something_changed(visitor: Visitor) -> None:
    await visitor.post("/cart/items", variant_id=await lamp())
    number = (await check_out(visitor)).location.split("/")[2]
    assert (await visitor.get(f"/orders/{number}?seen=pending-open", HX_Request="true")).status == 204
    assert (await visitor.get(f"/orders/{number}?seen=pending-created", HX_Request="true")).status == 200
    stranger = await Visitor(visitor.http).get(f"/orders/{number}?seen=pending-open", HX_Request="true")
    assert stranger.status != 204, "whoever guesses a number learns nothing of its payment"
    assert number not in stranger.text


async def test_a_kept_address_is_offered_and_used(
    visitor: Visitor, person: Callable[..., Awaitable[tuple[str, UUID]]], database: Pool
) -> None:
    email, _ = await person()
    await visitor.sign_in(email, PASSWORD)
    await visitor.post("/account/addresses", **{**ADDRESS, "line2": ""})
    assert "14, 2nd Cross" in (await visitor.get("/account/addresses")).text
    address_id = await database.fetchval("SELECT id FROM address")
    await visitor.post("/cart/items", variant_id=await lamp())
    blank = dict.fromkeys(("name", "line1", "city", "region", "pin_code"), "")
    seen = await check_out(visitor, address_id=str(address_id), **blank)
    assert seen.status == 303
    assert await database.fetchval("SELECT region FROM orders") == "Karnataka"


async def test_a_products_page_says_who_sells_and_what_it_costs(visitor: Visitor) -> None:
    product_id = await make_product(await make_seller(), name="Brass Lamp", price_minor=149_950, variants=2)
    seen = await visitor.get(f"/p/{await slug_of(product_id)}")
    for words in ("Brass Lamp", "₹1,499.50", "Inclusive of all taxes", "Asha Stores", "Country of origin: India"):
        assert words in seen.text
    assert '"@type":"Product"' in seen.html
    assert re.search(r'rel="canonical" href="http://[^"]+/p/brass-lamp-', seen.html)
