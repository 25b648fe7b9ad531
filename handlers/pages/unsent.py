"""What somebody had typed when they had to sign in first: it is sent with one more click once they have.

Kept sealed, in a cookie of this browser, for a quarter of an hour. A password never is, nor what a cookie cannot hold,
nor what another site may have sent: browsers bring the cookie of our token to none but our own forms.
"""

import base64
import zlib
from urllib.parse import urlsplit

import msgspec
from sanic.request import Request
from sanic.response import HTTPResponse

from handlers.pages import csrf
from server.auth import cookie_name, set_cookie
from server.http import context

COOKIE, TTL_S = "unsent", 900
SEALED_MAX = 3_500
"""Characters; browsers keep cookies of four thousand."""
PATH = "/again"
MARK = "signed_in"
"""The field of a form on a public page that means something else to whoever is signed out by the time it is sent."""


class Unsent(msgspec.Struct, frozen=True):
    """A form, where it was going, and the page that it stood on."""

    action: str
    fields: dict[str, str]
    back: str


def keep(request: Request, response: HTTPResponse, form: Unsent) -> None:
    """Where `may_be_kept`."""
    set_cookie(response, context(request).settings, COOKIE, _sealed(request, form), ttl_s=TTL_S)


def may_be_kept(request: Request, form: Unsent) -> bool:
    secret = any("password" in name for name in form.fields)
    return csrf.knows(request) and not secret and len(_sealed(request, form)) <= SEALED_MAX


def read(request: Request) -> Unsent | None:
    shared = context(request)
    sealed = request.cookies.get(cookie_name(shared.settings, COOKIE), "")
    opened = shared.keyring.open_cookie(COOKIE, sealed, ttl_s=TTL_S) if sealed else None
    return msgspec.json.decode(zlib.decompress(base64.b85decode(opened)), type=Unsent) if opened else None


def page_before(request: Request) -> str:
    """The path of ours that a form stood on, as its browser says it; else home."""
    before = urlsplit(request.headers.get("referer", ""))
    if before.netloc != request.host or not before.path:
        return "/"
    return f"{before.path}?{before.query}" if before.query else before.path


def _sealed(request: Request, form: Unsent) -> str:
    packed = base64.b85encode(zlib.compress(msgspec.json.encode(form))).decode()
    return context(request).keyring.seal_cookie(COOKIE, packed)
