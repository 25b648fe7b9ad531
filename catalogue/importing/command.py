"""`haat import`: a seller's CSV or JSON-lines file into the catalogue of a running or configured shop."""

import argparse
import asyncio
import os
import sys
import time
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import asyncpg

from catalogue.importing.columns import ALIASES, MappingError
from catalogue.importing.lines import SourceError
from catalogue.importing.report import Tally, summary
from catalogue.importing.run import Importer, RefusedError, Wishes
from catalogue.importing.source import Source
from catalogue.progress import Progress
from models.database import connected, pool
from server.settings import SettingsError, load_settings

HELP = """\
Reads CSV (comma, semicolon, tab) or JSON lines, plain or .gz, of any size, and commits in batches. Products are known
by the seller's SKU: importing again updates them and makes no doubles; rows that change nothing write nothing. Without
a SKU one is made of name, brand and first picture. A row that cannot be taken goes to the errors file with line,
column and reason, and the rest goes on. Run it again after a crash.

Prices: $237.68, Rs. 1,299, ₹1,299.00, 1.299,00, 12,50; of a range (10.99 - 24.50) the lowest. A comma before exactly
three digits groups thousands; a lone dot is the decimal point. Prices marked in another currency are taken number for
number, with a notice, unless --rate converts them. Category paths are JSON lists or names joined by | or >; missing
categories are made. Pictures are addresses joined by |. Stock is the free quantity; where the file gives none, new
products get --stock and others keep theirs. Products of a trusted seller are for sale at once, others wait for
approval, and so does what shoppers read of theirs that are on sale already; price and stock hold.
"""


def add_parser(commands: Any) -> None:
    parser = commands.add_parser(
        "import",
        help="import a seller's products from a CSV or JSON-lines file",
        description=HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("file", type=Path, metavar="FILE", help=".csv, .tsv or .jsonl, also .gz")
    parser.add_argument("--seller", required=True, metavar="SLUG", help="whose products they are (demo: demo-seller)")
    parser.add_argument("--data", type=Path, help="data folder of the stack (default: .haat)")
    parser.add_argument("--dry-run", action="store_true", help="read and compare everything, write nothing")
    parser.add_argument(
        "--map", action="append", default=[], type=_mapping, metavar="FIELD=COLUMN", dest="mapping",
        help=f'which column is which field: {", ".join(ALIASES)}, or spec:NAME; as name="Product Name". Common'
        " names are known. sold: units sold before, which rank a new product until it sells here",
    )  # fmt: skip
    parser.add_argument(
        "--unknown", choices=("keep", "ignore"), default="keep",
        help="keep other columns as typed specifications (default), or ignore them",
    )  # fmt: skip
    parser.add_argument("--stock", type=_units, default=10, help="free units of a new product without a stock (10)")
    parser.add_argument("--currency", default="", help="currency of prices without a mark (default: the shop's)")
    parser.add_argument(
        "--rate", action="append", default=[], type=_rate, metavar="CODE=RATE",
        help="convert prices in CODE: what one unit is worth in the shop's currency, as USD=83.0",
    )  # fmt: skip
    parser.add_argument(
        "--pictures", choices=("link", "copy"), default="link",
        help="show pictures from where they are (default), or have the worker copy each one into the media store",
    )  # fmt: skip
    parser.add_argument("--errors", type=Path, metavar="PATH", help="the errors file (default: FILE.errors.csv)")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """0 when every row was read, 1 when the file is damaged or no row could be taken, 2 when it could not start."""
    try:
        return asyncio.run(_run(arguments))
    except KeyboardInterrupt:
        return 130
    except (SettingsError, SourceError, MappingError, RefusedError) as error:
        print(f"haat import: {error}", file=sys.stderr)
    except (OSError, asyncpg.PostgresError) as error:
        print(f"haat import: {error}. What was committed stays: run the same command again.", file=sys.stderr)
    return 2


async def _run(arguments: argparse.Namespace) -> int:
    settings = load_settings(data=arguments.data, needs=("database",))
    source = Source(arguments.file)
    wishes = _wishes(arguments)
    wishes.errors_path.unlink(missing_ok=True)
    async with connected(settings.database.url, pool_max=2), pool().acquire() as connection:
        importer = Importer(connection, wishes, shop_currency=settings.site.currency)
        started = time.monotonic()
        try:
            with Progress("importing, bytes", source.size) as progress:
                tally = await importer.run(source, progress.advance)
        except asyncio.CancelledError:
            importer.tally.cut_short = "Stopped. What was committed stays: run the same command again to go on."
            raise
        finally:
            source.close()
            if importer.tally.rows:
                verb = "Read (dry run, nothing written)" if arguments.dry_run else "Imported"
                title = f"{verb} {arguments.file.name}"
                seconds = time.monotonic() - started
                print(summary(importer.tally, title=title, seconds=seconds, errors=importer.errors), flush=True)
    return _code(tally)


def _code(tally: Tally) -> int:
    return 1 if tally.cut_short or (tally.rows and tally.refused == tally.rows) else 0


def _wishes(arguments: argparse.Namespace) -> Wishes:
    return Wishes(
        path=arguments.file,
        seller=arguments.seller,
        errors_path=arguments.errors or errors_path(arguments.file),
        mapping=dict(arguments.mapping),
        keep_unknown=arguments.unknown == "keep",
        rates=dict(arguments.rate),
        currency=arguments.currency.upper(),
        stock_default=arguments.stock,
        copy_pictures=arguments.pictures == "copy",
        dry_run=arguments.dry_run,
    )


def errors_path(file: Path) -> Path:
    """Beside the file, or in the current folder where that one cannot be written."""
    beside = file.with_name(f"{file.name}.errors.csv")
    return beside if os.access(beside.parent, os.W_OK) else Path(beside.name)


def _mapping(text: str) -> tuple[str, str]:
    field, _, column = text.partition("=")
    if not field or not column:
        raise argparse.ArgumentTypeError(f'{text!r}: write FIELD=COLUMN, as name="Product Name"')
    return field, column.strip("\"'")


def _rate(text: str) -> tuple[str, Decimal]:
    code, _, number = text.partition("=")
    try:
        rate = Decimal(number)
    except InvalidOperation:
        rate = Decimal(0)
    if len(code) != 3 or not rate.is_finite() or rate <= 0:
        raise argparse.ArgumentTypeError(f"{text!r}: write CODE=RATE, as USD=83.0")
    return code.upper(), rate


def _units(text: str) -> int:
    if not text.isdecimal() or int(text) > 1_000_000:
        raise argparse.ArgumentTypeError(f"{text!r}: a whole number from 0 to 1000000")
    return int(text)
