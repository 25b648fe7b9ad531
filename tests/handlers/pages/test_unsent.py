"""Nothing that was typed is lost to a log-in that ended meanwhile: it is kept, and one click sends it afterwards."""

import io
import secrets
from collections.abc import Awaitable, Callable
from uuid import UUID

import aiohttp

from models.database import Pool
from tests.buying import ADDRESS
from tests.factories import make_product, make_seller
from tests.handlers.pages.conftest import PASSWORD
from tests.handlers.pages.filled import filled_form
from tests.handlers.pages.test_buying import FORM, KEY, check_out, lamp
from tests.handlers.pages.visitor import Seen, Visitor, slug_of

People = Callable[..., Awaitable[tuple[str, UUID]]]
KEPT, SHOP = "haat_unsent", "http://haat.example"


async def send_signed_out(visitor: Visitor, path: str, page: str = "", **form: object) -> Seen:
    """A form of this page, sent after the session has ended elsewhere."""
    fields = {**form, "csrf_token": await visitor.token()}
    visitor.cookies.pop("haat_session", None)
    headers = {"Host": "haat.example", "Origin": SHOP, "Referer": f"{SHOP}{page}"}
    return await visitor.ask("POST", path, data={name: str(value) for name, value in fields.items()}, headers=headers)


async def go_on(visitor: Visitor, asked: Seen, email: str, action: str) -> Seen:
    """Sign in where one was sent to, and press the button of the page that follows."""
    following = asked.location.partition("next=")[2]
    entered = await visitor.post("/login", email=email, password=PASSWORD, next=following)
    return await visitor.post(action, **filled_form(await visitor.get(entered.location), action))


async def test_a_guests_wish_is_made_once_they_are_in(visitor: Visitor, person: People, database: Pool) -> None:
    email, user_id = await person()
    product_id = await make_product(await make_seller(), name="Brass Lamp")
    page = f"/p/{await slug_of(product_id)}"
    asked = await send_signed_out(visitor, "/account/wishlist", page, product_id=product_id)
    assert asked.location == "/login?next=/again"
    assert "what you typed is kept" in (await visitor.get(asked.location)).text
    done = await go_on(visitor, asked, email, "/account/wishlist")
    assert done.location == "/account/wishlist"
    assert await database.fetchval("SELECT user_id FROM wishlist_item WHERE product_id = $1", product_id) == user_id


async def test_an_address_that_was_typed_is_kept_over_the_log_in(
    visitor: Visitor, person: People, database: Pool
) -> None:
    email, _ = await person()
    await visitor.sign_in(email, PASSWORD)
    asked = await send_signed_out(visitor, "/account/addresses", **{**ADDRESS, "line2": ""})
    assert await database.fetchval("SELECT count(*) FROM address") == 0
    await go_on(visitor, asked, email, "/account/addresses")
    assert "14, 2nd Cross" in (await visitor.get("/account/addresses")).text


async def test_what_was_typed_is_not_shown_to_who_comes_after_a_log_out(visitor: Visitor, person: People) -> None:
    (email, _), (other, _) = await person(), await person("ravi@example.in")
    await visitor.sign_in(email, PASSWORD)
    asked = await send_signed_out(visitor, "/account/addresses", **{**ADDRESS, "line2": ""})
    await go_on(visitor, asked, email, "/account/addresses")
    await visitor.post("/logout")
    await visitor.sign_in(other, PASSWORD)
    assert (await visitor.get("/again")).location == "/"


async def test_a_checkout_whose_log_in_ended_is_ordered_from_the_cart_of_the_account(
    visitor: Visitor, person: People, database: Pool
) -> None:
    email, user_id = await person()
    await visitor.sign_in(email, PASSWORD)
    await visitor.post("/cart/items", variant_id=await lamp())
    page = await visitor.get("/checkout")
    key = KEY.search(page.html)
    assert key
    form = {**filled_form(page, "/checkout"), **FORM, "idempotency_key": key[1]}
    asked = await send_signed_out(visitor, "/checkout", **form)
    assert asked.location == "/login?next=/again"
    assert (await go_on(visitor, asked, email, "/checkout")).location.endswith("/pay")
    assert await database.fetchval("SELECT user_id FROM orders") == user_id


async def test_a_review_comes_back_with_its_words_and_pictures_are_chosen_again(visitor: Visitor) -> None:
    words = "Bright, and sturdy.\nIt stands well. " * 60
    for size, kept in ((20_000, True), (2_000_000, False)):
        form = aiohttp.FormData({"csrf_token": await visitor.token(), "rating": "4", "text": words})
        form.add_field("photo", io.BytesIO(b"x" * size), filename="a.jpg", content_type="image/jpeg")
        headers = {"Host": "haat.example", "Origin": SHOP, "Referer": f"{SHOP}/p/lamp/review"}
        asked = await visitor.ask("POST", "/p/lamp/review", data=form, headers=headers)
        assert asked.location == f"/login?next={'/again' if kept else '/p/lamp/review'}"
        assert (visitor.cookies.pop(KEPT, "") != "") is kept


async def test_a_guests_checkout_asks_for_no_log_in(visitor: Visitor) -> None:
    await visitor.post("/cart/items", variant_id=await lamp())
    assert 'name="signed_in"' not in (await visitor.get("/checkout")).html
    assert (await check_out(visitor)).location.endswith("/pay")


async def test_no_password_and_no_form_of_another_site_is_kept(visitor: Visitor) -> None:
    asked = await send_signed_out(visitor, "/account/security/password", "/account/security", password="secret words")
    assert (asked.location, KEPT in visitor.cookies) == ("/login?next=/account/security", False)
    stranger = Visitor(visitor.http)
    asked = await stranger.ask("POST", "/account/wishlist", data={"product_id": "x"})
    assert (asked.location, KEPT in stranger.cookies) == ("/login?next=/", False)


async def test_what_no_cookie_can_hold_leads_back_to_its_page_and_nowhere_else(visitor: Visitor) -> None:
    asked = await send_signed_out(
        visitor, "/account/addresses", "/account/addresses?page=2", line1=secrets.token_hex(2_000)
    )
    assert asked.location == "/login?next=/account/addresses%3Fpage%3D2"
    fields = {"line1": secrets.token_hex(2_000), "csrf_token": await visitor.token()}
    away = {"Referer": "https://evil.example/account"}
    assert (await visitor.ask("POST", "/account/addresses", data=fields, headers=away)).location == "/login?next=/"


async def test_who_has_nothing_unsent_goes_home(visitor: Visitor, person: People) -> None:
    email, _ = await person()
    await visitor.sign_in(email, PASSWORD)
    assert (await visitor.get("/again")).location == "/"
    visitor.cookies[KEPT] = "junk"
    assert (await visitor.get("/again")).location == "/"
