"""`haat migrate` and `haat downgrade`: says what it did, in one line a migration."""

import argparse
import asyncio
import sys
from pathlib import Path

import asyncpg

from migrations.runner import downgrade, migrate
from server.outlet import exit_with
from server.settings import SettingsError, load_settings


def main() -> int:
    parser = argparse.ArgumentParser(prog="haat", description="Change the database's schema.")
    commands = parser.add_subparsers(dest="command", required=True)
    up = commands.add_parser("migrate", help="apply the migrations that are missing")
    down = commands.add_parser("downgrade", help="undo migrations")
    down.add_argument("target", nargs="?", default="__first__", help="the migration to go back to; default: undo all")
    for command in (up, down):
        command.add_argument("--data", type=Path, help="data folder of the stack (default: .haat)")
    arguments = parser.parse_args()
    try:
        database = load_settings(data=arguments.data).database
        owner_url = database.owner_url or database.url
        if not owner_url:
            raise SettingsError("No database: start the stack with `haat up`, or set HAAT_DATABASE__URL.")
        if arguments.command == "migrate":
            names, verb = asyncio.run(migrate(owner_url, database.url)), "applied"
        else:
            names, verb = asyncio.run(downgrade(owner_url, arguments.target)), "undone"
    except (SettingsError, OSError, asyncpg.PostgresError) as error:
        print(f"haat {arguments.command}: {error}", file=sys.stderr)
        return 2
    for name in names:
        print(f"{verb} {name}")
    if not names:
        print("nothing to do: the schema is up to date")
    return 0


if __name__ == "__main__":
    exit_with(main)
