"""Cookies of the pages: bound to this host under HTTPS, out of reach of scripts and of other sites (ASVS 3.3)."""

import pytest
from sanic.response import empty

from server.auth import set_cookie
from server.settings import Settings, Site


@pytest.mark.parametrize(
    ("base_url", "starts"),
    [("https://haat.example", "__Host-haat_session="), ("http://127.0.0.1:8000", "haat_session=")],
)
def test_a_cookie_is_bound_to_its_host_where_there_is_https(base_url: str, starts: str) -> None:
    response = empty()
    set_cookie(response, Settings(site=Site(base_url=base_url)), "session", "value", ttl_s=60)
    line = str(response.cookies.cookies[0])
    parts = {part.strip().lower() for part in line.split(";")}
    assert line.startswith(starts)
    assert {"path=/", "httponly", "samesite=lax", "max-age=60"} <= parts
    assert ("secure" in parts) is base_url.startswith("https")
    assert not any(part.startswith("domain") for part in parts)
