"""Static files under an address that changes with their content, so that browsers may keep them for ever.

The version is one hash of the whole folder and a folder of the address (`/static/<version>/js/shop.js`): a module's
relative import and a style sheet's relative picture stay inside the same version.
"""

import hashlib
from pathlib import Path

PREFIX = "/static"


class Assets:
    """Addresses of the static files of one build."""

    def __init__(self, version: str, modules: tuple[str, ...]) -> None:
        self.version = version
        self._modules = modules

    def url(self, path: str) -> str:
        return f"{PREFIX}/{self.version}/{path}"

    def modules(self) -> list[str]:
        """Addresses of the modules that entry scripts import, for preloading."""
        return [self.url(path) for path in self._modules]


def load_assets(folder: Path) -> Assets:
    """Reads every file once, at start."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    digest = hashlib.sha256()
    for path in files:
        digest.update(path.relative_to(folder).as_posix().encode())
        digest.update(path.read_bytes())
    modules = tuple(path.relative_to(folder).as_posix() for path in files if path.parent == folder / "js" / "parts")
    return Assets(digest.hexdigest()[:12], modules)
