"""Compares PostgreSQL with the index and repairs: missing, extra, stale and wrong documents, drifted settings.

What differs is looked at twice, so that a change on its way is no difference; repair goes through the change feed.
"""

import time
from collections.abc import Collection
from typing import Any
from uuid import UUID

import msgspec
import structlog

from models.database import Connection
from search import metrics
from search.admin import SearchAdmin
from search.client import SearchClient
from search.feed import enqueue_products
from search.locks import RECONCILE, dedicated, try_lock
from search.managed import read_managed
from search.source import SELLABLE, read_documents

PAGE = 5_000
DEEP_PAGE = 500
CONFIRM_PAGE = 200

log = structlog.get_logger("search.reconcile")

# What the index holds, as (id, version), against what PostgreSQL holds.
SEEN = "CREATE TEMPORARY TABLE seen (id uuid PRIMARY KEY, version text)"
SEE = "INSERT INTO seen SELECT * FROM unnest($1::uuid[], $2::text[]) ON CONFLICT (id) DO NOTHING"
DIFFERENT = f"""
WITH sellable AS (SELECT p.id FROM product p JOIN seller s ON s.id = p.seller_id WHERE {SELLABLE})
SELECT coalesce(p.id, k.product_id, i.id) AS id
  FROM sellable p
  FULL JOIN product_search k ON k.product_id = p.id
  FULL JOIN seen i ON i.id = coalesce(p.id, k.product_id)
 WHERE p.id IS NULL OR k.product_id IS NULL OR i.version IS DISTINCT FROM k.version
"""
PENDING = "SELECT DISTINCT product_id FROM search_change WHERE product_id = ANY($1::uuid[])"


class Reconciled(msgspec.Struct, kw_only=True):
    """What was compared, what was different and has been put right or on its way."""

    compared: int = 0
    missing: int = 0
    extra: int = 0
    different: int = 0
    foreign: int = 0
    drifted: list[str] = []
    seconds: float = 0.0

    @property
    def repaired(self) -> int:
        return self.missing + self.extra + self.different + self.foreign


async def reconcile(database_url: str, client: SearchClient, *, deep: bool = False) -> Reconciled | None:
    """`deep`: every field of every document, else ids and versions. None without an index, or while another runs."""
    started = time.monotonic()
    found = Reconciled()
    async with dedicated(database_url) as connection:
        if not await try_lock(connection, RECONCILE) or await client.created_at(client.index) is None:
            return None
        admin = SearchAdmin(client, await read_managed(connection))
        found.drifted = await admin.drifted(client.index)
        if found.drifted:
            await admin.apply_settings(client.index)
        candidates = await _candidates(connection, client, found, deep=deep)
        for start in range(0, len(candidates), CONFIRM_PAGE):
            await _confirm(connection, client, candidates[start : start + CONFIRM_PAGE], found)
    found.seconds = time.monotonic() - started
    _report(found)
    return found


async def _candidates(connection: Connection, client: SearchClient, found: Reconciled, *, deep: bool) -> list[UUID]:
    """Ids that look different at first sight. Documents that are none of ours are deleted at once."""
    await connection.execute(SEEN)
    suspicious: set[UUID] = set()
    offset, limit = 0, DEEP_PAGE if deep else PAGE
    while True:
        fields = () if deep else ("id", "version")
        page = (await client.fetch_documents(client.index, fields=fields, limit=limit, offset=offset)).results
        ours = {key: document for document in page if (key := _uuid(document.get("id"))) is not None}
        await _delete_foreign(client, [document for document in page if _uuid(document.get("id")) is None], found)
        versions = [str(document.get("version")) for document in ours.values()]
        await connection.execute(SEE, list(ours), versions)
        if deep:
            suspicious |= await _wrong(connection, ours)
        found.compared += len(page)
        offset += limit
        if len(page) < limit:
            break
    rows = await connection.fetch(DIFFERENT)
    await connection.execute("DROP TABLE seen")
    return sorted(suspicious | {row["id"] for row in rows})


async def _delete_foreign(client: SearchClient, documents: Collection[dict[str, Any]], found: Reconciled) -> None:
    ids = [str(document["id"]) for document in documents if "id" in document]
    if ids:
        await client.wait(await client.delete_documents(client.index, ids))
        found.foreign += len(ids)


async def _wrong(connection: Connection, held: dict[UUID, dict[str, Any]]) -> set[UUID]:
    """Those of the index's documents that are not, field by field, what PostgreSQL makes of the product now."""
    wanted = {UUID(document.id): document for document in await read_documents(connection, held)}
    return {key for key, document in held.items() if key not in wanted or document != _plain(wanted[key])}


async def _confirm(connection: Connection, client: SearchClient, ids: list[UUID], found: Reconciled) -> None:
    """A second look, at whole documents, past changes that are on their way; what still differs is enqueued."""
    pending = {row["product_id"] for row in await connection.fetch(PENDING, ids)}
    still = [key for key in ids if key not in pending]
    page = (
        await client.fetch_documents(client.index, limit=len(ids), ids=[str(key) for key in still]) if still else None
    )
    held = {UUID(document["id"]): document for document in (page.results if page else [])}
    wanted = {UUID(document.id): document for document in await read_documents(connection, still)}
    stored = {
        row["product_id"]: row["version"]
        for row in await connection.fetch(
            "SELECT product_id, version FROM product_search WHERE product_id = ANY($1)", still
        )
    }
    repair = []
    for key in still:
        document = wanted.get(key)
        if key in held and document is None:
            found.extra += 1
        elif key not in held and document is not None:
            found.missing += 1
        elif document is not None and (held[key] != _plain(document) or stored.get(key) != document.version):
            found.different += 1
        elif document is not None or key not in stored:
            continue
        repair.append(key)
    await enqueue_products(connection, repair, bulk=len(repair) > 1)


def _plain(document: object) -> dict[str, Any]:
    """As JSON reads it back."""
    read: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(document))
    return read


def _uuid(text: object) -> UUID | None:
    try:
        return UUID(str(text))
    except ValueError:
        return None


def _report(found: Reconciled) -> None:
    for how in ("missing", "extra", "different", "foreign"):
        metrics.REPAIRED.labels(how).inc(getattr(found, how))
    if found.repaired or found.drifted:
        log.warning("the search index was not as it should be; repairing", **msgspec.structs.asdict(found))
