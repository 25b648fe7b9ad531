"""`haat reindex` and `haat reconcile`: rebuild the index without downtime; compare it with PostgreSQL and repair."""

import argparse
import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path

import asyncpg
import msgspec

from search.client import SearchClient, SearchDown, SearchRefused, TaskFailed
from search.rebuild import Busy, rebuild
from search.reconcile import reconcile
from server.cache import Cache
from server.outlet import exit_with
from server.redis_client import open_redis
from server.settings import Settings, SettingsError, load_settings

BAR = 30


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="haat", description="Look after the search index.")
    commands = parser.add_subparsers(dest="command", required=True)
    again = commands.add_parser(
        "reindex", help="rebuild the index beside the old one and swap; searches go on meanwhile"
    )
    compare = commands.add_parser("reconcile", help="compare the index with the database, and repair")
    compare.add_argument("--quick", action="store_true", help="compare ids and versions only, not every field")
    for command in (again, compare):
        command.add_argument("--data", type=Path, help="data folder of the stack (default: .haat)")
    parsed = parser.parse_args(arguments)
    try:
        settings = load_settings(data=parsed.data, needs=("database", "search"))
        return asyncio.run(
            _reindex(settings) if parsed.command == "reindex" else _reconcile(settings, deep=not parsed.quick)
        )
    except (SettingsError, Busy, SearchDown, SearchRefused, TaskFailed, OSError, asyncpg.PostgresError) as error:
        print(f"haat {parsed.command}: {error}", file=sys.stderr)
        return 2


async def _reindex(settings: Settings) -> int:
    client = _client(settings)
    redis = open_redis(settings.redis.url)
    cache = Cache(redis, prefix=settings.redis.prefix)
    try:
        done = await rebuild(settings.database.session_url, client, bump=cache.bump, progress=_show)
    finally:
        await client.close()
        await redis.aclose()
    print(f"rebuilt: {done.products} products, {done.replayed} replayed, in {done.seconds:.1f} s")
    return 0


async def _reconcile(settings: Settings, *, deep: bool) -> int:
    client = _client(settings)
    try:
        found = await reconcile(settings.database.session_url, client, deep=deep)
    finally:
        await client.close()
    if found is None:
        print("nothing compared: another comparison is running, or there is no index yet (the worker makes it)")
        return 1
    print(msgspec.json.encode(found).decode())
    return 0


def _client(settings: Settings) -> SearchClient:
    search = settings.search
    return SearchClient(search.url, search.api_key, index=search.index, timeout_ms=search.timeout_ms)


def _show(done: int, total: int) -> None:
    """A bar where somebody looks, a line where nobody does."""
    if not sys.stderr.isatty():
        return
    filled = BAR * done // total if total else BAR
    end = "\n" if done >= total else ""
    print(f"\r[{'#' * filled}{'.' * (BAR - filled)}] {done:,} of {total:,}", end=end, file=sys.stderr, flush=True)


if __name__ == "__main__":
    exit_with(main)
