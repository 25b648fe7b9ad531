"""Cloudinary: its official SDK, off the event loop and never without a time-out. Keys are the addresses it gives."""

import asyncio
import re
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit

import cloudinary.exceptions
import cloudinary.uploader

from models.errors import NotFound, Unavailable
from server.settings import Media, SettingsError

TIMEOUT_S = 20.0
VERSION = re.compile(r"^v[0-9]+/")


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
        """`key` is an address of Cloudinary's: .../image/upload/[v1234/]NAME[.webp]. Raises Unavailable."""
        name = VERSION.sub("", key.partition("/image/upload/")[2]).removesuffix(".webp")
        if not name:
            return
        try:
            await asyncio.to_thread(cloudinary.uploader.destroy, name, **self._options())
        except cloudinary.exceptions.Error as error:
            raise Unavailable(f"Cloudinary did not delete the picture: {error}.", code="media") from error

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
