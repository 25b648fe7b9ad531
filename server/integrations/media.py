"""Where pictures are kept, behind one protocol: a folder on disk by default, Cloudinary where the settings say so.

In the folder a picture lies in several sizes, in WebP and in AVIF; its key says which (`web.pictures` reads it).
"""

import asyncio
import os
import re
import tempfile
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import NamedTuple, Protocol

from PIL import UnidentifiedImageError

from models.errors import Conflict, Invalid, NotFound
from server.integrations.cloudinary_media import API, CloudinaryMedia, Ticket
from server.pictures import SUFFIX, Size, sizes, widths_of
from server.settings import DEFAULT_DATA
from server.settings import Media as MediaSettings

OWN = re.compile(r"((?:products|reviews|avatars)/[a-z0-9-]+)((?:_[0-9]{1,4})*)\.webp")
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


class Sized(NamedTuple):
    """A picture in all its sizes, not kept yet."""

    key: str
    name: str
    made: Sequence[Size]


class LocalMedia:
    """A file appears whole or not at all: readers and crashes never see half a picture."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def store(self, name: str, picture: bytes) -> str:
        sized = await _sized(name, picture)
        await self.put(sized)
        return sized.key

    async def put(self, sized: Sized) -> None:
        await asyncio.to_thread(self._write_all, sized)

    async def anew(self, key: str) -> Sized | None:
        """A kept picture in the sizes of today; None where it has them, or was never kept here.

        Raises NotFound for one without its file, Invalid for one that cannot be read, Unavailable.
        """
        own = OWN.fullmatch(key)
        if own is None or await asyncio.to_thread(self._is_whole, key):
            return None
        try:
            return await _sized(own[1], await self.read(key))
        except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
            raise Invalid.field("picture", f"cannot be read: {error}") from error

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
        """All of its files, also those that a change of its sizes left or began."""
        if KEY.fullmatch(key):  # else it is somewhere else
            await asyncio.to_thread(lambda: self._unlink_all({key, *self._all_of(key)}))

    async def retire(self, key: str, *, new: str) -> None:
        """The files of `key` that are none of `new`, which shows the same picture."""
        if KEY.fullmatch(key):
            await asyncio.to_thread(self._unlink_all, {key, *_siblings(key)} - {new, *_siblings(new)})

    def _path(self, key: str) -> Path:
        """Raises NotFound for a key that could lead out of the folder."""
        if not KEY.fullmatch(key):
            raise NotFound("There is no such picture.")
        return self._folder / key

    def _is_whole(self, key: str) -> bool:
        """Whether the widths in its name are those of today, and each of its files is there."""
        widths = _widths(key)
        files = [self._folder / name for name in (key, *_siblings(key))]
        return bool(widths) and widths == widths_of(widths[-1]) and all(file.is_file() for file in files)

    def _write_all(self, sized: Sized) -> None:
        """The key's own file comes last: once it is there, so are the others."""
        name, made = sized.name, sized.made
        for size in made:
            self._write(self._path(f"{name}_{size.width}.avif"), size.avif)
            if size is not made[-1]:
                self._write(self._path(f"{name}_{size.width}{SUFFIX}"), size.webp)
        self._write(self._path(sized.key), made[-1].webp)

    def _all_of(self, key: str) -> list[str]:
        own = OWN.fullmatch(key)
        if own is None:
            return []
        folder, _, name = own[1].rpartition("/")
        return [f"{folder}/{path.name}" for path in (self._folder / folder).glob(f"{name}[_.]*")]

    def _unlink_all(self, keys: Collection[str]) -> None:
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


async def _sized(name: str, picture: bytes) -> Sized:
    made = await sizes(picture)
    widths = "".join(f"_{size.width}" for size in made)
    return Sized(f"{name}{widths}{SUFFIX}", name, made)


def _widths(key: str) -> list[int]:
    """In the name; none in those of pictures that were kept in one size."""
    own = OWN.fullmatch(key)
    return [int(width) for width in own[2].split("_")[1:]] if own else []


def _siblings(key: str) -> list[str]:
    """The other sizes of a picture."""
    stem, widths = key.removesuffix(SUFFIX), _widths(key)
    name = stem.removesuffix("".join(f"_{width}" for width in widths))
    narrower = [f"{name}_{width}{SUFFIX}" for width in widths[:-1]]
    return [*narrower, *(f"{name}_{width}.avif" for width in widths)]


def open_media(settings: MediaSettings) -> Media:
    if settings.url:
        return CloudinaryMedia(settings)
    return LocalMedia(Path(settings.folder or Path(DEFAULT_DATA) / "media"))


def upload_origin(settings: MediaSettings) -> str:
    """Where browsers send pictures besides the shop; empty where nowhere."""
    return (settings.api_base_url or API) if settings.url else ""
