"""Where pictures are kept, behind one protocol: a folder on disk by default, Cloudinary where the settings say so."""

import asyncio
import os
import re
import tempfile
from pathlib import Path
from typing import Protocol

from models.errors import NotFound
from server.integrations.cloudinary_media import CloudinaryMedia
from server.pictures import SUFFIX
from server.settings import DEFAULT_DATA
from server.settings import Media as MediaSettings

KEY = re.compile(r"[a-z0-9]+(?:[-_/][a-z0-9]+)*(?:\.[a-z0-9]{2,5})?")


class Media(Protocol):
    async def store(self, name: str, picture: bytes) -> str:
        """Keep a WebP picture under `name`, in place of an older one. Returns its key: an address or a path."""
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
        key = f"{name}{SUFFIX}"
        await asyncio.to_thread(self._write, self._path(key), picture)
        return key

    async def read(self, key: str) -> bytes:
        path = self._path(key)
        try:
            return await asyncio.to_thread(path.read_bytes)
        except OSError as error:
            raise NotFound("There is no such picture.") from error

    async def remove(self, key: str) -> None:
        if KEY.fullmatch(key):  # else it is somewhere else
            await asyncio.to_thread((self._folder / key).unlink, missing_ok=True)

    def _path(self, key: str) -> Path:
        """Raises NotFound for a key that could lead out of the folder."""
        if not KEY.fullmatch(key):
            raise NotFound("There is no such picture.")
        return self._folder / key

    def _write(self, path: Path, picture: bytes) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, draft = tempfile.mkstemp(dir=path.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(picture)
            file.flush()
            os.fsync(file.fileno())
        Path(draft).chmod(0o644)
        Path(draft).replace(path)


def open_media(settings: MediaSettings) -> Media:
    if settings.url:
        return CloudinaryMedia(settings)
    return LocalMedia(Path(settings.folder or Path(DEFAULT_DATA) / "media"))
