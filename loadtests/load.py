"""`haat load`: runs suites against a shop, judges them by their budgets, writes the report and keeps the history."""

import argparse
import contextlib
import os
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
import asyncpg
import msgspec
import uvloop

from loadtests import history
from loadtests.budgets import DEFAULT, Budget, BudgetError, load_budgets
from loadtests.catalogue import CatalogueError
from loadtests.ceilings import CeilingError
from loadtests.conduct import LoadError, Shop, conduct
from loadtests.ending import Stopped
from loadtests.flash import FlashError
from loadtests.fresh import FreshError, fresh_stack
from loadtests.options import above_zero, address, count, duration, from_zero
from loadtests.plan import Login, Suite
from loadtests.quiet import NeverQuiet
from loadtests.ratios import RatioError
from loadtests.report import page, summary
from loadtests.result import Result
from loadtests.smoke import SUITE as SMOKE
from loadtests.smoke import smoke
from loadtests.suites import NAMES, SELLER, SHORT_S, Wishes, plan_of
from loadtests.wire import Refused
from server.settings import DEFAULT_DATA, SettingsError, load_settings

ALL, COMPARE = "all", "compare"
PRODUCTS, SMOKE_PRODUCTS = 100_000, 2_000
PROBLEMS = (
    BudgetError, CatalogueError, CeilingError, FlashError, FreshError, LoadError, NeverQuiet, RatioError, Refused,
    SettingsError,
    history.HistoryError, aiohttp.ClientError, asyncpg.PostgresError, OSError,
)  # fmt: skip
SHOWN = 3
INTERRUPTED = 130
OF_A_FRESH_STACK = ("products", "web_workers")
HELP = """\
Suites:
  shoppers    people who browse, search key by key, filter, page, look at products, fill carts
  checkout    whole purchases, from the cart to paid through the payment simulator and its webhook
  flash_sale  a crowd that orders the same few units at one moment: 20 of each of three products of the seller, whose
              stock is put back
  sellers     names edited at a steady rate and put back, each edit looked for until the public search shows it
  mixed       a day: 90 % browse and search, 8 % carts, 2 % purchases, and sellers beside them
  soak        half as many for half an hour: memory, connections, queue and lag must be flat
  spike       ten times as many for 30 s, and back
  smoke       search and checkout as ratios to what the machine can do, in a minute
  all         each of them for a short time, three minutes together
`haat load compare A B` shows what changed between two runs; `haat load compare` lists them.

A broken budget ends the command with exit code 1 and is named with its line; 2 means that it could not run. Ctrl-C ends
a run in good order and reports what it measured, with 130. Purchases are real orders of the shop, paid at a simulator.
"""


def add_parser(commands: Any) -> None:
    parser = commands.add_parser(
        "load",
        help="load the shop with simulated shoppers",
        description=HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("suite", choices=(*NAMES, SMOKE, ALL, COMPARE), metavar="SUITE", help="what to run")
    parser.add_argument("runs", nargs="*", default=[], metavar="RUN", help="for compare: two ids, or how they begin")
    _add_who(parser.add_argument_group("who comes"))
    _add_where(parser.add_argument_group("where"))
    parser.add_argument("--budgets", type=Path, default=DEFAULT, metavar="FILE", help="default: loadtests/budgets.toml")
    parser.add_argument(
        "--out",
        type=Path,
        metavar="DIR",
        help="folder of the report (default: reports/DATE-SUITE); the history is beside it. For compare: the folder "
        "of the history (reports)",
    )
    parser.set_defaults(run=run)


def _add_who(who: argparse._ArgumentGroup) -> None:
    """What is not said is the suite's own."""
    who.add_argument("--users", type=count, metavar="N", help="people at once (open loop: at most)")
    who.add_argument(
        "--rate",
        type=from_zero,
        metavar="N",
        help="journeys a second that arrive whatever the shop does; 0: closed loop",
    )
    who.add_argument("--spawn-rate", type=above_zero, metavar="N", help="people that start each second")
    who.add_argument("--duration", type=duration, metavar="TIME", help="how long: 90, 90s, 3m, 1h")
    who.add_argument("--think", type=from_zero, metavar="S", help="mean pause between two actions of a person")
    who.add_argument("--load-workers", type=count, default=1, metavar="N", help="Locust processes (1)")
    who.add_argument(
        "--popularity",
        metavar="FILE",
        default="",
        help="catalogue.json of an earlier run (default: what sells best now)",
    )
    who.add_argument("--seed", type=int, default=1, metavar="N", help="of who does what when (1)")
    who.add_argument("--email", default=SELLER.email, help=f"log-in of the seller who edits ({SELLER.email})")
    who.add_argument("--password", default=SELLER.password, help="of the seller (the demo's)")


def _add_where(where: argparse._ArgumentGroup) -> None:
    where.add_argument(
        "--host",
        type=address,
        metavar="URL",
        help="the shop (default: that of the stack in --data); alone, nothing but its answers is measured",
    )
    where.add_argument("--data", type=Path, help="data folder of the stack (default: .haat)")
    where.add_argument(
        "--fresh", action="store_true", help="start a stack of its own (smoke does, without --host, --data)"
    )
    where.add_argument("--products", type=count, metavar="N", help="of the fresh stack (100000; 2000 for smoke)")
    where.add_argument("--web-workers", type=count, metavar="N", help="web processes of the fresh stack (2)")
    where.add_argument(
        "--gateway", type=address, metavar="URL", help="the payment simulator (default: that of the stack in --data)"
    )


def run(arguments: argparse.Namespace) -> int:
    results: list[Result] = []
    code, out = 0, _folder(arguments)
    try:
        if arguments.suite == COMPARE:
            return _compare(arguments)
        _demand_sense(arguments)
        budgets = load_budgets(arguments.budgets)
        with _shop(arguments) as shop:
            uvloop.run(_run(arguments, shop, budgets, out, results))
    except (KeyboardInterrupt, Stopped):
        code = INTERRUPTED
    except PROBLEMS as error:
        print(f"haat load: {error}", file=sys.stderr)
        code = 2
    return _report(results, out, code) if results else code


async def _run(
    arguments: argparse.Namespace, shop: Shop, budgets: Sequence[Budget], out: Path, results: list[Result]
) -> None:
    """One suite after the other; what one leaves behind (sold stock, warm caches) the next one finds.

    `results` has each one that came to its end, whatever becomes of the next. Raises Stopped.
    """
    plans = {suite: plan_of(suite, _wishes(arguments, shop, suite)) for suite in _suites(arguments, shop)}
    for suite, plan in plans.items():
        print(f"{suite} ...", flush=True)
        result = await conduct(plan, shop, budgets, folder=out / suite)
        results.append(result)
        print(_line(result), flush=True)
        if result.stopped:
            raise Stopped
    if arguments.suite == SMOKE or (arguments.suite == ALL and shop.data):
        print(f"{SMOKE} ...", flush=True)
        results.append(await smoke(shop, budgets))
        print(_line(results[-1]), flush=True)


def _suites(arguments: argparse.Namespace, shop: Shop) -> Sequence[Suite]:
    if arguments.suite == SMOKE:
        return ()
    if arguments.suite == ALL and not shop.data:
        print(f"{SMOKE} is left out: ratios want a stack on this machine.", flush=True)
    return NAMES if arguments.suite == ALL else (arguments.suite,)


def _demand_sense(arguments: argparse.Namespace) -> None:
    """Raises SettingsError for words that would be passed over."""
    if arguments.runs:
        raise SettingsError(f"{arguments.suite} takes no further names: {' '.join(arguments.runs)}.")
    for name in OF_A_FRESH_STACK:
        if getattr(arguments, name) is not None and not _starts_one(arguments):
            raise SettingsError(f"--{name.replace('_', '-')} is of a stack that is started for the run: add --fresh.")
    if arguments.fresh and (arguments.host or arguments.data):
        raise SettingsError("--fresh starts a stack of its own: leave --host and --data out.")


def _starts_one(arguments: argparse.Namespace) -> bool:
    return bool(arguments.fresh or (arguments.suite == SMOKE and not (arguments.host or arguments.data)))


def _wishes(arguments: argparse.Namespace, shop: Shop, suite: Suite) -> Wishes:
    """Raises SettingsError where the suite wants what is not there."""
    gateway = arguments.gateway or (shop.settings.payments.base_url.rstrip("/") if shop.settings else "")
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
        seller=Login(arguments.email, arguments.password),
    )


@contextlib.contextmanager
def _shop(arguments: argparse.Namespace) -> Iterator[Shop]:
    """The shop that was named, or one of its own. Far away (--host alone) nothing but HTTP is measured."""
    if _starts_one(arguments):
        products = arguments.products or (SMOKE_PRODUCTS if arguments.suite == SMOKE else PRODUCTS)
        print(f"Starting a fresh stack with {products:,} products ...", flush=True)
        with fresh_stack(products=products, workers=arguments.web_workers or 2) as data:
            settings = load_settings({}, data)
            yield Shop(host=settings.site.base_url, settings=settings, data=data)
        return
    if arguments.host and not arguments.data:
        yield Shop(host=arguments.host)
        return
    settings = load_settings(data=arguments.data)
    data = arguments.data or Path(os.environ.get("HAAT_DATA", DEFAULT_DATA))
    if not settings.database.url:
        raise SettingsError(f"No stack in {data}: `haat up` starts one, --fresh one for this run; or name a --host.")
    yield Shop(host=arguments.host or settings.site.base_url.rstrip("/"), settings=settings, data=data)


def _folder(arguments: argparse.Namespace) -> Path:
    """Made with what is first written into it."""
    name = f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{arguments.suite}"
    out: Path = (arguments.out or Path("reports") / name).absolute()  # the load processes run elsewhere
    return out


def _line(result: Result) -> str:
    row = result.overall
    broken = sum(not verdict.kept for verdict in result.verdicts)
    said = f"{broken} of {len(result.verdicts)} budgets broken" if broken else f"{len(result.verdicts)} budgets kept"
    if not result.verdicts:
        said = f"ended after {result.duration_s:.0f} s, not judged" if result.stopped else "no budgets"
    if result.stopped and not row.count:
        return f"  {said}: that was the warm-up"
    if result.ratios:
        told = (f"  {name:<24} {ratio.value:>8.3g}   {ratio.what}" for name, ratio in result.ratios.items())
        return "\n".join([*told, f"  {said}"])
    failed = [f"  {times} × {reason}" for reason, times in list(result.failures.items())[:SHOWN]]
    return "\n".join([f"  {row.per_s:.0f} requests/s, p95 {row.p95_ms:.0f} ms, {row.errors} errors, {said}", *failed])


def _report(results: Sequence[Result], out: Path, code: int) -> int:
    """The exit code: `code` where something else went wrong, else 1 for a broken budget."""
    out.mkdir(parents=True, exist_ok=True)
    (out / "report.html").write_text(page(results), "utf-8")
    (out / "summary.md").write_text(summary(results), "utf-8")
    (out / "results.json").write_bytes(msgspec.json.format(msgspec.json.encode(results), indent=1))
    history.append(out.parent / history.FILE, [result for result in results if not result.stopped])
    broken = [verdict for result in results for verdict in result.verdicts if not verdict.kept]
    for verdict in broken:
        print(verdict.sentence)
    print(f"Runs: {', '.join(result.id for result in results)}")
    print(f"Report: {out / 'report.html'}")
    return code or (1 if broken else 0)


def _compare(arguments: argparse.Namespace) -> int:
    entries = history.read((arguments.out or Path("reports")) / history.FILE)
    if not arguments.runs:
        print(history.listing(entries))
        return 0
    if len(arguments.runs) != 2:
        raise history.HistoryError(
            "compare takes two runs: haat load compare A B; without them it lists what there is."
        )
    before, after = (history.find(entries, name) for name in arguments.runs)
    print(history.table(before, after, history.compare(before, after, entries)))
    return 0
