"""Which pages elsewhere may call the API from a browser (the Fetch standard's CORS): those of the settings, no cookies.

Nobody else gets a header. What is allowed is the same for every route: the routes themselves say who may call.
"""

from collections.abc import Sequence

from sanic.request import Request
from sanic.response import HTTPResponse, empty

API = "/api/"
ALLOWED = {
    "Access-Control-Allow-Methods": "GET, POST, PUT, PATCH, DELETE",
    "Access-Control-Allow-Headers": "Authorization, Content-Type, Idempotency-Key, X-Cart-Token",
    "Access-Control-Max-Age": "600",
}
EXPOSED = "RateLimit, RateLimit-Policy, Retry-After, X-Cart-Token"


class Cors:
    def __init__(self, origins: Sequence[str]) -> None:
        self._origins = frozenset(origins)

    def preflight(self, request: Request) -> HTTPResponse | None:
        """The answer to a browser that asks whether it may ask; None for everything else."""
        if request.method != "OPTIONS" or not self._known(request):
            return None
        if "access-control-request-method" not in request.headers:
            return None
        return empty(204, dict(ALLOWED))

    def headers(self, request: Request) -> dict[str, str]:
        """Of every answer of the API: caches must know that it depends on who asks, where it does."""
        if not self._origins or not request.path.startswith(API):
            return {}
        if not self._known(request):
            return {"Vary": "Origin"}
        origin: str = request.headers["origin"]
        return {"Vary": "Origin", "Access-Control-Allow-Origin": origin, "Access-Control-Expose-Headers": EXPOSED}

    def _known(self, request: Request) -> bool:
        return request.headers.get("origin") in self._origins and request.path.startswith(API)
