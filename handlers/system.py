"""Health, metrics and the description of the API."""

import asyncio

import msgspec
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, html, json, raw

from models.database import pool
from server.http import context
from server.metrics import MULTIPROCESS_DIR, REGISTRY
from server.openapi import describe

blueprint = Blueprint("system")
READY_TIMEOUT_S = 2

API_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Haat API</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="/static/build/swagger-ui.css"></head>
<body><div id="swagger-ui"></div>
<script src="/static/build/swagger-ui-bundle.js"></script><script src="/static/js/api-docs.js"></script>
</body></html>"""


@blueprint.get("/healthz")
async def healthz(_: Request) -> HTTPResponse:
    """The process is up."""
    return json({"status": "ok"})


@blueprint.get("/readyz")
async def readyz(request: Request) -> HTTPResponse:
    """The services that a request needs answer: 200, or 503 naming those that do not."""
    shared = context(request)
    checks = {"database": pool().fetchval("SELECT 1"), "redis": shared.redis.ping()}
    results = await asyncio.gather(
        *(asyncio.wait_for(check, READY_TIMEOUT_S) for check in checks.values()), return_exceptions=True
    )
    states = {
        name: "down" if isinstance(result, BaseException) else "ok"
        for name, result in zip(checks, results, strict=True)
    }
    ready = all(state == "ok" for state in states.values())
    return json({"status": "ok" if ready else "unavailable", **states}, 200 if ready else 503)


@blueprint.get("/metrics")
async def metrics(_: Request) -> HTTPResponse:
    """Prometheus text format; all processes of this host when PROMETHEUS_MULTIPROC_DIR is set."""
    registry = REGISTRY
    if MULTIPROCESS_DIR:
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return raw(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


@blueprint.get("/api/openapi.json")
async def openapi(request: Request) -> HTTPResponse:
    return raw(msgspec.json.encode(describe(request.app)), content_type="application/json")


@blueprint.get("/api/docs")
async def api_docs(_: Request) -> HTTPResponse:
    return html(API_PAGE)
