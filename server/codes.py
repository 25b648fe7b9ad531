"""`haat code`: what the authenticator app of admin or support would show; in development alone: no demo has phones."""

import argparse
import asyncio
import sys
from pathlib import Path

import asyncpg

from models.database import connected
from models.errors import DomainError
from models.keyring import Keyring
from models.second_factor import next_code
from server.outlet import exit_with
from server.settings import Settings, SettingsError, load_settings

DEMO_ADMIN = "admin@haat.example"


def main() -> int:
    parser = argparse.ArgumentParser(prog="haat code", description=__doc__)
    parser.add_argument("command", nargs="?", choices=["code"], help=argparse.SUPPRESS)
    parser.add_argument("email", nargs="?", default=DEMO_ADMIN, help=f"whose (default: {DEMO_ADMIN})")
    parser.add_argument("--data", type=Path, help="data folder of the stack (default: .haat)")
    arguments = parser.parse_args()
    try:
        settings = load_settings(data=arguments.data, needs=("database",))
        if settings.site.environment != "development":
            raise SettingsError("Codes are printed in development only; in production they are on the person's phone.")
        sys.stdout.write(asyncio.run(_code(settings, arguments.email)) + "\n")
    except (SettingsError, DomainError, OSError, asyncpg.PostgresError) as error:
        sys.stderr.write(f"haat code: {error}\n")
        return 2
    return 0


async def _code(settings: Settings, email: str) -> str:
    async with connected(settings.database.url):
        return await next_code(Keyring(settings.keys.ring, settings.keys.lookup), email)


if __name__ == "__main__":
    exit_with(main)
