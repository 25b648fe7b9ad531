"""The rows of `haat bench` that write: whole purchases, carts, one article that everybody wants, and their statements.

The ceiling of each is PostgreSQL alone, asked by pgbench for the very statements that the shop sends, in the same run.
"""

import asyncio
import itertools
import secrets
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

import msgspec

from loadtests import processes
from loadtests.catalogue import Catalogue
from loadtests.conduct import ROOT, Shop
from loadtests.histogram import Histogram
from loadtests.pgbench import pgbench
from loadtests.rehearsal import Rehearsal, rehearsing
from loadtests.reserving import Reserved
from loadtests.till import Journey, Till, browse_cart, buy, go, variants_of
from models.closing import cancel_order
from models.database import Connection, connected
from models.stock import set_free
from server.settings import Settings

QUEUES = 16
WARM_S = 6.0
LONGER = 2.0
"""A purchase takes a while, so its turns are longer than those of a single request."""
WIDTH = 58
VARIANTS, UNITS = 2_000, 5
HOT_UNITS, PLENTY = 1_000_000, 10_000
TURNS_A_SECOND = 300
"""More than a single client of pgbench ever does; for each one a cart stands ready."""
SPREAD = 64
BOOT_S = 4.0
JOURNEYS: dict[str, tuple[str, Journey]] = {
    "buy": ("whole purchase: cart, address, order, payment, paid", buy),
    "carts": ("put into a cart and read the cart", browse_cart),
}
RESERVATIONS = "orders of one article, the transaction alone"
FILL = """
WITH numbers AS (
    SELECT c || '-' || t AS n
      FROM generate_series(0, $2::int - 1) c, generate_series($3::int + 1, $3::int + $4::int) t),
made AS (
    INSERT INTO cart (id, token_hash)
    SELECT md5($1::text || '-cart-' || n)::uuid, md5($1::text || '-token-' || n) FROM numbers RETURNING id, token_hash),
filled AS (
    INSERT INTO cart_item (id, cart_id, variant_id, quantity, price_seen_minor, options_seen)
    SELECT gen_random_uuid(), made.id, v.id, 1, v.price_minor, v.options FROM made, variant v WHERE v.id = $5)
SELECT token_hash FROM made
"""
PENDING = (
    "SELECT o.id FROM orders o JOIN cart c ON c.id = o.cart_id WHERE o.state = 'pending' AND c.token_hash = ANY($1)"
)
FORGET = "DELETE FROM pgqueuer WHERE execute_after > now() + interval '23 hours' AND created >= $1"


class Written(msgspec.Struct, frozen=True, kw_only=True):
    """`p95_ms` is of the slowest of its requests; `cpu_ms` of a journey, by process, the generator among them."""

    what: str
    per_s: float
    ceiling_per_s: float | None
    p95_ms: float
    requests_p95_ms: dict[str, float] = {}
    cpu_ms: dict[str, float] = {}

    @property
    def ratio(self) -> float | None:
        return self.per_s / self.ceiling_per_s if self.ceiling_per_s else None


class Purchasing(msgspec.Struct, kw_only=True):
    """`statements` counts those of POST /checkout, by what is bought."""

    rows: dict[str, Written] = {}
    statements: dict[str, int] = {}


async def purchasing(
    shop: Shop, catalogue: Catalogue, *, rounds: int, seconds: float, settle: Callable[[], Awaitable[None]]
) -> Purchasing:
    """Raises Refused, PgbenchError."""
    settings = shop.settings
    assert settings is not None
    assert shop.data is not None
    variants = await variants_of(shop.host, catalogue.products, units=UNITS, most=VARIANTS)
    till = Till(shop.host, settings.payments.base_url, variants)
    measured, turns = Purchasing(), Turns(settings, shop.data, rounds, seconds * LONGER, settle)
    async with rehearsing(settings, variants[0]) as rehearsal:
        await set_free(rehearsal.connection, dict.fromkeys(map(UUID, variants), PLENTY))
        await settle()
        measured.statements = await _count(rehearsal, variants)
        ceilings = await _ceilings(rehearsal, turns, variants)
    for name, (what, journey) in JOURNEYS.items():
        measured.rows[name] = await _journeys(turns, till, journey, what=what, ceiling=ceilings.get(name))
    measured.rows["reservations"] = await _reservations(turns, variants[0], ceiling=ceilings["reservations"])
    return measured


def lines_of(measured: Purchasing) -> list[str]:
    """The part of the table that is about purchases."""
    if not measured.rows:
        return []
    lines = [f"{'':<{WIDTH}}{'per s':>8}{'pgbench':>9}{'ratio':>7}{'p95 ms':>8}{'CPU ms':>8}"]
    for row in measured.rows.values():
        ceiling = f"{row.ceiling_per_s:>9.0f}{row.ratio:>7.2f}" if row.ceiling_per_s and row.ratio else f"{'':>16}"
        cpu = f"{sum(row.cpu_ms.values()):>8.1f}" if row.cpu_ms else ""
        lines.append(f"{row.what:<{WIDTH}}{row.per_s:>8.0f}{ceiling}{row.p95_ms:>8.1f}{cpu}")
    for row in measured.rows.values():
        if row.cpu_ms:
            most = sorted(row.cpu_ms.items(), key=lambda item: -item[1])
            lines.append(f"CPU ms of one ({row.what}): " + ", ".join(f"{n} {ms:.1f}" for n, ms in most if ms >= 0.05))
            lines.append("p95 ms: " + ", ".join(f"{name} {ms:.0f}" for name, ms in row.requests_p95_ms.items()))
    counts = ", ".join(f"{name.replace('_', ' ')} {count}" for name, count in measured.statements.items())
    lines.append(f"SQL statements of POST /checkout: {counts}")
    return lines


class Turns(NamedTuple):
    """How often and how long something is measured; before each turn the shop has done what the last one left."""

    settings: Settings
    data: Path
    rounds: int
    seconds: float
    settle: Callable[[], Awaitable[None]]

    def pids(self) -> dict[str, int]:
        return processes.running(self.data)


async def _count(rehearsal: Rehearsal, variants: Sequence[str]) -> dict[str, int]:
    return {
        "one_line": await rehearsal.count(variants[1:2]),
        "five_lines": await rehearsal.count(variants[1:6]),
        "coupon": await rehearsal.count(variants[1:2], coupon=True),
        "coupon_and_gift_card": await rehearsal.count(variants[1:2], coupon=True, gift_card=True),
    }


async def _ceilings(rehearsal: Rehearsal, turns: Turns, variants: Sequence[str]) -> dict[str, float]:
    """Runs a second of the same statements by pgbench; orders of one article are for carts that stand ready."""
    rehearsed, connection = await rehearsal.buy(variants[:1]), rehearsal.connection
    since = await connection.fetchval("SELECT clock_timestamp()")
    whole = [*rehearsed.cart, *rehearsed.order, *rehearsed.opened, *rehearsed.paid]
    found, longest, run = dict[str, float](), round(turns.seconds * TURNS_A_SECOND), itertools.count(1)
    for name, steps, picked in (("buy", whole, variants[:SPREAD]), ("reservations", rehearsed.order, variants[:1])):
        script = await rehearsal.script(steps, rehearsed.own, picked)
        for _ in range(turns.rounds):
            first = next(run) * longest
            if name == "reservations":
                await _stand_ready(connection, rehearsal.run, picked[0], clients=QUEUES, first=first, turns=longest)
            rate = await _run(turns.settings, script, seconds=turns.seconds, first=first)
            found[name] = max(rate, found.get(name, 0.0))
    await connection.execute(FORGET, since)
    return found


async def _run(settings: Settings, script: str, *, seconds: float, first: int) -> float:
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as file:
        file.write(script)
        file.flush()
        return await pgbench(settings.database.url, Path(file.name), clients=QUEUES, seconds=seconds, first=first)


async def _stand_ready(
    connection: Connection, run: str, variant: str, *, clients: int, first: int, turns: int
) -> list[str]:
    """Carts with one unit of the variant, of which there is plenty. Returns the hashes of their tokens."""
    async with connection.transaction():
        await set_free(connection, {UUID(variant): HOT_UNITS})
        rows = await connection.fetch(FILL, run, clients, first, turns, UUID(variant))
    await connection.execute("ANALYZE cart, cart_item")
    return [row["token_hash"] for row in rows]


async def _journeys(turns: Turns, till: Till, journey: Journey, *, what: str, ceiling: float | None) -> Written:
    """The best turn counts, as with reads; the slowest request is of all turns."""
    best, cpu_ms, requests = 0.0, dict[str, float](), dict[str, Histogram]()
    await go(till, journey, queues=QUEUES, seconds=WARM_S)
    for _ in range(turns.rounds):
        await turns.settle()
        pids = turns.pids()
        before, own = {name: processes.cpu_seconds([pid]) for name, pid in pids.items()}, time.process_time()
        found = await go(till, journey, queues=QUEUES, seconds=turns.seconds)
        await turns.settle()
        used = {name: processes.cpu_seconds([pid]) - before[name] for name, pid in pids.items()}
        used["generator"] = time.process_time() - own
        if found.rate > best:
            best = found.rate
            cpu_ms = {name: round(spent * 1000 / found.journeys.count, 2) for name, spent in used.items()}
        for name, histogram in found.requests.items():
            requests.setdefault(name, Histogram()).merge(histogram)
    slow = {name: round(histogram.quantile(0.95), 1) for name, histogram in requests.items()}
    return Written(
        what=what, per_s=best, ceiling_per_s=ceiling, p95_ms=max(slow.values()), requests_p95_ms=slow, cpu_ms=cpu_ms
    )


async def _reservations(turns: Turns, variant: str, *, ceiling: float) -> Written:
    """In as many processes as serve the shop; the orders are cancelled afterwards."""
    best, orders = 0.0, Histogram()
    for number in range(turns.rounds):
        await turns.settle()
        async with connected(turns.settings.database.url, pool_min=1, pool_max=QUEUES) as opened:
            async with opened.acquire() as connection:
                run, most = secrets.token_hex(4), round(turns.seconds * TURNS_A_SECOND)
                tokens = await _stand_ready(connection, run, variant, clients=1, first=number, turns=most)
            crowd = await _crowd(turns, tokens)
            for part in crowd:
                orders.merge(part.orders)
            best = max(best, sum(part.orders.count / part.seconds for part in crowd))
            pending = [row["id"] for row in await opened.fetch(PENDING, tokens)]
            for some in range(0, len(pending), QUEUES):
                await asyncio.gather(*(cancel_order(order_id) for order_id in pending[some : some + QUEUES]))
    return Written(what=RESERVATIONS, per_s=best, ceiling_per_s=ceiling, p95_ms=orders.quantile(0.95))


async def _crowd(turns: Turns, tokens: Sequence[str]) -> list[Reserved]:
    count = len(processes.web_of(turns.pids()))
    begin_at = time.time() + BOOT_S
    with tempfile.TemporaryDirectory() as folder:
        started = []
        for index in range(count):
            path = Path(folder) / f"{index}.txt"
            path.write_text("\n".join(tokens[index::count]), "ascii")
            command = (sys.executable, "-m", "loadtests.reserving", "--data", str(turns.data))
            how = ("--seconds", str(turns.seconds), "--begin-at", str(begin_at), str(path))
            started.append(
                await asyncio.create_subprocess_exec(*command, *how, cwd=ROOT, stdout=asyncio.subprocess.PIPE)
            )
        said = [out for out, _ in await asyncio.gather(*(process.communicate() for process in started))]
    return [msgspec.json.decode(out, type=Reserved) for out in said]
