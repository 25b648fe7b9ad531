"""Codes in place of passwords and beside them: counted, single use, and no way around them for who runs the market."""

import asyncio
from uuid import UUID

import aiohttp
import pytest

from models.database import pool
from models.errors import Unauthenticated
from models.second_factor import check
from models.sessions import start_session
from server.auth import sign_token
from server.context import Context
from tests.buying import run_jobs
from tests.people import PERSON, ask, bearer, code_of, register, set_up_app
from tests.wait import until

LOGIN = {"email": "asha@example.com", "password": PERSON["password"]}
SECOND = "/api/v1/auth/second-factor"


async def user_id() -> UUID:
    found: UUID = await pool().fetchval("SELECT id FROM users")
    return found


async def ask_code(http: aiohttp.ClientSession, **where: str) -> tuple[int, dict[str, str]]:
    return await ask(http, "POST", "/api/v1/auth/code", json=where)


async def give(http: aiohttp.ClientSession, challenge_id: str, code: str) -> tuple[int, dict[str, str]]:
    body = {"challenge_id": challenge_id, "code": code}
    return await ask(http, "POST", "/api/v1/auth/code/confirm", json=body)


async def test_a_code_logs_in_once_also_when_it_comes_twice_at_once(
    http: aiohttp.ClientSession, context: Context
) -> None:
    await register(http, context)
    _, asked = await ask_code(http, email="ASHA@example.com")
    code = context.keyring.code(UUID(asked["challenge_id"]))
    assert code not in str(await pool().fetch("SELECT * FROM otp_challenge"))

    async def four_have_begun() -> bool:
        return await pool().fetchval(
            "SELECT count(*) = 4 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )

    async with pool().acquire() as other, other.transaction():
        await other.execute("SELECT FROM otp_challenge FOR UPDATE")
        four = [asyncio.create_task(give(http, asked["challenge_id"], code)) for _ in range(4)]
        await until(four_have_begun)
    assert sorted([(await answer)[0] for answer in four]) == [200, 401, 401, 401]
    await context.redis.flushdb()
    assert (await give(http, asked["challenge_id"], code))[0] == 401


async def test_five_tries_are_allowed_also_all_at_once_and_after_redis_is_flushed(
    http: aiohttp.ClientSession, context: Context
) -> None:
    await register(http, context)
    _, asked = await ask_code(http, email="asha@example.com")
    code = context.keyring.code(UUID(asked["challenge_id"]))
    wrong = f"{(int(code) + 1) % 1_000_000:06}"
    await asyncio.gather(*(give(http, asked["challenge_id"], wrong) for _ in range(7)))
    await context.redis.flushdb()
    assert (await give(http, asked["challenge_id"], code))[0] == 401
    assert await pool().fetchval("SELECT attempts FROM otp_challenge") == 5


async def test_three_codes_an_hour_go_to_an_address_whoever_asks(http: aiohttp.ClientSession, context: Context) -> None:
    await register(http, context)
    for address in ("asha@example.com", "nobody@example.com"):
        answers = await asyncio.gather(*(ask_code(http, email=address) for _ in range(5)))
        assert sorted(status for status, _ in answers) == [202, 202, 202, 429, 429]
        await context.redis.flushdb()
        assert (await ask_code(http, email=address))[0] == 429


async def test_a_code_is_good_for_ten_minutes(http: aiohttp.ClientSession, context: Context) -> None:
    await register(http, context)
    _, asked = await ask_code(http, email="asha@example.com")
    await pool().execute("UPDATE otp_challenge SET created_at = now() - interval '11 min', expires_at = now()")
    assert (await give(http, asked["challenge_id"], context.keyring.code(UUID(asked["challenge_id"]))))[0] == 401


async def test_a_phone_is_proved_by_its_code_and_then_logs_in(
    http: aiohttp.ClientSession, context: Context, stack: dict[str, str]
) -> None:
    tokens = await register(http, context)
    other = await register(http, context, email="other@example.com")
    body = {"phone": "98765 43210", "current_password": PERSON["password"]}
    _, asked = await ask(http, "POST", "/api/v1/me/phone", json=body, headers=bearer(tokens))
    answer = {"challenge_id": asked["challenge_id"], "code": context.keyring.code(UUID(asked["challenge_id"]))}
    assert (await give(http, **answer))[0] == 401, "a code that proves a phone is none that logs in"
    confirm = "/api/v1/me/phone/confirm"
    assert (await ask(http, "POST", confirm, json=answer, headers=bearer(other)))[0] == 401
    assert (await ask(http, "POST", confirm, json=answer, headers=bearer(tokens)))[0] == 204
    assert "9876543210" not in str(await pool().fetch("SELECT * FROM users"))
    _, asked = await ask_code(http, phone="+91 98765-43210")
    assert await run_jobs(context, "sms.code") == 2
    async with aiohttp.ClientSession(stack["HAAT_SMS__URL"]) as client, client.get("/sms") as page:
        code = context.keyring.code(UUID(asked["challenge_id"]))
        assert f"{code} is your code" in await page.text()
    assert (await give(http, asked["challenge_id"], code))[0] == 200


async def test_a_stolen_session_adds_no_phone(http: aiohttp.ClientSession, context: Context) -> None:
    tokens = await register(http, context)
    sent = {"path": "/api/v1/me/phone", "headers": bearer(tokens)}
    for body, status, code in (
        ({}, 422, "invalid"),
        ({"current_password": "a guess"}, 403, "current_password"),
    ):
        seen = await ask(http, "POST", **sent, json={"phone": "98765 43210", **body})
        assert (seen[0], seen[1]["code"]) == (status, code)
    await pool().execute("UPDATE users SET password_hash = NULL")
    _, problem = await ask(http, "POST", **sent, json={"phone": "98765 43210", "current_password": ""})
    assert problem["code"] == "no_password"
    assert await pool().fetchval("SELECT count(*) FROM otp_challenge") == 0


async def test_an_admin_gets_in_with_an_app_alone_set_up_on_the_first_log_in(
    http: aiohttp.ClientSession, context: Context
) -> None:
    await register(http, context)
    await pool().execute("UPDATE users SET role = 'admin'")
    status, problem = await ask(http, "POST", "/api/v1/auth/login", json=LOGIN)
    assert (status, problem["code"], problem["facts"]["set_up"]) == (401, "second_factor", False)
    pending = {"pending_token": problem["facts"]["pending_token"]}
    assert (await ask(http, "GET", "/api/v1/me", headers={"Authorization": f"Bearer {pending['pending_token']}"}))[
        0
    ] == 401
    _, proposed = await ask(http, "POST", f"{SECOND}/set-up", json=pending)
    assert (await ask(http, "POST", SECOND, json={**pending, "code": "000000"}))[0] == 401
    used = {**pending, "code": code_of(proposed["secret"])}
    status, entered = await ask(http, "POST", SECOND, json=used)
    assert status == 200
    assert len(entered["recovery_codes"]) == 10
    assert (await ask(http, "GET", "/api/v1/admin/overview", headers=bearer(entered)))[0] in {200, 404}
    assert (await ask(http, "POST", f"{SECOND}/set-up", json=pending))[0] == 409
    assert (await ask(http, "POST", SECOND, json=used))[0] == 401
    recovery = {**pending, "code": entered["recovery_codes"][0].upper()}
    assert [(await ask(http, "POST", SECOND, json=recovery))[0] for _ in range(2)] == [200, 401]
    stored = str(await pool().fetch("SELECT * FROM recovery_code")) + str(
        await pool().fetch("SELECT * FROM second_factor")
    )
    assert proposed["secret"] not in stored
    assert entered["recovery_codes"][1].replace("-", "") not in stored
    assert await run_jobs(context, "mail.second_factor") == 1
    body = {"current_password": PERSON["password"]}
    assert (await ask(http, "DELETE", "/api/v1/me/second-factor", json=body, headers=bearer(entered)))[0] == 403


@pytest.mark.parametrize("since", ["state = 'suspended'", "password_hash = 'another'"])
async def test_half_a_log_in_ends_with_the_password_and_with_the_account(
    http: aiohttp.ClientSession, context: Context, since: str
) -> None:
    """Else who knew the old password could set up an app of their own for ten minutes."""
    await register(http, context)
    await pool().execute("UPDATE users SET role = 'admin'")
    _, problem = await ask(http, "POST", "/api/v1/auth/login", json=LOGIN)
    pending = {"pending_token": problem["facts"]["pending_token"]}
    _, proposed = await ask(http, "POST", f"{SECOND}/set-up", json=pending)
    await pool().execute(f"UPDATE users SET {since}")
    for path, body in ((f"{SECOND}/set-up", pending), (SECOND, {**pending, "code": code_of(proposed["secret"])})):
        status, problem = await ask(http, "POST", path, json=body)
        assert (status, problem["code"]) == (401, "session_ended"), path
    cookie = {"Cookie": f"haat_second={pending['pending_token']}", "Accept": "text/html"}
    async with http.get("/login/second", headers=cookie, allow_redirects=False) as response:
        assert response.headers["Location"] == "/login"


async def test_the_secret_of_an_app_that_is_not_set_up_ends_with_the_password_and_with_the_hour(
    http: aiohttp.ClientSession, context: Context
) -> None:
    """Else who knew the password for a minute would know the app that is set up a year later."""
    tokens = await register(http, context)

    async def proposed(password: str = PERSON["password"]) -> str:
        body = {"current_password": password}
        _, found = await ask(http, "POST", "/api/v1/me/second-factor", json=body, headers=bearer(tokens))
        secret: str = found["secret"]
        return secret

    first = await proposed()
    assert await proposed() == first, "two tabs show the same one"
    await pool().execute("UPDATE second_factor SET created_at = now() - interval '61 minutes'")
    second = await proposed()
    body = {"current_password": PERSON["password"], "password": "quite another password"}
    assert (await ask(http, "PUT", "/api/v1/me/password", json=body, headers=bearer(tokens)))[0] == 204
    third = await proposed(body["password"])
    assert (await ask(http, "POST", "/api/v1/auth/reset", json={"email": PERSON["email"]}))[0] == 204
    link = await pool().fetchval("SELECT id FROM mail_link WHERE purpose = 'reset'")
    chosen = {"token": context.keyring.link_token(link), "password": "a third long password"}
    assert (await ask(http, "POST", "/api/v1/auth/reset/confirm", json=chosen))[0] == 204
    assert await pool().fetchval("SELECT count(*) FROM second_factor") == 0
    assert len({first, second, third}) == 3


@pytest.mark.parametrize(("role", "path"), [("admin", "/api/v1/admin/sellers"), ("support", "/api/v1/admin/users")])
async def test_no_session_without_a_second_factor_is_the_markets(
    http: aiohttp.ClientSession, context: Context, role: str, path: str
) -> None:
    tokens = await register(http, context)
    await pool().execute("UPDATE users SET role = $1", role)
    await context.redis.flushdb()
    assert (await ask(http, "GET", "/api/v1/me", headers=bearer(tokens)))[0] == 200
    status, problem = await ask(http, "POST", "/api/v1/auth/login", json=LOGIN)
    assert (status, problem["code"]) == (401, "second_factor")
    found = {}
    for second_factor in (False, True):
        session_id = await start_session(
            pool(),
            await user_id(),
            refresh_token=str(second_factor),
            user_agent="",
            ttl_s=60,
            second_factor=second_factor,
        )
        token = sign_token(context.settings, session_id, "access", ttl_s=60)
        headers = {"Authorization": f"Bearer {token}"}
        found[second_factor] = (await ask(http, "GET", path, headers=headers))[0]
    assert found == {False: 403, True: 200}


@pytest.mark.parametrize("way", ["password", "code"])
async def test_whoever_has_an_app_is_asked_for_its_code_whatever_the_first_factor(
    http: aiohttp.ClientSession, context: Context, way: str
) -> None:
    await register(http, context)
    secret = await set_up_app(context, await user_id())
    if way == "password":
        status, problem = await ask(http, "POST", "/api/v1/auth/login", json=LOGIN)
    else:
        _, asked = await ask_code(http, email="asha@example.com")
        status, problem = await give(http, asked["challenge_id"], context.keyring.code(UUID(asked["challenge_id"])))
    assert (status, problem["code"]) == (401, "second_factor")
    body = {"pending_token": problem["facts"]["pending_token"], "code": code_of(secret)}
    answers = await asyncio.gather(*(ask(http, "POST", SECOND, json=body) for _ in range(3)))
    assert sorted(status for status, _ in answers) == [200, 401, 401]


async def test_one_code_is_good_once_however_many_bring_it_at_the_same_moment(
    http: aiohttp.ClientSession, context: Context
) -> None:
    await register(http, context)
    secret, owner = await set_up_app(context, await user_id()), await user_id()
    await asyncio.gather(*(pool().fetchval("SELECT pg_sleep(0.1)") for _ in range(8)))  # so many connections are open
    code = code_of(secret)
    found = await asyncio.gather(*(check(context.keyring, owner, code) for _ in range(8)), return_exceptions=True)
    assert [type(one) for one in found if one is not None] == [Unauthenticated] * 7


async def test_ten_wrong_codes_lock_the_app_for_a_while_also_after_redis_is_flushed(
    http: aiohttp.ClientSession, context: Context
) -> None:
    await register(http, context)
    secret = await set_up_app(context, await user_id())
    _, problem = await ask(http, "POST", "/api/v1/auth/login", json=LOGIN)
    body = {"pending_token": problem["facts"]["pending_token"], "code": "wrong"}
    answers = await asyncio.gather(*(ask(http, "POST", SECOND, json=body) for _ in range(12)))
    assert sorted(status for status, _ in answers) == [401] * 10 + [429] * 2
    await context.redis.flushdb()
    assert (await ask(http, "POST", SECOND, json={**body, "code": code_of(secret)}))[0] == 429
    await pool().execute("UPDATE second_factor SET tries_since = now() - interval '16 min'")
    assert (await ask(http, "POST", SECOND, json={**body, "code": code_of(secret)}))[0] == 200
