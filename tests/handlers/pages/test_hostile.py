"""Every page, and every form on it, meets hostile input with a page that says what is wrong, never with a 500."""

import io
import itertools
import re
from pathlib import Path
from urllib.parse import quote

import aiohttp
import pytest
from sanic import Sanic

from handlers import pages
from models.database import Pool
from server.context import Context
from tests.factories import log_in_as, make_product, make_seller, make_user
from tests.handlers.pages.visitor import TOKEN

NAMES = re.compile(r"""(?:form|args)\.get\(\s*"(\w+)""")
NOBODY = "00000000-0000-7000-8000-000000000000"
HOSTILE = ("a\u0000b", "9" * 30, "-1' OR 1=1 --", "x" * 2_100)
FOUL = ("a\u0000b", "a\u202eb", "a" + "\u0301\u0316" * 200)
LEAVING = {"/logout", "/account/security/devices"}
"""What ends the log-in that the rest is asked with."""


@pytest.fixture
def environment(environment: dict[str, str]) -> dict[str, str]:
    return {**environment, "HAAT_LIMITS__ENABLED": "false"}


@pytest.fixture
async def anyone(context: Context, http: aiohttp.ClientSession) -> dict[str, str]:
    """The headers of an operator who sells too, with what a form must carry."""
    user_id = await make_user(context.settings, role="admin")
    await make_product(await make_seller(user_id=user_id))
    headers = {**await log_in_as(context.settings, user_id), "Accept": "text/html"}
    async with http.get("/fragments/header", headers=headers) as response:
        token = TOKEN.search(await response.text())
        assert token
        cookie = "; ".join(f"{name}={morsel.value}" for name, morsel in response.cookies.items())
    return {**headers, "Cookie": cookie, "X-CSRF-Token": token[1]}


def names() -> list[str]:
    """Every name that a page asks a form or an address for."""
    folder = Path(pages.__file__).parent
    return sorted({name for file in folder.glob("*.py") for name in NAMES.findall(file.read_text("utf-8"))})


def routes(app: "Sanic", method: str) -> list[str]:
    found = [f"/{route.path}" for route in app.router.routes if method in route.methods]
    return sorted(path for path in found if not path.startswith(("/api/", "/webhooks/")) and path not in LEAVING)


def filled(path: str, text: str = "x") -> str:
    path = re.sub(r"<\w+:uuid>", NOBODY, re.sub(r"<\w+:int>", "9" * 30, path))
    return re.sub(r"<\w+(?::\w+)?>", text, path)


async def test_no_form_is_answered_by_a_500(app: "Sanic", http: aiohttp.ClientSession, anyone: dict[str, str]) -> None:
    known, asked = names(), 0
    assert len(known) > 60
    for path, value in itertools.product(routes(app, "POST"), HOSTILE):
        body = "&".join(f"{name}={quote(value)}" for name in known)
        headers = {**anyone, "Content-Type": "application/x-www-form-urlencoded"}
        async with http.post(filled(path), data=body[:900_000], headers=headers, allow_redirects=False) as response:
            assert response.status < 500, f"{path} {value[:8]!r}: {(await response.text())[:400]}"
            asked += 1
    assert asked > 200


async def test_no_address_of_a_page_is_answered_by_a_500(
    app: "Sanic", http: aiohttp.ClientSession, anyone: dict[str, str]
) -> None:
    known, asked = names(), 0
    for path, value in itertools.product(routes(app, "GET"), HOSTILE[:2]):
        given = quote(value[:40])
        for address in (f"{filled(path)}?{'&'.join(f'{name}={given}' for name in known)}", filled(path, given)):
            async with http.get(address, headers=anyone, allow_redirects=False) as response:
                assert response.status < 500, f"{address[:200]}: {(await response.text())[:400]}"
                asked += 1
    assert asked > 200


async def test_a_form_of_more_fields_than_any_of_ours_is_not_taken_apart(
    http: aiohttp.ClientSession, anyone: dict[str, str]
) -> None:
    headers = {**anyone, "Content-Type": "application/x-www-form-urlencoded"}
    for path, fields in (("/login", 450_000), ("/account/avatar", 4_500_000)):
        async with http.post(path, data=io.BytesIO(b"a&" * fields), headers=headers) as response:
            assert response.status == 422, path
            assert "at most 5,000 fields" in await response.text()


@pytest.mark.parametrize("text", FOUL)
async def test_no_form_keeps_what_no_text_may_hold(
    http: aiohttp.ClientSession, anyone: dict[str, str], database: Pool, text: str
) -> None:
    body = {"name": text, "csrf_token": anyone["X-CSRF-Token"]}
    async with http.post("/account/profile", data=body, headers=anyone, allow_redirects=False) as response:
        assert response.status == 422
    assert await database.fetchval("SELECT name FROM users") == "Asha Rao"


async def test_no_cookie_of_a_page_is_answered_by_a_500(
    http: aiohttp.ClientSession, app: "Sanic", context: Context
) -> None:
    """Also one that this shop sealed for something else."""
    given = ("QUJD", "x" * 2_000, "%00", '"', context.keyring.encrypt(f"look_up:{NOBODY}").decode()[:-4])
    given += (context.keyring.encrypt("asha@example.in").decode(), context.keyring.seal_cookie("other", "{}"))
    for path in (
        "/",
        "/cart",
        "/login/second",
        "/login/google/callback?code=a&state=b",
        "/orders/ABCDEFGHK",
        "/account",
    ):
        for name in cookie_names():
            for value in given:
                cookie = {"Cookie": f"haat_{name}={value}", "Accept": "text/html"}
                async with http.get(path, headers=cookie, allow_redirects=False) as response:
                    assert response.status in {200, 303, 403}, (path, name, value)


def cookie_names() -> set[str]:
    """Those that pages set, by what they are called in the code."""
    named = re.compile(r"""^(?:COOKIE|PENDING|DEVICE) = "(\w+)\"""", re.MULTILINE)
    folder = Path(pages.__file__).parent
    files = [*folder.glob("*.py"), *folder.parent.glob("*.py")]
    found = {name for file in files for name in named.findall(file.read_text("utf-8"))}
    assert len(found) > 5, found
    return {*found, "session"}
