"""Behind a pooler that lends a connection for one transaction: nothing is left in a session or wanted from one."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from devstack.account import unprivileged
from models.database import close_pool, open_pool, pool, transaction
from models.product import Product
from server.settings import Settings
from tests.factories import make_product, make_seller
from tests.wait import until

LENT = 3


async def work(number: int) -> int:
    """ORM and SQL in one transaction; answers which server process did it."""
    async with transaction() as connection:
        process: int = await connection.fetchval("SELECT pg_backend_pid()")
        assert await connection.fetchval("SELECT $1::int + 1", number) == number + 1
        assert await Product.filter(name="Lamp").count() == 1
        assert await connection.fetchval("SELECT pg_backend_pid()") == process
    return process


async def test_no_statement_is_prepared_for_later(settings: Settings) -> None:
    await open_pool(settings.database.url, pool_min=1, pool_max=1, pooled=True)
    try:
        await make_product(await make_seller(), name="Lamp")
        for number in range(3):
            await work(number)
        assert await pool().fetchval("SELECT count(*) FROM pg_prepared_statements WHERE name <> ''") == 0
    finally:
        await close_pool()


@pytest.fixture
def pgbouncer_command(settings: Settings, tmp_path: Path, port: int) -> list[str]:
    """A pgbouncer in transaction mode that has LENT connections to lend."""
    binary = shutil.which("pgbouncer")
    if binary is None:
        pytest.skip("pgbouncer is not on PATH: the shop is not tested behind it")
    parts = urlsplit(settings.database.url)
    for folder in (tmp_path, *list(tmp_path.parents)[:2]):
        folder.chmod(0o755)
    (tmp_path / "users.txt").write_text(f'"{parts.username}" "{parts.password}"\n')
    (tmp_path / "pgbouncer.ini").write_text(
        f"[databases]\n* = host={parts.hostname} port={parts.port}\n[pgbouncer]\nlisten_addr = 127.0.0.1\n"
        f"listen_port = {port}\nunix_socket_dir =\nauth_type = scram-sha-256\nauth_file = {tmp_path / 'users.txt'}\n"
        f"pool_mode = transaction\ndefault_pool_size = {LENT}\n"
    )
    account = unprivileged()
    return [binary, *(("-u", account.name) if account else ()), str(tmp_path / "pgbouncer.ini")]


@pytest.fixture
async def pgbouncer(pgbouncer_command: list[str], settings: Settings, port: int) -> AsyncIterator[str]:
    """The address of the database through it."""
    silent = asyncio.subprocess.DEVNULL
    process = await asyncio.create_subprocess_exec(*pgbouncer_command, stdout=silent, stderr=silent)
    parts = urlsplit(settings.database.url)

    async def answers() -> bool:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            return False
        writer.close()
        return True

    await until(answers)
    yield parts._replace(netloc=f"{parts.username}:{parts.password}@127.0.0.1:{port}").geturl()
    process.terminate()
    await process.wait()


async def test_many_transactions_share_the_few_connections_of_a_pgbouncer(pgbouncer: str) -> None:
    await open_pool(pgbouncer, pool_min=2, pool_max=20, pooled=True)
    try:
        await make_product(await make_seller(), name="Lamp")
        processes = await asyncio.gather(*(work(number) for number in range(100)))
        assert 1 < len(set(processes)) <= LENT
    finally:
        await close_pool()
