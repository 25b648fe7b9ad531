"""Links that prove themselves: a path and the time at which it ends, signed by the shop. Nobody can stretch one."""

import hashlib
import hmac
import time
from urllib.parse import urlencode

from models.errors import NotFound
from server.settings import Settings


def signed(settings: Settings, path: str, *, until: int) -> str:
    """`path` with what `demand_signed` wants; `until` in Unix seconds."""
    return f"{path}?{urlencode({'until': until, 'key': _key(settings, path, str(until))})}"


def demand_signed(settings: Settings, path: str, *, until: str, key: str) -> None:
    """Raises NotFound for a link that is not ours, or has ended."""
    ours = _key(settings, path, until).encode("utf-8", "replace")
    if not hmac.compare_digest(ours, key.encode("utf-8", "replace")) or int(until) < time.time():
        raise NotFound("This link has ended, or is not whole. Ask for a new one.")


def _key(settings: Settings, path: str, until: str) -> str:
    return hmac.new(
        settings.auth.secret.encode(), f"link:{path}:{until}".encode("utf-8", "replace"), hashlib.sha256
    ).hexdigest()
