"""Accounts on pages: making one, getting back in, the security page, and the second factor of the operator."""

from collections.abc import Awaitable, Callable
from uuid import UUID

from models.database import pool
from server.context import Context
from tests.handlers.pages.conftest import PASSWORD
from tests.handlers.pages.visitor import Visitor
from tests.people import code_of

Person = Callable[..., Awaitable[tuple[str, UUID]]]
NEW = "a different passphrase"


async def link_token(context: Context, purpose: str) -> str:
    """The token of the last link that was made."""
    link_id = await pool().fetchval("SELECT id FROM mail_link WHERE purpose = $1 ORDER BY id DESC LIMIT 1", purpose)
    return context.keyring.link_token(link_id)


async def test_an_account_is_made_by_following_the_link_of_a_mail(visitor: Visitor, context: Context) -> None:
    form = {"name": "Ravi", "email": "ravi@example.in", "password": NEW}
    asked = await visitor.post("/register", **form)
    assert (asked.status, "We have sent a link to ravi@example.in" in asked.text) == (200, True)
    registration = await pool().fetchval("SELECT id FROM mail_link")
    again = await visitor.post("/register/resend", registration_id=registration, email="ravi@example.in")
    assert again.status == 200
    token = await link_token(context, "register")
    assert (await visitor.get(f"/register/confirm?token={token}")).status == 200
    assert await pool().fetchval("SELECT count(*) FROM users") == 0, "a link that is only opened changes nothing"
    wrong = await visitor.post("/register/confirm", token=token, password="not the one")
    assert (wrong.status, "not the one" in wrong.html) == (422, False)
    assert (await visitor.post("/register/confirm", token=token, password=NEW)).location == "/"
    assert "Ravi" in (await visitor.get("/fragments/header")).text
    assert (await visitor.post("/register/confirm", token=token, password=NEW)).status == 422


async def test_the_page_of_a_link_does_nothing_without_its_forms_token(
    visitor: Visitor, person: Person, context: Context
) -> None:
    email, _ = await person()
    await visitor.sign_in(email, PASSWORD)
    await visitor.post("/register", name="Ravi", email="ravi@example.in", password=NEW)
    await visitor.post("/reset", email=email)
    await visitor.post("/account/security/email", email="new@example.in", mail_password=PASSWORD)
    before = await pool().fetch("SELECT id, email_hash, password_hash FROM users")
    for path, purpose, more in (
        ("/register/confirm", "register", {"password": NEW}),
        ("/reset/confirm", "reset", {"password": NEW}),
        ("/account/email/confirm", "change_mail", {}),
    ):
        sent = {"token": await link_token(context, purpose), **more}
        for forged in ({}, {"csrf_token": await Visitor(visitor.http).token()}):
            assert (await visitor.ask("POST", path, data={**sent, **forged})).status == 403, path
    assert await pool().fetch("SELECT id, email_hash, password_hash FROM users") == before
    assert await pool().fetchval("SELECT count(*) FROM mail_link WHERE used_at IS NOT NULL") == 0
    assert (await visitor.post("/account/email/confirm", **sent)).status == 303


async def test_registering_says_the_same_for_a_taken_address(visitor: Visitor, person: Person) -> None:
    email, _ = await person()
    pages = []
    for address in (email, "nobody@example.in"):
        seen = await visitor.post("/register", name="Ravi", email=address, password=NEW)
        registration = await pool().fetchval("SELECT id::text FROM mail_link ORDER BY id DESC LIMIT 1")
        pages.append((seen.status, seen.html.replace(address, "").replace(registration, "")))
    assert pages[0] == pages[1]


async def test_a_forgotten_password_is_replaced_once_and_every_log_in_ends(
    visitor: Visitor, person: Person, context: Context
) -> None:
    email, _ = await person()
    await visitor.sign_in(email, PASSWORD)
    other = Visitor(visitor.http)
    assert "If asha@example.in has an account" in (await other.post("/reset", email=email)).text
    token = await link_token(context, "reset")
    assert (await other.get(f"/reset/confirm?token={token}")).status == 200
    assert (await other.post("/reset/confirm", token=token, password="password123")).status == 422
    assert (await other.post("/reset/confirm", token=token, password=NEW)).location == "/login"
    assert (await other.post("/reset/confirm", token=token, password=NEW)).status == 422
    assert (await visitor.get("/account/orders")).location.startswith("/login")
    assert (await other.sign_in(email, PASSWORD)).status == 422
    assert (await other.sign_in(email, NEW)).status == 303


async def test_a_password_is_changed_by_who_knows_the_old_one_and_others_are_signed_out(
    visitor: Visitor, person: Person
) -> None:
    email, _ = await person()
    await visitor.sign_in(email, PASSWORD)
    other = Visitor(visitor.http)
    await other.sign_in(email, PASSWORD)
    path = "/account/security/password"
    assert "The present password is wrong" in (await visitor.post(path, old_password="no", password=NEW)).text
    assert (await visitor.post(path, old_password=PASSWORD, password=NEW)).location == "/account/security"
    assert (await visitor.get("/account/security")).status == 200
    assert (await other.get("/account/security")).location.startswith("/login")


async def test_an_address_changes_when_the_new_one_is_proved_by_the_same_person(
    visitor: Visitor, person: Person, context: Context
) -> None:
    email, user_id = await person()
    await visitor.sign_in(email, PASSWORD)
    form = {"email": "Asha.New@example.in", "mail_password": PASSWORD}
    assert (await visitor.post("/account/security/email", **{**form, "mail_password": "no"})).status == 422
    assert (await visitor.post("/account/security/email", **form)).location == "/account/security"
    names = {
        row[0] for row in await pool().fetch("SELECT entrypoint FROM pgqueuer WHERE entrypoint LIKE 'mail.change%'")
    }
    assert names == {"mail.change_mail", "mail.change_mail_notice"}
    token = await link_token(context, "change_mail")
    stranger = Visitor(visitor.http)
    await person("stranger@example.in")
    await stranger.sign_in("stranger@example.in", PASSWORD)
    assert (await stranger.post("/account/email/confirm", token=token)).status == 422
    assert (await visitor.get(f"/account/email/confirm?token={token}")).status == 200
    assert (await visitor.post("/account/email/confirm", token=token)).location == "/account/security"
    assert "asha.new@example.in" in (await visitor.get("/account/security")).text
    assert await pool().fetchval("SELECT email_hash FROM users WHERE id = $1", user_id) == context.keyring.email_hash(
        "asha.new@example.in"
    )


async def test_a_log_in_has_a_new_id_and_ends_the_old_one_of_this_browser(visitor: Visitor, person: Person) -> None:
    email, _ = await person()
    await visitor.sign_in(email, PASSWORD)
    before = visitor.cookies["haat_session"]
    await visitor.sign_in(email, PASSWORD)
    assert visitor.cookies["haat_session"] != before
    fixed = Visitor(visitor.http)
    fixed.cookies["haat_session"] = before
    assert (await fixed.get("/account/orders")).location.startswith("/login")


async def test_devices_are_shown_and_signed_out(visitor: Visitor, person: Person) -> None:
    email, user_id = await person()
    await visitor.sign_in(email, PASSWORD)
    phone = Visitor(visitor.http)
    phone.headers["User-Agent"] = "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36"
    await phone.sign_in(email, PASSWORD)
    assert "Chrome on Android" in (await visitor.get("/account/security")).text
    device = await pool().fetchval("SELECT id FROM session WHERE user_agent LIKE '%Android%'")
    assert (await visitor.post(f"/account/security/devices/{device}")).location == "/account/security"
    assert (await phone.get("/account/orders")).location.startswith("/login")
    assert (await visitor.post("/account/security/devices", who="all")).location == "/"
    assert (await visitor.get("/account/orders")).location.startswith("/login")
    assert await pool().fetchval("SELECT count(*) FROM session WHERE user_id = $1 AND revoked_at IS NULL", user_id) == 0


async def test_an_app_is_set_up_asked_for_and_removed(visitor: Visitor, person: Person) -> None:
    email, user_id = await person()
    await visitor.sign_in(email, PASSWORD)
    path = "/account/security/app"
    assert (await visitor.post(path, app_password="wrong", do="begin")).status == 422
    shown = await visitor.post(path, app_password=PASSWORD, do="begin")
    secret = shown.html.split('id="app-key">')[1].split("<")[0]
    assert (await visitor.post(f"{path}/confirm", code="000000")).status == 422
    codes = await visitor.post(f"{path}/confirm", code=code_of(secret))
    recovery = codes.html.split('id="recovery-codes">')[1].split("<li>")[1].split("<")[0]
    other = Visitor(visitor.http)
    asked = await other.post("/login", email=email, password=PASSWORD, next="/account/security")
    assert asked.location == "/login/second?next=/account/security"
    assert (await other.get("/account/orders")).location.startswith("/login?")
    assert (await other.get(asked.location)).status == 200
    assert (await other.post("/login/second", code="000000")).status == 422
    entered = await other.post("/login/second", code=recovery, next="/account/security")
    assert entered.location == "/account/security"
    assert "9 recovery codes left" in (await visitor.get("/account/security")).text
    assert (await visitor.post(path, app_password=PASSWORD, do="codes")).status == 200
    assert (await visitor.post(path, app_password=PASSWORD, do="remove")).location == "/account/security"
    assert await pool().fetchval("SELECT count(*) FROM recovery_code WHERE user_id = $1", user_id) == 0


async def test_the_operator_cannot_get_in_without_an_app(visitor: Visitor, person: Person, context: Context) -> None:
    email, _ = await person("boss@example.in")
    await pool().execute("UPDATE users SET role = 'admin'")
    assert (await visitor.post("/login", email=email, password=PASSWORD)).location == "/login/second"
    assert (await visitor.get("/admin")).location.startswith("/login")
    shown = await visitor.get("/login/second")
    secret = shown.html.split('id="app-key">')[1].split("<")[0]
    entered = await visitor.post("/login/second", code=code_of(secret))
    assert 'id="recovery-codes"' in entered.html
    assert (await visitor.get("/admin")).status == 200


async def test_a_code_by_mail_signs_in(visitor: Visitor, person: Person, context: Context) -> None:
    email, user_id = await person()
    assert (await visitor.post("/login/by-code", where="nonsense")).status == 422
    shown = await visitor.post("/login/by-code", where=email, next="/account/profile")
    challenge_id = await pool().fetchval("SELECT id FROM otp_challenge")
    assert f"If {email} belongs to an account" in shown.text
    form = {"challenge_id": challenge_id, "where": email, "next": "/account/profile"}
    assert (await visitor.post("/login/by-code/confirm", **form, code="12")).status == 422
    entered = await visitor.post("/login/by-code/confirm", **form, code=context.keyring.code(challenge_id))
    assert entered.location == "/account/profile"
    assert await pool().fetchval("SELECT method FROM session WHERE user_id = $1", user_id) == "code"


async def test_a_phone_is_proved_on_the_page(visitor: Visitor, person: Person, context: Context) -> None:
    email, _ = await person()
    await visitor.sign_in(email, PASSWORD)
    wrong = await visitor.post("/account/security/phone", phone="98765 43210", phone_password="a guess")
    assert (wrong.status, 'id="phone_password-error"' in wrong.html) == (422, True)
    assert "98765 43210" in wrong.html, "the number need not be typed again"
    assert (await visitor.post("/account/security/phone", phone="98765 43210")).status == 422
    assert await pool().fetchval("SELECT count(*) FROM otp_challenge") == 0, "a stolen session adds no phone"
    short = await visitor.post("/account/security/phone", phone="98", phone_password=PASSWORD)
    assert (short.status, 'id="phone-error"' in short.html) == (422, True)
    await visitor.post("/account/security/phone", phone="98765 43210", phone_password=PASSWORD)
    challenge_id = await pool().fetchval("SELECT id FROM otp_challenge")
    form = {"challenge_id": challenge_id, "phone": "98765 43210"}
    assert (await visitor.post("/account/security/phone/confirm", **form, code="000000")).status == 422
    code = context.keyring.code(challenge_id)
    assert (await visitor.post("/account/security/phone/confirm", **form, code=code)).location == "/account/security"
    assert "+919876543210" in (await visitor.get("/account/security")).text
