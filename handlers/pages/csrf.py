"""The CSRF token of the pages: signed over a random cookie of this browser and the log-in.

Cacheable pages hold none; it comes with /fragments/header. The middleware's Origin check stands in front of this.
"""

import hashlib
import hmac
import secrets

from sanic.request import Request
from sanic.response import HTTPResponse

from server.auth import cookie_name, set_cookie
from server.http import context

COOKIE = "browser"
FIELD = "csrf_token"
HEADER = "x-csrf-token"
TTL_S = 7 * 24 * 3600


def token_for(request: Request) -> str:
    """The token that this browser's next unsafe request must carry; `remember` must follow on the response."""
    browser = _browser(request)
    if browser is None:
        browser = request.ctx.new_browser = secrets.token_urlsafe(24)
    return _sign(request, browser)


def remember(request: Request, response: HTTPResponse) -> HTTPResponse:
    """Set the cookie that the token is bound to, where this browser had none."""
    browser = getattr(request.ctx, "new_browser", None)
    if browser:
        set_cookie(response, context(request).settings, COOKIE, browser, ttl_s=TTL_S)
    return response


def holds(request: Request, given: str) -> bool:
    """Whether a form's field or the header carries this browser's token."""
    browser = _browser(request)
    given = given or request.headers.get(HEADER, "")
    return browser is not None and hmac.compare_digest(_sign(request, browser).encode(), given.encode())


def knows(request: Request) -> bool:
    """Whether a form of ours was shown to this browser: another site's form does not bring the cookie along."""
    return cookie_name(context(request).settings, COOKIE) in request.cookies


def _browser(request: Request) -> str | None:
    new: str | None = getattr(request.ctx, "new_browser", None)
    return new or request.cookies.get(cookie_name(context(request).settings, COOKIE))


def _sign(request: Request, browser: str) -> str:
    session = request.ctx.caller.session_id if request.ctx.caller else ""
    key = context(request).settings.auth.secret.encode()
    return hmac.new(key, f"csrf:{browser}:{session}".encode(), hashlib.sha256).hexdigest()
