"""What holds for every page: who may keep it, what a form must carry, how a refusal looks."""

import pytest

from tests.factories import make_product, make_seller
from tests.handlers.pages.visitor import Visitor, slug_of

PUBLIC = ("/", "/search", "/categories", "/help", "/fragments/suggest?q=te")


@pytest.mark.parametrize("path", PUBLIC)
async def test_public_pages_are_the_same_for_everybody_and_are_asked_for_again(visitor: Visitor, path: str) -> None:
    first = await visitor.get(path)
    assert first.status == 200
    assert first.headers["Cache-Control"] == "public, no-cache"
    assert "Set-Cookie" not in first.headers
    assert (await visitor.get(path, If_None_Match=first.headers["ETag"])).status == 304


@pytest.mark.parametrize("path", ["/cart", "/login", "/fragments/header", "/orders/look-up"])
async def test_personal_pages_are_kept_by_nobody(visitor: Visitor, path: str) -> None:
    assert (await visitor.get(path)).headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", [*PUBLIC, "/cart", "/nowhere"])
async def test_every_page_forbids_scripts_and_styles_that_are_not_ours(visitor: Visitor, path: str) -> None:
    policy = (await visitor.get(path)).headers["Content-Security-Policy"]
    assert "script-src 'self';" in policy
    assert "style-src 'self';" in policy


async def test_no_page_says_where_somebody_else_was_sent(visitor: Visitor) -> None:
    assert (await visitor.get("/account/orders?page=7")).headers["Location"] == "/login?next=/account/orders%3Fpage%3D7"
    for path in ("/login", "/cart", "/fragments/header", "/nowhere"):
        assert "Location" not in (await visitor.get(path)).headers


async def test_a_form_without_its_token_is_shown_again_and_changes_nothing(visitor: Visitor) -> None:
    seen = await visitor.ask("POST", "/cart/items", data={"variant_id": "x", "quantity": "1"})
    assert seen.status == 403
    assert 'name="variant_id" value="x"' in seen.html
    assert "csrf_token" in seen.html


async def test_a_part_of_a_page_whose_token_is_old_is_loaded_anew_with_a_word_about_it(visitor: Visitor) -> None:
    await visitor.token()
    old = {"HX-Request": "true", "X-CSRF-Token": "0" * 64}
    seen = await visitor.ask("POST", "/cart/items", data={"quantity": "1"}, headers=old)
    assert seen.headers["HX-Refresh"] == "true"
    assert "Please do that once more." in (await visitor.get("/fragments/header")).text


async def test_a_token_of_another_browser_does_not_hold(visitor: Visitor) -> None:
    other = Visitor(visitor.http)
    token = await other.token()
    await visitor.token()
    seen = await visitor.ask("POST", "/logout", data={"csrf_token": token})
    assert seen.status == 403


async def test_a_form_from_another_site_is_refused(visitor: Visitor) -> None:
    token = await visitor.token()
    seen = await visitor.ask("POST", "/logout", data={"csrf_token": token}, headers={"Origin": "https://evil.example"})
    assert seen.status == 403
    assert "another site" in seen.text


async def test_a_password_is_never_shown_again(visitor: Visitor) -> None:
    seen = await visitor.ask("POST", "/login", data={"email": "a@b.in", "password": "secret words"})
    assert seen.status == 403
    assert "secret words" not in seen.html


async def test_what_is_not_there_has_a_page_for_people(visitor: Visitor) -> None:
    seen = await visitor.get("/p/never-was")
    assert seen.status == 404
    assert "Nothing here" in seen.text


async def test_an_error_beside_a_part_of_the_page_swaps_nothing_but_a_message(visitor: Visitor) -> None:
    seen = await visitor.post("/cart/items", htmx=True, variant_id="00000000-0000-0000-0000-000000000000")
    assert (seen.status, seen.headers["HX-Reswap"]) == (422, "none")
    assert "Is not for sale here" in seen.text


async def test_the_header_greets_and_counts(visitor: Visitor) -> None:
    assert "Sign in" in (await visitor.get("/fragments/header")).text


async def test_pages_for_sellers_ask_a_guest_to_sign_in_and_come_back(visitor: Visitor) -> None:
    seen = await visitor.get("/seller/products?state=draft")
    assert (seen.status, seen.location) == (303, "/login?next=/seller/products%3Fstate%3Ddraft")


async def test_a_name_cannot_bring_mark_up(visitor: Visitor) -> None:
    product_id = await make_product(await make_seller(name="<b>Bold</b> & Sons"), name="<script>alert(1)</script>")
    seen = await visitor.get(f"/p/{await slug_of(product_id)}")
    assert seen.status == 200
    assert "<script>alert" not in seen.html
    assert "<b>Bold" not in seen.html


async def test_a_page_can_be_asked_for_its_head_alone(visitor: Visitor) -> None:
    seen = await visitor.ask("HEAD", "/help")
    assert (seen.status, seen.html) == (200, "")
    assert seen.headers["Content-Type"].startswith("text/html")


async def test_an_address_without_a_page_says_so_in_our_words(visitor: Visitor) -> None:
    seen = await visitor.get("/nowhere")
    assert seen.status == 404
    assert "There is no page at this address." in seen.text
    assert "/nowhere" not in seen.text
