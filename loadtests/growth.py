"""`haat bench-scale`: how the cost of search, product, checkout and sync grows with the catalogue and the workers.

Each size is a stack of its own on which `haat bench` runs, fresh or kept from an earlier run. A cost is told in Redis
GETs of the same run, so that a slow hour of the machine does not look like a large catalogue.
"""

import argparse
import contextlib
import sys
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import aiohttp
import msgspec
import uvloop

from loadtests import bench, processes
from loadtests.budgets import DEFAULT, load_budgets
from loadtests.catalogue import draw_catalogue
from loadtests.conduct import Shop, commit, machine
from loadtests.fresh import fresh_stack, kept_stack, restart
from loadtests.freshness import Plan, ProbeError, percentile
from loadtests.freshness import Probe as Edits
from loadtests.quiet import until_quiet
from loadtests.ratios import Probe, measure
from loadtests.report.growth import Point, page, table
from loadtests.suites import SELLER
from loadtests.till import Till, variants_of
from loadtests.whole import NotWhole, demand_whole
from server.settings import load_settings

SIZES, WORKERS = "10000,100000,1000000", "2"
SMALL, LARGE, GROWTH_MAX = 10_000, 100_000, 1.3
JUDGED = ("page_uncached", "checkout")
EDITS, EDITS_PER_S = 60, 5.0
PRODUCTS, UNITS = 2_000, 3


def add_parser(commands: Any) -> None:
    parser = commands.add_parser("bench-scale", help="tell how cost grows with the catalogue and the web processes")
    parser.add_argument("--products", type=_numbers, default=SIZES, metavar="N,N", help=f"sizes ({SIZES})")
    parser.add_argument(
        "--web-workers", type=_numbers, default=WORKERS, metavar="N,N", help=f"each of them ({WORKERS})"
    )
    parser.add_argument(
        "--keep",
        type=Path,
        metavar="DIR",
        help="keep the stack of each size in DIR/SIZE, and use the one that is there",
    )
    parser.add_argument("--rounds", type=int, default=2, help="turns of each figure (2)")
    parser.add_argument("--seconds", type=float, default=0.8, help="length of a turn (0.8)")
    parser.add_argument(
        "--out", type=Path, default=Path("reports") / "scale", help="folder of the report (reports/scale)"
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    points: list[Point] = []
    try:
        for products in arguments.products:
            for point in _measure_size(products, arguments):
                points.append(point)
                write(points, arguments.out)
    except KeyboardInterrupt:
        return 130
    except (*bench.PROBLEMS, NotWhole, ProbeError) as error:
        print(f"haat bench-scale: {error}", file=sys.stderr)
        return 2
    print(table(points))
    grown = too_much(points)
    for sentence in grown:
        print(sentence)
    print(f"Report: {arguments.out / 'scale.html'}")
    return 1 if grown else 0


def too_much(points: Sequence[Point]) -> list[str]:
    """A sentence for each cost that grew more than it may from SMALL to LARGE, with as many workers."""
    found = []
    for small in points:
        for large in points:
            if (small.products, large.products) == (SMALL, LARGE) and small.workers == large.workers:
                for name in JUDGED:
                    times = large.cost[name] / small.cost[name]
                    if times > GROWTH_MAX:
                        found.append(
                            f"{name} costs {times:.2f} times as much at {LARGE:,} products as at {SMALL:,} "
                            f"({small.workers} web processes): at most {GROWTH_MAX} is allowed."
                        )
    return found


def write(points: Sequence[Point], out: Path) -> None:
    """After each point, so that a run that is stopped leaves what it has."""
    out.mkdir(parents=True, exist_ok=True)
    (out / "scale.json").write_bytes(msgspec.json.format(msgspec.json.encode(points)))
    measured = f"{datetime.now(UTC).isoformat(timespec='minutes')} · commit {commit() or 'unknown'} · {machine()}"
    (out / "scale.html").write_text(page(points, measured=measured), "utf-8")


def _measure_size(products: int, arguments: argparse.Namespace) -> Iterator[Point]:
    first, *others = arguments.web_workers
    folder = arguments.keep.absolute() / str(products) if arguments.keep else None
    there = folder is not None and folder.exists()
    _say(f"{products:,} products: starting {'the kept' if there else 'a fresh'} stack ...")
    began = time.monotonic()
    with _stack(folder, products=products, workers=first) as data:
        ready_s = time.monotonic() - began
        drain_s = uvloop.run(_drained(data, products))
        _say(f"{products:,} products: ready after {ready_s:.0f} s, indexed {drain_s:.0f} s later")
        for workers in (first, *others):
            if workers != first:
                restart(data, workers=workers)
            _say(f"{products:,} products, {workers} web processes ...")
            point = uvloop.run(
                _point(data, products=products, workers=workers, rounds=arguments.rounds, seconds=arguments.seconds)
            )
            yield point if there else msgspec.structs.replace(point, ready_s=ready_s, drain_s=drain_s)


@contextlib.contextmanager
def _stack(folder: Path | None, *, products: int, workers: int) -> Iterator[Path]:
    """The data folder of a stack that runs meanwhile."""
    if folder is None:
        with fresh_stack(products=products, workers=workers) as data:
            yield data
    else:
        with kept_stack(folder, products=products, workers=workers):
            yield folder


async def _drained(data: Path, products: int) -> float:
    """Seconds until the search has every one of the products; see NotWhole."""
    settings = load_settings({}, data)
    began = time.monotonic()
    await demand_whole(settings.site.base_url, settings.database.url, products=products)
    return time.monotonic() - began


async def _point(data: Path, *, products: int, workers: int, rounds: int, seconds: float) -> Point:
    settings = load_settings({}, data)
    shop = Shop(host=settings.site.base_url, settings=settings, data=data)
    measured, _ = await bench.bench(shop, load_budgets(DEFAULT), rounds=rounds, seconds=seconds, buying=False)
    per_s = {name: row.per_s for name, row in measured.rows.items()}
    per_s["checkout"] = await _checkouts(shop, rounds=rounds, seconds=seconds)
    edits = await _edits(shop.host)
    gets = measured.rows["cached_search"].ceiling_per_s
    return Point(
        products=products,
        workers=workers,
        edit_p50_ms=percentile(edits, 0.5),
        edit_p99_ms=percentile(edits, 0.99),
        per_s=per_s,
        cost={name: gets / rate for name, rate in per_s.items()},
    )


async def _checkouts(shop: Shop, *, rounds: int, seconds: float) -> float:
    assert shop.settings is not None
    assert shop.data is not None
    catalogue = await draw_catalogue(shop.host)
    variants = await variants_of(shop.host, catalogue.products, units=UNITS, most=PRODUCTS)
    till = Till(shop.host, shop.settings.payments.base_url, variants)
    web = processes.web_of(processes.running(shop.data))
    settle = partial(until_quiet, shop.host, shop.settings.database.url)
    probe = Probe(name="checkout", url=shop.host, pids=web, till=till)
    return (await measure([probe], rounds=rounds, seconds=seconds, settle=settle))["checkout"].rate


async def _edits(host: str) -> list[float]:
    """In ms, from the answer to an edit until the public search shows it."""
    plan = Plan(host=host, email=SELLER.email, password=SELLER.password, edits=EDITS, rate=EDITS_PER_S)
    async with aiohttp.ClientSession(host, connector=aiohttp.TCPConnector(limit=0)) as session:
        probe = Edits(plan, session, say=_say)
        await probe.run()
    if probe.late:
        raise ProbeError(probe.late[0])
    return probe.latencies_ms


def _numbers(text: str) -> list[int]:
    words = text.split(",")
    if not all(word.isdecimal() and int(word) for word in words):
        raise argparse.ArgumentTypeError(f"{text!r} is no list of numbers such as 10000,100000")
    return [int(word) for word in words]


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
