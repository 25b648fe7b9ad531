"""A log-in that is under way while the password is changed, or the account suspended, begins no session."""

import asyncio

import aiohttp
import pytest

from models.database import pool
from models.sessions import revoke_sessions_of
from server.context import Context
from tests.people import PERSON, ask, code_of, register, set_up_app
from tests.wait import until

LOG_IN = {"email": PERSON["email"], "password": PERSON["password"]}
WAITING = "SELECT count(*) = 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


async def it_waits() -> bool:
    return bool(await pool().fetchval(WAITING))


@pytest.mark.parametrize("change", ["password_hash = 'another'", "state = 'suspended'"])
@pytest.mark.parametrize("with_app", [False, True])
async def test_a_log_in_that_was_judged_by_the_old_password_begins_nothing(
    http: aiohttp.ClientSession, context: Context, change: str, *, with_app: bool
) -> None:
    await register(http, context)
    user_id = await pool().fetchval("SELECT id FROM users")
    path, body = "/api/v1/auth/login", LOG_IN
    if with_app:
        secret = await set_up_app(context, user_id)
        _, problem = await ask(http, "POST", path, json=body)
        path = "/api/v1/auth/second-factor"
        body = {"pending_token": problem["facts"]["pending_token"], "code": code_of(secret)}
    async with pool().acquire() as other, other.transaction():
        await other.execute("SELECT FROM users FOR UPDATE")
        logging_in = asyncio.create_task(ask(http, "POST", path, json=body))
        await until(it_waits)
        await other.execute(f"UPDATE users SET {change}")
        await revoke_sessions_of(user_id, other)
    status, problem = await logging_in
    assert (status, problem["code"]) == (401, "session_ended")
    assert await pool().fetchval("SELECT count(*) FROM session WHERE revoked_at IS NULL") == 0
