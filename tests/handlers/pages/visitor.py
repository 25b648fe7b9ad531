"""Somebody who visits the pages: cookies, forms with their token, and what an answer says."""

import html
import itertools
import re
from collections.abc import Mapping
from typing import Any, NamedTuple
from uuid import UUID

import aiohttp

from models.database import pool
from tests.people import APPS, code_of

TOKEN = re.compile(r'name="csrf-token" content="([0-9a-f]{64})"')
_numbers = itertools.count(1)


class Seen(NamedTuple):
    """An answer; `text` is the page without its mark-up's escapes."""

    status: int
    html: str
    headers: Mapping[str, str]

    @property
    def text(self) -> str:
        return html.unescape(self.html)

    @property
    def location(self) -> str:
        return self.headers.get("Location", "")


class Visitor:
    """One browser: it keeps its cookies and asks from an address of its own."""

    def __init__(self, http: aiohttp.ClientSession) -> None:
        number = next(_numbers)
        self.http = http
        self.cookies: dict[str, str] = {}
        self.headers = {"Accept": "text/html", "X-Forwarded-For": f"10.8.{number >> 8}.{number & 255}"}

    async def ask(self, method: str, path: str, *, headers: Mapping[str, str] | None = None, **options: Any) -> Seen:
        sent = {**self.headers, **(headers or {})}
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        async with self.http.request(method, path, headers=sent, allow_redirects=False, **options) as response:
            for name, morsel in response.cookies.items():
                if morsel["max-age"] == "0":
                    self.cookies.pop(name, None)
                else:
                    self.cookies[name] = morsel.value
            return Seen(response.status, await response.text(), response.headers)

    async def get(self, path: str, **headers: str) -> Seen:
        return await self.ask("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})

    async def token(self) -> str:
        found = TOKEN.search((await self.get("/fragments/header")).html)
        assert found
        return found[1]

    async def post(self, path: str, *, htmx: bool = False, **form: object) -> Seen:
        """A form sent from one of our pages, with the token that came with its header."""
        fields = {name: str(value) for name, value in form.items()}
        headers = {"HX-Request": "true", "X-CSRF-Token": await self.token()} if htmx else {}
        if not htmx:
            fields["csrf_token"] = await self.token()
        return await self.ask("POST", path, data=fields, headers=headers)

    async def sign_in(self, email: str, password: str) -> Seen:
        """With the code of the app, where one is asked for."""
        seen = await self.post("/login", email=email, password=password)
        if not seen.location.startswith("/login/second"):
            return seen
        return await self.post("/login/second", code=code_of(APPS[email]))


async def slug_of(product_id: UUID) -> str:
    found: str = await pool().fetchval("SELECT slug FROM product WHERE id = $1", product_id)
    return found
