"""Declaring endpoints: access, limit, body, query and answer stand beside the handler, and feed OpenAPI.

`endpoint` takes from the caller's bucket, checks who may call, only then reads the body, decodes it strictly, and
encodes what the handler returns.
"""

import functools
from collections.abc import Awaitable, Callable, Mapping
from ipaddress import ip_address, ip_network
from typing import Any
from urllib.parse import unquote

import msgspec
from sanic import Blueprint
from sanic.exceptions import PayloadTooLarge
from sanic.request import Request
from sanic.response import HTTPResponse, raw

from models import errors as kinds
from server import limits
from server.auth import Access, Declared, require
from server.context import Context
from server.decode import decode_json, decode_query, remembered_query
from server.metrics import REFUSED

BIGINT_MAX = 2**63 - 1
ADDRESS_LENGTH_MAX = 45  # INET6_ADDRSTRLEN, less its NUL

Handler = Callable[..., Awaitable[Any]]


class Endpoint(msgspec.Struct, frozen=True, kw_only=True):
    """What OpenAPI and the tests need to know of a route. `limit` None: the handler takes from a bucket itself.

    `normal`: a pure function, remembered with the query, whose result the handler gets in the query's place.
    `upload`: the body is a file, which may be larger than JSON.
    """

    method: str
    path: str
    summary: str
    access: Access = Access.PUBLIC
    limit: str | None = "default"
    body: type | None = None
    query: type | None = None
    normal: Callable[[Any], Any] | None = None
    answer: type | None = None
    status: int = 200
    errors: tuple[type[kinds.DomainError], ...] = ()
    headers: Mapping[str, str] = {}
    upload: bool = False


def endpoint(blueprint: Blueprint, method: str, path: str, **declared: Any) -> Callable[[Handler], Handler]:
    """Register a handler; `declared` are the fields of Endpoint. The handler gets `body` and `query` when declared."""
    spec = Endpoint(method=method, path=path, **declared)

    def register(handler: Handler) -> Handler:
        @functools.wraps(handler)
        async def respond(request: Request, **arguments: Any) -> HTTPResponse:
            decision = await spend(request, spec.limit)
            demand_size(request, upload=spec.upload)
            require(request.ctx.caller, spec.access)
            demand_path(arguments)
            await read_body(request, upload=spec.upload)
            if spec.query:
                arguments["query"] = _query(request, spec)
            if spec.body:
                arguments["body"] = decode_json(request.body, spec.body)
            response = answer(await handler(request, **arguments), spec.status)
            if decision:
                response.headers.update(decision.headers())
            return response

        respond.endpoint = spec  # type: ignore[attr-defined]
        respond.declared = Declared(method, path, spec.access)  # type: ignore[attr-defined]
        blueprint.add_route(respond, path, [method], name=handler.__name__, stream=True, error_format="json")
        return handler

    return register


def demand_path(arguments: Mapping[str, Any]) -> None:
    """What no row of ours can be called is not found, rather than asked for."""
    for value in arguments.values():
        if (isinstance(value, int) and value > BIGINT_MAX) or (isinstance(value, str) and "\0" in unquote(value)):
            raise kinds.NotFound("There is nothing at this address.")


def _query(request: Request, spec: Endpoint) -> Any:
    """Public answers that are cached are asked for in the same words again and again; others may hold a secret."""
    assert spec.query is not None
    normal = spec.normal or _same
    if spec.limit is None and spec.access is Access.PUBLIC:
        return remembered_query(request.query_string, spec.query, normal)
    return normal(decode_query(request.args, spec.query))


def _same(query: Any) -> Any:
    return query


def answer(value: Any, status: int = 200) -> HTTPResponse:
    """A struct as JSON; None as an empty 204; a response as it is."""
    if isinstance(value, HTTPResponse):
        return value
    if value is None:
        return raw(b"", 204)
    return raw(msgspec.json.encode(value), status, {"Cache-Control": "no-store"}, content_type="application/json")


def context(request: Request) -> Context:
    found: Context = request.app.ctx.haat
    return found


def client_address(request: Request) -> str:
    """The address that called, believing `X-Forwarded-For` only from configured proxies, right to left."""
    proxies = context(request).settings.http.trusted_proxies
    address: str = _plain(request.conn_info.client_ip) if request.conn_info else ""
    forwarded = request.headers.getall("x-forwarded-for", [])
    for hop in reversed([part.strip() for line in forwarded for part in line.split(",")]):
        if not hop or len(hop) > ADDRESS_LENGTH_MAX or not _is_trusted(address, proxies):
            break
        address = _plain(hop)
    return address


@functools.lru_cache(maxsize=4096)
def _plain(address: str) -> str:
    """An IPv4 address that came to a socket of IPv6 (::ffff:192.0.2.1) is itself."""
    mapped = address.removeprefix("::ffff:")
    return mapped if "." in mapped else address


@functools.lru_cache(maxsize=4096)
def _is_trusted(address: str, proxies: tuple[str, ...]) -> bool:
    try:
        return any(ip_address(address) in ip_network(proxy, strict=False) for proxy in proxies)
    except ValueError:
        return False


def principal(request: Request) -> str:
    """Whose bucket pays: the user where known, else the address."""
    caller = request.ctx.caller
    return f"user:{caller.user_id}" if caller else f"ip:{_line_of(client_address(request))}"


@functools.lru_cache(maxsize=4096)
def _line_of(address: str) -> str:
    """Whoever has one line of IPv6 has 2^64 addresses, and pays for all of them from one bucket."""
    try:
        return str(ip_network((address, 64), strict=False)) if ":" in address else address
    except ValueError:
        return address


async def spend(request: Request, name: str | None) -> "limits.Decision | None":
    """A token of the caller's bucket under the policy `name`. Raises TooMany."""
    shared = context(request)
    if name is None or not shared.settings.limits.enabled:
        return None
    policy = limits.policy(shared.settings.limits, name)
    return await limits.enforce(shared.redis, shared.settings.redis.prefix, policy, principal(request))


def demand_size(request: Request, *, upload: bool = False) -> None:
    """Before a byte of the body is read. Raises PayloadTooLarge for a declared length beyond the cap."""
    length: str = request.headers.get("content-length", "0")
    if length.isdecimal() and int(length[:20]) > _most_bytes(request, upload=upload):
        REFUSED.labels("too_large").inc()
        if request.stream is not None:
            request.stream.keep_alive = False  # type: ignore[attr-defined]  # HTTP/1's, the only one that is served
        raise PayloadTooLarge(f"The body is larger than {_most_bytes(request, upload=upload):,} bytes.")


async def read_body(request: Request, *, upload: bool = False) -> None:
    """The whole body, into `request.body`. Raises PayloadTooLarge as soon as it is beyond the cap, however it is sent.

    Sanic leaves the bodies of our routes unread, so that those who may not call are refused without it.
    """
    stream = request.stream
    if stream is None or not stream.request_body:
        return
    stream.request_max_size = _most_bytes(request, upload=upload)
    try:
        await request.receive_body()  # type: ignore[no-untyped-call]
    except PayloadTooLarge:
        REFUSED.labels("too_large").inc()
        raise


def _most_bytes(request: Request, *, upload: bool) -> int:
    http = context(request).settings.http
    return http.upload_max_bytes if upload else http.body_max_bytes
