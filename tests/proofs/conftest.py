"""The fixtures of the proofs: what tests that buy need, processes to kill, and figures that are written at the end."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable

import msgspec
import pytest

from models.database import Pool
from tests.oracle import broken_promises
from tests.proofs import figures
from tests.shop import bank, buyer, variant
from tests.wait import until

__all__ = ["bank", "buyer", "variant"]

Kill = Callable[[str, str, object], Awaitable[None]]
UNFINISHED = """
SELECT NOT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database()
                      AND state LIKE 'idle in transaction%')
"""


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    ended = {name: len(terminalreporter.stats.get(name, [])) for name in ("passed", "failed", "error")}
    figures.write(passed=ended["passed"], failed=ended["failed"] + ended["error"])


@pytest.fixture
async def sound(request: pytest.FixtureRequest, database: Pool) -> AsyncIterator[None]:
    """Whatever the test did, every invariant holds at its end; broken ones are counted."""
    yield
    broken = await broken_promises(database)
    figures.count("oracle", "checks")
    figures.count("oracle", "broken", len(broken))
    assert broken == {}


@pytest.fixture(scope="session")
async def undertaker() -> AsyncIterator[asyncio.subprocess.Process]:
    """The process that forks those who are killed."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.victim", stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    yield process
    process.stdin.close()
    await process.wait()


@pytest.fixture
def kill(environment: dict[str, str], database: Pool, undertaker: asyncio.subprocess.Process) -> Kill:
    """Does something in a process of its own and demands that it dies at the point.

    PostgreSQL notices a moment later: until then the locks of the dead are held, and a retry would be told to repeat.
    """

    async def mourned() -> bool:
        return await database.fetchval(UNFINISHED)

    async def run(point: str, action: str, subject: object) -> None:
        env = {**os.environ, **environment, "HAAT_CRASH_AT": point}
        errand = {"env": env, "action": action, "subject": str(subject)}
        undertaker.stdin.write(msgspec.json.encode(errand) + b"\n")
        assert int(await undertaker.stdout.readline()) == -signal.SIGKILL, f"{point} was not reached"
        await until(mourned)
        figures.count("kills", point)

    return run
