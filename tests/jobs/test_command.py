"""`haat jobs`: what waits and what gave up is listed; what gave up is tried again or dropped, by its number."""

import asyncio
import os
import signal
import sys

import pytest

from models.database import Pool, transaction
from models.outbox import enqueue

FAILED = "UPDATE pgqueuer SET status = 'failed', attempts = 8 WHERE entrypoint = 'mail.order_paid' RETURNING id"


@pytest.fixture
def haat(environment: dict[str, str]):
    """Exit code and everything it said."""

    async def run(*words: str) -> tuple[int, str]:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "jobs", "jobs", *words,
            env=environment, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
        )  # fmt: skip
        said, _ = await process.communicate()
        return process.returncode, said.decode()

    return run


async def test_jobs_are_listed_retried_and_dropped(haat, database: Pool) -> None:
    async with transaction() as connection:
        for name in ("mail.order_paid", "mail.order_paid", "orders.expire"):
            await enqueue(connection, name, {"order_id": "7"})
    first, second = [row["id"] for row in await database.fetch(FAILED)]
    code, said = await haat()
    lines = [line.split() for line in said.splitlines()]
    assert code == 0
    assert next(line for line in lines if line[0] == "waiting")[:3] == ["waiting", "orders.expire", "1"]
    assert {line[2] for line in lines if line[0] == "parked"} == {str(first), str(second)}
    assert "order_id=7" in said
    assert await haat("retry", str(first)) == (0, f"queued again: {first}\n")
    assert await haat("drop", str(second)) == (0, f"dropped: {second}\n")
    code, said = await haat("drop", str(second))
    assert (code, "is parked" in said) == (2, True)
    rows = await database.fetch("SELECT id, status FROM pgqueuer WHERE entrypoint = 'mail.order_paid'")
    assert [tuple(row) for row in rows] == [(first, "queued")]
    trail = await database.fetch("SELECT action FROM audit_entry ORDER BY id")
    assert [row["action"] for row in trail] == ["job.retried", "job.dropped"]


async def test_who_reads_a_line_and_goes_is_told_no_more(environment: dict[str, str], database: Pool) -> None:
    """More than a pipe holds is written: whoever reads is gone in the middle of it."""
    async with transaction() as connection:
        for _ in range(100):
            await enqueue(connection, "mail.order_paid", {"number": "x" * 2_000})
    await database.execute(FAILED)
    reader, writer = os.pipe()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "jobs", "jobs", env=environment, stdout=writer, stderr=asyncio.subprocess.PIPE
    )
    os.close(writer)
    assert (await asyncio.to_thread(os.read, reader, 7)) == b"nothing"
    os.close(reader)
    _, errors = await process.communicate()
    assert (process.returncode, errors) == (-signal.SIGPIPE, b"")
