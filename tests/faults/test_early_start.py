"""A process that is started before its database is, or before that has connections to spare: it waits, says so once,
and then works."""

import asyncio
import os
import sys
import uuid
from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import aiohttp
import asyncpg
import pytest

from devstack.draft import ROOT
from models.database import Pool
from server.app import DATABASE_WAIT_S
from tests.faults.conftest import through
from tests.proxy import proxied
from tests.wait import until


async def started(module: str, env: dict[str, str]) -> tuple[asyncio.subprocess.Process, asyncio.StreamReader]:
    """A process of ours, and what it says."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", module, env=env, cwd=ROOT,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    assert process.stdout is not None
    return process, process.stdout


async def test_a_web_process_waits_for_a_database_that_is_still_starting(environment: dict[str, str]) -> None:
    real = environment["HAAT_DATABASE__URL"]
    async with proxied("127.0.0.1", urlsplit(real).port or 5432) as line:
        await line.become("refuse")
        env = {**os.environ, **environment, "HAAT_DATABASE__URL": through(real, line)}
        process, told = await started("server.app", env)
        try:
            assert "PostgreSQL does not answer yet" in (await told.readline()).decode()
            await line.become("pass")
            async with aiohttp.ClientSession(environment["HAAT_SITE__BASE_URL"]) as client:

                async def ready() -> bool:
                    try:
                        async with client.get("/readyz") as response:
                            return response.status == 200
                    except aiohttp.ClientConnectionError:
                        return False

                await until(ready, timeout_s=30)
            assert process.returncode is None
        finally:
            process.terminate()
            output = (await told.read()).decode()
            await process.wait()
    assert "does not answer yet" not in output


@pytest.fixture
async def crowded(stack: dict[str, str], environment: dict[str, str]) -> AsyncIterator[str]:
    """The database by a role that may have one connection, and does as the application's."""
    role = f"crowded_{uuid.uuid4().hex[:12]}"
    admin = await asyncpg.connect(stack["HAAT_SUPERUSER_URL"])
    await admin.execute(f"CREATE ROLE {role} LOGIN PASSWORD 'x' CONNECTION LIMIT 1 IN ROLE haat_app")
    parts = urlsplit(environment["HAAT_DATABASE__URL"])
    yield parts._replace(netloc=f"{role}:x@{parts.hostname}:{parts.port}").geturl()
    await admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = $1", role)
    await admin.execute(f"DROP ROLE {role}")
    await admin.close()


@pytest.mark.parametrize("module", ["server.app", "server.worker"])
async def test_a_process_waits_for_a_database_that_has_no_connection_to_spare(
    environment: dict[str, str], crowded: str, database: Pool, module: str
) -> None:
    env = {**os.environ, **environment, "HAAT_DATABASE__URL": crowded}
    holder = await asyncpg.connect(crowded)
    process, told = await started(module, env)
    try:
        line = (await told.readline()).decode()
        assert "PostgreSQL does not answer yet" in line, line
        assert "too many connections" in line, line
        await holder.close()
        role = urlsplit(crowded).username
        await until(lambda: database.fetchval("SELECT count(*) FROM pg_stat_activity WHERE usename = $1", role))
        assert process.returncode is None
    finally:
        holder.terminate()
        process.terminate()
        output = (await told.read()).decode()
        await process.wait()
    assert "does not answer yet" not in output


async def test_a_worker_that_is_told_to_stop_while_it_waits_for_a_connection_ends(
    environment: dict[str, str], crowded: str
) -> None:
    env = {**os.environ, **environment, "HAAT_DATABASE__URL": crowded}
    holder = await asyncpg.connect(crowded)
    process, told = await started("server.worker", env)
    try:
        assert "too many connections" in (await told.readline()).decode()
        process.terminate()
        await asyncio.wait_for(told.read(), DATABASE_WAIT_S / 4)
    finally:
        holder.terminate()
        if process.returncode is None:
            process.kill()
        await process.wait()
