"""A streaming replica of the stack's PostgreSQL, read-only, copied anew at each start of the stack.

Copied by the server's own backup functions while it runs: the embedded PostgreSQL comes without pg_basebackup, and an
older one refuses a newer server. A slot keeps what the replica has not received yet.
"""

import asyncio
import contextlib
import secrets
import shutil
from pathlib import Path

import asyncpg

from devstack import postgres
from devstack.account import Account, give_to, unprivileged
from devstack.datafolder import DataFolder, Secrets
from devstack.pgbinaries import locate
from devstack.ports import LOOPBACK
from devstack.service import Service

NAME = "replica"
ROLE = SLOT = "haat_replica"
LEFT_OUT = frozenset({"postmaster.pid", "postmaster.opts"})
EMPTY = frozenset({"pg_wal", "pg_replslot", "pg_dynshmem", "pg_notify", "pg_serial", "pg_snapshots", "pg_subtrans"})
FOLDERS = ("pg_stat_tmp", "pg_wal/archive_status", "pg_wal/summaries")


def service(folder: DataFolder, *, root: Path, primary: int, port: int, connections: int, fsync: bool) -> Service:
    """Ready when it answers reads; started once the primary is, with as many `connections`, or it would not follow."""
    account = unprivileged()
    binaries = locate(root, account)
    source = postgres.place(folder.path, account) / "data"
    data = postgres.place(folder.path, account, name=NAME) / "data"

    async def prepare() -> None:
        password = secrets.token_urlsafe(24)
        superuser = postgres.url(postgres.SUPERUSER, folder.secrets().superuser, port=primary, database="postgres")
        await copy(source, data, superuser=superuser, password=password)
        conninfo = f"host={LOOPBACK} port={primary} user={ROLE} password={password} application_name={ROLE}"
        following = f"primary_conninfo = '{conninfo}'\nprimary_slot_name = '{SLOT}'\nhot_standby_feedback = 'on'\n"
        own = postgres.configuration(port, connections=connections, fsync=fsync)
        (data / "haat.conf").write_text(own + following)
        (data / "standby.signal").touch()
        await asyncio.to_thread(_hand_over, account, data)

    async def ready(pid: int) -> bool:
        return postgres.says_ready(data / "postmaster.pid", pid)

    return Service(
        name=NAME,
        command=(str(binaries / "postgres"), "-D", str(data)),
        ready=ready,
        port=port,
        after=(postgres.NAME,),
        account=account,
        prepare=prepare,
        stop_signal=postgres.STOP,
        stop_timeout_s=30,
        ready_timeout_s=300,
    )


def environment(made: Secrets, port: int) -> dict[str, str]:
    return {"HAAT_DATABASE__REPLICA_URL": postgres.url(postgres.APP, made.app, port=port)}


async def copy(source: Path, data: Path, *, superuser: str, password: str) -> None:
    """The primary's files as of a moment in its log, with the label that tells a server where to begin reading it."""
    await asyncio.to_thread(shutil.rmtree, data, ignore_errors=True)
    connection = await asyncpg.connect(superuser)
    try:
        if not await connection.fetchval("SELECT 1 FROM pg_roles WHERE rolname = $1", ROLE):
            await connection.execute(f"CREATE ROLE {ROLE} LOGIN REPLICATION")
        await connection.execute(f"ALTER ROLE {ROLE} PASSWORD '{password}'")
        await connection.execute("SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots "
                                 "WHERE slot_name = $1", SLOT)  # fmt: skip
        await connection.execute("SELECT pg_create_physical_replication_slot($1, true)", SLOT)
        await connection.execute("SELECT pg_backup_start($1, true)", NAME)
        await asyncio.to_thread(_copy_files, source, data)
        label = await connection.fetchval("SELECT labelfile FROM pg_backup_stop()")
        (data / "backup_label").write_text(label)
    finally:
        await connection.close()


def _copy_files(source: Path, data: Path) -> None:
    def ignore(folder: str, names: list[str]) -> set[str]:
        above = Path(folder)
        if above.parent == source and above.name in EMPTY:
            return set(names)
        return {name for name in names if name in LEFT_OUT}

    def copy_one(old: str, new: str) -> str:
        with contextlib.suppress(FileNotFoundError):  # deleted by the server meanwhile, as its log will say
            shutil.copyfile(old, new)
        return new

    shutil.copytree(source, data, ignore=ignore, copy_function=copy_one)
    for folder in FOLDERS:
        (data / folder).mkdir(exist_ok=True)


def _hand_over(account: Account | None, data: Path) -> None:
    for path in (data, *data.rglob("*")):
        path.chmod(0o700 if path.is_dir() else 0o600)
        give_to(account, path)
