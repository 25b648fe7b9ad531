"""`haat load`: runs suites against a shop, judges them by their budgets, writes the report and keeps the history."""

import argparse
import contextlib
import os
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import aiohttp
import asyncpg
import msgspec
import uvloop

from loadtests import history
from loadtests.budgets import DEFAULT, Budget, BudgetError, load_budgets
from loadtests.catalogue import CatalogueError
from loadtests.ceilings import CeilingError
from loadtests.conduct import LoadError, Shop, conduct
from loadtests.flash import FlashError
from loadtests.fresh import FreshError, fresh_stack
from loadtests.plan import Suite
from loadtests.quiet import NeverQuiet
from loadtests.ratios import RatioError
from loadtests.report import page, summary
from loadtests.result import Result
from loadtests.smoke import SUITE as SMOKE
from loadtests.smoke import smoke
from loadtests.suites import NAMES, SHORT_S, Wishes, plan_of
from loadtests.wire import Refused
from server.settings import DEFAULT_DATA, SettingsError, load_settings

ALL, COMPARE = "all", "compare"
PRODUCTS, SMOKE_PRODUCTS = 100_000, 2_000
PROBLEMS = (
    BudgetError, CatalogueError, CeilingError, FlashError, FreshError, LoadError, NeverQuiet, RatioError, Refused,
    SettingsError,
    history.HistoryError, aiohttp.ClientError, asyncpg.PostgresError, OSError,
)  # fmt: skip
HELP = """\
Suites: shoppers, checkout, flash_sale, sellers, mixed, soak, spike; smoke (search and checkout as ratios to what the
machine can do, in a minute); all (each of them for a short time). `compare A B` shows what changed between two runs.
A broken budget ends the command with exit code 1 and is named with its line; 2 means that it could not run.
"""


def add_parser(commands: Any) -> None:
    parser = commands.add_parser(
        "load",
        help="load the shop with simulated shoppers",
        description=HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("suite", choices=(*NAMES, SMOKE, ALL, COMPARE), metavar="SUITE", help="what to run")
    parser.add_argument("runs", nargs="*", help="for compare: the ids of two runs, or how they begin")
    who = parser.add_argument_group("who comes")
    who.add_argument("--users", type=int, help="people at once (open loop: at most)")
    who.add_argument("--rate", type=float, help="journeys a second that arrive whatever the shop does; 0: closed loop")
    who.add_argument("--spawn-rate", type=float, help="people that start each second")
    who.add_argument("--duration", type=float, metavar="S", help="seconds")
    who.add_argument("--think", type=float, metavar="S", help="mean pause between two actions of a person")
    who.add_argument("--load-workers", type=int, default=1, metavar="N", help="Locust processes (1)")
    who.add_argument(
        "--popularity",
        metavar="FILE",
        default="",
        help="catalogue.json of an earlier run (default: what sells best now)",
    )
    who.add_argument("--seed", type=int, default=1, help="of who does what when (1)")
    where = parser.add_argument_group("where")
    where.add_argument("--host", help="address of the shop (default: that of the stack in --data)")
    where.add_argument("--data", type=Path, help="data folder of the stack (default: .haat)")
    where.add_argument(
        "--fresh", action="store_true", help="start a stack of its own (smoke does, without --host, --data)"
    )
    where.add_argument("--products", type=int, help="catalogue of the fresh stack (100000; 2000 for smoke)")
    where.add_argument("--web-workers", type=int, default=2, help="web processes of the fresh stack (2)")
    where.add_argument("--gateway", help="address of the payment simulator (default: that of the stack in --data)")
    parser.add_argument("--budgets", type=Path, default=DEFAULT, metavar="FILE", help="default: loadtests/budgets.toml")
    parser.add_argument("--out", type=Path, help="folder of the report (default: reports/DATE-SUITE)")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    try:
        if arguments.suite == COMPARE:
            return _compare(arguments)
        if arguments.runs:
            raise SettingsError(f"{arguments.suite} takes no further names: {' '.join(arguments.runs)}.")
        budgets = load_budgets(arguments.budgets)
        out = _folder(arguments)
        with _shop(arguments) as shop:
            results = uvloop.run(_run(arguments, shop, budgets, out))
        return _report(results, out)
    except KeyboardInterrupt:
        return 130
    except PROBLEMS as error:
        print(f"haat load: {error}", file=sys.stderr)
        return 2


async def _run(arguments: argparse.Namespace, shop: Shop, budgets: Sequence[Budget], out: Path) -> list[Result]:
    """One suite after the other; what one leaves behind (sold stock, warm caches) the next one finds."""
    results = []
    suites: tuple[Suite | Literal["smoke"], ...] = (*NAMES, SMOKE)
    for suite in suites if arguments.suite == ALL else (arguments.suite,):
        print(f"{suite} ...", flush=True)
        if suite == SMOKE:
            result = await smoke(shop, budgets)
        else:
            plan = plan_of(suite, _wishes(arguments, shop, suite))
            folder = out / suite
            folder.mkdir(parents=True, exist_ok=True)
            result = await conduct(plan, shop, budgets, folder=folder)
        print(_line(result), flush=True)
        results.append(result)
    return results


def _wishes(arguments: argparse.Namespace, shop: Shop, suite: Suite) -> Wishes:
    gateway = (arguments.gateway or (shop.settings.payments.base_url if shop.settings else "")).rstrip("/")
    if not gateway and suite not in ("shoppers", "sellers"):
        raise SettingsError(f"{suite} pays at the payment simulator: name its address with --gateway.")
    duration_s = arguments.duration
    if duration_s is None and arguments.suite == ALL:
        duration_s = SHORT_S[suite]
    return Wishes(
        host=shop.host,
        gateway=gateway,
        users=arguments.users,
        rate=arguments.rate,
        duration_s=duration_s,
        think_s=arguments.think,
        spawn_rate=arguments.spawn_rate,
        processes=arguments.load_workers,
        seed=arguments.seed,
        popularity=arguments.popularity,
    )


@contextlib.contextmanager
def _shop(arguments: argparse.Namespace) -> Iterator[Shop]:
    """The shop that was named, or one of its own. Far away (--host alone) nothing but HTTP is measured."""
    if arguments.fresh or (arguments.suite == SMOKE and not (arguments.host or arguments.data)):
        products = arguments.products or (SMOKE_PRODUCTS if arguments.suite == SMOKE else PRODUCTS)
        print(f"Starting a fresh stack with {products:,} products ...", flush=True)
        with fresh_stack(products=products, workers=arguments.web_workers) as data:
            settings = load_settings({}, data)
            yield Shop(host=settings.site.base_url, settings=settings, data=data)
        return
    settings = load_settings(data=arguments.data)
    host = (arguments.host or settings.site.base_url).rstrip("/")
    if (arguments.host and not arguments.data) or not settings.database.url:
        yield Shop(host=host)
        return
    data = arguments.data or Path(os.environ.get("HAAT_DATA", DEFAULT_DATA))
    yield Shop(host=host, settings=settings, data=data)


def _folder(arguments: argparse.Namespace) -> Path:
    name = f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{arguments.suite}"
    out: Path = (arguments.out or Path("reports") / name).absolute()  # the load processes run elsewhere
    out.mkdir(parents=True, exist_ok=True)
    return out


def _line(result: Result) -> str:
    row = result.overall
    broken = sum(not verdict.kept for verdict in result.verdicts)
    said = f"{broken} of {len(result.verdicts)} budgets broken" if broken else f"{len(result.verdicts)} budgets kept"
    if result.ratios:
        told = (f"  {name:<24} {ratio.value:>8.3g}   {ratio.what}" for name, ratio in result.ratios.items())
        return "\n".join([*told, f"  {said}"])
    return f"  {row.per_s:.0f} requests/s, p95 {row.p95_ms:.0f} ms, {row.errors} errors, {said}"


def _report(results: Sequence[Result], out: Path) -> int:
    (out / "report.html").write_text(page(results), "utf-8")
    (out / "summary.md").write_text(summary(results), "utf-8")
    (out / "results.json").write_bytes(msgspec.json.format(msgspec.json.encode(results), indent=1))
    history.append(out.parent / history.FILE, results)
    broken = [verdict for result in results for verdict in result.verdicts if not verdict.kept]
    for verdict in broken:
        print(verdict.sentence)
    print(f"Report: {out / 'report.html'}")
    return 1 if broken else 0


def _compare(arguments: argparse.Namespace) -> int:
    if len(arguments.runs) != 2:
        raise history.HistoryError("compare takes two runs: haat load compare A B.")
    entries = history.read((arguments.out or Path("reports")) / history.FILE)
    before, after = (history.find(entries, name) for name in arguments.runs)
    print(history.table(before, after, history.compare(before, after, entries)))
    return 0
