"""Jobs that gave up after their last attempt: kept in the queue's table until the operator looks and tries again."""

from datetime import datetime
from uuid import UUID

import msgspec

from models.audit import NOBODY, record
from models.database import Connection, pool, transaction
from models.errors import NotFound


class ParkedJob(msgspec.Struct, frozen=True, kw_only=True):
    """`ids` is what the job was given: ids and nothing else."""

    id: int
    name: str
    ids: dict[str, str]
    attempts: int
    error: str
    parked_at: datetime


PARKED = """
SELECT q.id, q.entrypoint AS name, convert_from(coalesce(q.payload, '{}'), 'UTF8') AS ids, q.attempts,
       coalesce(l.traceback->>'exception_message', l.traceback->>'exception_type', '') AS error, q.updated AS parked_at
  FROM pgqueuer q
  LEFT JOIN LATERAL (SELECT traceback FROM pgqueuer_log WHERE job_id = q.id AND traceback IS NOT NULL
                      ORDER BY id DESC LIMIT 1) l ON true
 WHERE q.status = 'failed' ORDER BY q.updated DESC, q.id LIMIT $1 OFFSET $2
"""
RETRY = """
UPDATE pgqueuer SET status = 'queued', attempts = 0, execute_after = now(), updated = now(), queue_manager_id = NULL,
       headers = coalesce(headers, '{}') || '{"parked": true}'
 WHERE id = $1 AND status = 'failed' RETURNING entrypoint
"""
"""Its attempts begin anew, yet it has run before. (To import pgqueuer for this costs each web process its commands.)"""


async def list_parked(*, page: int = 1, per_page: int = 50) -> tuple[list[ParkedJob], int]:
    """Last parked first, and how many there are."""
    rows = await pool().fetch(PARKED, per_page, (page - 1) * per_page)
    total: int = await pool().fetchval("SELECT count(*) FROM pgqueuer WHERE status = 'failed'")
    return [ParkedJob(**{**row, "ids": msgspec.json.decode(row["ids"], type=dict[str, str])}) for row in rows], total


async def retry_parked(job_id: int, *, actor_id: UUID = NOBODY) -> None:
    """Queue it again, with all of its attempts. Raises NotFound where no such job is parked."""
    async with transaction() as connection:
        name = await connection.fetchval(RETRY, job_id)
        if name is None:
            raise NotFound("No such job is parked: it was tried again already, or never failed.")
        await _trail(connection, actor_id, "job.retried", job_id, name)


async def drop_parked(job_id: int, *, actor_id: UUID = NOBODY) -> None:
    """Delete it. Raises NotFound where no such job is parked."""
    async with transaction() as connection:
        name = await connection.fetchval(
            "DELETE FROM pgqueuer WHERE id = $1 AND status = 'failed' RETURNING entrypoint", job_id
        )
        if name is None:
            raise NotFound(f"No job {job_id} is parked.")
        await _trail(connection, actor_id, "job.dropped", job_id, name)


async def list_waiting() -> list[tuple[str, int, float]]:
    """Name and count of what is queued or running, and for how many seconds the oldest has been due; 0 if none is."""
    rows = await pool().fetch(
        "SELECT entrypoint, count(*) AS count,"
        " greatest(0, extract(epoch FROM now() - min(execute_after)))::float8 AS oldest_s"
        " FROM pgqueuer WHERE status IN ('queued', 'picked') GROUP BY entrypoint ORDER BY entrypoint"
    )
    return [(row["entrypoint"], row["count"], row["oldest_s"]) for row in rows]


async def _trail(connection: Connection, actor_id: UUID, action: str, job_id: int, name: str) -> None:
    """A job has a number; as the subject it stands in the last digits of a UUID."""
    await record(
        connection, actor_id=actor_id, action=action, subject_id=UUID(int=job_id), before={"job": name}, after={}
    )
