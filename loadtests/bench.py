"""`haat bench`: what reads and purchases cost, as ratios to ceilings that take turns in the same run."""

import argparse
import contextlib
import os
import platform
import random
import sys
import sysconfig
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import aiohttp
import asyncpg
import msgspec
import uvloop

from loadtests import people, processes
from loadtests.budgets import DEFAULT, Budget, BudgetError, Figure, Verdict, judge, load_budgets
from loadtests.catalogue import Catalogue, CatalogueError, draw_catalogue
from loadtests.ceilings import CeilingError, ceiling_app
from loadtests.conduct import Shop
from loadtests.door import Door, DoorError, measure_door
from loadtests.fresh import FreshError, fresh_stack
from loadtests.hammer import encode, spread
from loadtests.pgbench import PgbenchError
from loadtests.purchasing import Purchasing, lines_of, purchasing
from loadtests.quiet import NeverQuiet, until_quiet
from loadtests.ratios import CONNECTIONS, Probe, RatioError, Reading, measure
from loadtests.smoke import CACHED, asked, cached_searches, searches, size_of
from loadtests.wire import Refused
from server.settings import DEFAULT_DATA, SettingsError, load_settings

SUITE = "bench"
PROBLEMS = (
    BudgetError, CatalogueError, CeilingError, DoorError, FreshError, NeverQuiet, PgbenchError, RatioError, Refused,
    SettingsError, aiohttp.ClientError, asyncpg.PostgresError, OSError,
)  # fmt: skip
SEARCHES = 8
ADDRESSES = 1_000
WIDTH = 58

# Each figure: what it is told against, and what it is.
PAIRS = {
    "cached_search": ("redis_get", "cached search, everything included"),
    "cached_product": ("redis_get", "cached product JSON, everything included"),
    "bare": ("redis_get", "limit and cache alone"),
    "bare_round_trip": ("redis_get", "the same, each answer by its own round trip"),
    "uncached_search": ("meilisearch", "uncached search, the same question through aiohttp"),
    "uncached_search_facets": ("meilisearch_facets", "the same with facet counts"),
    "page_cached": ("redis_get", "product page (HTML), cached"),
    "page_uncached": ("redis_get", "product page (HTML), uncached"),
    "suggest": ("meilisearch", "suggestions, mostly new ones"),
}


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One figure beside its ceiling; CPU is of the web processes, in microseconds a request."""

    what: str
    per_s: float
    ceiling_per_s: float
    ratio: float
    p99_ms: float
    cpu_us: float
    cpu_ratio: float | None


class Bench(msgspec.Struct, kw_only=True):
    python: str
    load_before: float
    load_after: float
    products: int
    processes: int
    rows: dict[str, Row]
    door: Door | None = None
    purchases: Purchasing = msgspec.field(default_factory=Purchasing)
    below: list[str] = []


def add_parser(commands: Any) -> None:
    parser = commands.add_parser("bench", help="tell the speed of reads and purchases beside what this machine can do")
    parser.add_argument("--data", type=Path, help="data folder of a running stack (default: .haat)")
    parser.add_argument("--fresh", action="store_true", help="start a stack of its own")
    parser.add_argument("--products", type=int, help="catalogue of the fresh stack (100000; 5000 with --quick)")
    parser.add_argument("--web-workers", type=int, default=2, help="web processes of the fresh stack (2)")
    parser.add_argument("--quick", action="store_true", help="two short turns each")
    parser.add_argument("--rounds", type=int, help="turns of each figure (5; 2 with --quick)")
    parser.add_argument("--seconds", type=float, help="length of a turn (2; 0.8 with --quick)")
    parser.add_argument("--budgets", type=Path, default=DEFAULT, metavar="FILE", help="default: loadtests/budgets.toml")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    quick = arguments.quick
    rounds, seconds = arguments.rounds or (2 if quick else 5), arguments.seconds or (0.8 if quick else 2.0)
    try:
        budgets = load_budgets(arguments.budgets)
        with _shop(arguments, products=arguments.products or (5_000 if quick else 100_000)) as shop:
            measured, verdicts = uvloop.run(bench(shop, budgets, rounds=rounds, seconds=seconds))
    except KeyboardInterrupt:
        return 130
    except PROBLEMS as error:
        print(f"haat bench: {error}", file=sys.stderr)
        return 2
    print(table(measured))
    for verdict in verdicts:
        if not verdict.kept:
            print(verdict.sentence)
    print(msgspec.json.encode(measured).decode())
    return 1 if measured.below else 0


async def bench(
    shop: Shop, budgets: Sequence[Budget], *, rounds: int, seconds: float, buying: bool = True
) -> tuple[Bench, list[Verdict]]:
    """Needs the shop's processes and databases on this machine; with `buying` it writes thousands of orders there.

    Raises RatioError, CeilingError, Refused, PgbenchError.
    """
    settings, web = shop.settings, processes.web_of(processes.running(shop.data)) if shop.data else []
    if settings is None or not settings.redis.url or not web:
        raise RatioError("Ratios want a stack on this machine: start one with `haat up`, and name its --data.")
    before = os.getloadavg()[0]
    catalogue = await draw_catalogue(shop.host)
    size = await size_of(cached_searches(shop.host, catalogue)[0])
    async with ceiling_app(settings, count=len(web), size=size) as (url, pids):
        probes = [*_ceilings(url, pids, shop, catalogue), *_shop_probes(shop.host, web, catalogue)]
        settle = partial(until_quiet, shop.host, settings.database.url)
        readings = await measure(probes, rounds=rounds, seconds=seconds, settle=settle)
    door, purchases = None, Purchasing()
    if shop.data:
        await settle()
        door = await measure_door(shop.host, shop.data, rounds=rounds, seconds=seconds)
    if buying:
        purchases = await purchasing(shop, catalogue, rounds=rounds, seconds=seconds, settle=settle)
    measured = Bench(
        python=python(),
        load_before=before,
        load_after=os.getloadavg()[0],
        products=await _products(shop.host),
        processes=len(web),
        rows={name: _row(name, readings) for name in PAIRS},
        door=door,
        purchases=purchases,
    )
    verdicts = judge(budgets, SUITE, figures_of(measured))
    measured.below = [" ".join(verdict.budget.figure) for verdict in verdicts if not verdict.kept]
    return measured, verdicts


def figures_of(measured: Bench) -> dict[Figure, float]:
    """Every figure that a budget can name: `ratios.NAME`, `NAME.per_s`, `NAME.p99_ms`, `door.NAME`."""
    found: dict[Figure, float] = {}
    for name, row in measured.rows.items():
        found |= {("ratios", name): row.ratio, (name, "per_s"): row.per_s, (name, "p99_ms"): row.p99_ms}
    for name, written in measured.purchases.rows.items():
        found |= {(name, "per_s"): written.per_s, (name, "p95_ms"): written.p95_ms}
        if written.ratio:
            found["ratios", name] = written.ratio
    for name, count in measured.purchases.statements.items():
        found["statements", name] = float(count)
    if measured.door:
        found |= {("door", name): getattr(measured.door, name) for name in ("added_us", "busy_p99_ms")}
    return found


def table(measured: Bench) -> str:
    shop = f"{measured.products:,} products, {measured.processes} web processes, {measured.python}"
    lines = [
        f"{shop}, load {measured.load_before:.1f} before and {measured.load_after:.1f} after",
        f"{'':<{WIDTH}}{'per s':>8}{'ceiling':>9}{'ratio':>7}{'p99 ms':>8}{'CPU us':>8}{'of it':>7}",
    ]
    for row in measured.rows.values():
        of_it = f"{row.cpu_ratio:>7.2f}" if row.cpu_ratio else f"{'':>7}"
        lines.append(
            f"{row.what:<{WIDTH}}{row.per_s:>8.0f}{row.ceiling_per_s:>9.0f}{row.ratio:>7.2f}{row.p99_ms:>8.1f}"
            f"{row.cpu_us:>8.0f}{of_it}"
        )
    return "\n".join([*lines, *(measured.door.lines() if measured.door else ()), *lines_of(measured.purchases)])


def python() -> str:
    """Which Python, and whether it was optimised by a profile: without, everything is 1.3 to 2 times slower.

    Debian's interpreter is, but its settings are those of the library that it installs beside it, which is not.
    """
    flags = f"{sysconfig.get_config_var('CONFIG_ARGS')} {sysconfig.get_config_var('PY_CORE_CFLAGS')}"
    optimised = "--enable-optimizations" in flags or "-fprofile-use" in flags
    version = f"Python {platform.python_version()}"
    if sysconfig.get_config_var("Py_ENABLE_SHARED") and not _uses_library():
        return f"{version}, PGO not told"
    return f"{version} {'with' if optimised else 'without'} PGO"


def _uses_library() -> bool:
    maps = Path("/proc/self/maps")
    return not maps.exists() or "libpython" in maps.read_text("utf-8")


def _row(name: str, readings: dict[str, Reading]) -> Row:
    ceiling, what = PAIRS[name]
    mine, best = readings[name], readings[ceiling]
    return Row(
        what=what,
        per_s=mine.rate,
        ceiling_per_s=best.rate,
        ratio=mine.rate / best.rate,
        p99_ms=mine.histogram.quantile(0.99),
        cpu_us=mine.cpu,
        cpu_ratio=best.cpu / mine.cpu if ceiling == "redis_get" and best.cpu and mine.cpu else None,
    )


def _ceilings(url: str, pids: list[int], shop: Shop, catalogue: Catalogue) -> list[Probe]:
    settings = shop.settings
    assert settings is not None
    search = f"{settings.search.url.rstrip('/')}/multi-search"
    addresses = [people.address() for _ in range(ADDRESSES)]
    questions = {
        name: asked(search, settings, catalogue, facets=name.endswith("facets"))
        for name in ("meilisearch", "meilisearch_facets")
    }
    bare = {"bare": f"{url}/cached", "bare_round_trip": f"{url}/cached?near=0"}
    return [
        Probe(name="redis_get", url=url, pids=pids, requests=[encode("GET", f"{url}/redis")]),
        *(
            Probe(name=name, url=url, pids=pids, requests=spread([path] * ADDRESSES, addresses), warm=1)
            for name, path in bare.items()
        ),
        *(
            Probe(name=name, url=search, pids=pids, requests=bodies, connections=SEARCHES, through_aiohttp=True)
            for name, bodies in questions.items()
        ),
    ]


def _shop_probes(host: str, web: list[int], catalogue: Catalogue) -> Iterator[Probe]:
    addresses = [people.address() for _ in range(ADDRESSES)]
    popular, others = catalogue.products[:CACHED], catalogue.products[CACHED:] or catalogue.products
    again = ADDRESSES // CACHED
    urls = {
        "cached_search": (cached_searches(host, catalogue) * again, CACHED, CONNECTIONS),
        "cached_product": ([f"{host}/api/v1/products/{slug}" for slug in popular] * again, CACHED, CONNECTIONS),
        "page_cached": ([f"{host}/p/{slug}" for slug in popular] * again, CACHED, CONNECTIONS),
        "page_uncached": ([f"{host}/p/{slug}" for slug in others], 0, CONNECTIONS),
        "uncached_search": (searches(host, catalogue, facets=False), 0, SEARCHES),
        "uncached_search_facets": (searches(host, catalogue, facets=True), 0, SEARCHES),
        "suggest": ([f"{host}/api/v1/search/suggest?q={text}" for text in _typed(catalogue)], 0, SEARCHES),
    }
    for name, (found, warm, connections) in urls.items():
        requests = spread(found, addresses)
        yield Probe(name=name, url=host, pids=web, requests=requests, warm=warm, connections=connections)


def _typed(catalogue: Catalogue) -> list[str]:
    """What stands in the box after each key, of many queries, in an order without one."""
    texts = {query[:end].replace(" ", "+") for query in catalogue.queries for end in range(2, len(query) + 1)}
    found = sorted(text for text in texts if text.isascii())
    random.Random(1).shuffle(found)
    return found


async def _products(host: str) -> int:
    async with (
        aiohttp.ClientSession(headers={"X-Forwarded-For": people.address()}) as client,
        client.get(f"{host}/api/v1/search?facets=none&per_page=1") as response,
    ):
        found = await response.json()
    total: int = found["total"]
    return total


@contextlib.contextmanager
def _shop(arguments: argparse.Namespace, *, products: int) -> Iterator[Shop]:
    if not arguments.fresh:
        data = (arguments.data or Path(os.environ.get("HAAT_DATA", DEFAULT_DATA))).absolute()
        settings = load_settings(data=data)
        yield Shop(host=settings.site.base_url, settings=settings, data=data)
        return
    print(f"Starting a fresh stack with {products:,} products ...", file=sys.stderr, flush=True)
    with fresh_stack(products=products, workers=arguments.web_workers) as data:
        settings = load_settings({}, data)
        yield Shop(host=settings.site.base_url, settings=settings, data=data)
