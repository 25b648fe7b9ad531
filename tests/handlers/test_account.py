"""Accounts over HTTP: register by mail, log in, refresh once, log out at once, here and everywhere."""

import asyncio
from collections.abc import Mapping
from uuid import UUID

import aiohttp
import jwt
import pytest

from models.database import pool
from server.context import Context
from tests.buying import ADDRESS, run_jobs
from tests.people import PERSON, ask, bearer, register

LOGIN = {"email": "asha@example.com", "password": PERSON["password"]}


async def mails(inbox: str, to: str) -> list[dict[str, str]]:
    async with aiohttp.ClientSession(inbox) as client, client.get("/api/messages", params={"to": to}) as response:
        found: list[dict[str, str]] = await response.json()
        return found


async def test_a_registered_person_is_known_by_the_token(http: aiohttp.ClientSession, context: Context) -> None:
    tokens = await register(http, context)
    status, person = await ask(http, "GET", "/api/v1/me", headers=bearer(tokens))
    assert (status, person) == (200, {"name": "Asha Rao", "email": "asha@example.com", "role": "shopper"})


async def test_the_link_of_the_mail_finishes_a_registration_once_and_wants_the_password(
    http: aiohttp.ClientSession, context: Context, stack: Mapping[str, str]
) -> None:
    person = {**PERSON, "email": "link-of-the-mail@example.com"}
    _, asked = await ask(http, "POST", "/api/v1/auth/register", json=person)
    login = {"email": person["email"], "password": person["password"]}
    assert (await ask(http, "POST", "/api/v1/auth/login", json=login))[0] == 401
    await ask(http, "POST", "/api/v1/auth/register/resend", json={"registration_id": asked["registration_id"]})
    assert await run_jobs(context, "mail.registration") == 2
    first, second = await mails(stack["HAAT_INBOX_URL"], person["email"])
    token = first["text"].split("?token=")[1].split()[0]
    assert token in second["text"]
    assert "Asha Rao" not in first["text"] + first["html"], "who registers may put anything there"
    assert await pool().fetchval("SELECT count(*) FROM mail_link WHERE token_hash = $1", token) == 0
    confirm = "/api/v1/auth/register/confirm"
    stolen = await ask(http, "POST", confirm, json={"token": token, "password": "not what was chosen"})
    assert (stolen[0], stolen[1]["code"]) == (401, "credentials")
    good = {"token": token, "password": person["password"]}
    both = await asyncio.gather(*(ask(http, "POST", confirm, json=good) for _ in range(2)))
    assert sorted(status for status, _ in both) == [201, 422]
    assert (await ask(http, "POST", "/api/v1/auth/login", json=login))[0] == 200


async def test_a_new_password_ends_the_links_to_choose_one(http: aiohttp.ClientSession, context: Context) -> None:
    """Whoever asked for one, and reads the mail, does not undo it."""
    tokens = await register(http, context)
    await ask(http, "POST", "/api/v1/auth/reset", json={"email": LOGIN["email"]})
    link = await pool().fetchval("SELECT id FROM mail_link WHERE purpose = 'reset'")
    body = {"current_password": LOGIN["password"], "password": "a quite new pass phrase"}
    assert (await ask(http, "PUT", "/api/v1/me/password", json=body, headers=bearer(tokens)))[0] == 204
    late = {"token": context.keyring.link_token(link), "password": "what somebody else likes"}
    assert (await ask(http, "POST", "/api/v1/auth/reset/confirm", json=late))[0] == 422
    new = {**LOGIN, "password": body["password"]}
    assert (await ask(http, "POST", "/api/v1/auth/login", json=new))[0] == 200


async def test_nobody_learns_whether_an_address_has_an_account(
    http: aiohttp.ClientSession, context: Context, stack: Mapping[str, str]
) -> None:
    await register(http, context, email="known@example.com")
    for path, body in (("register", PERSON), ("reset", {}), ("code", {}), ("login", {"password": "wrong"})):
        found = []
        for address in ("known@example.com", "stranger@example.com"):
            body = {**body, "email": address}
            async with http.post(f"/api/v1/auth/{path}", json=body) as response:
                text = (await response.text()).replace(address, "")
                told = {name: value for name, value in response.headers.items() if not name.startswith("RateLimit")}
                found.append((response.status, len(text) if "_id" in text else text, sorted(told)))
        assert found[0] == found[1], path
    await run_jobs(context, "mail.registration", "mail.reset", "mail.code")
    subjects = {mail["subject"] for mail in await mails(stack["HAAT_INBOX_URL"], "known@example.com")}
    assert subjects == {"You have an account already", "Choose a new password", "Your code to sign in"}
    subjects = {mail["subject"] for mail in await mails(stack["HAAT_INBOX_URL"], "stranger@example.com")}
    assert subjects == {"Confirm your address"}


async def test_an_address_registers_once_in_any_spelling(http: aiohttp.ClientSession, context: Context) -> None:
    await register(http, context)
    for spelling in ("ASHA@example.COM", "ａｓｈａ@example.com"):
        _, asked = await ask(http, "POST", "/api/v1/auth/register", json={**PERSON, "email": spelling})
        token = context.keyring.link_token(UUID(asked["registration_id"]))
        body = {"token": token, "password": PERSON["password"]}
        status, problem = await ask(http, "POST", "/api/v1/auth/register/confirm", json=body)
        assert (status, problem["code"]) == (409, "email")


async def test_a_mailbox_is_not_flooded(http: aiohttp.ClientSession) -> None:
    for _ in range(7):
        assert (await ask(http, "POST", "/api/v1/auth/reset", json={"email": "flood@example.com"}))[0] == 204
    assert await pool().fetchval("SELECT count(*) FROM pgqueuer WHERE entrypoint = 'mail.reset'") == 5


async def test_log_in_wants_the_password(http: aiohttp.ClientSession, context: Context) -> None:
    long = "a fairly long passage of words " * 4
    await register(http, context, password=long)
    for bad in (
        {**LOGIN, "password": "wrong"},
        {**LOGIN, "password": long[:99]},
        {**LOGIN, "email": "nobody@example.com"},
    ):
        status, problem = await ask(http, "POST", "/api/v1/auth/login", json=bad)
        assert (status, problem["code"]) == (401, "credentials")
    assert (await ask(http, "POST", "/api/v1/auth/login", json={**LOGIN, "password": long}))[0] == 200


@pytest.mark.parametrize("password", ["password1", "asha@example.com"])
async def test_no_way_to_a_password_takes_one_that_is_tried_first(
    http: aiohttp.ClientSession, context: Context, password: str
) -> None:
    headers = bearer(await register(http, context))
    await ask(http, "POST", "/api/v1/auth/reset", json={"email": LOGIN["email"]})
    link = await pool().fetchval("SELECT id FROM mail_link WHERE purpose = 'reset'")
    ways = (
        ("POST", "/api/v1/auth/register", {**PERSON, "password": password}),
        ("POST", "/api/v1/auth/reset/confirm", {"token": context.keyring.link_token(link), "password": password}),
        ("PUT", "/api/v1/me/password", {"current_password": LOGIN["password"], "password": password}),
    )
    for method, path, body in ways:
        status, problem = await ask(http, method, path, json=body, headers=headers)
        assert (status, problem["code"]) == (422, "password_common"), path
    assert (await ask(http, "POST", "/api/v1/auth/login", json=LOGIN))[0] == 200


@pytest.mark.parametrize("at_once", [1, 5])
async def test_a_refresh_token_used_twice_ends_the_session_and_warns_its_user_once(
    http: aiohttp.ClientSession, context: Context, at_once: int
) -> None:
    first = await register(http, context)
    body = {"refresh_token": first["refresh_token"]}
    answers: list[tuple[int, dict[str, str]]] = []
    while len(answers) < 3:
        answers += await asyncio.gather(*(ask(http, "POST", "/api/v1/auth/refresh", json=body) for _ in range(at_once)))
    assert sorted(status for status, _ in answers) == [200, *[401] * (len(answers) - 1)]
    second = next(tokens for status, tokens in answers if status == 200)
    secret = jwt.decode(second["refresh_token"], options={"verify_signature": False})["jti"]
    assert secret not in str(await pool().fetch("SELECT * FROM session"))
    for tokens in (first, second):
        assert (await ask(http, "GET", "/api/v1/me", headers=bearer(tokens)))[0] == 401
    body = {"refresh_token": second["refresh_token"]}
    assert (await ask(http, "POST", "/api/v1/auth/refresh", json=body))[0] == 401
    assert await run_jobs(context, "mail.session_stolen") == 1


async def test_logged_out_means_out_at_once_also_after_redis_is_flushed(
    http: aiohttp.ClientSession, context: Context
) -> None:
    tokens = await register(http, context)
    assert (await ask(http, "GET", "/api/v1/me", headers=bearer(tokens)))[0] == 200
    assert (await ask(http, "POST", "/api/v1/auth/logout", headers=bearer(tokens)))[0] == 204
    assert (await ask(http, "GET", "/api/v1/me", headers=bearer(tokens)))[0] == 401
    await context.redis.flushdb()
    assert (await ask(http, "GET", "/api/v1/me", headers=bearer(tokens)))[0] == 401


async def test_a_revocation_that_the_cache_did_not_hear_of_is_told_to_it_by_a_job(
    http: aiohttp.ClientSession, context: Context
) -> None:
    tokens = await register(http, context)
    await ask(http, "GET", "/api/v1/me", headers=bearer(tokens))
    kept = {key: await context.redis.get(key) for key in await context.redis.keys("*session:*")}
    await ask(http, "POST", "/api/v1/auth/logout", headers=bearer(tokens))
    for key, facts in kept.items():
        await context.redis.set(key, facts)
    assert (await ask(http, "GET", "/api/v1/me", headers=bearer(tokens)))[0] == 200, "the stale facts are read"
    assert await run_jobs(context, "sessions.forget") == 1
    assert (await ask(http, "GET", "/api/v1/me", headers=bearer(tokens)))[0] == 401


async def test_devices_are_listed_and_ended_one_by_one_or_all_at_once(
    http: aiohttp.ClientSession, context: Context
) -> None:
    here = await register(http, context)
    there = [(await ask(http, "POST", "/api/v1/auth/login", json=LOGIN, headers={"User-Agent": f"Phone {n}"}))[1]
             for n in range(3)]  # fmt: skip
    _, listed = await ask(http, "GET", "/api/v1/me/sessions", headers=bearer(here))
    assert [device["current"] for device in listed["items"]] == [True, False, False, False]
    assert {device["agent"] for device in listed["items"][1:]} == {"Phone 0", "Phone 1", "Phone 2"}
    phone = next(device["id"] for device in listed["items"] if device["agent"] == "Phone 0")
    stranger = await register(http, context, email="other@example.com")
    assert (await ask(http, "DELETE", f"/api/v1/me/sessions/{phone}", headers=bearer(stranger)))[0] == 404
    assert (await ask(http, "DELETE", f"/api/v1/me/sessions/{phone}", headers=bearer(here)))[0] == 204
    assert (await ask(http, "GET", "/api/v1/me", headers=bearer(there[0])))[0] == 401
    _, ended = await ask(http, "DELETE", "/api/v1/me/sessions?others=true", headers=bearer(here))
    assert ended == {"ended": 2}
    assert (await ask(http, "GET", "/api/v1/me", headers=bearer(there[1])))[0] == 401
    assert (await ask(http, "DELETE", "/api/v1/me/sessions", headers=bearer(here)))[1] == {"ended": 1}
    assert (await ask(http, "GET", "/api/v1/me", headers=bearer(here)))[0] == 401
    assert (await ask(http, "GET", "/api/v1/me", headers=bearer(stranger)))[0] == 200


async def test_bad_input_names_the_field(http: aiohttp.ClientSession) -> None:
    cases = (
        ({**PERSON, "role": "admin"}, "role"),
        ({**PERSON, "password": "short"}, "password"),
        ({**PERSON, "password": "P@ssw0rd123"}, "password"),
        ({**PERSON, "password": "asha1234!"}, "password"),
        ({**PERSON, "email": "no address"}, "email"),
        ({**PERSON, "email": "a\u202eb@example.com"}, "email"),
        ({**PERSON, "email": "a@b@example.com"}, "email"),
        ({**PERSON, "name": "a\x00b"}, "name"),
        ({**PERSON, "name": "a\ud800b"}, "name"),
        ({"email": "a@b.co", "name": "A"}, "password"),
    )
    for body, field in cases:
        status, problem = await ask(http, "POST", "/api/v1/auth/register", json=body)
        assert status == 422, body
        assert [error["field"] for error in problem["errors"]] == [field]


async def test_a_page_of_another_site_cannot_ride_on_cookies(http: aiohttp.ClientSession) -> None:
    ours = str(http._base_url).rstrip("/")
    for said, code in (
        ({"Origin": "https://evil.example"}, "origin"),
        ({"Origin": "null"}, "origin"),
        ({"Origin": f"{ours}.evil.example"}, "origin"),
        ({"Sec-Fetch-Site": "cross-site"}, "origin"),
        ({"Sec-Fetch-Site": "same-site"}, "origin"),
        ({"Origin": "https://evil.example", "Sec-Fetch-Site": "same-origin"}, "origin"),
        ({"Origin": ours}, "credentials"),
        ({"Sec-Fetch-Site": "same-origin"}, "credentials"),
        ({}, "credentials"),
    ):
        headers = {"Cookie": "haat_session=x", **said}
        status, problem = await ask(http, "POST", "/api/v1/auth/login", json=LOGIN, headers=headers)
        assert (status, problem["code"]) == (403 if code == "origin" else 401, code), said


async def test_the_first_address_is_the_usual_one_whichever_tab_keeps_it(
    http: aiohttp.ClientSession, context: Context
) -> None:
    mine = bearer(await register(http, context))
    path = "/api/v1/me/addresses"
    both = [{**ADDRESS, "line1": f"{number}, Station Road"} for number in (1, 2) * 4]
    kept = await asyncio.gather(*(ask(http, "POST", path, json=body, headers=mine) for body in both))
    assert [status for status, _ in kept] == [201] * 8
    _, found = await ask(http, "GET", path, headers=mine)
    assert [address["is_default"] for address in found["items"]] == [True, False], "eight tabs, two addresses"
    usual = found["items"][0]["id"]
    await ask(http, "PUT", f"{path}/{found['items'][1]['id']}/default", headers=mine)
    await ask(http, "POST", path, json={**ADDRESS, "line1": "3, Station Road"}, headers=mine)
    _, found = await ask(http, "GET", path, headers=mine)
    assert [address["is_default"] for address in found["items"]] == [True, False, False]
    assert found["items"][0]["id"] != usual, "what was chosen stays"
