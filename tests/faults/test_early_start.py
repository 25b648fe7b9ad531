"""A web process that is started before its database is: it waits, says so once, and then serves."""

import asyncio
import os
import sys
from urllib.parse import urlsplit

import aiohttp

from devstack.draft import ROOT
from tests.faults.conftest import through
from tests.proxy import proxied
from tests.wait import until


async def test_a_web_process_waits_for_a_database_that_is_still_starting(environment: dict[str, str]) -> None:
    real = environment["HAAT_DATABASE__URL"]
    async with proxied("127.0.0.1", urlsplit(real).port or 5432) as line:
        await line.become("refuse")
        env = {**os.environ, **environment, "HAAT_DATABASE__URL": through(real, line)}
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "server.app", env=env, cwd=ROOT,
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
        )  # fmt: skip
        assert process.stdout is not None
        try:
            assert "PostgreSQL does not answer yet" in (await process.stdout.readline()).decode()
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
            output = (await process.stdout.read()).decode()
            await process.wait()
    assert "does not answer yet" not in output
