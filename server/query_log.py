"""Searches and clicks on their way to the log: held in a bounded buffer, written in batches beside the requests.

Nobody is in what is written: no user, no address, no query that looks like a mail address or a number of a person. What
is held when the process is killed is lost: these are statistics.
"""

import asyncio
import random
import re
import time
from typing import NamedTuple

import structlog

from models.database import LOST
from models.search_log import Clicked, Searched, write_clicks, write_searches

FLUSH_S = 3.0
SETTLED_S = 3.0
CAPACITY = 5_000
QUERY_MAX = 100
NUMBER = re.compile(r"(?:\d[\s().+/-]{0,2}){8}")
# An answer's bytes, of the API or of the page, tell which search it is and how many results it has. Neither mark can
# stand in a text: quotes are escaped there.
JSON = re.compile(rb'\{"id":"([0-9a-f]{32})".*?"total":(\d{1,9}),')
PAGE = re.compile(rb'data-search="([0-9a-f]{32})" data-total="(\d{1,9})"')
IN_JSON, IN_PAGE = b'"engine":"', b'data-engine="'
log = structlog.get_logger("query_log")


class _Held(NamedTuple):
    at: float
    searched: Searched


class QueryLog:
    """`one_in`: only one in so many is logged, and counts for all of them. What someone typed on the way to a longer
    query is not a search of its own: who asked is known until that is clear, in memory alone."""

    def __init__(self, *, one_in: int, flush_s: float = FLUSH_S, settled_s: float = SETTLED_S) -> None:
        self._one_in = one_in
        self._flush_s, self._settled_s = flush_s, settled_s
        self._typing: dict[str, _Held] = {}
        self._ready: list[Searched] = []
        self._clicks: list[tuple[float, Clicked]] = []
        self._timer: asyncio.TimerHandle | None = None
        self._flight: asyncio.Task[None] | None = None

    def note_search(
        self, caller: str, query: str, answer: bytes, *, cached: bool, took_s: float, narrowed: bool = False
    ) -> None:
        """Cheap: nothing is awaited and the answer is not decoded. `narrowed`: by filters."""
        told = _told(answer)
        if told is None or not self._wanted(query) or len(self._typing) + len(self._ready) >= CAPACITY:
            return
        search_id, total, engine = told
        now = time.monotonic()
        before = self._typing.get(caller)
        searched = Searched(query, search_id, total, engine, cached, took_s * 1000, narrowed)
        if before is not None and not _continues(before, searched, now, self._settled_s):
            self._ready.append(before.searched)
        self._typing[caller] = _Held(now, searched)
        self._wake()

    def note_click(self, click: Clicked) -> None:
        if len(self._clicks) < CAPACITY and self._drawn():
            self._clicks.append((time.monotonic(), click))
            self._wake()

    async def flush(self, *, everything: bool = False) -> None:
        """Write what is settled. A database that does not answer costs this batch."""
        now = time.monotonic()
        settled = [key for key, held in self._typing.items() if everything or now - held.at >= self._settled_s]
        searches = [*self._ready, *(self._typing.pop(key).searched for key in settled)]
        searches = [searched for searched in searches if self._drawn()]
        self._ready = []
        # A click waits longer, for its search may be held by another process.
        due = 2 * (self._flush_s + self._settled_s)
        clicks = [click for at, click in self._clicks if everything or now - at >= due]
        self._clicks = [(at, click) for at, click in self._clicks if not everything and now - at < due]
        try:
            await write_searches(searches, weight=self._one_in)
            await write_clicks(clicks, weight=self._one_in)
        except LOST as error:
            log.warning("searches could not be logged", searches=len(searches), clicks=len(clicks), error=repr(error))

    async def close(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        if self._flight is not None:
            await self._flight
        await self.flush(everything=True)

    def _wanted(self, query: str) -> bool:
        return 0 < len(query) <= QUERY_MAX and "@" not in query and not NUMBER.search(query)

    def _drawn(self) -> bool:
        return self._one_in == 1 or random.randrange(self._one_in) == 0

    def _wake(self) -> None:
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(self._flush_s, self._begin)

    def _begin(self) -> None:
        self._timer = None
        self._flight = asyncio.ensure_future(self.flush())
        self._flight.add_done_callback(self._look_again)

    def _look_again(self, _: "asyncio.Task[None]") -> None:
        if self._typing or self._clicks:
            self._wake()


def _told(answer: bytes) -> tuple[str, int, str] | None:
    """The search's id, how many results it has, and which engine found them. Looks at the ends of what may be long."""
    if answer.startswith(b"{"):
        found, engine = JSON.match(answer), answer.rfind(IN_JSON) + len(IN_JSON)
    else:
        found, engine = PAGE.match(answer, max(0, answer.find(b'data-search="'))), answer.find(IN_PAGE) + len(IN_PAGE)
    if found is None:
        return None
    return found[1].decode(), int(found[2]), "postgres" if answer.startswith(b"postgres", engine) else "meilisearch"


def _continues(before: _Held, searched: Searched, now: float, settled_s: float) -> bool:
    """Typed on, or back, within a moment; the very same again is the same search, but for one that filters narrow."""
    known, query = before.searched.query, searched.query
    typed = query.startswith(known) or known.startswith(query)
    return now - before.at < settled_s and typed and before.searched.narrowed == searched.narrowed
