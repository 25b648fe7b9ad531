"""Static files: for ever under their version, a while without it, never from outside the folder."""

import gzip

import pytest

from handlers.pages.shell import Pages
from server.context import Context
from tests.handlers.pages.visitor import Visitor


async def test_a_versioned_file_may_be_kept_for_ever(visitor: Visitor, context: Context) -> None:
    pages: Pages = context.templates
    seen = await visitor.get(pages.assets.url("js/haat.js"))
    assert seen.status == 200
    assert seen.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert seen.headers["Content-Type"].startswith("text/javascript")


async def test_without_or_with_an_old_version_it_is_kept_for_a_while(visitor: Visitor) -> None:
    for path in ("/static/js/haat.js", "/static/0123456789ab/js/haat.js"):
        seen = await visitor.get(path)
        assert (seen.status, seen.headers["Cache-Control"]) == (200, "public, max-age=300")


async def test_packed_and_plain_are_the_same(visitor: Visitor) -> None:
    plain = await visitor.http.get("/static/icons.svg", headers={"Accept-Encoding": "identity"})
    packed = await visitor.http.get("/static/icons.svg", headers={"Accept-Encoding": "gzip"}, auto_decompress=False)
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(await packed.read()) == await plain.read()


@pytest.mark.parametrize(
    "path", ["../__init__.py", "%2e%2e/filters.py", "..%2f..%2fpyproject.toml", "/etc/passwd", "js", ""]
)
async def test_nothing_outside_the_folder_is_served(visitor: Visitor, path: str) -> None:
    assert (await visitor.get(f"/static/{path}")).status == 404


async def test_a_picture_that_nobody_can_draw_is_not_there(visitor: Visitor) -> None:
    assert (await visitor.get("/media/demo/nothing-blue-1.svg")).status == 404
    assert (await visitor.get("/media/demo/../../x.svg")).status == 404


async def test_robots_are_kept_out_of_what_is_personal(visitor: Visitor) -> None:
    assert "Disallow: /checkout" in (await visitor.get("/robots.txt")).text
