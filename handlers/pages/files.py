"""Files: static ones from memory, kept for ever under their version; drawn pictures of demo products; robots.txt."""

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, raw

from handlers.pages.shell import Pages
from models.errors import NotFound
from server.http import context

blueprint = Blueprint("files")
FOR_EVER = "public, max-age=31536000, immutable"
A_WHILE = "public, max-age=300"


@blueprint.get("/static/<path:path>")
async def static_file(request: Request, path: str) -> HTTPResponse:
    return _send(request, path)


@blueprint.get("/media/demo/<name:str>")
async def demo_picture(request: Request, name: str) -> HTTPResponse:
    """Drawn by the composition root's `draw`, which knows the demo catalogue; the same key gives the same picture."""
    draw = context(request).draw
    picture: str | None = draw(name) if draw else None
    if picture is None:
        raise NotFound("There is no such picture.")
    return raw(picture.encode(), headers={"Cache-Control": FOR_EVER}, content_type="image/svg+xml")


@blueprint.get("/robots.txt")
async def robots(_: Request) -> HTTPResponse:
    hidden = ("/cart", "/checkout", "/orders/", "/account", "/seller", "/admin", "/api/", "/fragments/", "/search")
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in hidden), ""]
    return raw("\n".join(lines).encode(), headers={"Cache-Control": A_WHILE}, content_type="text/plain; charset=utf-8")


@blueprint.get("/favicon.ico")
async def favicon(request: Request) -> HTTPResponse:
    return _send(request, "favicon.svg")


def _send(request: Request, path: str) -> HTTPResponse:
    pages: Pages = context(request).templates
    asset, current = pages.assets.find(path)
    if asset is None:
        raise NotFound("There is no such file.")
    headers = {"Cache-Control": FOR_EVER if current else A_WHILE, "Vary": "Accept-Encoding"}
    if asset.packed and "gzip" in request.headers.get("accept-encoding", ""):
        return raw(asset.packed, headers={**headers, "Content-Encoding": "gzip"}, content_type=asset.content_type)
    return raw(asset.body, headers=headers, content_type=asset.content_type)
