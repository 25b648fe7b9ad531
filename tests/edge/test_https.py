"""A shop whose address is https pins it, and binds its cookies to the host; one on http cannot."""

import aiohttp
import pytest
from sanic import Sanic

from server.settings import Settings

YEAR_S = 365 * 24 * 3600


@pytest.fixture(params=["https://haat.example", "http://haat.example"])
def environment(environment: dict[str, str], request: pytest.FixtureRequest) -> dict[str, str]:
    return {**environment, "HAAT_SITE__BASE_URL": request.param}


async def test_https_is_pinned_and_binds_cookies_to_the_host(app: "Sanic", settings: Settings, port: int) -> None:
    pinned = settings.site.base_url.startswith("https:")
    async with (
        aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as client,
        client.get(f"http://127.0.0.1:{port}/login") as page,
        client.get(f"http://127.0.0.1:{port}/healthz") as health,
        client.get(f"http://127.0.0.1:{port}/api/v1/me") as refusal,
    ):
        for answer in (page, health, refusal):
            header = answer.headers.get("Strict-Transport-Security", "")
            assert bool(header) is pinned
            assert not pinned or int(header.removeprefix("max-age=").split(";")[0]) >= YEAR_S
            assert not pinned or "includeSubDomains" in header
        cookies = page.headers.getall("Set-Cookie")
    assert cookies
    for cookie in cookies:
        parts = {part.strip().lower() for part in cookie.split(";")}
        assert cookie.startswith("__Host-") is pinned
        assert ("secure" in parts) is pinned
        assert "path=/" in parts
