"""The queue as a worker takes from it: what comes within a moment is taken together, for each look costs the same.

A look goes through all names of jobs, and takes as long as a mail; a look that finds nothing costs no less.
"""

import asyncio
from collections.abc import AsyncGenerator
from datetime import timedelta

from pgqueuer import PgQueuer
from pgqueuer.core.qm import QueueManager
from pgqueuer.models import Job
from pgqueuer.ports.repository import EntrypointExecutionParameter

from models.database import Pool

MOMENT_S = 0.1


class Unhurried(QueueManager):
    async def fetch_jobs(
        self, batch_size: int, global_concurrency_limit: int | None, heartbeat_timeout: timedelta
    ) -> AsyncGenerator[Job, None]:
        """Until a look finds fewer than it may take: whoever comes after that is there at the next one."""
        names = {name: EntrypointExecutionParameter(concurrency_limit=0) for name in self.entrypoint_registry}
        while not self.shutdown.is_set():
            jobs = await self.queries.dequeue(
                batch_size=batch_size,
                entrypoints=names,
                queue_manager_id=self.queue_manager_id,
                global_concurrency_limit=global_concurrency_limit,
                heartbeat_timeout=heartbeat_timeout,
            )
            for job in jobs:
                yield job
            if len(jobs) < batch_size:
                await asyncio.sleep(MOMENT_S)
                return


def open_queue(pool: Pool) -> PgQueuer:
    queue = PgQueuer.from_asyncpg_pool(pool)
    assert queue.queries is not None
    queue.qm = Unhurried(queue.queries, queue.channel, resources=queue.resources)
    queue.qm.shutdown = queue.shutdown
    return queue
