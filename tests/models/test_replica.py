"""Reads from a real streaming replica: never older than what was committed before, the primary where it is lost."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import asyncpg
import pytest

import devstack
from devstack import postgres
from devstack.datafolder import DataFolder
from models import replica
from models.database import close_pool, open_pool, pool, transaction
from models.replica import InTransaction, close_replica, open_replica
from tests.wait import until

PORT = "SELECT current_setting('port')::int"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    path = tmp_path_factory.mktemp("replicated")
    yield path
    postgres.discard(path)


@pytest.fixture(scope="module")
def servers(folder: Path) -> Iterator[dict[str, str]]:
    with devstack.launched(("postgres", "replica"), data=folder, fsync=True) as env:
        yield env


@pytest.fixture
async def ports(servers: dict[str, str]) -> AsyncIterator[tuple[int, int]]:
    """Of the primary and of the replica, both open; with a table to write to."""
    owner = await asyncpg.connect(servers["HAAT_DATABASE__OWNER_URL"])
    await owner.execute("CREATE TABLE IF NOT EXISTS edit (n int); GRANT ALL ON edit TO haat_app; DELETE FROM edit")
    await owner.close()
    url, replica_url = servers["HAAT_DATABASE__URL"], servers["HAAT_DATABASE__REPLICA_URL"]
    await open_pool(url, pool_min=2, pool_max=10)
    await open_replica(replica_url, pool_max=10, statement_timeout_ms=5_000, pooled=False, wait_ms=2_000)
    yield (await pool().fetchval(PORT), int(replica_url.rsplit(":", 1)[1].split("/")[0]))
    await close_replica()
    await close_pool()


async def test_reads_that_are_named_go_to_the_replica_and_see_what_was_committed_before(ports):
    """A hundred edits, each read back at once: a replica that is not waited for misses some of them."""
    primary, other = ports
    assert primary != other
    for number in range(100):
        await pool().execute("INSERT INTO edit VALUES ($1)", number)
        row = await replica.fetchrow("SELECT count(*) AS edits, current_setting('port')::int AS port FROM edit")
        assert row is not None
        assert (row["edits"], row["port"]) == (number + 1, other)
    answers = await asyncio.gather(*(replica.fetch(PORT) for _ in range(40)))
    assert {rows[0][0] for rows in answers} == {other}


async def test_what_is_not_named_and_what_writes_stays_on_the_primary(ports):
    primary, _ = ports
    assert await pool().fetchval("SELECT pg_is_in_recovery()") is False
    async with transaction() as connection:
        assert await connection.fetchval(PORT) == primary
        with pytest.raises(InTransaction):
            await replica.fetchval(PORT)
    with pytest.raises(asyncpg.UndefinedTableError):
        await replica.fetchval("SELECT * FROM no_such_table")


async def test_a_replica_that_is_late_is_left_to_catch_up(servers, ports):
    primary, other = ports
    await close_replica()
    await open_replica(
        servers["HAAT_DATABASE__REPLICA_URL"], pool_max=10, statement_timeout_ms=5_000, pooled=False, wait_ms=100
    )
    superuser = await asyncpg.connect(servers["HAAT_SUPERUSER_URL"])
    behind = await asyncpg.connect(servers["HAAT_SUPERUSER_URL"].replace(str(primary), str(other)))

    async def answers_from(port: int) -> bool:
        return await replica.fetchval(PORT) == port

    await until(lambda: answers_from(other))
    await behind.execute("SELECT pg_wal_replay_pause()")
    await superuser.execute("INSERT INTO edit VALUES (1)")
    assert await replica.fetchval("SELECT count(*) FROM edit") == 1
    assert await answers_from(primary)
    await behind.execute("SELECT pg_wal_replay_resume()")
    await until(lambda: answers_from(other))
    await behind.close()
    await superuser.close()


async def test_a_replica_that_is_lost_costs_no_reader_an_error_and_is_used_again_once_it_is_back(folder, ports):
    primary, other = ports
    process = DataFolder(folder).read_state().services["replica"].process
    seen: list[int] = []

    async def read(*, until_port: int) -> None:
        while not seen or seen[-1] != until_port:
            seen.append(await replica.fetchval(PORT))

    await read(until_port=other)
    readers = [asyncio.create_task(read(until_port=primary)) for _ in range(10)]
    os.kill(process.pid, signal.SIGKILL)
    await asyncio.gather(*readers)
    assert set(seen) == {primary, other}

    async def back() -> bool:
        return await replica.fetchval(PORT) == other

    assert await until(back, timeout_s=30)
