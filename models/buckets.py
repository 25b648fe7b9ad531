"""Token buckets in PostgreSQL, for limits that must hold while Redis is away: one conditional write each, on its clock.

A bucket is the time at which it will be full again, as in Redis; a full one says nothing and is forgotten.
"""

from typing import NamedTuple

from models.database import pool

TAKE = """
INSERT INTO limit_bucket AS held (policy, principal, full_at)
VALUES ($1, $2, now() + make_interval(secs => $3::float8 / $4))
ON CONFLICT (policy, principal) DO UPDATE
   SET full_at = greatest(held.full_at, now()) + make_interval(secs => $3::float8 / $4)
 WHERE greatest(held.full_at, now()) + make_interval(secs => $3::float8 / $4) <= now() + make_interval(secs => $3)
RETURNING extract(epoch FROM full_at - now())::float8
"""
WAIT = """
SELECT extract(epoch FROM full_at - now())::float8 FROM limit_bucket WHERE policy = $1 AND principal = $2
"""


class Level(NamedTuple):
    """`full_in_s`: until the bucket holds all its tokens again."""

    policy: str
    principal: str
    full_in_s: float


async def take_token(policy: str, principal: str, *, requests: int, seconds: int) -> tuple[bool, float]:
    """Whether a token was given, and the seconds until the bucket is full."""
    given: float | None = await pool().fetchval(TAKE, policy, principal, seconds, requests)
    if given is not None:
        return True, given
    held: float | None = await pool().fetchval(WAIT, policy, principal)
    return False, held or 0.0


async def forget_bucket(policy: str, principal: str) -> None:
    """It is full again."""
    await pool().execute("DELETE FROM limit_bucket WHERE policy = $1 AND principal = $2", policy, principal)


async def list_levels() -> list[Level]:
    """Every bucket that is not full, the emptiest first."""
    rows = await pool().fetch(
        "SELECT policy, principal, extract(epoch FROM full_at - now())::float8 FROM limit_bucket"
        " WHERE full_at > now() ORDER BY full_at DESC"
    )
    return [Level(*row) for row in rows]


async def forget_full() -> int:
    """How many buckets were full and are forgotten, with the addresses in them."""
    status = await pool().execute("DELETE FROM limit_bucket WHERE full_at <= now()")
    return int(status.rpartition(" ")[2])
