"""Facets counted by PostgreSQL: one pass over the products found, whatever the number of groups.

Grouping sets count every column in the same scan; specifications, which are rows of JSON, are one statement more.
"""

from collections.abc import Collection, Sequence

from models.database import Connection
from search.bars import PRICE_BOUNDS
from search.facets import Counts
from search.filters import Filters
from search.match import Term
from search.query import Search

VALUES_MAX = 200
ENDS = "price ends"
SPEC = "spec."
BAND = f"width_bucket(price_minor, '{{{','.join(map(str, PRICE_BOUNDS))}}}'::bigint[])"
COLUMNS = {"category": "categories", "brand": "brand", "seller": "seller", "price": "band", "rating": "rating",
    "discount": "discount", "in_stock": "in_stock"}  # fmt: skip

# Few arrays of many products: grouped whole first, taken apart after.
SPECS = """
WITH pairs AS (
    SELECT key, value, count(*) AS n FROM product_search CROSS JOIN LATERAL jsonb_each(spec)
     WHERE {where} AND key = ANY({keys}) GROUP BY key, value),
placed AS (
    SELECT key, item, sum(n)::bigint AS n,
           row_number() OVER (PARTITION BY key ORDER BY sum(n) DESC, item) AS place
      FROM pairs CROSS JOIN LATERAL jsonb_array_elements_text(
           CASE jsonb_typeof(value) WHEN 'array' THEN value ELSE jsonb_build_array(value) END) AS item
     GROUP BY key, item)
SELECT 'spec.' || key AS facet, item AS value, n FROM placed WHERE place <= {most}
"""


async def count(connection: Connection, wanted: Search, terms: Sequence[Term], specs: Sequence[str]) -> Counts:
    """All groups together, and again each that has a choice, without it."""
    groups = [group for group in wanted.facets if group != "spec"] + [SPEC + key for key in specs]
    counts = Counts({}, {})
    if groups:
        await _count(connection, wanted, terms, groups, counts)
    for group in groups:
        if group in wanted.chosen():
            await _count(connection, wanted, terms, [group], counts, without=group)
    ends = {group: ends_of(values) for group, values in counts.values.items() if group.startswith(SPEC)}
    ends["price"] = ends_of(counts.values.pop(ENDS, {}))
    counts.ends.update({group: found for group, found in ends.items() if found})
    return counts


async def total_of(connection: Connection, wanted: Search, terms: Sequence[Term]) -> int:
    filters = Filters()
    where = filters.where(wanted, terms) + filters.unpinned(wanted)
    total: int = await connection.fetchval(f"SELECT count(*) FROM product_search WHERE {where}", *filters.values)
    return total


async def _count(
    connection: Connection,
    wanted: Search,
    terms: Sequence[Term],
    groups: Sequence[str],
    counts: Counts,
    *,
    without: str = "",
) -> None:
    """Adds to `counts`."""
    filters = Filters()
    where = filters.where(wanted, terms, without=without)
    columns = [group for group in groups if group in COLUMNS]
    if columns:
        for facet, value, number in await connection.fetch(columns_of(where, columns), *filters.values):
            counts.add(facet, {value: number})
    keys = [group.removeprefix(SPEC) for group in groups if group.startswith(SPEC)]
    if keys:
        statement = SPECS.format(where=where, keys=filters.bind(keys, "text[]"), most=VALUES_MAX)
        for facet, value, number in await connection.fetch(statement, *filters.values):
            counts.add(facet, {value: number})


def columns_of(where: str, groups: Sequence[str]) -> str:
    """SQL of (facet, value, products); where prices are counted, ENDS has the lowest and the highest."""
    columns = [COLUMNS[group] for group in groups]
    every = (1 << len(columns)) - 1
    parts = []
    for place, (group, column) in enumerate(zip(groups, columns, strict=True)):
        mask = every ^ 1 << (len(columns) - 1 - place)
        source = "counted CROSS JOIN LATERAL unnest(categories) AS item" if group == "category" else "counted"
        item = "item" if group == "category" else f"{column}::text"
        parts.append(
            f"""(SELECT '{group}', {item}, sum(n)::bigint FROM {source} WHERE which = {mask} AND {item} <> ''
                  GROUP BY 2 ORDER BY 3 DESC, 2 LIMIT {VALUES_MAX})"""
        )
    if "price" in groups:
        ends = "SELECT unnest(ARRAY[low, high])::text AS item, n FROM counted"
        parts.append(f"(SELECT '{ENDS}', item, n FROM ({ends} WHERE which = {every}) AS ends WHERE item <> '')")
    listed = ", ".join(columns)
    return f"""WITH counted AS MATERIALIZED (
            SELECT grouping({listed}) AS which, {listed}, count(*) AS n,
                   min(price_minor) AS low, max(price_minor) AS high
              FROM (SELECT *, {BAND} AS band FROM product_search WHERE {where}) AS found
             GROUP BY GROUPING SETS ({", ".join(f"({column})" for column in columns)}, ()))
        {" UNION ALL ".join(parts)}"""


def ends_of(values: Collection[str]) -> tuple[float, float] | None:
    """The lowest and the highest, where all are numbers."""
    try:
        numbers = [float(value) for value in values]
    except ValueError:
        return None
    return (min(numbers), max(numbers)) if numbers else None
