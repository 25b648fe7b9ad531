"""`haat jobs`: what waits, what gave up, and what to do about it."""

import argparse
import asyncio
import sys
from pathlib import Path

import asyncpg

from models.database import connected
from models.errors import DomainError
from models.parked import drop_parked, list_parked, list_waiting, retry_parked
from server.outlet import exit_with
from server.settings import Settings, SettingsError, load_settings


def main() -> int:
    parser = argparse.ArgumentParser(prog="haat", description="Look at the job queue.")
    commands = parser.add_subparsers(dest="command", required=True)
    jobs = commands.add_parser("jobs", help="list jobs, retry or drop the parked ones")
    jobs.add_argument("--data", type=Path, help="data folder of the stack (default: .haat)")
    actions = jobs.add_subparsers(dest="action", metavar="list | retry | drop")
    actions.add_parser("list", help="what waits, by name, and every parked job (the default)")
    for name, words in (("retry", "queue parked jobs again"), ("drop", "delete parked jobs")):
        action = actions.add_parser(name, help=words)
        action.add_argument("id", type=int, nargs="+", help="ids as `haat jobs` lists them")
    arguments = parser.parse_args()
    try:
        settings = load_settings(data=arguments.data, needs=("database",))
        return asyncio.run(_run(settings, arguments.action or "list", getattr(arguments, "id", [])))
    except (SettingsError, DomainError, OSError, asyncpg.PostgresError) as error:
        print(f"haat jobs: {error}", file=sys.stderr)
        return 2


async def _run(settings: Settings, action: str, ids: list[int]) -> int:
    async with connected(settings.database.url):
        if action == "list":
            await _list()
        for job_id in ids:
            await (retry_parked if action == "retry" else drop_parked)(job_id)
            print(f"{'queued again' if action == 'retry' else 'dropped'}: {job_id}")
    return 0


async def _list() -> None:
    waiting = await list_waiting()
    for name, count, oldest_s in waiting:
        print(f"waiting  {name:24} {count:6}   oldest {oldest_s:.0f} s")
    if not waiting:
        print("nothing waits")
    parked, total = await list_parked(per_page=100)
    for job in parked:
        ids = " ".join(f"{name}={value}" for name, value in job.ids.items())
        print(f"parked   {job.name:24} {job.id:6}   {job.attempts} attempts   {ids}   {job.error}")
    if total > len(parked):
        print(f"… and {total - len(parked)} more parked")


if __name__ == "__main__":
    exit_with(main)
