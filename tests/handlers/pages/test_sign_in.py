"""Signing in and out by form: the cookie, where one goes next, what becomes of the guest's cart."""

from collections.abc import Awaitable, Callable
from uuid import UUID

import pytest

from tests.buying import variant_of
from tests.factories import make_product, make_seller
from tests.handlers.pages.conftest import PASSWORD
from tests.handlers.pages.visitor import Visitor

Person = Callable[..., Awaitable[tuple[str, UUID]]]


async def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(visitor: Visitor, person: Person) -> None:
    email, _ = await person()
    seen = await visitor.sign_in(email, PASSWORD)
    assert (seen.status, seen.location) == (303, "/")
    cookies = [value for name, value in seen.headers.items() if name == "Set-Cookie" and "haat_session" in value]
    assert "HttpOnly" in cookies[0]
    assert "SameSite=Lax" in cookies[0]
    assert "Asha" in (await visitor.get("/fragments/header")).text


@pytest.mark.parametrize("password", ["wrong", "", "x" * 300])
async def test_a_wrong_password_and_an_unknown_mail_look_the_same(
    visitor: Visitor, person: Person, password: str
) -> None:
    email, _ = await person()
    known, unknown = await visitor.sign_in(email, password), await visitor.sign_in("nobody@example.in", password)
    assert known.status == unknown.status == 422
    assert known.html.replace(email, "") == unknown.html.replace("nobody@example.in", "")


async def test_one_goes_on_to_where_one_was_going_but_never_elsewhere(visitor: Visitor, person: Person) -> None:
    email, _ = await person()
    on = await visitor.post("/login", email=email, password=PASSWORD, next="/checkout")
    assert on.location == "/checkout"
    away = await visitor.post("/login", email=email, password=PASSWORD, next="//evil.example/")
    assert away.location == "/"


async def test_a_token_from_before_the_log_in_no_longer_holds(visitor: Visitor, person: Person) -> None:
    email, _ = await person()
    before = await visitor.token()
    await visitor.sign_in(email, PASSWORD)
    assert (await visitor.ask("POST", "/logout", data={"csrf_token": before})).status == 403


async def test_signing_out_ends_the_session_itself(visitor: Visitor, person: Person) -> None:
    email, _ = await person()
    await visitor.sign_in(email, PASSWORD)
    kept = visitor.cookies["haat_session"]
    assert (await visitor.get("/account/orders")).status == 200
    await visitor.post("/logout")
    assert "haat_session" not in visitor.cookies
    visitor.cookies["haat_session"] = kept
    assert (await visitor.get("/account/orders")).location.startswith("/login")


async def test_the_cart_of_the_guest_comes_along(visitor: Visitor, person: Person) -> None:
    variant_id = await variant_of(await make_product(await make_seller(), name="Brass Lamp"))
    await visitor.post("/cart/items", variant_id=variant_id, quantity=2)
    email, _ = await person()
    await visitor.sign_in(email, PASSWORD)
    assert "haat_cart" not in visitor.cookies
    assert "Brass Lamp" in (await visitor.get("/cart")).text


async def test_a_bad_registration_keeps_what_was_typed_except_the_password(visitor: Visitor) -> None:
    seen = await visitor.post("/register", name="Ravi", email="not a mail", password="se-cr3t")
    assert seen.status == 422
    assert 'value="Ravi"' in seen.html
    assert "se-cr3t" not in seen.html
