"""Cloudinary: its official SDK, off the event loop and never without a time-out. Keys are the addresses it gives.

Pictures come through the shop, or straight from a browser with a ticket: a signed upload that Cloudinary itself makes
fit, and whose answer, signed likewise, is believed by its signature only.
"""

import asyncio
import hmac
import re
import time
from collections.abc import Callable
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit

import cloudinary.exceptions
import cloudinary.uploader
import cloudinary.utils

from models.errors import Invalid, NotFound, Unavailable
from server.pictures import SIDE_MAX
from server.settings import Media, SettingsError

TIMEOUT_S = 20.0
VERSION = re.compile(r"^v[0-9]+/")
SIGN: Callable[..., str] = cloudinary.utils.api_sign_request
API = "https://api.cloudinary.com"
DELIVERY = "https://res.cloudinary.com"
FIT = {
    "allowed_formats": "jpg,png,webp,gif",
    "format": "webp",
    "overwrite": "false",
    "transformation": f"c_limit,h_{SIDE_MAX},w_{SIDE_MAX}",
}
"""What Cloudinary does before it keeps an upload: refuses other formats by their bytes, scales, encodes, strips. Never
in the place of another: a picture that the market has approved stays what it was."""


class Ticket(NamedTuple):
    """Where a form with these fields and a `file` is sent."""

    url: str
    fields: dict[str, str]


class Account(NamedTuple):
    cloud: str
    key: str
    secret: str


class CloudinaryMedia:
    """`api_base_url` leads the SDK to another server than Cloudinary's, such as the simulator."""

    def __init__(self, settings: Media) -> None:
        self._account = read_account(settings.url)
        self._prefix = settings.api_base_url

    async def store(self, name: str, picture: bytes) -> str:
        """Raises Unavailable when Cloudinary refuses or does not answer."""
        try:
            answer = await asyncio.to_thread(
                cloudinary.uploader.upload, picture, public_id=name, overwrite=True, **self._options()
            )
            return str(answer["secure_url"])
        except (cloudinary.exceptions.Error, KeyError) as error:
            raise Unavailable(f"Cloudinary did not take the picture: {error}.", code="media") from error

    async def remove(self, key: str) -> None:
        """`key` is an address of Cloudinary's, .../upload/[v1234/]NAME[.webp]; its sizes go too. Raises Unavailable."""
        name = VERSION.sub("", key.partition("/image/upload/")[2]).removesuffix(".webp")
        if not name:
            return
        try:
            await asyncio.to_thread(cloudinary.uploader.destroy, name, **self._options())
        except cloudinary.exceptions.Error as error:
            raise Unavailable(f"Cloudinary did not delete the picture: {error}.", code="media") from error

    def ticket(self, name: str) -> Ticket:
        """An upload under this name, signed: Cloudinary takes it within the hour."""
        signed = {**FIT, "public_id": name, "timestamp": str(int(time.time()))}
        signature = SIGN(signed, self._account.secret)
        url = f"{self._prefix or API}/v1_1/{self._account.cloud}/image/upload"
        return Ticket(url, {**signed, "api_key": self._account.key, "signature": signature})

    def redeem(self, name: str, version: int, signature: str) -> str:
        """The key of what was sent with a ticket. Raises Invalid where Cloudinary signed no such name and version."""
        known = {"public_id": name, "version": str(version)}
        ours = SIGN(known, self._account.secret, signature_version=1)
        if not hmac.compare_digest(ours.encode(), signature.encode()):
            raise Invalid.field("signature", "is not Cloudinary's of this picture")
        return f"{self._prefix or DELIVERY}/{self._account.cloud}/image/upload/v{version}/{name}"

    def _options(self) -> dict[str, Any]:
        options: dict[str, Any] = {
            "invalidate": True,
            "resource_type": "image",
            "cloud_name": self._account.cloud,
            "api_key": self._account.key,
            "api_secret": self._account.secret,
            "timeout": TIMEOUT_S,
        }
        if self._prefix:
            options["upload_prefix"] = self._prefix
        return options

    async def read(self, key: str) -> bytes:  # noqa: ARG002 (the protocol's)
        """Cloudinary serves its pictures itself."""
        raise NotFound("There is no such picture.")


def read_account(url: str) -> Account:
    """cloudinary://key:secret@cloud. Raises SettingsError."""
    parts = urlsplit(url)
    if parts.scheme != "cloudinary" or not (parts.hostname and parts.username and parts.password):
        raise SettingsError("HAAT_MEDIA__URL: write cloudinary://KEY:SECRET@CLOUD.")
    return Account(parts.netloc.rpartition("@")[2], unquote(parts.username), unquote(parts.password))
