"""`haat probe freshness`: edits at a steady rate, each looked for by the public search; figures come last."""

import argparse
import asyncio
import json
import sys
from pathlib import Path
from typing import Any

import aiohttp

from loadtests.bulk import BULK_MAX
from loadtests.freshness import Plan, Probe, ProbeError, percentile
from loadtests.options import address
from loadtests.suites import SELLER
from server.settings import SettingsError, load_settings

SHARES = {"p50": 0.5, "p95": 0.95, "p99": 0.99}
SHOWN = 5
HELP = """\
Measures, in ms, the time from the answer to a seller's PATCH until the public search shows the edit, on a query that
was cached just before. Log-in and edits go over the API, as the demo seller unless --email says otherwise. Prices of
at most 200 products go down by less than one unit of money, or names get an ending, and are put back at the end.
--bulk changes further products in one SQL statement, half way, and looks for every one of them; edits go on meanwhile.
--searches-per-s lets shoppers search beside, at a steady rate whatever the shop does.
Exits 1 when an edit was not found in time, 2 when the probe could not run.
"""


def add_parser(commands: Any) -> None:
    parser = commands.add_parser("probe", help="measure how soon an edit is findable")
    probes = parser.add_subparsers(dest="probe", required=True)
    freshness = probes.add_parser(
        "freshness",
        help="edit products and look for the edits in the public search",
        description=HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    freshness.add_argument("--edits", type=int, default=200, help="how many (200)")
    freshness.add_argument("--rate", type=float, default=5.0, help="edits a second (5)")
    freshness.add_argument("--searches-per-s", type=float, default=0.0, metavar="N", help="an open load beside (0)")
    freshness.add_argument("--bulk", type=int, default=0, metavar="N", help="change N products at once half way (0)")
    freshness.add_argument("--host", type=address, help="address of the shop (default: that of the stack in --data)")
    freshness.add_argument("--data", type=Path, help="data folder of the stack (default: .haat)")
    freshness.add_argument("--field", choices=("price", "name", "mixed"), default="price", help="what to edit (price)")
    freshness.add_argument("--timeout", type=float, default=10.0, metavar="S", help="give an edit up after S s (10)")
    freshness.add_argument("--email", default=SELLER.email, help="the seller's log-in")
    freshness.add_argument("--password", default=SELLER.password, help=argparse.SUPPRESS)
    freshness.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    if arguments.edits < 1 or arguments.rate <= 0 or arguments.searches_per_s < 0:
        print("haat probe: --edits and --rate are above zero, --searches-per-s is not below.", file=sys.stderr)
        return 2
    if not 0 <= arguments.bulk <= BULK_MAX:
        print(f"haat probe: --bulk is at most {BULK_MAX}, as far as pages of the search go.", file=sys.stderr)
        return 2
    try:
        return asyncio.run(_freshness(arguments))
    except KeyboardInterrupt:
        return 130
    except (SettingsError, ProbeError, aiohttp.ClientError, OSError) as error:
        print(f"haat probe: {str(error) or repr(error)}", file=sys.stderr)
        return 2


async def _freshness(arguments: argparse.Namespace) -> int:
    settings = load_settings(data=arguments.data) if arguments.bulk or not arguments.host else None
    host = arguments.host or (settings.site.base_url if settings else "")
    plan = Plan(
        host=host.rstrip("/"),
        email=arguments.email,
        password=arguments.password,
        edits=arguments.edits,
        rate=arguments.rate,
        field=arguments.field,
        timeout_s=arguments.timeout,
        searches_per_s=arguments.searches_per_s,
        bulk=arguments.bulk,
        database_url=settings.database.url if settings else "",
    )
    timeout = aiohttp.ClientTimeout(total=30)
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(plan.host, connector=connector, timeout=timeout) as session:
        probe = Probe(plan, session, say=lambda text: print(text, file=sys.stderr))
        await probe.run()
    for sentence in _few(probe.late):
        print(f"haat probe: {sentence}", file=sys.stderr)
    print(json.dumps(report(probe)))
    return 1 if probe.late or (probe.bulk and probe.bulk.found_ms is None) else 0


def report(probe: Probe) -> dict[str, Any]:
    """The figures of the edits; of the bulk change, and of the searches beside, where they were wanted."""
    found: dict[str, Any] = {**figures(probe.latencies_ms), "unavailable": probe.unavailable}
    if probe.bulk:
        meanwhile = probe.meanwhile_ms
        all_ms = None if probe.bulk.found_ms is None else round(probe.bulk.found_ms, 1)
        found["bulk"] = {"products": probe.bulk.products, "all_ms": all_ms, "edits_meanwhile": len(meanwhile),
            "worst_edit_ms": round(max(meanwhile, default=0.0), 1)}  # fmt: skip
    if probe.beside:
        met = probe.beside
        latencies = {name: round(percentile(met.latencies_ms, share), 1) for name, share in SHARES.items()}
        found["searches"] = {"count": len(met.latencies_ms), **latencies, "failed": met.failed,
            "degraded": met.degraded}  # fmt: skip
    return found


def _few(sentences: list[str]) -> list[str]:
    """The first of them, and how many more there are."""
    more = len(sentences) - SHOWN
    return [*sentences[:SHOWN], f"and {more:,} more were not found in time or not made"] if more > 0 else sentences


def figures(latencies_ms: list[float]) -> dict[str, float]:
    found = {name: round(percentile(latencies_ms, share), 1) for name, share in SHARES.items()}
    return {"edits": len(latencies_ms), **found, "max": round(max(latencies_ms, default=0.0), 1)}
