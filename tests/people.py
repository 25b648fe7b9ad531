"""People with accounts, made over the API as they are, and the codes of their authenticator apps."""

import time
from typing import Any
from uuid import UUID

import aiohttp

from models import totp
from models.database import pool
from models.second_factor import confirm, propose
from server.context import Context

PERSON = {"email": "Asha@Example.com", "password": "a long enough password", "name": "Asha Rao"}


async def ask(http: aiohttp.ClientSession, method: str, path: str, **options: Any) -> tuple[int, Any]:
    """Status and JSON; None for an empty answer."""
    async with http.request(method, path, **options) as response:
        body = await response.read()
        return response.status, await response.json() if body else None


async def register(http: aiohttp.ClientSession, context: Context, **changes: str) -> dict[str, Any]:
    """Asks, follows the link of the mail with the password. Returns the tokens."""
    person = {**PERSON, **changes}
    status, asked = await ask(http, "POST", "/api/v1/auth/register", json=person)
    assert status == 202, asked
    token = context.keyring.link_token(UUID(asked["registration_id"]))
    body = {"token": token, "password": person["password"]}
    status, tokens = await ask(http, "POST", "/api/v1/auth/register/confirm", json=body)
    assert status == 201, tokens
    found: dict[str, Any] = tokens
    return found


def bearer(tokens: dict[str, Any]) -> dict[str, str]:
    return {"Authorization": f"Bearer {tokens['access_token']}"}


APP_OF = "SELECT secret_encrypted FROM second_factor f JOIN users u ON u.id = f.user_id WHERE u.role = $1"
APPS: dict[str, str] = {}
"""By mail address: the secrets of apps, for those who sign in on pages."""


async def set_up_app(context: Context, user_id: UUID, email: str = "") -> str:
    """An authenticator app for this account. Returns its secret; its code of now and the next one are not used yet."""
    secret = await propose(context.keyring, user_id)
    await confirm(context.keyring, user_id, totp.code_at(secret, totp.step_at(time.time())))
    await pool().execute("UPDATE second_factor SET last_step = last_step - 1 WHERE user_id = $1", user_id)
    APPS[email] = secret
    return secret


def code_of(secret: str, *, ahead: int = 0) -> str:
    """What the app shows now, or shows next."""
    return totp.code_at(secret, totp.step_at(time.time()) + ahead)
