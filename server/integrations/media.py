"""Where pictures are kept, behind one protocol: a folder on disk by default, Cloudinary where the settings say so.

In the folder a picture lies in several sizes, in WebP and in AVIF; its key says which (`web.pictures` reads it).
"""

import asyncio
import os
import re
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from models.errors import Conflict, NotFound
from server.integrations.cloudinary_media import API, CloudinaryMedia, Ticket
from server.pictures import SUFFIX, Size, sizes
from server.settings import DEFAULT_DATA
from server.settings import Media as MediaSettings

WIDTHS = re.compile(r"((?:_[0-9]{1,4})+)\.webp$")
KEY = re.compile(r"[a-z0-9]+(?:[-_/][a-z0-9]+)*(?:\.[a-z0-9]{2,5})?")


class Media(Protocol):
    async def store(self, name: str, picture: bytes) -> str:
        """Keep a WebP picture under `name`, in place of an older one. Returns its key: an address or a path."""
        ...

    def ticket(self, name: str) -> Ticket | None:
        """For an upload that does not come through the shop; None where all come through it."""
        ...

    def redeem(self, name: str, version: int, signature: str) -> str:
        """The key of what was uploaded with a ticket. Raises Invalid, Conflict where there are none."""
        ...

    async def read(self, key: str) -> bytes:
        """A picture that the shop itself serves. Raises NotFound."""
        ...

    async def remove(self, key: str) -> None:
        """Nothing happens where there is none."""
        ...


class LocalMedia:
    """A file appears whole or not at all: readers and crashes never see half a picture."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def store(self, name: str, picture: bytes) -> str:
        made = await sizes(picture)
        widths = "".join(f"_{size.width}" for size in made)
        key = f"{name}{widths}{SUFFIX}"
        await asyncio.to_thread(self._write_all, name, made, key)
        return key

    def ticket(self, name: str) -> Ticket | None:  # noqa: ARG002 (the protocol's)
        return None

    def redeem(self, name: str, version: int, signature: str) -> str:  # noqa: ARG002 (the protocol's)
        raise Conflict("This shop keeps its pictures itself: send it the bytes.", code="media")

    async def read(self, key: str) -> bytes:
        path = self._path(key)
        try:
            return await asyncio.to_thread(path.read_bytes)
        except OSError as error:
            raise NotFound("There is no such picture.") from error

    async def remove(self, key: str) -> None:
        if KEY.fullmatch(key):  # else it is somewhere else
            await asyncio.to_thread(self._unlink_all, [key, *_siblings(key)])

    def _path(self, key: str) -> Path:
        """Raises NotFound for a key that could lead out of the folder."""
        if not KEY.fullmatch(key):
            raise NotFound("There is no such picture.")
        return self._folder / key

    def _write_all(self, name: str, made: Sequence[Size], key: str) -> None:
        """The key's own file comes last: once it is there, so are the others."""
        for size in made:
            self._write(self._path(f"{name}_{size.width}.avif"), size.avif)
            if size is not made[-1]:
                self._write(self._path(f"{name}_{size.width}{SUFFIX}"), size.webp)
        self._write(self._path(key), made[-1].webp)

    def _unlink_all(self, keys: Sequence[str]) -> None:
        for key in keys:
            (self._folder / key).unlink(missing_ok=True)

    def _write(self, path: Path, picture: bytes) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, draft = tempfile.mkstemp(dir=path.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(picture)
            file.flush()
            os.fsync(file.fileno())
        Path(draft).chmod(0o644)
        Path(draft).replace(path)


def _siblings(key: str) -> list[str]:
    """The other sizes of a picture."""
    found = WIDTHS.search(key)
    if found is None:
        return []
    stem, widths = key[: found.start()], found[1].removeprefix("_").split("_")
    return [f"{stem}_{width}{suffix}" for width in widths for suffix in (SUFFIX, ".avif")]


def open_media(settings: MediaSettings) -> Media:
    if settings.url:
        return CloudinaryMedia(settings)
    return LocalMedia(Path(settings.folder or Path(DEFAULT_DATA) / "media"))


def upload_origin(settings: MediaSettings) -> str:
    """Where browsers send pictures besides the shop; empty where nowhere."""
    return (settings.api_base_url or API) if settings.url else ""
