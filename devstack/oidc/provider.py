"""The provider's side of OpenID Connect Core 1.0 (code flow) with PKCE (RFC 7636): whoever comes may be anybody.

`POST /sim/lies` makes the next ID tokens say something else, so that a shop can be seen refusing them.
"""

import base64
import hashlib
import hmac
import secrets
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import jinja2
import jwt
import msgspec
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from server.settings import Oidc

TEMPLATES = jinja2.Environment(loader=jinja2.FileSystemLoader(Path(__file__).parent), autoescape=True)
SECURITY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'"
CALLBACK = "/login/google/callback"
CODE_TTL_S, TOKEN_TTL_S = 60, 3600
ASKED = (
    "response_type",
    "client_id",
    "redirect_uri",
    "scope",
    "state",
    "nonce",
    "code_challenge",
    "code_challenge_method",
)


class Grant(msgspec.Struct, frozen=True, kw_only=True):
    """What one code stands for, until it is exchanged or too old."""

    redirect_uri: str
    nonce: str
    challenge: str
    person: dict[str, Any]
    good_until: float


class Provider:
    """`public_url`: where browsers find it, when that is not where the shop does."""

    def __init__(self, client: Oidc, *, shop: str, public_url: str = "") -> None:
        self._client = client
        self._public_url = public_url or client.issuer
        self._redirect_uri = f"{shop}{CALLBACK}"
        self._key = rsa.generate_private_key(public_exponent=65_537, key_size=2048)
        self._kid = secrets.token_hex(8)
        self._grants: dict[str, Grant] = {}
        self._lies: dict[str, Any] = {}

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/.well-known/openid-configuration", self.describe),
            web.get("/keys", self.keys),
            web.get("/authorize", self.show),
            web.post("/authorize", self.choose),
            web.post("/token", self.exchange),
            web.post("/sim/lies", self.lie),
            web.get("/healthz", alive),
        ]

    async def describe(self, _: web.Request) -> web.Response:
        here = self._client.issuer
        return web.json_response(
            {
                "issuer": here,
                "authorization_endpoint": f"{self._public_url}/authorize",
                "token_endpoint": f"{here}/token",
                "jwks_uri": f"{here}/keys",
                "response_types_supported": ["code"],
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": ["RS256"],
                "scopes_supported": ["openid", "email", "profile"],
                "code_challenge_methods_supported": ["S256"],
                "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
            }
        )

    async def keys(self, _: web.Request) -> web.Response:
        public = RSAAlgorithm.to_jwk(self._key.public_key(), as_dict=True)
        return web.json_response({"keys": [{**public, "kid": self._kid, "use": "sig", "alg": "RS256"}]})

    async def show(self, request: web.Request) -> web.Response:
        """The page that asks who one is; a wrong client or address is told here, and nowhere sent."""
        self._demand(request.query)
        fields = [(name, request.query.get(name, "")) for name in ASKED]
        html = TEMPLATES.get_template("choose.html").render(fields=fields, email=request.query.get("login_hint", ""))
        return web.Response(text=html, content_type="text/html", headers={"Content-Security-Policy": SECURITY})

    async def choose(self, request: web.Request) -> web.Response:
        form = {name: value for name, value in (await request.post()).items() if isinstance(value, str)}
        self._demand(form)
        if form.get("do") == "refuse":
            raise self._back({"error": "access_denied", "state": form.get("state", "")})
        email = form.get("email", "").strip()
        person = {
            "sub": form.get("sub") or hashlib.sha256(email.casefold().encode()).hexdigest()[:21],
            "email": email,
            "email_verified": form.get("email_verified") == "1",
            "name": form.get("name", ""),
        }
        code = secrets.token_urlsafe(24)
        self._grants[code] = Grant(
            redirect_uri=form["redirect_uri"],
            nonce=form.get("nonce", ""),
            challenge=form["code_challenge"],
            person=person,
            good_until=time.time() + CODE_TTL_S,
        )
        raise self._back({"code": code, "state": form.get("state", "")})

    async def exchange(self, request: web.Request) -> web.Response:
        """Each code once, by the client that asked, with the verifier of its challenge (RFC 7636, section 4.6)."""
        form = {name: str(value) for name, value in (await request.post()).items()}
        if not self._is_client(request, form):
            return _refusal("invalid_client", 401)
        grant = self._grants.pop(form.get("code", ""), None)
        if form.get("grant_type") != "authorization_code" or grant is None or grant.good_until < time.time():
            return _refusal("invalid_grant")
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        if challenge != grant.challenge or form.get("redirect_uri") != grant.redirect_uri:
            return _refusal("invalid_grant")
        access_token = secrets.token_urlsafe(24)
        return web.json_response(
            {
                "access_token": access_token,
                "token_type": "Bearer",
                "expires_in": TOKEN_TTL_S,
                "scope": "openid email profile",
                "id_token": self._id_token(grant, access_token),
            }
        )

    async def lie(self, request: web.Request) -> web.Response:
        """Claims that replace the true ones in every ID token from now on; `alg` may be none or HS256."""
        self._lies = await request.json()
        return web.json_response(self._lies)

    def _id_token(self, grant: Grant, access_token: str) -> str:
        now, half = int(time.time()), hashlib.sha256(access_token.encode()).digest()[:16]
        lies = dict(self._lies)
        algorithm = lies.pop("alg", "RS256")
        claims = {
            "iss": self._client.issuer,
            "aud": self._client.client_id,
            "iat": now,
            "exp": now + TOKEN_TTL_S,
            "nonce": grant.nonce,
            "at_hash": base64.urlsafe_b64encode(half).decode().rstrip("="),
            **grant.person,
            **lies,
        }
        key: Any = {"RS256": self._key, "HS256": self._client.client_secret, "none": None}[algorithm]
        return jwt.encode(claims, key, algorithm, headers={"kid": self._kid})

    def _demand(self, asked: Mapping[str, str]) -> None:
        wrong = {
            "client_id": asked.get("client_id") != self._client.client_id,
            "redirect_uri": asked.get("redirect_uri") != self._redirect_uri,
            "response_type": asked.get("response_type") != "code",
            "scope": "openid" not in asked.get("scope", "").split(),
            "code_challenge": not asked.get("code_challenge") or asked.get("code_challenge_method") != "S256",
        }
        if any(wrong.values()):
            names = ", ".join(name for name, is_wrong in wrong.items() if is_wrong)
            raise web.HTTPBadRequest(text=f"This is not what the shop is registered with here: {names}.")

    def _is_client(self, request: web.Request, form: Mapping[str, str]) -> bool:
        """Basic authentication, or the same two in the form (RFC 6749, section 2.3.1)."""
        given = (form.get("client_id", ""), form.get("client_secret", ""))
        header = request.headers.get("Authorization", "")
        if header.startswith("Basic "):
            name, _, secret = base64.b64decode(header.removeprefix("Basic ")).decode().partition(":")
            given = (name, secret)
        wanted = (self._client.client_id, self._client.client_secret)
        return all(hmac.compare_digest(one.encode(), other.encode()) for one, other in zip(given, wanted, strict=True))

    def _back(self, parameters: Mapping[str, str]) -> web.HTTPSeeOther:
        return web.HTTPSeeOther(f"{self._redirect_uri}?{urlencode(parameters)}")


def make_app(client: Oidc, *, shop: str, public_url: str = "") -> web.Application:
    app = web.Application()
    app.add_routes(Provider(client, shop=shop, public_url=public_url).routes())
    return app


async def alive(_: web.Request) -> web.Response:
    return web.json_response({"status": "ok"})


def _refusal(code: str, status: int = 400) -> web.Response:
    return web.json_response({"error": code}, status=status)
