"""PostgreSQL refuses to run as root: the unprivileged account it gets instead, and what that account can reach.

A folder is asked about by trying, as that account, so modes, owners and access lists all count.
"""

import contextlib
import os
import pwd
import shutil
import stat
import subprocess
from collections.abc import Sequence
from pathlib import Path

import msgspec

from devstack.errors import StackError

PREFERRED = "nobody"
BASES = (Path("/var/lib/haat"), Path("/var/tmp/haat"))  # noqa: S108 - owner and mode are checked before use


class Account(msgspec.Struct, frozen=True):
    name: str
    uid: int
    gid: int


def unprivileged() -> Account | None:
    """The account for PostgreSQL; None when we are not root and simply run it ourselves."""
    if os.geteuid() != 0:
        return None
    with contextlib.suppress(KeyError):
        entry = pwd.getpwnam(PREFERRED)
        return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)
    for entry in pwd.getpwall():
        if entry.pw_uid > 0:
            return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)
    raise StackError(
        "PostgreSQL does not run as root and this system has no other user: add one, or set HAAT_DATABASE__URL."
    )


def run_as(account: Account | None, command: Sequence[str], *, check: bool = True) -> subprocess.CompletedProcess[str]:
    """Run a command as the account (ourselves when None), in a folder that everybody may enter."""
    return subprocess.run(  # noqa: S603 - the callers' commands are constants
        command,
        cwd="/",
        check=check,
        capture_output=True,
        text=True,
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=[] if account else None,
    )


def reaches(account: Account | None, path: Path) -> bool:
    """Whether the account can enter a folder, or execute a file."""
    return (
        account is None
        or run_as(account, ["/bin/sh", "-c", 'test -x "$1"', "sh", str(path)], check=False).returncode == 0
    )


def reachable_base(account: Account) -> Path:
    """A folder of root's that the account can enter and nobody else can write."""
    for base in BASES:
        with contextlib.suppress(OSError):
            base.mkdir(mode=0o755, exist_ok=True)
            status = base.lstat()
            ours = stat.S_ISDIR(status.st_mode) and status.st_uid == 0 and not status.st_mode & 0o022
            if ours and reaches(account, base):
                return base
    folders = " or ".join(map(str, BASES))
    raise StackError(
        f"No folder for PostgreSQL's user {account.name}: make {folders} writable, or set HAAT_DATABASE__URL."
    )


def give_to(account: Account | None, path: Path) -> None:
    if account is not None:
        os.chown(path, account.uid, account.gid)


def copy_readable(source: Path, target: Path) -> None:
    """A copy that everybody can read and execute, complete or absent."""
    fresh = target.with_name(f"{target.name}.{os.getpid()}")
    shutil.copytree(source, fresh, symlinks=True)
    for folder, _, files in os.walk(fresh):
        Path(folder).chmod(0o755)
        for path in (Path(folder, name) for name in files):
            if not path.is_symlink():
                path.chmod(0o755 if path.stat().st_mode & 0o100 else 0o644)
    try:
        fresh.rename(target)
    except OSError:
        shutil.rmtree(fresh)
        if not target.is_dir():
            raise
