"""The provider of the devstack in this process, and how somebody uses its page."""

from collections.abc import AsyncIterator
from urllib.parse import parse_qsl, urlsplit

import aiohttp
import pytest
from aiohttp import web

from devstack.oidc.provider import make_app
from server.context import Context
from server.integrations.oidc import open_oidc
from server.settings import Oidc
from tests.conftest import free_port


class Google:
    """The provider's page, as somebody uses it."""

    def __init__(self, http: aiohttp.ClientSession) -> None:
        self.http = http

    async def choose(self, url: str, **form: str) -> tuple[int, str]:
        """The status, and where the shop is told."""
        asked = {**dict(parse_qsl(urlsplit(url).query)), "email_verified": "1", "name": "Meera Iyer", **form}
        async with self.http.post("/authorize", data=asked, allow_redirects=False) as response:
            back = urlsplit(response.headers.get("Location", ""))
            return response.status, f"{back.path}?{back.query}"

    async def lie(self, **claims: object) -> None:
        async with self.http.post("/sim/lies", json=claims) as response:
            response.raise_for_status()


@pytest.fixture
async def google(context: Context) -> AsyncIterator[Google]:
    number = free_port()
    client = Oidc(issuer=f"http://127.0.0.1:{number}", client_id="shop", client_secret="s" * 32)
    runner = web.AppRunner(make_app(client, shop=context.settings.site.base_url), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", number).start()
    context.google = open_oidc(client, base_url=context.settings.site.base_url)
    async with aiohttp.ClientSession(client.issuer) as http:
        yield Google(http)
    await runner.cleanup()
