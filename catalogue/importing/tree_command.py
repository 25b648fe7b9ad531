"""`haat import-categories`: a tree of categories out of one JSON file; importing it again changes nothing."""

import argparse
import asyncio
import gzip
import sys
import time
import zlib
from pathlib import Path
from typing import Any

import asyncpg
import msgspec

from catalogue.importing.lines import SourceError
from catalogue.importing.tree import plan_tree
from catalogue.importing.tree_write import write_tree
from models.database import connected
from server.settings import SettingsError, load_settings

HELP = """\
FILE is a JSON list (or JSON lines, also .gz) of {"id", "name", "path": [{"id", "name"}…], "subCategories": [{"id",
"name"}…]}. A category's home is where its path says; other categories that list it become further parents. Categories
are known by their id: importing again updates names and places, keeps addresses, and makes no doubles. Whatever is odd
in the file is counted and said, and stops nothing.
"""


def add_parser(commands: Any) -> None:
    parser = commands.add_parser(
        "import-categories",
        help="import a tree of categories from a JSON file",
        description=HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("file", type=Path, metavar="FILE", help=".json or .jsonl, also .gz")
    parser.add_argument("--data", type=Path, help="data folder of the stack (default: .haat)")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    try:
        return asyncio.run(_run(arguments))
    except (SettingsError, SourceError, OSError, asyncpg.PostgresError) as error:
        print(f"haat import-categories: {error}", file=sys.stderr)
        return 2


async def _run(arguments: argparse.Namespace) -> int:
    settings = load_settings(data=arguments.data, needs=("database",))
    started = time.monotonic()
    tree = plan_tree(read_records(arguments.file))
    async with connected(settings.database.url, pool_max=2):
        written = await write_tree(tree)
    print(f"Imported {len(tree.nodes):,} categories of {arguments.file.name} in {time.monotonic() - started:.1f} s")
    print(f"  created {written.created:,}, updated {written.updated:,}, unchanged {written.unchanged:,}")
    print(f"  further parents: {len(tree.links):,} ({written.links:,} new)")
    for oddity, count in tree.oddities.most_common():
        print(f"Note: {count:,} {oddity}.")
    return 0


def read_records(path: Path) -> list[Any]:
    """The list in the file, or its lines as a list. Raises SourceError."""
    raw = path.read_bytes()
    try:
        text = gzip.decompress(raw) if raw.startswith(b"\x1f\x8b") else raw
        text = text.removeprefix(b"\xef\xbb\xbf").strip()
        if text.startswith(b"["):
            return list(msgspec.json.decode(text, type=list[Any]))
        return [msgspec.json.decode(line) for line in text.splitlines() if line.strip()]
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise SourceError(f"{path} is damaged: {error}.") from error
    except (ValueError, RecursionError) as error:
        raise SourceError(f"{path} is no JSON: {error}.") from error
