"""How many connections to PostgreSQL a process of ours keeps open: what starts the database reckons with them."""

from server.settings import Settings

BESIDE_JOBS = 4
"""The queue listens, takes jobs and says that it lives beside them."""


def web_connections(settings: Settings) -> int:
    return settings.database.pool_max


def worker_connections(settings: Settings) -> int:
    """Of its pool; the search's drainer and guard have one each of their own."""
    return settings.jobs.concurrency + BESIDE_JOBS
