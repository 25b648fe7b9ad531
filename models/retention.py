"""How long it is kept who logged in from where, whom a shop invited, and why a job failed: none of it for ever."""

from models.database import pool

SESSIONS_DAYS, FAILURES_DAYS, INVITATIONS_DAYS = 90, 30, 1
"""After a log-in or an invitation has ended, and after a job has failed."""
AT_ONCE = 5_000
SESSIONS = """
DELETE FROM session WHERE id IN (
    SELECT id FROM session WHERE least(revoked_at, expires_at) < now() - make_interval(days => $1) LIMIT $2)
"""
FAILURES = """
DELETE FROM pgqueuer_log WHERE id IN (
    SELECT l.id FROM pgqueuer_log l WHERE l.created < now() - make_interval(days => $1)
       AND NOT EXISTS (SELECT FROM pgqueuer q WHERE q.id = l.job_id) LIMIT $2)
"""
"""What a parked job failed of stays as long as the job: the operator reads it there."""

INVITATIONS = """
DELETE FROM staff_invitation WHERE id IN (
    SELECT id FROM staff_invitation WHERE expires_at < now() - make_interval(days => $1) LIMIT $2)
"""
FORGET = ((SESSIONS_DAYS, SESSIONS), (FAILURES_DAYS, FAILURES), (INVITATIONS_DAYS, INVITATIONS))


async def forget_what_has_ended() -> None:
    """In batches: the first run may find years of it."""
    for days, statement in FORGET:
        while await pool().execute(statement, days, AT_ONCE) == f"DELETE {AT_ONCE}":
            continue
