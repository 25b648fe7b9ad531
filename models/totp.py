"""Time-based one-time passwords as authenticator apps make them (RFC 6238 over RFC 4226: SHA-1, six digits, 30 s)."""

import base64
import hashlib
import hmac
import secrets
from urllib.parse import quote, urlencode

STEP_S = 30
DIGITS = 6
SECRET_BYTES = 20
DRIFT = 1
"""Steps by which a phone's clock may be wrong, either way."""


def new_secret() -> str:
    """160 random bits in base32, without padding: what apps take when typed."""
    return base64.b32encode(secrets.token_bytes(SECRET_BYTES)).decode()


def step_at(seconds: float) -> int:
    return int(seconds) // STEP_S


def code_at(secret: str, step: int) -> str:
    digest = hmac.new(base64.b32decode(secret), step.to_bytes(8), hashlib.sha1).digest()
    offset = digest[-1] & 0xF
    number = int.from_bytes(digest[offset : offset + 4]) & 0x7FFF_FFFF
    return f"{number % 10**DIGITS:0{DIGITS}}"


def find_step(secret: str, code: str, *, now: float, after: int) -> int | None:
    """The step that this code belongs to, later than `after`: each code is good once (RFC 6238, section 5.2)."""
    steps = range(max(after + 1, step_at(now) - DRIFT), step_at(now) + DRIFT + 1)
    matching = [step for step in steps if hmac.compare_digest(code_at(secret, step).encode(), code.encode())]
    return matching[0] if matching else None


def address(secret: str, *, issuer: str, account: str) -> str:
    """The otpauth: address that apps read from a QR code."""
    label = quote(f"{issuer}:{account}")
    return f"otpauth://totp/{label}?{urlencode({'secret': secret, 'issuer': issuer}, quote_via=quote)}"
