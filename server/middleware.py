"""What wraps every request: the caller, the Origin check, security headers, one metric, errors as problems or pages."""

import contextlib
import secrets
import time
from collections.abc import Mapping, Sequence
from functools import cache, partial
from typing import Any
from urllib.parse import urlsplit

import asyncpg
import structlog
from redis.exceptions import RedisError
from sanic import Sanic
from sanic.exceptions import BadRequest, SanicException, ServiceUnavailable
from sanic.request import Request
from sanic.response import HTTPResponse
from tortoise.exceptions import DBConnectionError

from models.audit import AGENT_MAX, Origin, came_from
from models.errors import DomainError, Forbidden, Unauthenticated, Unavailable
from server.auth import find_caller
from server.cors import Cors
from server.errors import Problem, headers_of, problem_of, problem_response
from server.http import client_address, context, spend
from server.metrics import ERRORS, REFUSED, REQUESTS
from server.reply import Reply

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
CROSS_SITE_BY_DESIGN = ("/webhooks/", "/payments/return")  # signed by the gateway
OUTAGES = (
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    asyncpg.TooManyConnectionsError,
    asyncpg.CannotConnectNowError,
    asyncpg.QueryCanceledError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.DeadlockDetectedError,
    DBConnectionError,
    RedisError,
    ConnectionError,
    TimeoutError,
    ServiceUnavailable,
)
SECURITY_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: https: {media}; "
        "connect-src 'self' {media}; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; "
        "form-action 'self' {gateway}"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(self)",
    "Cross-Origin-Opener-Policy": "same-origin",
}

log = structlog.get_logger("http")


def security_headers(gateway: str, media: str, *, https: bool) -> dict[str, str]:
    """`gateway`: the origin of the hosted checkout; `media`: where browsers may send pictures besides the shop."""
    headers = {name: value.format(gateway=gateway, media=media) for name, value in SECURITY_HEADERS.items()}
    if https:
        headers["Strict-Transport-Security"] = "max-age=63072000; includeSubDomains"
    return headers


def install(app: "Sanic[Any, Any]", headers: Mapping[str, str], *, cors_origins: Sequence[str] = ()) -> None:
    """Register middleware and error handlers. `headers` are those of `security_headers`.

    The order of the edge: CORS, security headers (also on what is refused), the caller's limit, the size of the body,
    who calls, whether they may, and then the handler; the last four stand in `server.http.endpoint` and its page twin.
    """
    cors = Cors(cors_origins)
    lines = "".join(f"\r\n{name}: {value}" for name, value in headers.items()).encode()
    series = cache(REQUESTS.labels)

    async def before(request: Request) -> HTTPResponse | None:
        request.ctx.started = time.perf_counter()
        request.ctx.caller = None
        demand_text(request)
        if answer := cors.preflight(request):
            return answer
        if "cookie" in request.headers or "authorization" in request.headers:
            await recognise(request)
        # The request before, on this connection, may have been somebody else's: a proxy keeps its connections.
        known = request.ctx.caller is not None
        came_from(Origin(context(request).keyring, partial(_where, request)) if known else None)
        check_origin(request)
        return None

    async def after(request: Request, response: HTTPResponse) -> None:
        if isinstance(response, Reply):
            response.lines += lines
            response.headers.update(cors.headers(request))
        else:
            for name, value in headers.items():
                response.headers.setdefault(name, value)
            for name, value in cors.headers(request).items():
                response.headers.add(name, value)
        route = request.route.path if request.route else "unknown"
        now = time.perf_counter()
        series(route, response.status).observe(now - getattr(request.ctx, "started", now))

    app.on_request(before)
    app.register_middleware(after, "response")  # type: ignore[arg-type]  # its stub knows request middleware only
    app.error_handler.add(Exception, respond_to_error)


def demand_text(request: Request) -> None:
    """Raises BadRequest for a head in bytes that are no text: Sanic passes them on, and no database keeps them."""
    if not request.head.isascii():
        try:
            request.head.decode()
        except UnicodeDecodeError as error:
            raise BadRequest("The request's head holds bytes that are no UTF-8.") from error


def _where(request: Request) -> dict[str, str]:
    """For the audit trail."""
    return {"address": client_address(request), "agent": request.headers.get("user-agent", "")[:AGENT_MAX]}


async def recognise(request: Request) -> None:
    """Set the caller. A bad token costs what any anonymous request costs, so that nobody can try them without end."""
    shared = context(request)
    try:
        request.ctx.caller = await find_caller(request, shared.settings, shared.redis)
    except Unauthenticated:
        REFUSED.labels("token").inc()
        await spend(request, "default")
        raise


def check_origin(request: Request) -> None:
    """CSRF: an unsafe request that rides on cookies must come from our own pages (OWASP: verifying origin).

    Raises Forbidden. `Sec-Fetch-Site` speaks where a browser sends no Origin.
    """
    if request.method in SAFE_METHODS or request.path.startswith(CROSS_SITE_BY_DESIGN):
        return
    if "authorization" in request.headers or not request.headers.get("cookie"):
        return
    origin: str | None = request.headers.get("origin")
    if origin is not None:
        same = urlsplit(origin).netloc == request.host
    else:
        same = request.headers.get("sec-fetch-site", "none") in {"same-origin", "none"}
    if not same:
        REFUSED.labels("origin").inc()
        raise Forbidden("This request came from another site. Open the page here and try again.", code="origin")


async def respond_to_error(request: Request, error: Exception) -> HTTPResponse:
    """Domain errors by the table, Sanic's own by their status, outages as 503; anything else is a 500, logged once."""
    if isinstance(error, OUTAGES):
        log.warning("a service does not answer", path=request.path, error=repr(error))
        error = Unavailable("A service that this needs does not answer. Try again in a few seconds.")
    if isinstance(error, DomainError):
        problem, headers = problem_of(error), headers_of(error)
    elif isinstance(error, SanicException) and error.status_code < 500:
        detail = str(error) or "The request cannot be served."
        problem = Problem(title=detail, status=error.status_code, code=f"http_{error.status_code}", detail=detail)
        headers = {name: value for name, value in (error.headers or {}).items() if name.lower() == "allow"}
        if error.status_code == 405 and not headers:
            headers = {"Allow": ", ".join(_allowed(request))}
    else:
        incident = secrets.token_hex(4)
        ERRORS.labels(request.route.path if request.route else "unknown").inc()
        log.error("unexpected error", path=request.path, incident=incident, exc_info=error)
        detail = f"Something went wrong here. Quote incident {incident} when you ask for help."
        problem, headers = Problem(title="Unexpected error", status=500, code="unexpected", detail=detail), {}
    return render_problem(request, problem, headers)


def _allowed(request: Request) -> list[str]:
    """The methods of an address. Sanic does not say them where the path has a name in it and takes several."""
    found = []
    for method in METHODS:
        with contextlib.suppress(SanicException):
            request.app.router.get(request.path, method, request.headers.get("host"))
            found.append(method)
    return found


def render_problem(request: Request, problem: Problem, headers: dict[str, str]) -> HTTPResponse:
    """A page for people who asked for one, problem+json for everybody else."""
    templates = context(request).templates
    wants_page = "text/html" in request.headers.get("accept", "") and not request.path.startswith(
        ("/api/", "/webhooks/")
    )
    if templates is None or not wants_page:
        return problem_response(problem, headers)
    page: HTTPResponse = templates.error(request, problem)
    page.headers.update(headers)
    return page
