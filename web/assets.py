"""Static files, read once at start and served from memory, under addresses that change with their content.

The version is one hash of the whole folder and a folder of the address (`/static/<version>/js/haat.js`), so browsers
may keep each file for ever: a module's import and a style sheet's picture are relative and stay inside the version.
"""

import functools
import gzip
import hashlib
import mimetypes
from pathlib import Path
from typing import NamedTuple

PREFIX = "/static"
TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
    ".webmanifest": "application/manifest+json",
}
COMPRESSED = (".js", ".css", ".svg", ".webmanifest")


class Asset(NamedTuple):
    """`packed` is the body for those who accept gzip, None where packing gains nothing."""

    body: bytes
    packed: bytes | None
    content_type: str


class Assets:
    """The static files of one build."""

    def __init__(self, files: dict[str, Asset]) -> None:
        self._files = files
        digest = hashlib.sha256()
        for name, asset in sorted(files.items()):
            digest.update(name.encode() + b"\0" + asset.body)
        self.version = digest.hexdigest()[:12]

    def url(self, path: str) -> str:
        return f"{PREFIX}/{self.version}/{path}"

    def modules(self) -> list[str]:
        """Addresses of the modules that the entry script imports, for preloading."""
        return [self.url(name) for name in sorted(self._files) if name.startswith("js/parts/")]

    def find(self, path: str) -> tuple[Asset | None, bool]:
        """The file at an address below /static, and whether that address names this version."""
        head, _, rest = path.partition("/")
        current = head == self.version
        return self._files.get(rest if current or self._is_version(head) else path), current

    @staticmethod
    def _is_version(segment: str) -> bool:
        return len(segment) == 12 and all(letter in "0123456789abcdef" for letter in segment)


@functools.cache
def load_assets(folder: Path) -> Assets:
    """Once for each process: packing takes its time."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return Assets({path.relative_to(folder).as_posix(): _load(path) for path in files})


def _load(path: Path) -> Asset:
    body = path.read_bytes()
    packed = gzip.compress(body, 9, mtime=0) if path.suffix in COMPRESSED else None
    guessed = TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return Asset(body, packed, guessed)
