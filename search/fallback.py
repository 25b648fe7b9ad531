"""PostgreSQL answers a search from `product_search`, in the same shape: words, prefixes, accents, typos, facets.

Slower than Meilisearch, yet within a second at 100,000 products. Typos need pg_trgm.
"""

import time
from collections.abc import Sequence
from functools import partial
from typing import NamedTuple

import msgspec

from models import replica
from models.database import Connection, Pool
from search.answer import Hit, Suggested
from search.counting import Hurried, OutOfTime, count_columns, count_specs, total_of
from search.curation import Places
from search.facets import SPECS_AT_HAND, Counts, SpecField, at_hand, commonest
from search.filters import Filters
from search.found import Found
from search.kept import Kept
from search.query import Search, Sort
from search.terms import Terms, fewer, resolve

RANKED = 2_000
TIMEOUT_MS = 3_000
BROAD = 30_000
ANSWER_S, COUNT_S = 0.9, 0.3
BOUNDS = f"SET LOCAL statement_timeout = {TIMEOUT_MS};"

# Words lie beside their rows: testing them costs many times what the planner thinks, so that the index of words wins,
# unless nearly every product has them.
BY_WORDS = "SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = off;"
BY_POPULARITY = "SET LOCAL enable_indexscan = on"
BY_ANY = "SET LOCAL enable_seqscan = on; SET LOCAL enable_indexscan = on"

ORDER: dict[Sort, str] = {
    "relevance": "rank DESC, popularity DESC, product_id",
    "price_asc": "price_minor, popularity DESC, product_id",
    "price_desc": "price_minor DESC, popularity DESC, product_id",
    "newest": "created_at DESC, product_id",
    "rating": "rating DESC, rating_count DESC, product_id",
    "best_selling": "sales_count DESC, product_id",
    "discount": "discount DESC, popularity DESC, product_id",
}

FIELDS = """
WITH lists AS (
    SELECT spec_fields, count(*) AS n FROM product_search WHERE categories @> ARRAY[$1::text] GROUP BY spec_fields)
SELECT field, sum(n)::bigint AS count FROM lists CROSS JOIN LATERAL unnest(spec_fields) AS field GROUP BY field
"""
DEEPEST = "SELECT slug FROM category WHERE slug = ANY($1) ORDER BY depth DESC, slug LIMIT 1"
ORDERING = "product_id, popularity, price_minor, created_at, rating, rating_count, sales_count, discount"

Facts = tuple[list[SpecField], Counts]
Fields = Kept[str, list[SpecField]]
NONE: tuple[str, ...] = ()
NOTHING: Facts = ([], Counts({}, {}))
_hit = msgspec.json.Decoder(Hit)


class Memory(NamedTuple):
    """What is not asked for again: the facts of a search, and the specifications of a category."""

    facts: Kept[tuple[Search, Terms], Facts]
    fields: Fields


async def search(wanted: Search, memory: Memory | None = None) -> tuple[list[SpecField], Found]:
    """All words, each that nothing has as what it may have meant; where nothing has them all, as few are left out as
    can be.

    Facets have what is left of ANSWER_S, though COUNT_S at least: an overloaded PostgreSQL answers with fewer of them.
    """
    return await replica.ask(partial(_search, wanted, memory))


async def _search(wanted: Search, memory: Memory | None, asked: Pool) -> tuple[list[SpecField], Found]:
    began = time.monotonic()
    async with asked.acquire() as connection, connection.transaction(readonly=True):
        await connection.execute(BOUNDS)
        if wanted.q:
            await connection.execute(BY_WORDS)
        terms = await resolve(connection, wanted.q)
        total, dropped = await total_of(connection, wanted, terms), NONE
        if not total and (found := await fewer(connection, wanted, terms)):
            terms, dropped = found
            total = await total_of(connection, wanted, terms)
        if total > BROAD:
            await connection.execute(BY_POPULARITY)
        relaxed = bool(total and dropped)
        hits, total = await _arranged(connection, wanted, terms, total)
        fields, counts = await _counted(connection, wanted, terms, memory, began, total) if wanted.facets else NOTHING
        return fields, Found(hits, total, counts, relaxed, dropped if relaxed else NONE)


async def _counted(
    connection: Connection, wanted: Search, terms: Terms, memory: Memory | None, began: float, total: int
) -> Facts:
    key = (wanted.without_page(), terms)
    found = memory.facts.get(key) if memory else None
    if found is not None:
        return found
    fields, counts = [SpecField.of(spec.key) for spec in wanted.specs], Counts({}, {})
    hurried = Hurried(connection, max(COUNT_S, ANSWER_S - (time.monotonic() - began)))
    try:
        async with connection.transaction():
            await connection.execute("SET LOCAL enable_indexscan = off")
            await count_columns(hurried, wanted, terms, counts)
            category = wanted.category or await _deepest(hurried, at_hand(counts, total))
            fields = await _spec_fields(hurried, wanted, memory, category)
            await count_specs(hurried, wanted, terms, [field.key for field in fields], counts)
    except OutOfTime:
        return fields, counts
    return memory.facts.put(key, (fields, counts)) if memory else (fields, counts)


async def several(searches: Sequence[Search]) -> list[Found]:
    """Hits and totals of searches for all words, without facets, by statements of one connection."""
    return await replica.ask(partial(_several, searches))


async def _several(searches: Sequence[Search], asked: Pool) -> list[Found]:
    resolved: dict[str, Terms] = {}
    answers = []
    async with asked.acquire() as connection, connection.transaction(readonly=True):
        await connection.execute(BOUNDS + BY_WORDS)
        for wanted in searches:
            if wanted.q not in resolved:
                resolved[wanted.q] = await resolve(connection, wanted.q)
            terms = resolved[wanted.q]
            await connection.execute(BY_WORDS if terms else BY_ANY)
            total = await total_of(connection, wanted, terms)
            hits, total = await _arranged(connection, wanted, terms, total)
            answers.append(Found(hits, total, NOTHING[1], relaxed=False))
    return answers


async def suggest(wanted: Search) -> list[Suggested]:
    _, found = await search(wanted)
    return [
        Suggested(
            slug=hit.slug,
            name=hit.name,
            highlight=hit.highlight or hit.name,
            image=hit.image,
            price_minor=hit.price_minor,
            currency=hit.currency,
        )
        for hit in found.hits
    ]


async def _arranged(connection: Connection, wanted: Search, terms: Terms, others: int) -> tuple[tuple[Hit, ...], int]:
    """The page with its pins among the `others`, and how many there are in all."""
    first, size = (wanted.page - 1) * wanted.per_page, wanted.per_page
    pins = await _pins(connection, wanted)
    places = Places.of([position for position, _ in pins], others)
    offset, count = places.window(first, size)
    found = await _hits(connection, wanted, terms, offset, count) if count and others else ()
    return tuple(places.page(first, size, [hit for _, hit in pins], found)), others + len(pins)


async def _pins(connection: Connection, wanted: Search) -> list[tuple[int, Hit]]:
    """Pinned products that the filters let through, whatever the words, by position."""
    positions = {product: position for position, product in wanted.curation.pins}
    if not positions:
        return []
    filters = Filters()
    where = filters.where(wanted, ())
    pinned = filters.named(list(positions), ())
    rows = await connection.fetch(
        f"SELECT document::text AS document FROM product_search WHERE ({pinned}) AND {where}", *filters.values
    )
    hits = [_hit.decode(row["document"]) for row in rows]
    return sorted(((positions[hit.id], hit) for hit in hits), key=lambda pin: pin[0])


async def _hits(connection: Connection, wanted: Search, terms: Terms, first: int, size: int) -> tuple[Hit, ...]:
    """Words are ranked among the most popular matches only: ranking all of a common word would take seconds."""
    filters = Filters()
    by_rank = wanted.sort == "relevance" and bool(terms)
    where, boosted = filters.where(wanted, terms) + filters.unpinned(wanted), filters.boosted(wanted)
    order = boosted + ORDER[wanted.sort]
    rank = filters.rank(terms) if by_rank else "0"
    limit, offset = filters.bind(size, "int"), filters.bind(first, "int")
    columns, best = f"{ORDERING}, words, name" if by_rank else ORDERING, ""
    if boosted:
        columns += ", brand"
    if wanted.sort == "relevance":
        most = max(RANKED if by_rank else 0, first + size)
        best = f"ORDER BY {boosted}popularity DESC, product_id LIMIT {most}"
    rows = await connection.fetch(
        f"""WITH best AS (SELECT {columns} FROM product_search WHERE {where} {best}),
            ranked AS (SELECT *, {rank} AS rank FROM best),
            page AS (SELECT * FROM ranked ORDER BY {order} LIMIT {limit} OFFSET {offset}),
            placed AS (SELECT product_id, row_number() OVER (ORDER BY {order}) AS place FROM page)
            SELECT document::text AS document, {filters.highlight(terms)} AS highlight
              FROM placed JOIN product_search USING (product_id) ORDER BY place""",
        *filters.values,
    )
    return tuple(msgspec.structs.replace(_hit.decode(row["document"]), highlight=row["highlight"]) for row in rows)


async def _deepest(hurried: Hurried, slugs: list[str]) -> str:
    """Of these categories; empty where there is none."""
    rows = await hurried.fetch(DEEPEST, slugs) if slugs else []
    return rows[0]["slug"] if rows else ""


async def _spec_fields(hurried: Hurried, wanted: Search, memory: Memory | None, category: str) -> list[SpecField]:
    """Those of the category at hand, and those chosen."""
    if "spec" not in wanted.facets:
        return []
    found = memory.fields.get(category) if memory else None
    if found is None and category:
        rows = await hurried.fetch(FIELDS, category)
        found = commonest({row["field"]: row["count"] for row in rows})
        if memory:
            memory.fields.put(category, found)
    found = (found or [])[: None if wanted.category else SPECS_AT_HAND]
    known = {field.key for field in found}
    return [*found, *(SpecField.of(spec.key) for spec in wanted.specs if spec.key not in known)]
