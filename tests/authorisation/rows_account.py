"""Rows of people's own accounts: what proves the right is in the request itself, a token, a code or the password."""

from models.database import pool
from models.sessions import start_session
from server.auth import new_secret
from tests.authorisation.rows import PROOF, SELF, SHOPPERS, Given, Row, nothing, sends
from tests.authorisation.world import World

NEW = "another horse battery"
CODE = {"challenge_id": "00000000-0000-7000-8000-000000000000", "code": "123456"}


async def a_session(w: World) -> Given:
    """Another device of the shopper."""
    found = await start_session(
        pool(), w.user_id("shopper"), refresh_token=new_secret(), user_agent="phone", ttl_s=3600
    )
    return {"session_id": found}


def proved(**body: object) -> Row:
    return Row(sends(**body), PROOF)


API = "/api/v1/me"
ROWS = {
    "POST /api/v1/auth/register/confirm": proved(token="x" * 43, password=NEW),
    "POST /register/confirm": proved(token="x" * 43, password=NEW),
    "POST /api/v1/auth/register/resend": proved(registration_id=CODE["challenge_id"]),
    "POST /register/resend": proved(registration_id=CODE["challenge_id"]),
    "POST /api/v1/auth/reset": proved(email="nobody@example.in"),
    "POST /reset": proved(email="nobody@example.in"),
    "POST /api/v1/auth/reset/confirm": proved(token="x" * 43, password=NEW),
    "POST /reset/confirm": proved(token="x" * 43, password=NEW),
    "POST /api/v1/auth/code": proved(email="nobody@example.in"),
    "POST /login/by-code": proved(email="nobody@example.in"),
    "POST /api/v1/auth/code/confirm": proved(**CODE),
    "POST /login/by-code/confirm": proved(**CODE),
    "POST /api/v1/auth/second-factor": proved(pending_token="x", code="123456"),
    "POST /api/v1/auth/second-factor/set-up": proved(pending_token="x"),
    "GET /login/second": Row(nothing, PROOF),
    "POST /login/second": proved(code="123456"),
    f"PUT {API}/email": proved(email="new@example.in", current_password="wrong"),
    "POST /account/security/email": proved(email="new@example.in", current_password="wrong"),
    f"POST {API}/email/confirm": proved(token="x" * 43),
    "POST /account/email/confirm": proved(token="x" * 43),
    f"PUT {API}/password": proved(current_password="wrong", password=NEW),
    "POST /account/security/password": proved(current_password="wrong", password=NEW),
    f"POST {API}/phone": proved(phone="+919876543210", current_password="wrong"),
    "POST /account/security/phone": proved(phone="+919876543210", current_password="wrong"),
    f"POST {API}/phone/confirm": proved(**CODE),
    "POST /account/security/phone/confirm": proved(**CODE),
    f"POST {API}/second-factor": proved(current_password="wrong"),
    "POST /account/security/app": proved(current_password="wrong"),
    f"POST {API}/second-factor/confirm": proved(code="123456"),
    "POST /account/security/app/confirm": proved(code="123456"),
    f"POST {API}/second-factor/recovery-codes": proved(code="123456"),
    f"DELETE {API}/second-factor": proved(code="123456"),
    "GET /login/google": Row(nothing, PROOF),
    "GET /login/google/callback": Row(nothing, PROOF),
    "POST /account/security/google": proved(google_password="wrong"),
    "POST /account/security/google/unlink": proved(current_password="wrong"),
    f"DELETE {API}/sessions": Row(a_session, SELF),
    "POST /account/security/devices": Row(a_session, SELF),
    f"DELETE {API}/sessions/<session_id:uuid>": Row(a_session, SHOPPERS),
    "POST /account/security/devices/<session_id:uuid>": Row(a_session, SHOPPERS),
}
