"""`haat limits`: the policies, and who is throttled now, by Redis and by PostgreSQL, which stands in for it."""

import argparse
import asyncio
import sys
from pathlib import Path
from typing import NamedTuple

import asyncpg
import msgspec
from redis.asyncio import Redis
from redis.exceptions import RedisError

from models.buckets import Level, list_levels
from models.database import connected
from server.limits import KEPT, MICROS, Policy, policy
from server.outlet import exit_with
from server.redis_client import Client, open_redis, servers
from server.settings import Limits, Settings, SettingsError, load_settings

NO_POLICIES = {"enabled"}


class Spent(NamedTuple):
    """A caller who has to wait."""

    policy: Policy
    principal: str
    wait_s: float
    kept_in: str


def policies(limits: Limits) -> dict[str, Policy]:
    names = [field.name for field in msgspec.structs.fields(Limits) if field.name not in NO_POLICIES]
    return {name: policy(limits, name) for name in names}


def spent(known: dict[str, Policy], levels: list[Level], kept_in: str) -> list[Spent]:
    """Those whose next token has not come yet."""
    found = []
    for level in levels:
        if level.policy in known:
            held = known[level.policy]
            wait_s = level.full_in_s + held.seconds / held.requests - held.seconds
            if wait_s > 0:
                found.append(Spent(held, level.principal, wait_s, kept_in))
    return found


async def redis_levels(redis: Client, prefix: str) -> list[Level]:
    """Every bucket in Redis that is not full."""
    return [level for server in await servers(redis) for level in await levels_of(server, prefix)]


async def levels_of(redis: Redis, prefix: str) -> list[Level]:
    """The same of one server."""
    seconds, micros = await redis.time()
    now, levels = seconds * MICROS + micros, []
    start = f"{prefix}limit:"
    async for key in redis.scan_iter(match=f"{start}*", count=1_000):
        name, _, principal = key.decode().removeprefix(start).partition(":")
        full_at = int(await redis.get(key) or 0)
        if full_at > now:
            levels.append(Level(name, principal, (full_at - now) / MICROS))
    return levels


def counted(held: Policy) -> str:
    """Where, and what becomes of it without Redis."""
    if held.name in KEPT:
        return "in PostgreSQL, whether Redis answers or not"
    return f"without Redis: {'moves to PostgreSQL' if held.closed else 'falls back to each process'}"


async def report(settings: Settings) -> int:
    known = policies(settings.limits)
    for name, held in known.items():
        print(f"policy    {name:10} {held.requests:6} in {held.seconds:5} s   {counted(held)}")
    if not settings.limits.enabled:
        print("limits are switched off (HAAT_LIMITS__ENABLED)")
    redis = open_redis(settings.redis.url, timeout_s=2)
    try:
        found = spent(known, await redis_levels(redis, settings.redis.prefix), "Redis")
    except (RedisError, OSError) as error:
        print(f"Redis does not answer: {error}")
        found = []
    finally:
        await redis.aclose()
    async with connected(settings.database.url):
        found += spent(known, await list_levels(), "PostgreSQL")
    for one in sorted(found, key=lambda one: -one.wait_s):
        print(f"throttled {one.policy.name:10} {one.principal:44} {one.wait_s:6.0f} s   {one.kept_in}")
    if not found:
        print("nobody is throttled now")
    return 0


def main() -> int:
    parser = argparse.ArgumentParser(prog="haat limits", description="Show the limits and who is throttled now.")
    parser.add_argument("command", nargs="?", choices=["limits"], help=argparse.SUPPRESS)
    parser.add_argument("--data", type=Path, help="data folder of the stack (default: .haat)")
    arguments = parser.parse_args()
    try:
        settings = load_settings(data=arguments.data, needs=("database", "redis"))
        return asyncio.run(report(settings))
    except (SettingsError, OSError, asyncpg.PostgresError) as error:
        print(f"haat limits: {error}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    exit_with(main)
