"""The merchandising rules that hold now, kept in the process for a second, and the watch that ends what was cached.

`Rules` is read when an answer is computed, never on the cached path. `keep_current` moves the cache's generation on
once every process has forgotten the old rules, so whatever begins or ends is seen within about three seconds.
"""

import asyncio
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Collection, Mapping
from uuid import UUID

import structlog

from models.database import LOST, Connection, pool
from search.curation import NOTHING, Curation, Ruled, curation_of
from search.locks import stopped
from search.query import Search, clean
from search.tags import Target

KEPT_S = 1.0
SLACK_S = 0.3
POLL_S = 0.5

HOLDS = """r.state = 'published' AND (r.starts_at IS NULL OR r.starts_at <= now())
    AND (r.ends_at IS NULL OR r.ends_at > now())"""
ITEMS = f"""
SELECT r.query, c.slug, i.action, i.product_id, i.brand, i.position
  FROM merchandising_rule r JOIN merchandising_item i ON i.rule_id = r.id
  LEFT JOIN category c ON c.id = r.category_id
 WHERE {HOLDS} ORDER BY r.published_at DESC, r.id, i.place
"""
# Of every published rule whether it holds: one that began and ended between two looks is noticed by its being there.
PRESENT = f"""
SELECT string_agg(concat_ws('/', r.id, r.version, {HOLDS}), ' ' ORDER BY r.id)
  FROM merchandising_rule r WHERE r.state = 'published'
"""

PINNED = f"""
SELECT i.product_id, r.query, c.slug
  FROM merchandising_item i JOIN merchandising_rule r ON r.id = i.rule_id
  LEFT JOIN category c ON c.id = r.category_id
 WHERE i.product_id = ANY($1::uuid[]) AND i.action = 'pin' AND {HOLDS}
"""

log = structlog.get_logger("search.rules")


class Rules:
    def __init__(self, *, kept_s: float = KEPT_S) -> None:
        self._kept_s = kept_s
        self._read_at = float("-inf")
        self._items: Mapping[Target, list[Ruled]] = {}

    async def find(self, search: Search) -> Curation:
        """The latest published rule first. While PostgreSQL is down, the rules last read hold."""
        now = time.monotonic()
        if now - self._read_at >= self._kept_s:
            self._read_at = now  # of the moment before reading, so that no read is older than it says
            try:
                self._items = await _read()
            except LOST as error:
                log.warning("the merchandising rules cannot be read: the last ones hold", error=repr(error))
        return self.curate(search)

    def curate(self, search: Search, *, over: list[Ruled] | None = None) -> Curation:
        """What the kept rules make of this search, below the items `over` of a draft."""
        items = [*(over or ()), *self._items.get(target_of(search), ())]
        if not items:
            return NOTHING
        curation = curation_of(items)
        return curation if search.sort == "relevance" else curation.only_hides()


def target_of(search: Search) -> Target:
    """A query's rules hold with any filter; a category's where nothing was typed."""
    return ("query", search.q) if search.q else ("category", search.category)


async def _read() -> Mapping[Target, list[Ruled]]:
    found: defaultdict[Target, list[Ruled]] = defaultdict(list)
    for row in await pool().fetch(ITEMS):
        target = _target(row["query"], row["slug"])
        product = str(row["product_id"] or "")
        found[target].append(Ruled(row["action"], product, row["brand"] or "", row["position"] or 0))
    return dict(found)


async def read_pinned(connection: Connection, ids: Collection[UUID]) -> Mapping[UUID, list[Target]]:
    """Where the rules that hold now pin these products."""
    found: defaultdict[UUID, list[Target]] = defaultdict(list)
    for row in await connection.fetch(PINNED, list(ids)):
        found[row["product_id"]].append(_target(row["query"], row["slug"]))
    return found


def _target(query: str | None, category: str) -> Target:
    return ("query", clean(query)) if query else ("category", category)


async def keep_current(stop: asyncio.Event, bump: Callable[[], Awaitable[bool]], *, poll_s: float = POLL_S) -> None:
    """Whenever other rules hold than before, published, taken back, begun or ended, old answers end a moment later."""
    seen: str | None = ""
    while not stop.is_set():
        present = await pool().fetchval(PRESENT)
        if present != seen and not await stopped(stop, KEPT_S + SLACK_S) and await bump():
            seen = present
        await stopped(stop, poll_s)
