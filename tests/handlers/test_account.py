"""Accounts over HTTP: register, log in, refresh once, log out at once."""

import aiohttp

from server.context import Context

PERSON = {"email": "Asha@Example.com", "password": "a long enough password", "name": "Asha Rao"}


async def register(http: aiohttp.ClientSession) -> dict[str, str]:
    async with http.post("/api/v1/auth/register", json=PERSON) as response:
        assert response.status == 201, await response.text()
        tokens: dict[str, str] = await response.json()
        return tokens


def bearer(tokens: dict[str, str]) -> dict[str, str]:
    return {"Authorization": f"Bearer {tokens['access_token']}"}


async def test_a_registered_person_is_known_by_the_token(http: aiohttp.ClientSession) -> None:
    tokens = await register(http)
    async with http.get("/api/v1/me", headers=bearer(tokens)) as response:
        assert await response.json() == {"name": "Asha Rao", "email": "asha@example.com", "role": "shopper"}


async def test_an_address_registers_once_in_any_spelling(http: aiohttp.ClientSession) -> None:
    await register(http)
    async with http.post("/api/v1/auth/register", json={**PERSON, "email": "ASHA@example.COM"}) as response:
        assert response.status == 409
        assert response.content_type == "application/problem+json"
        assert (await response.json())["code"] == "email"


async def test_log_in_wants_the_password(http: aiohttp.ClientSession) -> None:
    await register(http)
    good = {"email": "asha@example.com", "password": PERSON["password"]}
    async with http.post("/api/v1/auth/login", json=good) as response:
        assert response.status == 200
    for bad in ({**good, "password": "wrong"}, {**good, "email": "nobody@example.com"}):
        async with http.post("/api/v1/auth/login", json=bad) as response:
            assert response.status == 401
            assert (await response.json())["code"] == "credentials"


async def test_a_long_password_is_hashed_whole(http: aiohttp.ClientSession) -> None:
    long = "x" * 100
    async with http.post("/api/v1/auth/register", json={**PERSON, "password": long}) as response:
        assert response.status == 201
    async with http.post("/api/v1/auth/login", json={"email": PERSON["email"], "password": long[:99]}) as response:
        assert response.status == 401


async def test_a_refresh_token_works_once_and_its_replay_ends_the_session(http: aiohttp.ClientSession) -> None:
    first = await register(http)
    async with http.post("/api/v1/auth/refresh", json={"refresh_token": first["refresh_token"]}) as response:
        assert response.status == 200
        second = await response.json()
    async with http.post("/api/v1/auth/refresh", json={"refresh_token": first["refresh_token"]}) as response:
        assert response.status == 401
    for tokens in (first, second):
        async with http.get("/api/v1/me", headers=bearer(tokens)) as response:
            assert response.status == 401


async def test_logged_out_means_out_at_once_also_after_redis_is_flushed(
    http: aiohttp.ClientSession, context: Context
) -> None:
    tokens = await register(http)
    async with http.get("/api/v1/me", headers=bearer(tokens)) as response:
        assert response.status == 200
    async with http.post("/api/v1/auth/logout", headers=bearer(tokens)) as response:
        assert response.status == 204
    async with http.get("/api/v1/me", headers=bearer(tokens)) as response:
        assert response.status == 401
    await context.redis.flushdb()
    async with http.get("/api/v1/me", headers=bearer(tokens)) as response:
        assert response.status == 401


async def test_a_refresh_token_is_no_access_token(http: aiohttp.ClientSession) -> None:
    tokens = await register(http)
    async with http.get("/api/v1/me", headers={"Authorization": f"Bearer {tokens['refresh_token']}"}) as response:
        assert response.status == 401


async def test_bad_input_names_the_field(http: aiohttp.ClientSession) -> None:
    cases = (
        ({**PERSON, "role": "admin"}, "role"),
        ({**PERSON, "password": "short"}, "password"),
        ({**PERSON, "email": "no address"}, "email"),
        ({**PERSON, "name": "a\x00b"}, "name"),
        ({"email": "a@b.co", "name": "A"}, "password"),
    )
    for body, field in cases:
        async with http.post("/api/v1/auth/register", json=body) as response:
            assert response.status == 422, body
            assert [error["field"] for error in (await response.json())["errors"]] == [field]


async def test_a_page_of_another_site_cannot_ride_on_cookies(http: aiohttp.ClientSession) -> None:
    headers = {"Cookie": "haat_session=x", "Origin": "https://evil.example"}
    async with http.post("/api/v1/auth/login", json={"email": "a@b.co", "password": "x"}, headers=headers) as response:
        assert response.status == 403
        assert (await response.json())["code"] == "origin"
