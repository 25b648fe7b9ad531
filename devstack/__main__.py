"""`haat up`, `haat down` and `haat status`: the commands of the embedded stack."""

import argparse
import asyncio
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from devstack import session
from devstack.datafolder import DataFolder
from devstack.errors import StackError
from devstack.stack import EVERYTHING, ROOT, Plan
from server.settings import DEFAULT_DATA, SettingsError


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit code: 2 with one sentence when something is wrong with the machine, the settings or the request."""
    options = parser().parse_args(arguments)
    try:
        return asyncio.run(up(options))
    except (StackError, SettingsError) as error:
        print(error, file=sys.stderr)
        return 2


def parser() -> argparse.ArgumentParser:
    root = argparse.ArgumentParser(prog="haat", description=__doc__)
    commands = root.add_subparsers(dest="command", required=True)
    up = commands.add_parser("up")
    up.add_argument("--data", type=Path, default=Path(os.environ.get("HAAT_DATA", ROOT / DEFAULT_DATA)))
    up.add_argument("--only", default=",".join(EVERYTHING))
    up.add_argument("--no-fsync", action="store_true")
    return root


async def up(options: argparse.Namespace) -> int:
    plan = Plan(only=tuple(options.only.split(",")), fsync=not options.no_fsync)
    async with session.supervised(DataFolder(options.data), plan, os.environ):
        stopped = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, stopped.set)
        await stopped.wait()
    return 0


if __name__ == "__main__":
    sys.exit(main())
