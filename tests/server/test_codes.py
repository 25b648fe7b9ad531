"""`haat code`, for the demo's admin."""

import asyncio
import os
import sys
import time

from models import totp
from server.context import Context
from tests.factories import make_user
from tests.people import set_up_app


async def test_the_command_prints_the_code_that_an_admins_app_would_show(
    context: Context, environment: dict[str, str]
) -> None:
    user_id = await make_user(context.settings, role="admin")
    secret = await set_up_app(context, user_id)
    environment = {**os.environ, **environment}

    async def haat_code(email: str, **settings: str) -> tuple[int | None, str]:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "server.codes", "code", email,
            env={**environment, **settings}, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
        )  # fmt: skip
        out, _ = await process.communicate()
        return process.returncode, out.decode().strip()

    code, shown = await haat_code(f"{user_id.hex}@example.com")
    assert code == 0, shown
    step = totp.step_at(time.time())
    assert shown in {totp.code_at(secret, step), totp.code_at(secret, step - 1)}
    code, said = await haat_code("nobody@example.com")
    assert (code, "has no authenticator app" in said) == (2, True)
