"""Job handlers by name, and how a job runs: counted before the run, ended when it takes for ever, retried with growing
delay, then parked.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

import msgspec
import structlog
from pgqueuer import PgQueuer
from pgqueuer.errors import RetryRequested
from pgqueuer.models import Job, Schedule

from models.crash import point
from models.outbox import JOBS
from server.context import Context

Handler = Callable[[Context, dict[str, str]], Awaitable[None]]
Timer = Callable[[Context], Awaitable[None]]

HANDLERS: dict[str, Handler] = {}
TIMERS: dict[str, tuple[str, Timer]] = {}
DELAY_MAX_S = 600
_RAN_BEFORE: ContextVar[bool] = ContextVar("ran_before", default=True)

log = structlog.get_logger("jobs")


def declare_all() -> None:
    """Import every module of this package: each declares its handlers and timers."""
    folder = Path(__file__).parent
    for found in iter_modules([str(folder)], f"{folder.name}."):
        import_module(found.name)


def job(name: str) -> Callable[[Handler], Handler]:
    """Declare the one handler of a job that `models/outbox.py` names."""
    if name not in JOBS or name in HANDLERS:
        raise ValueError(f"{name}: not a job of models/outbox.py, or declared twice")

    def register(handler: Handler) -> Handler:
        HANDLERS[name] = handler
        return handler

    return register


def scheduled(cron: str) -> Callable[[Timer], Timer]:
    """Declare work that is due by the clock, in UTC; idempotent, since two workers may both tick."""

    def register(timer: Timer) -> Timer:
        TIMERS[f"timer.{timer.__name__}"] = (cron, timer)
        return timer

    return register


def install(queue: PgQueuer, context: Context) -> None:
    """Give every handler and timer to the queue."""
    for name, handler in HANDLERS.items():
        queue.entrypoint(name, on_failure="hold")(runner(handler, context))
    for name, (cron, timer) in TIMERS.items():
        queue.schedule(name, cron, clean_old=True)(_ticker(timer, context))


def delay_s(attempt: int) -> int:
    """1, 2, 4 … seconds, at most ten minutes."""
    return min(DELAY_MAX_S, 1 << min(attempt - 1, 16))


def ran_before() -> bool:
    """Whether the job that runs may have run before, to whatever end; a job of the queue that is new has not."""
    return _RAN_BEFORE.get()


def runner(handler: Handler, context: Context) -> Callable[[Job], Awaitable[None]]:
    async def run(queued: Job) -> None:
        attempt = queued.attempts  # counted by the database as the job was picked
        if attempt > context.settings.jobs.attempts_max:
            raise RuntimeError(f"{queued.entrypoint} {queued.id}: its worker died in each of its attempts")
        _RAN_BEFORE.set(attempt > 1 or bool(queued.headers))
        point(f"{queued.entrypoint}.before_run")
        try:
            async with asyncio.timeout(context.settings.jobs.timeout_s):
                await handler(context, msgspec.json.decode(queued.payload or b"{}"))
        except Exception as error:
            log.warning("job failed", job=queued.entrypoint, id=queued.id, attempt=attempt, error=repr(error))
            if attempt >= context.settings.jobs.attempts_max:
                raise
            raise RetryRequested(timedelta(seconds=delay_s(attempt)), repr(error)) from error
        point(f"{queued.entrypoint}.after_run")

    return run


def _ticker(timer: Timer, context: Context) -> Callable[[Schedule], Awaitable[None]]:
    async def tick(_: Schedule) -> None:
        with contextlib.suppress(Exception):
            await _logged(timer, context)

    return tick


async def _logged(timer: Timer, context: Context) -> Any:
    try:
        return await timer(context)
    except Exception:
        log.exception("timer failed", timer=timer.__name__)
        raise
