"""How jobs run: once each, tried again when they fail, parked when they give up, counted even when they kill."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import timedelta

import asyncpg
import msgspec
import pytest

from jobs import registry
from jobs.queue import open_queue
from jobs.registry import ran_before
from models.database import Pool, transaction
from models.outbox import Queued, enqueue, enqueue_all
from models.parked import ParkedJob, drop_parked, list_parked, list_waiting, retry_parked
from server.context import Context
from tests.wait import until

NAME = "orders.expire"


@contextlib.asynccontextmanager
async def working(context: Context, database: Pool, handler: registry.Handler) -> AsyncIterator[None]:
    """A queue that runs `handler` for NAME."""
    queue = open_queue(database)
    queue.entrypoint(NAME, on_failure="hold")(registry.runner(handler, context))
    task = asyncio.create_task(queue.run(dequeue_timeout=timedelta(milliseconds=50), batch_size=5))
    try:
        yield
    finally:
        queue.shutdown.set()
        await task


async def put(key: str | None = None) -> None:
    async with transaction() as connection:
        await enqueue(connection, NAME, {"order_id": "1"}, key=key)


async def test_a_job_runs_once_with_its_ids(context: Context, database: Pool) -> None:
    seen: list[dict[str, str]] = []

    async def handler(_: Context, ids: dict[str, str]) -> None:
        seen.append(ids)

    await put()
    async with working(context, database, handler):
        await until(lambda: _empty(database))
    assert seen == [{"order_id": "1"}]


async def test_a_job_of_a_rolled_back_transaction_never_runs(context: Context, database: Pool) -> None:
    with pytest.raises(RuntimeError, match="no"):
        async with transaction() as connection:
            await enqueue(connection, NAME, {"order_id": "1"})
            raise RuntimeError("no")
    assert await list_waiting() == []


async def test_a_key_waits_once(context: Context, database: Pool) -> None:
    await put("same")
    await put("same")
    assert [(name, count) for name, count, _ in await list_waiting()] == [(NAME, 1)]


async def test_a_failing_job_is_tried_again_and_its_neighbours_go_on(context: Context, database: Pool) -> None:
    tries, ran = list[str](), list[tuple[str, bool]]()

    async def handler(_: Context, ids: dict[str, str]) -> None:
        tries.append(ids["order_id"])
        ran.append((ids["order_id"], ran_before()))
        if tries.count("1") == 1 and ids["order_id"] == "1":
            raise ConnectionError("the service is away")

    await put()
    async with transaction() as connection:
        await enqueue(connection, NAME, {"order_id": "2"})
    async with working(context, database, handler):
        await until(lambda: _empty(database))
    assert sorted(ran) == [("1", False), ("1", True), ("2", False)]


async def test_a_job_that_always_fails_is_parked_and_can_be_queued_again(context: Context, database: Pool) -> None:
    await put()
    await database.execute("UPDATE pgqueuer SET attempts = $1", context.settings.jobs.attempts_max - 1)

    ran: list[bool] = []

    async def handler(_: Context, ids: dict[str, str]) -> None:
        ran.append(ran_before())
        if len(ran) == 1:
            raise ValueError("cannot be done")

    async with working(context, database, handler):
        (parked,) = await until(lambda: _parked())
    assert parked.attempts == context.settings.jobs.attempts_max
    assert "cannot be done" in parked.error
    await retry_parked(parked.id)
    assert [(name, count) for name, count, _ in await list_waiting()] == [(NAME, 1)]
    async with working(context, database, handler):
        await until(lambda: _empty(database))
    assert ran == [True, True]


async def test_a_job_that_kills_its_workers_is_parked_without_another_run(context: Context, database: Pool) -> None:
    ran: list[int] = []

    async def handler(_: Context, ids: dict[str, str]) -> None:
        ran.append(1)

    await put()
    await database.execute("UPDATE pgqueuer SET attempts = $1", context.settings.jobs.attempts_max)
    async with working(context, database, handler):
        (parked,) = await until(lambda: _parked())
    assert ran == []
    await drop_parked(parked.id)
    assert (await list_parked())[1] == 0


def test_delays_grow_to_ten_minutes() -> None:
    assert [registry.delay_s(n) for n in (1, 2, 3, 20)] == [1, 2, 4, 600]


async def _empty(database: Pool) -> bool:
    return not await database.fetchval("SELECT count(*) FROM pgqueuer")


async def _parked() -> list[ParkedJob]:
    return (await list_parked())[0]


async def test_workers_are_woken_for_what_is_due_and_for_nothing_else(database: Pool) -> None:
    heard: list[str] = []

    def hear(*said: object) -> None:
        heard.append(str(said[3]))

    async with database.acquire() as ear:
        await ear.add_listener("ch_pgqueuer", hear)
        for after in (timedelta(minutes=1), None, timedelta(minutes=2)):
            async with transaction() as connection:
                await enqueue(connection, NAME, {"order_id": "1"}, after=after)
        await database.execute("DELETE FROM pgqueuer")
        await database.execute("NOTIFY ch_pgqueuer, 'the last'")

        async def all_heard() -> bool:
            return bool(heard) and heard[-1] == "the last"

        await until(all_heard)
        await ear.remove_listener("ch_pgqueuer", hear)
    assert len(heard) == 2
    assert msgspec.json.decode(heard[0])["operation"] == "insert"


async def test_when_the_next_job_is_due_is_found_by_an_index(database: Pool, owner: asyncpg.Connection):
    """pgqueuer asks it after each look into the queue, however many jobs wait there."""
    async with transaction() as connection:
        later = (timedelta(minutes=minutes) for minutes in range(1, 2_000))
        await enqueue_all(connection, [Queued(NAME, {"order_id": 1}, after=after) for after in later])
    await owner.execute("ANALYZE pgqueuer")
    asked = open_queue(database).queries.qbq.build_next_deferred_eta_query()
    plan = "\n".join(row[0] for row in await database.fetch(f"EXPLAIN {asked}", [NAME]))
    assert "Index Scan using pgqueuer_next" in plan


async def test_an_attempt_that_takes_for_ever_has_failed_and_the_next_one_runs(
    context: Context, database: Pool
) -> None:
    """Else it would hold a place of the worker until that is started anew."""
    jobs = msgspec.structs.replace(context.settings.jobs, timeout_s=0.2)
    context.settings = msgspec.structs.replace(context.settings, jobs=jobs)
    attempts: list[int] = []

    async def handler(_: Context, __: dict[str, str]) -> None:
        attempts.append(1)
        if len(attempts) == 1:
            await asyncio.Event().wait()

    await put()
    async with working(context, database, handler):
        await until(lambda: _empty(database))
    assert len(attempts) == 2
