"""Signing in at another provider by OpenID Connect (Google): authorisation code with PKCE, state and nonce, by Authlib.

The ID token counts only when its signature, issuer, audience, times and nonce hold; RS256 is the one algorithm.
"""

import secrets
import time
from typing import Any
from urllib.parse import urlsplit

import httpx2
import msgspec
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.httpx_client import AsyncOAuth2Client
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet

from models.errors import Forbidden, Unavailable
from models.social import Identity
from server.settings import Oidc

ALGORITHM = "RS256"
SCOPE = "openid email profile"
KEPT_S = 3600
LEEWAY_S = 60
CALLBACK = "/login/google/callback"


class Begun(msgspec.Struct, frozen=True, kw_only=True):
    """What must be remembered, out of anybody's reach, until the provider sends the person back."""

    state: str
    nonce: str
    verifier: str


class Described(msgspec.Struct, frozen=True, kw_only=True):
    """What we use of the provider's discovery document (OpenID Connect Discovery 1.0, section 3)."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str


class _Claims(msgspec.Struct):
    sub: str
    email: str = ""
    email_verified: bool = False
    name: str = ""


class OidcProvider:
    """One provider. Its description and keys are fetched when first needed and kept for an hour."""

    def __init__(self, settings: Oidc, *, base_url: str, name: str = "google") -> None:
        self._settings = settings
        self._name = name
        self._redirect_uri = f"{base_url}{CALLBACK}"
        self._timeout_s = settings.timeout_ms / 1000
        self._described: tuple[float, Described] | None = None
        self._keys: tuple[float, KeySet] | None = None

    async def begin(self) -> tuple[str, Begun]:
        """Where the person goes. Raises Unavailable where the provider does not answer."""
        begun = Begun(
            state=secrets.token_urlsafe(24), nonce=secrets.token_urlsafe(24), verifier=secrets.token_urlsafe(48)
        )
        described = await self._describe()
        async with self._client() as client:
            url, _ = client.create_authorization_url(
                described.authorization_endpoint,
                state=begun.state,
                nonce=begun.nonce,
                code_verifier=begun.verifier,
                prompt="select_account",
            )
        return str(url), begun

    async def finish(self, begun: Begun, code: str) -> Identity:
        """Who it is. Raises Forbidden for a code or token that does not hold, Unavailable likewise."""
        described = await self._describe()
        try:
            async with self._client() as client:
                token: dict[str, Any] = await client.fetch_token(
                    described.token_endpoint, code=code, code_verifier=begun.verifier, grant_type="authorization_code"
                )
            claims = await self._judge(described, token, nonce=begun.nonce)
        except (AuthlibBaseError, JoseError, KeyError, ValueError, msgspec.MsgspecError) as error:
            raise Forbidden("The other side did not confirm who you are. Try again.", code="oidc") from error
        except httpx2.HTTPError as error:
            raise self._silent(error) from error
        return Identity(
            provider=self._name,
            subject=claims.sub,
            email=claims.email,
            email_verified=claims.email_verified,
            name=claims.name,
        )

    async def _judge(self, described: Described, token: dict[str, Any], *, nonce: str) -> _Claims:
        raw = token["id_token"]
        try:
            decoded = jwt.decode(raw, await self._key_set(described), algorithms=[ALGORITHM])
        except InvalidKeyIdError:
            decoded = jwt.decode(raw, await self._key_set(described, fresh=True), algorithms=[ALGORITHM])
        options: Any = {
            "iss": {"essential": True, "value": described.issuer},
            "aud": {"essential": True, "value": self._settings.client_id},
            "sub": {"essential": True},
            "nonce": {"essential": True, "value": nonce},
        }
        params = {"nonce": nonce, "client_id": self._settings.client_id, "access_token": token.get("access_token")}
        claims = CodeIDToken(decoded.claims, decoded.header, options=options, params=params)
        claims.validate(leeway=LEEWAY_S)
        return msgspec.convert(dict(claims), _Claims)

    async def _describe(self) -> Described:
        if self._described is None or self._described[0] < time.monotonic():
            issuer = self._settings.issuer.rstrip("/")
            found = await self._get(f"{issuer}/.well-known/openid-configuration", Described)
            if found.issuer.rstrip("/") != issuer or {urlsplit(found.issuer).scheme} - {"http", "https"}:
                raise Unavailable(f"{issuer} describes another issuer: {found.issuer}.", code="oidc")
            self._described = (time.monotonic() + KEPT_S, found)
        return self._described[1]

    async def _key_set(self, described: Described, *, fresh: bool = False) -> KeySet:
        if fresh or self._keys is None or self._keys[0] < time.monotonic():
            found: Any = await self._get(described.jwks_uri, dict[str, Any])
            self._keys = (time.monotonic() + KEPT_S, KeySet.import_key_set(found))
        return self._keys[1]

    async def _get(self, url: str, kind: type[Any]) -> Any:
        try:
            async with httpx2.AsyncClient(timeout=self._timeout_s, trust_env=False) as client:
                response = await client.get(url)
                response.raise_for_status()
                return msgspec.json.decode(response.content, type=kind)
        except (httpx2.HTTPError, msgspec.MsgspecError) as error:
            raise self._silent(error) from error

    def _client(self) -> Any:
        return AsyncOAuth2Client(
            self._settings.client_id,
            self._settings.client_secret,
            scope=SCOPE,
            redirect_uri=self._redirect_uri,
            code_challenge_method="S256",
            timeout=self._timeout_s,
            trust_env=False,
        )

    def _silent(self, error: Exception) -> Unavailable:
        return Unavailable(f"The other side does not answer, so that nobody can sign in there: {error!r}.", code="oidc")


def open_oidc(settings: Oidc, *, base_url: str) -> OidcProvider | None:
    return OidcProvider(settings, base_url=base_url) if settings.issuer else None
