"""The only table from kinds of error to HTTP status, and the problem+json that carries them (RFC 9457)."""

from collections.abc import Mapping
from typing import Any

import msgspec
from sanic.response import HTTPResponse, raw

from models import errors
from server.limits import Throttled

PROBLEM_JSON = "application/problem+json"
RETRY_AFTER_S = 5

STATUS: dict[type[errors.DomainError], int] = {
    errors.NotFound: 404,
    errors.Unauthenticated: 401,
    errors.Forbidden: 403,
    errors.Invalid: 422,
    errors.Conflict: 409,
    errors.OutOfStock: 409,
    errors.Declined: 402,
    errors.TooMany: 429,
    errors.Unavailable: 503,
}


class ProblemField(msgspec.Struct, frozen=True):
    field: str
    detail: str


class Problem(msgspec.Struct, frozen=True, omit_defaults=True):
    """What went wrong, for programs (`code`, `errors`) and for people (`title`, `detail`).

    `facts` is the present state where the request was made for an older one, such as the cart at its new prices.
    """

    title: str
    status: int
    code: str
    detail: str = ""
    type: str = "about:blank"
    errors: tuple[ProblemField, ...] = ()
    facts: Mapping[str, Any] = {}


def status_of(error: errors.DomainError) -> int:
    return next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)


def problem_of(error: errors.DomainError) -> Problem:
    return Problem(
        title=error.title,
        status=status_of(error),
        code=error.code,
        detail=error.detail,
        errors=tuple(ProblemField(field.field, field.detail) for field in error.fields),
        facts=error.facts,
    )


def headers_of(error: errors.DomainError) -> dict[str, str]:
    if isinstance(error, Throttled):
        return error.headers
    if isinstance(error, errors.Unavailable | errors.TooMany):
        return {"Retry-After": str(error.retry_after_s or RETRY_AFTER_S)}
    return {"WWW-Authenticate": "Bearer"} if isinstance(error, errors.Unauthenticated) else {}


def problem_response(problem: Problem, headers: Mapping[str, str] | None = None) -> HTTPResponse:
    body = msgspec.json.encode(problem)
    return raw(body, problem.status, {"Cache-Control": "no-store", **(headers or {})}, content_type=PROBLEM_JSON)
