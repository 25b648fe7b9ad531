"""Links that prove themselves hold for their own path until their own end; nobody can stretch or move one."""

import time
from urllib.parse import parse_qsl, urlsplit

import pytest

from models.errors import NotFound
from server.links import demand_signed, signed
from server.settings import Auth, Settings

PATH = "/api/v1/documents/1"


def parts(settings: Settings, until: int) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(signed(settings, PATH, until=until)).query))


def test_a_link_holds_for_its_path_until_its_end() -> None:
    settings, now = Settings(), int(time.time())
    good = parts(settings, now + 60)
    demand_signed(settings, PATH, **good)
    wrong = (
        ("/api/v1/documents/2", good),
        (PATH, parts(settings, now - 1)),
        (PATH, {**parts(settings, now - 1), "until": good["until"]}),
        (PATH, {**good, "until": str(now + 600)}),
        (PATH, {**good, "until": "never"}),
        (PATH, {**good, "until": "\ud800"}),
        (PATH, {**good, "key": ""}),
        (PATH, {**good, "key": "ü" + good["key"][1:]}),
        (PATH, parts(Settings(auth=Auth(secret="x" * 40)), now + 60)),
    )
    for path, given in wrong:
        with pytest.raises(NotFound):
            demand_signed(settings, path, **given)
