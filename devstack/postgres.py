"""PostgreSQL as a child process: created once with its roles and extensions, crash-safe, on the loopback address only.

As root it runs as an unprivileged account; its files then live where that account can reach them, and `DATA/postgres`
points there.
"""

import asyncio
import hashlib
import shutil
import signal
import sys
import tempfile
from pathlib import Path

import asyncpg
import psutil

from devstack.account import Account, give_to, reachable_base, reaches, run_as, unprivileged
from devstack.datafolder import DataFolder, Secrets
from devstack.errors import StackError
from devstack.pgbinaries import locate
from devstack.ports import LOOPBACK
from devstack.service import Service

NAME = "postgres"
DATABASE, OWNER, APP, SUPERUSER = "haat", "haat_owner", "haat_app", "postgres"
EXTENSIONS = ("pg_trgm", "unaccent", "pg_stat_statements")
BOOTSTRAPPED = "haat.bootstrapped"
STOP = signal.SIGINT
MEBIBYTE = 1024 * 1024
CONNECTIONS_MIN = 100
OWN_LINES = 60
"""The search's drainer and guard, commands, tests, somebody's psql, and three that are kept for the superuser."""
BENCH_LINES = 16
"""For each web process, as `haat bench` has articles ordered by as many processes as serve the shop."""


def service(folder: DataFolder, *, root: Path, port: int, connections: int, fsync: bool) -> Service:
    """The server on `port`; nothing is written before it is started."""
    account = unprivileged()
    binaries = locate(root, account)
    home = place(folder.path, account)
    marker = home / "data" / BOOTSTRAPPED

    async def prepare() -> None:
        data = await asyncio.to_thread(create_cluster, home, binaries, account, password=folder.secrets().superuser)
        (data / "haat.conf").write_text(configuration(port, connections=connections, fsync=fsync))

    async def ready(pid: int) -> bool:
        return says_ready(home / "data" / "postmaster.pid", pid)

    async def complete() -> None:
        if not marker.is_file():
            await bootstrap(port, folder.secrets())
            marker.touch()

    return Service(
        name=NAME,
        command=(str(binaries / "postgres"), "-D", str(home / "data")),
        ready=ready,
        port=port,
        account=account,
        prepare=prepare,
        complete=complete,
        stop_signal=STOP,
        stop_timeout_s=30,
        ready_timeout_s=300,
    )


def connections_of(processes: int, *, web: int, worker: int) -> int:
    """How many a shop may open that `processes` serve with `web` connections each, beside one worker."""
    return max(CONNECTIONS_MIN, processes * (web + BENCH_LINES) + worker + OWN_LINES)


def url(user: str, password: str, *, port: int, database: str = DATABASE) -> str:
    return f"postgres://{user}:{password}@{LOOPBACK}:{port}/{database}"


def environment(secrets: Secrets, port: int) -> dict[str, str]:
    """The settings that make Haat use this server; HAAT_SUPERUSER_URL lets tests make databases of their own."""
    return {
        "HAAT_DATABASE__URL": url(APP, secrets.app, port=port),
        "HAAT_DATABASE__OWNER_URL": url(OWNER, secrets.owner, port=port),
        "HAAT_SUPERUSER_URL": url(SUPERUSER, secrets.superuser, port=port),
    }


def place(data: Path, account: Account | None, *, name: str = NAME) -> Path:
    """The real folder behind `DATA/postgres`, made where the account reaches it; StackError when it is out of reach."""
    pointer = data / name
    if pointer.is_symlink() and not pointer.exists():
        raise StackError(f"The database files {pointer.readlink()} are gone: remove {data} to start afresh.")
    if not pointer.exists():
        if reaches(account, data):
            pointer.mkdir(mode=0o700)
        else:
            pointer.symlink_to(_outside(data if name == NAME else pointer, account))
        give_to(account, pointer)
    if not reaches(account, pointer.resolve()):
        user = account.name if account else "the current user"
        raise StackError(
            f"PostgreSQL's user {user} cannot enter {pointer} any more: let it (chmod o+x on the parents)."
        )
    return pointer.resolve()


def _outside(data: Path, account: Account | None) -> Path:
    if account is None:
        raise StackError(f"The data folder {data} cannot be entered: choose another one with --data DIR.")
    base = reachable_base(account)
    prefix = f"data-{hashlib.sha256(str(data).encode()).hexdigest()[:12]}-"
    for stale in base.glob(f"{prefix}*"):
        shutil.rmtree(stale)  # its data folder was deleted: nothing points here any more
    return Path(tempfile.mkdtemp(prefix=prefix, dir=base))


def says_ready(pid_file: Path, pid: int) -> bool:
    """Whether this very server wrote "ready" into its file (a killed one leaves its file behind)."""
    lines = pid_file.read_text().split() if pid_file.is_file() else []
    return len(lines) > 0 and lines[0] == str(pid) and lines[-1] == "ready"


def discard(data: Path) -> None:
    """Delete the database files of a throwaway stack, wherever they are."""
    for pointer in (data / NAME, data / "replica"):
        if pointer.is_symlink():
            shutil.rmtree(pointer.readlink(), ignore_errors=True)


def create_cluster(home: Path, binaries: Path, account: Account | None, *, password: str) -> Path:
    """The cluster's folder, made by initdb under another name first: a killed initdb leaves nothing half done."""
    data, fresh, password_file = home / "data", home / "data.new", home / "password"
    if data.is_dir():
        return data
    shutil.rmtree(fresh, ignore_errors=True)
    password_file.touch(mode=0o600)
    password_file.write_text(password)
    give_to(account, password_file)
    locale = "C.UTF-8" if sys.platform == "linux" else "en_US.UTF-8"
    options = ("--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", f"--locale={locale}")
    login = ("-U", SUPERUSER, f"--pwfile={password_file}", "--auth=scram-sha-256")
    made = run_as(account, [str(binaries / "initdb"), "-D", str(fresh), *login, *options, "-T", "english"], check=False)
    password_file.unlink()
    if made.returncode != 0:
        raise StackError(f"PostgreSQL could not make its data folder {fresh}: {made.stderr.strip().splitlines()[-1]}")
    with (fresh / "postgresql.conf").open("a") as file:
        file.write("include 'haat.conf'\n")
    fresh.rename(data)
    return data


def configuration(port: int, *, connections: int, fsync: bool) -> str:
    """haat.conf: sized by this machine's memory; without `fsync` (tests only) a crash of the machine may lose data."""
    memory = psutil.virtual_memory().total // MEBIBYTE
    values = {
        "listen_addresses": LOOPBACK,
        "port": port,
        "unix_socket_directories": "",
        "max_connections": connections,
        "shared_buffers": f"{min(max(memory // 16, 128), 1024)}MB",
        "effective_cache_size": f"{max(memory // 2, 256)}MB",
        "work_mem": "16MB",
        "maintenance_work_mem": f"{min(max(memory // 32, 64), 512)}MB",
        "max_wal_size": "4GB",
        "min_wal_size": "256MB",
        "checkpoint_timeout": "15min",
        "random_page_cost": 1.1,
        "jit": "off",
        "shared_preload_libraries": "pg_stat_statements",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "log_line_prefix": "%m [%p] %q%u@%d ",
        "fsync": "on" if fsync else "off",
        "synchronous_commit": "on" if fsync else "off",
        "full_page_writes": "on" if fsync else "off",
    }
    return "".join(f"{name} = '{value}'\n" for name, value in values.items())


async def bootstrap(port: int, secrets: Secrets) -> None:
    """Make roles, extensions (in template1, so that every new database has them) and the database, once."""
    superuser = await asyncpg.connect(url(SUPERUSER, secrets.superuser, port=port, database="template1"))
    try:
        for role, password in ((OWNER, secrets.owner), (APP, secrets.app)):
            if not await superuser.fetchval("SELECT 1 FROM pg_roles WHERE rolname = $1", role):
                await superuser.execute(f"CREATE ROLE {role} LOGIN PASSWORD '{password}'")
        for extension in EXTENSIONS:
            await superuser.execute(f"CREATE EXTENSION IF NOT EXISTS {extension}")
    finally:
        await superuser.close()
    maintenance = await asyncpg.connect(url(SUPERUSER, secrets.superuser, port=port, database="postgres"))
    try:
        if not await maintenance.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", DATABASE):
            await maintenance.execute(f"CREATE DATABASE {DATABASE} OWNER {OWNER}")
    finally:
        await maintenance.close()
