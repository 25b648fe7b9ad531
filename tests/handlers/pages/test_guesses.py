"""Passwords guessed for one account from everywhere: counted in PostgreSQL, and the owner is not shut out by it."""

import asyncio
from itertools import count
from uuid import UUID

import aiohttp

from models.database import pool
from server.context import Context
from tests.handlers.pages.visitor import Visitor
from tests.people import PERSON, ask, bearer, register

EMAIL, RIGHT = "asha@example.com", PERSON["password"]
_addresses = count(1)


async def guess(http: aiohttp.ClientSession, email: str = EMAIL, password: str = "wrong") -> tuple[int, str, str]:
    """From an address that nobody came from before. Status, code, words."""
    number = next(_addresses)
    headers = {"X-Forwarded-For": f"10.6.{number >> 8}.{number & 255}"}
    body = {"email": email, "password": password}
    status, said = await ask(http, "POST", "/api/v1/auth/login", json=body, headers=headers)
    return status, said.get("code", ""), said.get("detail", "")


async def test_ten_guesses_are_judged_wherever_they_come_from_also_without_redis(
    http: aiohttp.ClientSession, context: Context
) -> None:
    await register(http, context)
    await register(http, context, email="other@example.com")
    known = await asyncio.gather(*(guess(http) for _ in range(15)))
    unknown = await asyncio.gather(*(guess(http, "nobody@example.com") for _ in range(15)))
    assert sorted(status for status, _, _ in known) == [401] * 10 + [429] * 5
    assert sorted(known) == sorted(unknown), "an address without an account is counted alike, in the same words"
    await context.redis.flushdb()
    assert (await guess(http, password=RIGHT))[:2] == (429, "guesses")
    assert (await guess(http, "ASHA@example.com", RIGHT))[:2] == (429, "guesses")
    assert (await guess(http, "other@example.com", RIGHT))[0] == 200
    assert EMAIL not in str(await pool().fetch("SELECT * FROM limit_bucket"))

    _, asked = await ask(http, "POST", "/api/v1/auth/code", json={"email": EMAIL})
    code = {"challenge_id": asked["challenge_id"], "code": context.keyring.code(UUID(asked["challenge_id"]))}
    assert (await ask(http, "POST", "/api/v1/auth/code/confirm", json=code))[0] == 200, "a code by mail opens it"

    assert (await ask(http, "POST", "/api/v1/auth/reset", json={"email": EMAIL}))[0] == 204
    link = await pool().fetchval("SELECT id FROM mail_link WHERE purpose = 'reset'")
    body = {"token": context.keyring.link_token(link), "password": "quite another password"}
    assert (await ask(http, "POST", "/api/v1/auth/reset/confirm", json=body))[0] == 204
    assert (await guess(http, password="quite another password"))[0] == 200, "and so does a new password"


async def test_a_right_password_gives_the_guesses_back(http: aiohttp.ClientSession, context: Context) -> None:
    await register(http, context)
    for _ in range(2):
        assert [(await guess(http))[0] for _ in range(9)] == [401] * 9
        assert (await guess(http, password=RIGHT))[0] == 200


async def test_a_browser_that_signed_in_before_is_not_shut_out(
    http: aiohttp.ClientSession, context: Context, visitor: Visitor
) -> None:
    await register(http, context)
    assert (await visitor.sign_in(EMAIL, RIGHT)).status == 303
    await visitor.post("/logout")
    await asyncio.gather(*(guess(http) for _ in range(12)))
    assert (await guess(http, password=RIGHT))[0] == 429
    assert (await visitor.sign_in(EMAIL, RIGHT)).status == 303
    await visitor.post("/logout")
    await register(http, context, email="other@example.com")
    await asyncio.gather(*(guess(http, "other@example.com") for _ in range(12)))
    assert (await visitor.sign_in("other@example.com", RIGHT)).status == 429, "it is known to its own account only"
    seen = [(await visitor.sign_in(EMAIL, "wrong")).status for _ in range(12)]
    assert seen == [422] * 10 + [429] * 2, "it may guess no more often than others"
    assert (await visitor.post("/reset", email=EMAIL)).status == 200
    link = await pool().fetchval("SELECT id FROM mail_link WHERE purpose = 'reset'")
    chosen = {"token": context.keyring.link_token(link), "password": "quite another password"}
    assert (await visitor.post("/reset/confirm", **chosen)).status == 303
    assert (await visitor.sign_in(EMAIL, "quite another password")).status == 303, "a new password begins anew"


async def test_whoever_holds_a_session_does_not_find_the_password_either(
    http: aiohttp.ClientSession, context: Context
) -> None:
    headers = bearer(await register(http, context))
    body = {"current_password": "wrong", "password": "quite another password"}
    answers = [(await ask(http, "PUT", "/api/v1/me/password", json=body, headers=headers))[0] for _ in range(11)]
    assert answers == [403] * 10 + [429]
    assert (await ask(http, "POST", "/api/v1/me/erasure", json={"password": RIGHT}, headers=headers))[0] == 429
    assert (await guess(http, password=RIGHT))[0] == 200, "the log-in is counted apart"
