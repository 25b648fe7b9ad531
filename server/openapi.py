"""The OpenAPI 3.1 description, built from the endpoints that the app really serves."""

import re
from collections.abc import Iterator
from typing import Any

import msgspec
from sanic import Sanic

from models import errors
from server.auth import Access
from server.errors import PROBLEM_JSON, STATUS, Problem
from server.http import Endpoint

PARAMETER = re.compile(r"<(?P<name>\w+)(?::(?P<kind>\w+))?>")
KINDS = {"uuid": {"type": "string", "format": "uuid"}, "int": {"type": "integer"}}


def endpoints_of(app: Any) -> Iterator[Endpoint]:
    """Every declared endpoint, in the order of the router."""
    seen = set()
    for route in app.router.routes:
        spec = getattr(route.handler, "endpoint", None)
        if spec is not None and (spec.method, spec.path) not in seen:
            seen.add((spec.method, spec.path))
            yield spec


def describe(app: "Sanic[Any, Any]") -> dict[str, Any]:
    specs = sorted(endpoints_of(app), key=lambda spec: (spec.path, spec.method))
    structs = [kind for spec in specs for kind in (spec.body, spec.query, spec.answer) if kind]
    _, components = msgspec.json.schema_components([*structs, Problem], ref_template="#/components/schemas/{name}")
    paths: dict[str, dict[str, Any]] = {}
    for spec in specs:
        paths.setdefault(PARAMETER.sub(r"{\g<name>}", spec.path), {})[spec.method.lower()] = _operation(spec)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Haat", "version": "1", "description": "Many sellers, one shop, instant search."},
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}},
        },
    }


def _operation(spec: Endpoint) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "summary": spec.summary,
        "operationId": f"{spec.method.lower()}{re.sub(r'[^a-zA-Z0-9]+', '_', spec.path)}",
        "tags": [PARAMETER.sub("", spec.path).strip("/").split("/")[2]],
        "parameters": [*_path_parameters(spec), *_query_parameters(spec), *_headers(spec)],
        "responses": _responses(spec),
    }
    if spec.access is not Access.PUBLIC:
        operation["security"] = [{"bearer": []}]
    if spec.body:
        operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": _ref(spec.body)}}}
    return operation


def _ref(kind: Any) -> dict[str, Any]:
    (schema,), _ = msgspec.json.schema_components([kind], ref_template="#/components/schemas/{name}")
    return schema


def _path_parameters(spec: Endpoint) -> list[dict[str, Any]]:
    return [
        {
            "name": found["name"],
            "in": "path",
            "required": True,
            "schema": KINDS.get(found["kind"] or "", {"type": "string"}),
        }
        for found in PARAMETER.finditer(spec.path)
    ]


def _query_parameters(spec: Endpoint) -> list[dict[str, Any]]:
    if spec.query is None:
        return []
    schema = msgspec.json.schema(spec.query)
    properties = schema["$defs"][spec.query.__name__]["properties"]
    return [
        {
            "name": name,
            "in": "query",
            **({"description": kind["description"]} if "description" in kind else {}),
            "schema": kind,
            **({"style": "deepObject"} if kind.get("type") == "object" else {}),
        }
        for name, kind in properties.items()
    ]


def _headers(spec: Endpoint) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "header", "required": words.startswith("required"), "description": words,
         "schema": {"type": "string"}}
        for name, words in spec.headers.items()
    ]  # fmt: skip


def _responses(spec: Endpoint) -> dict[str, Any]:
    success: dict[str, Any] = {"description": "Done"}
    if spec.answer:
        success["content"] = {"application/json": {"schema": _ref(spec.answer)}}
    responses = {str(spec.status): success}
    refusals = {str(STATUS[kind]): kind.title for kind in _refusals(spec)}
    if "<" in spec.path:  # an id that is none may be the name of something else
        refusals["405"] = "The address does not take this method"
    refusals["413"] = "The body is too large" if spec.body or spec.upload else "The address is too long"
    for status, title in refusals.items():
        responses[status] = {
            "description": title,
            "content": {PROBLEM_JSON: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
    return dict(sorted(responses.items()))


def _refusals(spec: Endpoint) -> set[type[errors.DomainError]]:
    """What was declared, and what the declaration implies."""
    implied: set[type[errors.DomainError]] = {errors.Unavailable, *spec.errors}
    if spec.limit is not None:
        implied.add(errors.TooMany)
    if spec.body or spec.query:
        implied.add(errors.Invalid)
    if spec.access is not Access.PUBLIC:
        implied |= {errors.Unauthenticated, errors.Forbidden}
    if "<" in spec.path:
        implied.add(errors.NotFound)
    return implied
