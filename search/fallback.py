"""PostgreSQL answers a search from `product_search`, in the same shape: words, prefixes, accents, typos, facets.

Slower and less forgiving than Meilisearch, yet within a second at 100,000 products. Typos need pg_trgm.
"""

from collections.abc import Sequence

import msgspec

from models.database import Connection, pool
from search.answer import Hit, Suggested
from search.bars import PRICE_BOUNDS
from search.facets import Counts, SpecField, commonest
from search.filters import Filters, Match, words_of
from search.found import Found
from search.query import Search, Sort

RANKED = 2_000
SIMILAR = 0.45
TYPO_LENGTH_MIN = 4
TIMEOUT_MS = 3_000
VALUES_MAX = 200

ORDER: dict[Sort, str] = {
    "relevance": "rank DESC, popularity DESC, product_id",
    "price_asc": "price_minor, popularity DESC, product_id",
    "price_desc": "price_minor DESC, popularity DESC, product_id",
    "newest": "created_at DESC, product_id",
    "rating": "rating DESC, rating_count DESC, product_id",
    "best_selling": "sales_count DESC, product_id",
    "discount": "discount DESC, popularity DESC, product_id",
}

PRICE_ENDS = "price ends"

# What a group counts, over the rows `found`.
VALUES = {
    "category": "SELECT unnest(categories) AS value FROM found",
    "brand": "SELECT brand AS value FROM found WHERE brand <> ''",
    "seller": "SELECT seller AS value FROM found",
    "price": "SELECT width_bucket(price_minor, '{bounds}'::bigint[])::text AS value FROM found".format(
        bounds="{" + ",".join(map(str, PRICE_BOUNDS)) + "}"
    ),
    PRICE_ENDS: "SELECT unnest(ARRAY[min(price_minor), max(price_minor)])::text AS value FROM found",
    "rating": "SELECT rating::text AS value FROM found",
    "discount": "SELECT discount::text AS value FROM found",
    "in_stock": "SELECT in_stock::text AS value FROM found",
}
SPEC_VALUES = """SELECT jsonb_array_elements_text(CASE jsonb_typeof(spec->{key}) WHEN 'array' THEN spec->{key}
    ELSE jsonb_build_array(spec->{key}) END) AS value FROM found WHERE spec ? {key}"""
NARROW = "categories, brand, seller, price_minor, rating, discount, in_stock, spec"

_hit = msgspec.json.Decoder(Hit)


async def search(wanted: Search) -> tuple[list[SpecField], Found]:
    """All words; where nothing has them, near misses; where there are none, any word."""
    async with pool().acquire() as connection, connection.transaction(readonly=True):
        await connection.execute(f"SET LOCAL statement_timeout = {TIMEOUT_MS}")
        fields = await _spec_fields(connection, wanted)
        for match in await _matches(connection, wanted.q):
            total = await _total(connection, wanted, match)
            if total:
                break
        hits = await _hits(connection, wanted, match) if total else ()
        counts = await _counts(connection, wanted, match, [field.key for field in fields])
        return fields, Found(hits, total, counts, relaxed=total > 0 and match is Match.ANY)


async def suggest(q: str, limit: int) -> list[Suggested]:
    _, found = await search(Search(q=q, per_page=limit, facets=()))
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


async def forgives_typos(connection: Connection) -> bool:
    """Whether this server has pg_trgm."""
    found: bool = await connection.fetchval("SELECT EXISTS (SELECT FROM pg_extension WHERE extname = 'pg_trgm')")
    return found


async def _matches(connection: Connection, q: str) -> list[Match]:
    words = words_of(q)
    ways = [Match.ALL]
    if words and all(len(word) >= TYPO_LENGTH_MIN for word in words) and await forgives_typos(connection):
        await connection.execute(f"SET LOCAL pg_trgm.word_similarity_threshold = {SIMILAR}")
        ways.append(Match.NEAR)
    return [*ways, Match.ANY] if len(words) > 1 else ways


async def _total(connection: Connection, wanted: Search, match: Match) -> int:
    filters = Filters()
    where = filters.where(wanted, match)
    total: int = await connection.fetchval(f"SELECT count(*) FROM product_search WHERE {where}", *filters.values)
    return total


async def _hits(connection: Connection, wanted: Search, match: Match) -> tuple[Hit, ...]:
    """Words are ranked among the most popular matches only: ranking all of a common word would take seconds."""
    filters = Filters()
    where, rank = filters.where(wanted, match), filters.rank(wanted.q, match)
    first = (wanted.page - 1) * wanted.per_page
    limit, offset = filters.bind(wanted.per_page, "int"), filters.bind(first, "int")
    best = ""
    if wanted.sort == "relevance":
        best = f"ORDER BY popularity DESC, product_id LIMIT {max(RANKED, first + wanted.per_page)}"
    rows = await connection.fetch(
        f"""WITH best AS (SELECT * FROM product_search WHERE {where} {best}),
            ranked AS (SELECT *, {rank} AS rank FROM best),
            page AS (SELECT product_id, row_number() OVER (ORDER BY {ORDER[wanted.sort]}) AS place FROM ranked
                      ORDER BY place LIMIT {limit} OFFSET {offset})
            SELECT document::text AS document, {filters.highlight(wanted.q, match)} AS highlight
              FROM page JOIN product_search USING (product_id) ORDER BY place""",
        *filters.values,
    )
    return tuple(msgspec.structs.replace(_hit.decode(row["document"]), highlight=row["highlight"]) for row in rows)


async def _counts(connection: Connection, wanted: Search, match: Match, specs: Sequence[str]) -> Counts:
    """All groups together, and again each that has a choice, without it."""
    groups = [group for group in wanted.facets if group != "spec"] + [f"spec.{key}" for key in specs]
    chosen = wanted.chosen()
    rows = await _count(connection, wanted, match, groups) if groups else []
    for group in groups:
        if group in chosen:
            rows += await _count(connection, wanted, match, [group], without=group)
    counts = Counts({}, {})
    for group, value, count in rows:
        counts.add(group, {value: count})
    ends = {group: _ends(values) for group, values in counts.values.items() if group.startswith("spec.")}
    ends["price"] = _ends(counts.values.pop(PRICE_ENDS, {}))
    counts.ends.update({group: found for group, found in ends.items() if found})
    return counts


async def _count(
    connection: Connection, wanted: Search, match: Match, groups: Sequence[str], *, without: str = ""
) -> list[tuple[str, str, int]]:
    filters = Filters()
    where = filters.where(wanted, match, without=without)
    counted = []
    for group in (*groups, PRICE_ENDS) if "price" in groups else groups:
        key = filters.bind(group.removeprefix("spec."), "text") if group.startswith("spec.") else ""
        values = SPEC_VALUES.format(key=key) if key else VALUES[group]
        name = filters.bind(group, "text")
        counted.append(
            f"""(SELECT {name} AS facet, value, count(*) FROM ({values}) AS counted
                  WHERE value IS NOT NULL GROUP BY value ORDER BY 3 DESC, 2 LIMIT {VALUES_MAX})"""
        )
    rows = await connection.fetch(
        f"WITH found AS MATERIALIZED (SELECT {NARROW} FROM product_search WHERE {where}) {' UNION ALL '.join(counted)}",
        *filters.values,
    )
    return [tuple(row) for row in rows]


async def _spec_fields(connection: Connection, wanted: Search) -> list[SpecField]:
    """Those of the category at hand, and those chosen."""
    if "spec" not in wanted.facets:
        return []
    found: list[SpecField] = []
    if wanted.category:
        rows = await connection.fetch(
            """SELECT unnest(spec_fields) AS field, count(*) FROM product_search WHERE categories @> ARRAY[$1::text]
                GROUP BY 1""",
            wanted.category,
        )
        found = commonest({row["field"]: row["count"] for row in rows})
    known = {field.key for field in found}
    return [*found, *(SpecField.of(spec.key) for spec in wanted.specs if spec.key not in known)]


def _ends(values: Sequence[str] | dict[str, int]) -> tuple[float, float] | None:
    """The lowest and the highest, where all are numbers."""
    try:
        numbers = [float(value) for value in values]
    except ValueError:
        return None
    return (min(numbers), max(numbers)) if numbers else None
