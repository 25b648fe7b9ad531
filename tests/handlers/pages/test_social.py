"""Signing in with Google, against a provider that speaks the real protocol and can be told to lie."""

import html
import re
from collections.abc import Awaitable, Callable
from urllib.parse import parse_qsl, urlsplit
from uuid import UUID

from models.database import pool
from server.context import Context
from server.integrations.oidc import open_oidc
from server.settings import Oidc
from tests.conftest import free_port
from tests.google import Google, google
from tests.handlers.pages.conftest import PASSWORD
from tests.handlers.pages.visitor import Seen, Visitor
from tests.people import APPS, code_of, set_up_app

__all__ = ["google"]

Person = Callable[..., Awaitable[tuple[str, UUID]]]


async def sign_in(visitor: Visitor, google: Google, following: str = "", **form: str) -> Seen:
    begun = await visitor.get(f"/login/google?next={following}")
    assert begun.status == 303, begun.text
    _, back = await google.choose(begun.location, **form)
    return await visitor.get(back)


async def test_a_verified_address_opens_a_new_account_and_the_same_one_again(visitor: Visitor, google: Google) -> None:
    seen = await sign_in(visitor, google, "/account/profile", email="Meera@example.in")
    assert seen.location == "/account/profile"
    assert "meera@example.in" in (await visitor.get("/account/security")).text
    again = Visitor(visitor.http)
    subject = await pool().fetchval("SELECT subject FROM social_account")
    assert (await sign_in(again, google, email="moved@example.in", sub=subject)).location == "/"
    assert await pool().fetchval("SELECT count(*) FROM users") == 1


async def test_an_account_is_taken_over_by_no_unverified_address(
    visitor: Visitor, google: Google, person: Person
) -> None:
    email, user_id = await person()
    refused = await sign_in(visitor, google, email=email, email_verified="0")
    assert (refused.status, "has not verified this mail address" in refused.text) == (403, True)
    assert await pool().fetchval("SELECT count(*) FROM social_account") == 0
    assert (await sign_in(visitor, google, email=email)).location == "/"
    assert await pool().fetchval("SELECT user_id FROM social_account") == user_id
    assert await pool().fetchval("SELECT count(*) FROM pgqueuer WHERE entrypoint = 'mail.social'") == 1


async def test_tokens_that_do_not_hold_sign_nobody_in(visitor: Visitor, google: Google) -> None:
    lies = ({"nonce": "another"}, {"aud": "another"}, {"iss": "https://evil.example"}, {"exp": 1}, {"at_hash": "bm8"},
            {"alg": "none"}, {"alg": "HS256"}, {"sub": None})  # fmt: skip
    for lie in lies:
        await google.lie(**lie)
        seen = await sign_in(visitor, google, email="meera@example.in")
        assert (seen.status, lie) == (403, lie)
    await google.lie()
    assert await pool().fetchval("SELECT count(*) FROM users") == 0
    assert (await sign_in(visitor, google, email="meera@example.in")).location == "/"


async def test_an_answer_is_finished_once_by_the_browser_that_began(visitor: Visitor, google: Google) -> None:
    url = (await visitor.get("/login/google")).location
    asked = dict(parse_qsl(urlsplit(url).query))
    assert asked["code_challenge_method"] == "S256"
    assert len(asked["nonce"]) >= 32
    _, back = await google.choose(url, email="meera@example.in")
    assert (await Visitor(visitor.http).get(back)).status == 403
    other = Visitor(visitor.http)
    await other.get("/login/google")
    assert (await other.get(back)).status == 403
    kept = dict(visitor.cookies)
    assert (await visitor.get(back)).location == "/"
    visitor.cookies.update(kept)
    assert (await visitor.get(back)).status == 403, "the code was used"
    assert (await google.choose(url, email="a@b.co", redirect_uri="https://evil.example/"))[0] == 400


async def begin_link(visitor: Visitor, password: str = PASSWORD) -> str:
    """The address that the page leads to."""
    shown = await visitor.post("/account/security/google", google_password=password)
    assert shown.status == 200, shown.text
    found = re.search(r'<a href="([^"]+)" class="btn btn-primary btn-lg">', shown.html)
    assert found
    return html.unescape(found[1])


async def test_linking_wants_the_password_and_is_undone(visitor: Visitor, google: Google, person: Person) -> None:
    email, user_id = await person()
    await visitor.sign_in(email, PASSWORD)
    _, back = await google.choose(await begin_link(visitor), email="meera@elsewhere.example")
    assert (await visitor.get(back)).location == "/account/security"
    assert (await sign_in(Visitor(visitor.http), google, email="meera@elsewhere.example")).location == "/"
    assert await pool().fetchval("SELECT user_id FROM social_account") == user_id
    await visitor.post("/logout")
    await person("other@example.in")
    await visitor.sign_in("other@example.in", PASSWORD)
    _, back = await google.choose(await begin_link(visitor), email="meera@elsewhere.example")
    assert (await visitor.get(back)).status == 409, "it is linked to somebody else"
    owner = Visitor(visitor.http)
    await owner.sign_in(email, PASSWORD)
    unlink = "/account/security/google/unlink"
    assert (await owner.post(unlink, google_password=PASSWORD)).location == "/account/security"
    assert await pool().fetchval("SELECT count(*) FROM social_account") == 0


async def test_a_stolen_session_neither_links_nor_unlinks(visitor: Visitor, google: Google, person: Person) -> None:
    email, user_id = await person()
    await visitor.sign_in(email, PASSWORD)
    link, unlink = "/account/security/google", "/account/security/google/unlink"
    assert (await visitor.get(f"{link}?token={await visitor.token()}")).status == 405
    forged = await visitor.ask("POST", link, data={"google_password": PASSWORD})
    assert (forged.status, "haat_google" in visitor.cookies) == (403, False), "a form of another page"
    for given in ({}, {"google_password": "a guess"}):
        refused = await visitor.post(link, **given)
        assert (refused.status, 'id="google_password-error"' in refused.html) == (422, True)
        assert "The present password is wrong" in refused.text
    assert "haat_google" not in visitor.cookies, "nothing was begun"
    begun = await visitor.get("/login/google")
    _, back = await google.choose(begun.location, email="thief@example.in")
    assert (await visitor.get(back)).location == "/", "a log-in of the thief's own"
    assert await pool().fetchval("SELECT count(*) FROM social_account WHERE user_id = $1", user_id) == 0
    owner = Visitor(visitor.http)
    await owner.sign_in(email, PASSWORD)
    _, back = await google.choose(await begin_link(owner), email="asha@elsewhere.example")
    await owner.get(back)
    for given in ({}, {"google_password": "a guess"}):
        assert (await owner.post(unlink, **given)).status == 422
    assert await pool().fetchval("SELECT count(*) FROM social_account WHERE user_id = $1", user_id) == 1


async def test_who_has_no_password_chooses_one_by_mail_first(visitor: Visitor, google: Google) -> None:
    await sign_in(visitor, google, email="meera@example.in")
    shown = await visitor.get("/account/security")
    assert "Choose a password first" in shown.text
    assert 'name="google_password"' not in shown.html
    for path, given in (
        ("/account/security/google", {}),
        ("/account/security/google/unlink", {}),
        ("/account/security/phone", {"phone": "98765 43210"}),
    ):
        assert (await visitor.post(path, google_password="", phone_password="", **given)).status == 422, path
    assert await pool().fetchval("SELECT count(*) FROM social_account") == 1
    assert await pool().fetchval("SELECT count(*) FROM otp_challenge") == 0


async def test_an_app_is_asked_for_after_google_too(
    visitor: Visitor, google: Google, person: Person, context: Context
) -> None:
    email, user_id = await person()
    await set_up_app(context, user_id, email)
    asked = await sign_in(visitor, google, "/account/profile", email=email)
    assert asked.location == "/login/second?next=/account/profile"
    entered = await visitor.post("/login/second", code=code_of(APPS[email]), next="/account/profile")
    assert entered.location == "/account/profile"


async def test_refusing_there_leads_back_and_a_silent_provider_is_said(
    visitor: Visitor, google: Google, context: Context
) -> None:
    begun = await visitor.get("/login/google")
    _, back = await google.choose(begun.location, email="", do="refuse")
    assert (await visitor.get(back)).location == "/login"
    context.google = open_oidc(Oidc(issuer=f"http://127.0.0.1:{free_port()}", client_id="shop"), base_url="")
    assert (await visitor.get("/login/google")).status == 503
    context.google = None
    assert (await visitor.get("/login/google")).status == 404
    assert "Google" not in (await visitor.get("/login")).text
