"""What has ended long ago is forgotten by the clock, and nothing that is live or that somebody still has to look at."""

import json
from datetime import UTC, datetime, timedelta
from uuid import UUID

from jobs.registry import TIMERS
from models.database import Pool
from server.context import Context
from tests.factories import insert, make_seller, make_user

DAY = timedelta(days=1)
LOG = """
INSERT INTO pgqueuer_log (created, job_id, status, priority, entrypoint, traceback)
VALUES (now() - $1::interval, $2, 'exception', 0, 'mail.order_paid', $3)
"""


async def kept_session(user_id: UUID, name: str, *, expired: timedelta, revoked: timedelta | None = None) -> None:
    now = datetime.now(UTC)
    await insert(
        "session", user_id=user_id, refresh_hash=name, user_agent=name, created_at=now - 200 * DAY,
        expires_at=now - expired, revoked_at=now - revoked if revoked else None,
    )  # fmt: skip


async def test_what_ended_long_ago_is_forgotten_and_nothing_else(context: Context, database: Pool) -> None:
    user_id, seller_id = await make_user(), await make_seller()
    await kept_session(user_id, "live", expired=-DAY)
    await kept_session(user_id, "lately", expired=89 * DAY)
    await kept_session(user_id, "long ago", expired=91 * DAY)
    await kept_session(user_id, "revoked long ago", expired=-DAY, revoked=91 * DAY)
    parked = await database.fetchval(
        "INSERT INTO pgqueuer (priority, status, entrypoint) VALUES (0, 'failed', 'mail.order_paid') RETURNING id"
    )
    for age, job_id, why in ((31, 9_999, "gone"), (29, 9_999, "lately"), (31, parked, "parked")):
        await database.execute(LOG, age * DAY, job_id, json.dumps({"exception_message": why}))
    for name, until in (("open", DAY), ("ended", -2 * DAY)):
        await insert(
            "staff_invitation", seller_id=seller_id, email_hash=name, email_encrypted=b"x",
            created_at=datetime.now(UTC) - 7 * DAY, expires_at=datetime.now(UTC) + until,
        )  # fmt: skip
    _, timer = TIMERS["timer.forget_ended"]
    await timer(context)
    assert {row[0] for row in await database.fetch("SELECT user_agent FROM session")} == {"live", "lately"}
    told = {
        json.loads(row[0])["exception_message"] for row in await database.fetch("SELECT traceback FROM pgqueuer_log")
    }
    assert told == {"lately", "parked"}
    assert [row[0] for row in await database.fetch("SELECT email_hash FROM staff_invitation")] == ["open"]
