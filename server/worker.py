"""The worker's composition root: jobs from the queue, work by the clock, and the search drainer, in one process.

Several workers may run: the queue hands each job to one, the drainer is held by an advisory lock.
"""

import argparse
import asyncio
import contextlib
import signal
import sys
from collections.abc import Awaitable, Callable, Iterator
from datetime import timedelta
from pathlib import Path

import structlog
import uvloop
from pgqueuer import PgQueuer
from prometheus_client import start_http_server

from jobs.queue import open_queue
from jobs.registry import declare_all, install
from models.database import close_pool, open_pool, pool
from search.guard import keep_true
from search.rules import keep_current
from search.sync import Drainer
from server.app import close_context, open_context, patiently
from server.connections import worker_connections
from server.context import Context
from server.log import configure_logging
from server.outlet import exit_with
from server.settings import Settings, SettingsError, load_settings

Part = Callable[[Context, asyncio.Event], Awaitable[None]]
log = structlog.get_logger("worker")
RESTART_S = 1.0
DRAIN_S = 10.0
declare_all()


async def run(settings: Settings, stop: asyncio.Event) -> None:
    """A worker process: opens what it needs, works until `stop`, closes."""
    database, connections = settings.database, worker_connections(settings)
    at_start = connections if database.pool_warm else 1
    await patiently(lambda: open_pool(database.session_url, pool_min=at_start, pool_max=connections), stop)
    context = await open_context(settings)
    try:
        await work(context, stop)
    finally:
        await close_context(context)
        await close_pool()


@contextlib.contextmanager
def telling_metrics(settings: Settings) -> Iterator[None]:
    """Serves /metrics of this process at `jobs.metrics_port`. Raises SettingsError where that is taken."""
    if not settings.jobs.metrics_port:
        yield
        return
    try:
        server, thread = start_http_server(settings.jobs.metrics_port, settings.http.host)
    except OSError as error:
        raise SettingsError(f"HAAT_JOBS__METRICS_PORT={settings.jobs.metrics_port}: {error.strerror}") from error
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


async def work(context: Context, stop: asyncio.Event) -> None:
    """Every part until `stop`; one that fails is logged and started again."""
    parts = [asyncio.create_task(_kept_up(part, context, stop)) for part in PARTS]
    await stop.wait()
    done, pending = await asyncio.wait(parts, timeout=DRAIN_S)
    for part in pending:
        part.cancel()
    await asyncio.gather(*done, *pending, return_exceptions=True)


async def _kept_up(part: Part, context: Context, stop: asyncio.Event) -> None:
    while not stop.is_set():
        try:
            await part(context, stop)
        except Exception:
            log.exception("a part of the worker failed and starts again", part=part.__name__)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), RESTART_S)


async def jobs_of_the_queue(context: Context, stop: asyncio.Event) -> None:
    queue = open_queue(pool())
    install(queue, context)
    stopper = asyncio.create_task(_shut_down(queue, stop))
    try:
        await queue.run(
            dequeue_timeout=timedelta(seconds=1),
            batch_size=context.settings.jobs.concurrency,
            max_concurrent_tasks=context.settings.jobs.concurrency * 2,
            heartbeat_timeout=timedelta(seconds=30),
            log_aggregation_interval=timedelta(0),  # nobody reads the statistics
        )
    finally:
        stopper.cancel()


async def _shut_down(queue: PgQueuer, stop: asyncio.Event) -> None:
    await stop.wait()
    queue.shutdown.set()


async def changes_of_the_catalogue(context: Context, stop: asyncio.Event) -> None:
    """The search drainer; of several workers one has it."""
    settings = context.settings
    drainer = Drainer(
        settings.database.session_url,
        context.search.client,
        bump=context.cache.bump,
        poll_ms=settings.jobs.change_poll_ms,
    )
    await drainer.run(stop)


async def truth_of_the_index(context: Context, stop: asyncio.Event) -> None:
    settings = context.settings
    await keep_true(settings.database.session_url, context.search.client, stop, bump=context.cache.bump)


async def rules_of_the_results(context: Context, stop: asyncio.Event) -> None:
    await keep_current(stop, context.cache.bump)


PARTS: tuple[Part, ...] = (jobs_of_the_queue, changes_of_the_catalogue, truth_of_the_index, rules_of_the_results)


def main() -> int:
    parser = argparse.ArgumentParser(prog="haat worker", description="Run jobs and keep the search index in sync.")
    parser.add_argument("command", nargs="?", choices=["worker"], help=argparse.SUPPRESS)
    parser.add_argument("--data", type=Path, help="data folder of the stack (default: .haat)")
    arguments = parser.parse_args()
    try:
        settings = load_settings(data=arguments.data, needs=("database",))
        configure_logging(settings)
        with telling_metrics(settings):
            uvloop.run(_until_signal(settings))
    except SettingsError as error:
        print(f"haat worker: {error}", file=sys.stderr)
        return 2
    return 0


async def _until_signal(settings: Settings) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await run(settings, stop)


if __name__ == "__main__":
    exit_with(main)
