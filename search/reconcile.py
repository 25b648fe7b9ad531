"""Compares PostgreSQL with the index and repairs: missing, extra, stale and wrong documents, drifted settings.

Buckets of hashes say where ids or versions differ; the buckets of `whole` are compared field by field. What differs is
looked at twice, so that a change on its way is no difference; repair goes through the change feed. `breathe` is told
how long each page took, and may pause: reading a document costs the engine 0.2 ms, which searches and edits miss.
"""

import time
from collections.abc import Awaitable, Callable, Collection
from typing import Any
from uuid import UUID

import msgspec
import structlog

from models.audit import NOBODY, SEARCH_REPAIRED, record
from models.database import Connection
from search import metrics
from search.admin import SearchAdmin
from search.buckets import BUCKETS, Buckets, read_hashed, read_hashes
from search.client import SearchClient
from search.feed import demand_alive, enqueue_products
from search.locks import RECONCILE, dedicated, try_lock
from search.managed import read_managed
from search.slots import fold
from search.source import SELLABLE, read_documents

PAGE = 1_000
WHOLE_PAGE = 50  # whole documents are large, and nobody waits

Breathe = Callable[[float], Awaitable[None]]

log = structlog.get_logger("search.reconcile")

# What is for sale and has no document in PostgreSQL, or the other way round.
UNEQUAL = f"""
SELECT coalesce(p.id, k.product_id) AS id
  FROM (SELECT p.id FROM product p JOIN seller s ON s.id = p.seller_id WHERE {SELLABLE}) AS p
  FULL JOIN product_search k ON k.product_id = p.id
 WHERE p.id IS NULL OR k.product_id IS NULL
"""
PENDING = "SELECT DISTINCT product_id FROM search_change WHERE product_id = ANY($1::uuid[])"


class Reconciled(msgspec.Struct, kw_only=True):
    """What was compared, of it `fieldwise` field by field; what was different and has been put right or on its way.

    An index that is `outdated` holds documents of another form: it is not compared, but to be made anew.
    """

    compared: int = 0
    fieldwise: int = 0
    missing: int = 0
    extra: int = 0
    different: int = 0
    foreign: int = 0
    drifted: list[str] = []
    outdated: bool = False
    seconds: float = 0.0

    @property
    def repaired(self) -> int:
        return self.missing + self.extra + self.different + self.foreign


async def at_once(_: float) -> None:
    """No pause: somebody waits for the result."""


async def reconcile(
    database_url: str,
    client: SearchClient,
    *,
    deep: bool = False,
    whole: Collection[int] = (),
    breathe: Breathe = at_once,
) -> Reconciled | None:
    """Ids and versions of all documents; every field of those in the buckets `whole`, which `deep` makes all of them.

    None without an index, or while another runs.
    """
    started = time.monotonic()
    found = Reconciled()
    async with dedicated(database_url) as connection:
        if not await try_lock(connection, RECONCILE) or await client.created_at(client.index) is None:
            return None
        admin = SearchAdmin(client, await read_managed(connection))
        found.drifted = await admin.drifted(client.index)
        if found.drifted:
            found.outdated = await admin.outdated(client.index)
            await admin.apply_settings(client.index)
        if found.outdated:
            return found
        candidates = await _candidates(connection, client, found, range(BUCKETS) if deep else whole, breathe)
        for start in range(0, len(candidates), WHOLE_PAGE):
            await _confirm(connection, client, candidates[start : start + WHOLE_PAGE], found)
        found.seconds = time.monotonic() - started
        await _report(connection, found)
    return found


async def _candidates(
    connection: Connection, client: SearchClient, found: Reconciled, whole: Collection[int], breathe: Breathe
) -> list[UUID]:
    """Ids that look different at first sight. Documents that are none of ours are deleted at once."""
    held = await _read_index(client, found, breathe)
    await demand_alive(connection)  # which said nothing for long
    suspicious = {row["id"] for row in await connection.fetch(UNEQUAL)}
    suspicious |= await _unequal(connection, held)
    looked_into = sorted(held.within(whole))
    for start in range(0, len(looked_into), WHOLE_PAGE):
        began, ids = time.monotonic(), looked_into[start : start + WHOLE_PAGE]
        page = (await client.fetch_documents(client.index, limit=len(ids), ids=[str(key) for key in ids])).results
        suspicious |= await _wrong(connection, {UUID(document["id"]): document for document in page})
        found.fieldwise += len(page)
        await breathe(time.monotonic() - began)
    return sorted(suspicious)


async def _unequal(connection: Connection, held: Buckets) -> set[UUID]:
    """Ids of which PostgreSQL holds another version, or only one side any."""
    different = held.different(await read_hashes(connection))
    found, left = set[UUID](), set(different)
    async for bucket, theirs in read_hashed(connection, different):
        ours = held.within([bucket])
        found |= {key for key in ours.keys() | theirs.keys() if ours.get(key) != theirs.get(key)}
        left.discard(bucket)
    return found.union(held.within(left))


async def _read_index(client: SearchClient, found: Reconciled, breathe: Breathe) -> Buckets:
    """Ids and versions of the index, page by page."""
    held, offset = Buckets(), 0
    while True:
        began = time.monotonic()
        page = (await client.fetch_documents(client.index, fields=("id", "version"), limit=PAGE, offset=offset)).results
        foreign = []
        for document in page:
            key = _uuid(document.get("id"))
            if key is None:
                foreign.append(document)
            else:
                held.add(key, str(document.get("version", "")))
        await _delete_foreign(client, foreign, found)
        found.compared += len(page)
        offset += PAGE
        if len(page) < PAGE:
            return held
        await breathe(time.monotonic() - began)


async def _delete_foreign(client: SearchClient, documents: Collection[dict[str, Any]], found: Reconciled) -> None:
    ids = [str(document["id"]) for document in documents if "id" in document]
    if ids:
        await client.wait(await client.delete_documents(client.index, ids))
        found.foreign += len(ids)


async def _wrong(connection: Connection, held: dict[UUID, dict[str, Any]]) -> set[UUID]:
    """Those of the index's documents that are not, field by field, what PostgreSQL makes of the product now."""
    wanted = {UUID(document.id): document for document in await read_documents(connection, held)}
    return {key for key, document in held.items() if key not in wanted or document != _plain(fold(wanted[key]))}


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
        elif document is not None and (held[key] != _plain(fold(document)) or stored.get(key) != document.version):
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


async def _report(connection: Connection, found: Reconciled) -> None:
    """To the metrics; what was wrong also to the log and to the trail that the operator sees."""
    for how in ("missing", "extra", "different", "foreign"):
        metrics.REPAIRED.labels(how).inc(getattr(found, how))
    metrics.COMPARED.set_to_current_time()
    if found.repaired or found.drifted:
        facts = msgspec.structs.asdict(found)
        log.warning("the search index was not as it should be; repairing", **facts)
        after = {**facts, "repaired": found.repaired}
        await record(connection, actor_id=NOBODY, action=SEARCH_REPAIRED, subject_id=NOBODY, before={}, after=after)
