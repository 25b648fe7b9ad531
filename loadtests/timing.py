"""`haat prove timing`: answers about an address take as long whether it has an account, or they tell who has one.

Known and unknown addresses are asked about in turn, so that a slow moment of the machine meets both; each pair gives
one difference, and the median of those has an interval that no shape of their distribution can fool.
"""

import argparse
import asyncio
import math
import random
import secrets
import statistics
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import asyncpg
import msgspec

from loadtests import people
from loadtests.options import address
from models.base import uuid7
from models.database import connected, pool
from models.keyring import Keyring
from server.passwords import hash_password
from server.settings import Settings, SettingsError, load_settings

PAIRS = 300
WIDTH_MAX_MS = 5.0
TIMES_SD = 1.96
PASSWORD = "no account of the proof has this one"
HELP = """\
Asks about addresses that have an account and about others, in turn: log-in with a wrong password, registering, a new
password, a code by mail. The accounts are made for the proof, straight in the database of the stack, and removed at the
end. An answer is red when the 95 % interval of the median difference leaves 0 out twice running on the same side, or is
wider than 5 ms. Exits 1 when one is red, 2 when the proof could not run.
"""
ASKED = {
    "login": lambda email: {"email": email, "password": PASSWORD},
    "register": lambda email: {"email": email, "password": PASSWORD, "name": "Asha Rao"},
    "reset": lambda email: {"email": email},
    "code": lambda email: {"email": email},
}
EXPECTED = {"login": 401, "register": 202, "reset": 204, "code": 202}


class TimingError(Exception):
    """The proof could not be made; the message says why."""


class Interval(msgspec.Struct, frozen=True):
    """The median of known less unknown, in milliseconds, and where it lies with 95 %."""

    pairs: int
    known_ms: float
    unknown_ms: float
    difference_ms: float
    low_ms: float
    high_ms: float

    @property
    def side(self) -> int:
        """0 where the interval includes 0; else on which side of it it lies."""
        return (self.low_ms > 0) - (self.high_ms < 0)

    @property
    def is_narrow(self) -> bool:
        return self.high_ms - self.low_ms < WIDTH_MAX_MS


class Verdict(msgspec.Struct, frozen=True):
    """`tries`: a second one where the first left 0 out, as one in twenty does by chance."""

    tries: tuple[Interval, ...]
    red: bool


def add_parser(proofs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    timing = proofs.add_parser(
        "timing",
        help="answers take as long for known and unknown addresses",
        description=HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    timing.add_argument("--pairs", type=int, default=PAIRS, help=f"of each answer ({PAIRS})")
    timing.add_argument("--host", type=address, help="address of the shop (default: that of the stack in --data)")
    timing.add_argument("--data", type=Path, help="data folder of the stack (default: .haat)")
    timing.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    try:
        settings = load_settings(data=arguments.data)
        if not settings.database.url:
            raise SettingsError("No stack: start one with `haat up`.")
        found = asyncio.run(_with_database(settings, arguments.host or settings.site.base_url, arguments.pairs))
    except KeyboardInterrupt:
        return 130
    except (SettingsError, TimingError, aiohttp.ClientError, OSError, asyncpg.PostgresError) as error:
        sys.stderr.write(f"haat prove: {error}\n")
        return 2
    sys.stdout.write("\n".join([*map(_line, found.items()), msgspec.json.encode(figures(found)).decode(), ""]))
    return 1 if any(verdict.red for verdict in found.values()) else 0


def figures(found: dict[str, Verdict]) -> dict[str, str | int]:
    """For the document of all proofs: a row for each answer, and how many tell who has an account."""
    rows: dict[str, str | int] = {
        f"{name}: known less unknown": told(verdict.tries[-1]) for name, verdict in found.items()
    }
    rows["pairs of each answer"] = max(verdict.tries[-1].pairs for verdict in found.values())
    rows["answers that differ"] = sum(verdict.red for verdict in found.values())
    return rows


def told(interval: Interval) -> str:
    return f"{interval.difference_ms:+.3f} ms, 95 % from {interval.low_ms:+.3f} to {interval.high_ms:+.3f}"


async def _with_database(settings: Settings, host: str, pairs: int) -> dict[str, Verdict]:
    async with connected(settings.database.url):
        return await prove(settings, host, pairs=pairs)


async def prove(settings: Settings, host: str, *, pairs: int) -> dict[str, Verdict]:
    """Each answer's verdict, by the last part of its address. Needs the pool. Raises TimingError."""
    async with _accounts(settings, pairs) as known, aiohttp.ClientSession(host) as client:
        found = {}
        for path in ASKED:
            await _compare(client, path, known[:10])
            tries = [await _compare(client, path, known)]
            if tries[0].side:
                tries.append(await _compare(client, path, known))
            found[path] = judge(tries)
        return found


def judge(tries: Sequence[Interval]) -> Verdict:
    sides = {interval.side for interval in tries}
    red = (0 not in sides and len(sides) == 1) or not all(interval.is_narrow for interval in tries)
    return Verdict(tuple(tries), red)


def interval_of(known_ms: Sequence[float], unknown_ms: Sequence[float]) -> Interval:
    """By the ranks of the ordered differences between which the median lies with 95 % (a binomial's)."""
    ordered = sorted(one - other for one, other in zip(known_ms, unknown_ms, strict=True))
    count = len(ordered)
    away = TIMES_SD * math.sqrt(count) / 2
    low, high = math.floor(count / 2 - away), math.ceil(count / 2 + away)
    return Interval(
        count,
        statistics.median(known_ms),
        statistics.median(unknown_ms),
        statistics.median(ordered),
        ordered[max(low, 0)],
        ordered[min(high, count - 1)],
    )


async def _compare(client: aiohttp.ClientSession, path: str, known: Sequence[str]) -> Interval:
    taken: dict[bool, list[float]] = {True: [], False: []}
    for email in known:
        both = [(True, email), (False, f"{secrets.token_hex(16)}@proof.example")]
        random.shuffle(both)
        for is_known, asked in both:
            taken[is_known].append(await _ask(client, path, asked))
    return interval_of(taken[True], taken[False])


async def _ask(client: aiohttp.ClientSession, path: str, email: str) -> float:
    """Milliseconds to the end of the answer."""
    began = time.perf_counter()
    async with client.post(
        f"/api/v1/auth/{path}", json=ASKED[path](email), headers={"X-Forwarded-For": people.address()}
    ) as response:
        body = await response.read()
    if response.status != EXPECTED[path]:
        raise TimingError(f"{path} answers {response.status}: {body[:200]!r}")
    return (time.perf_counter() - began) * 1000


@asynccontextmanager
async def _accounts(settings: Settings, count: int) -> AsyncIterator[list[str]]:
    """Addresses of accounts that have a password; they are gone after the block."""
    keyring = Keyring(settings.keys.ring, settings.keys.lookup)
    password_hash = hash_password("a password that nobody tries", settings.auth.bcrypt_cost)
    emails = [f"{secrets.token_hex(16)}@proof.example" for _ in range(count)]
    ids = [uuid7() for _ in emails]
    rows = [
        (user_id, keyring.email_hash(email), keyring.encrypt(email), "Proof", password_hash)
        for user_id, email in zip(ids, emails, strict=True)
    ]
    await pool().executemany(
        "INSERT INTO users (id, email_hash, email_encrypted, name, password_hash) VALUES ($1, $2, $3, $4, $5)", rows
    )
    try:
        yield emails
    finally:
        await pool().execute("DELETE FROM users WHERE id = ANY($1)", ids)


def _line(answer: tuple[str, Verdict]) -> str:
    name, verdict = answer
    last = verdict.tries[-1]
    times = f"known {last.known_ms:7.2f} ms   unknown {last.unknown_ms:7.2f} ms   difference {told(last)}"
    return f"{name:<10}{last.pairs:>5} pairs   {times}   {'RED' if verdict.red else 'holds'}"
