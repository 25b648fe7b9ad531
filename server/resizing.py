"""`haat pictures`: what the shop keeps is made anew in the widths and formats of today, beside the running shop.

What is left to do stands in the keys and files themselves: after an interruption it goes on, and once all is done it
changes nothing. One picture at a time is worked on; a picture keeps its pixels, and gets its narrower copies anew.
"""

import argparse
import asyncio
import sys
import time
from collections import Counter
from functools import partial
from pathlib import Path
from uuid import UUID

import asyncpg

from models.crash import point
from models.database import connected
from models.errors import DomainError, Invalid, NotFound
from models.resizing import SOURCES, Held, exchange, list_held, show_anew
from server.integrations.media import LocalMedia, open_media
from server.outlet import exit_with
from server.settings import Settings, SettingsError, load_settings

PAGE = 200
TELL_EVERY_S = 5.0
FIRST = UUID(int=0)
HELP = """\
Makes the pictures that the shop keeps itself (products, reviews, people) anew in the widths and formats of today: those
that were kept when there was one size only, and those whose files are not all there. Run it after an update that says
so, beside the running shop: pages, search and orders follow by themselves, and the worker deletes old files an hour
later. It may be interrupted at any moment and run again. Exits 1 when a picture has no file or cannot be read, 2 when
it could not run. Pictures at Cloudinary have every size already.
"""


class Progress:
    """One line for each kind of picture, and one every few seconds meanwhile."""

    def __init__(self, source: str) -> None:
        self.counts: Counter[str] = Counter()
        self._source, self._told_at = source, time.monotonic()

    def count(self, outcome: str) -> None:
        self.counts["looked at"] += 1
        self.counts[outcome] += 1
        if time.monotonic() - self._told_at > TELL_EVERY_S:
            self.tell("…")

    def tell(self, end: str = "") -> None:
        self._told_at = time.monotonic()
        looked, made, bad = (self.counts[name] for name in ("looked at", "made anew", "not readable"))
        print(f"{self._source:16} {looked:9,} looked at {made:9,} made anew {bad:6,} not readable{end}", flush=True)


async def make_anew(settings: Settings) -> int:
    media = open_media(settings.media)
    if not isinstance(media, LocalMedia):
        print("Cloudinary makes the sizes of pictures itself: nothing is to be done.")
        return 0
    bad = 0
    async with connected(settings.database.session_url):
        for source in SOURCES:
            progress = Progress(source)
            after = FIRST
            while page := await list_held(source, after=after, limit=PAGE):
                for held in {(held.product_id or held.id, held.key): held for held in page}.values():
                    progress.count(await _one(media, source, held))
                after = page[-1].id
            progress.tell()
            bad += progress.counts["not readable"]
    return 1 if bad else 0


async def _one(media: LocalMedia, source: str, held: Held) -> str:
    """What became of it. Raises OSError where files cannot be written."""
    try:
        sized = await media.anew(held.key)
    except (NotFound, Invalid) as error:
        print(f"haat pictures: {source} {held.id}, {held.key}: {error.detail}", file=sys.stderr, flush=True)
        return "not readable"
    if sized is None:
        return "as of today"
    write = partial(media.put, sized)
    if held.product_id is None:
        done = await exchange(source, held.id, old=held.key, new=sized.key, write=write)
        return "made anew" if done else "gone meanwhile"
    await write()
    point("pictures.after_write")
    if sized.key != held.key:
        await show_anew(held.product_id, old=held.key, new=sized.key)
    return "made anew"


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="haat pictures", description=HELP, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("command", nargs="?", choices=["pictures"], help=argparse.SUPPRESS)
    parser.add_argument("--data", type=Path, help="data folder of the stack (default: .haat)")
    arguments = parser.parse_args()
    try:
        settings = load_settings(data=arguments.data, needs=("database",))
        return asyncio.run(make_anew(settings))
    except KeyboardInterrupt:
        print("haat pictures: interrupted; run it again to go on.", file=sys.stderr)
        return 130
    except (SettingsError, DomainError, OSError, asyncpg.PostgresError) as error:
        print(f"haat pictures: {error}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    exit_with(main)
