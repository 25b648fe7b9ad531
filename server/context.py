"""What a process opens once and passes down: settings, keys, pools and clients. Web and worker share the shape."""

from datetime import timedelta
from typing import Any

import msgspec

from models.keyring import Keyring
from server.passwords import Passwords
from server.redis_client import Client
from server.settings import Settings


class Context(msgspec.Struct, kw_only=True):
    """`search`, `gateway`, `media`, `google`, `templates` and `draw` are set by the composition root that uses them."""

    settings: Settings
    keyring: Keyring
    redis: Client
    passwords: Passwords
    cache: Any = None
    queries: Any = None
    search: Any = None
    gateway: Any = None
    mail: Any = None
    sms: Any = None
    google: Any = None
    media: Any = None
    templates: Any = None
    draw: Any = None

    @property
    def payout_hold(self) -> timedelta:
        """From delivery to payout: as the settings say, and never before the goods can no longer be returned."""
        settings = self.settings
        return timedelta(days=max(settings.payments.payout_after_days, settings.checkout.return_days))
