"""Facets counted by PostgreSQL, within a time: one pass for all columns, one for all specifications.

A group in which something is chosen is counted without its own choice, by the same pass: what misses one choice alone
counts in that group alone. Time that runs out leaves the groups out that were not counted yet.
"""

import time
from collections.abc import Collection, Sequence
from typing import Any

import asyncpg

from models.database import Connection
from search.bars import PRICE_BOUNDS
from search.facets import Counts
from search.filters import Filters
from search.match import Term
from search.query import Search

VALUES_MAX = 200
CATEGORIES_MAX = 2_000
"""Those below the chosen one have few products among all, and are listed nevertheless."""
ENDS = "price ends"
SPEC = "spec."
BAND = f"width_bucket(price_minor, '{{{','.join(map(str, PRICE_BOUNDS))}}}'::bigint[])"
COLUMNS = {"category": "categories", "brand": "brand", "seller": "seller", "price": BAND, "rating": "rating",
    "discount": "discount", "in_stock": "in_stock"}  # fmt: skip

NEEDED = "categories, brand, seller, price_minor, rating, discount, in_stock"

# Few arrays of many products: grouped whole first, taken apart after.
SPECS = """
WITH pairs AS (
    SELECT key, value, count(*) AS n
      FROM (SELECT spec, {missed} AS missed FROM product_search WHERE {where} OFFSET 0) AS found
     CROSS JOIN LATERAL jsonb_each(spec)
     WHERE key = ANY({keys}) AND (missed = 0 OR missed = {own}) GROUP BY key, value),
placed AS (
    SELECT key, item, sum(n)::bigint AS n,
           row_number() OVER (PARTITION BY key ORDER BY sum(n) DESC, item) AS place
      FROM pairs CROSS JOIN LATERAL jsonb_array_elements_text(
           CASE jsonb_typeof(value) WHEN 'array' THEN value ELSE jsonb_build_array(value) END) AS item
     GROUP BY key, item)
SELECT 'spec.' || key AS facet, item AS value, n FROM placed WHERE place <= {most}
"""


class OutOfTime(Exception):
    """Statements took all the time that they had together."""


class Hurried:
    """Statements on a connection, in a transaction, that take no longer than `limit_s` together."""

    def __init__(self, connection: Connection, limit_s: float) -> None:
        self._connection = connection
        self._until = time.monotonic() + limit_s

    async def fetch(self, statement: str, *values: Any) -> list[asyncpg.Record]:
        """Raises OutOfTime; the transaction can only be rolled back then."""
        left_ms = int((self._until - time.monotonic()) * 1000)
        if left_ms <= 0:
            raise OutOfTime
        await self._connection.execute(f"SET LOCAL statement_timeout = {left_ms}")
        try:
            rows: list[asyncpg.Record] = await self._connection.fetch(statement, *values)
        except asyncpg.QueryCanceledError as error:
            raise OutOfTime from error
        return rows


async def total_of(connection: Connection, wanted: Search, terms: Sequence[Term]) -> int:
    filters = Filters()
    where = filters.where(wanted, terms) + filters.unpinned(wanted)
    total: int = await connection.fetchval(f"SELECT count(*) FROM product_search WHERE {where}", *filters.values)
    return total


async def count_columns(hurried: Hurried, wanted: Search, terms: Sequence[Term], counts: Counts) -> None:
    """Adds every group but the specifications to `counts`. Raises OutOfTime."""
    groups = [group for group in wanted.facets if group in COLUMNS]
    if not groups:
        return
    filters = Filters()
    statement = columns_of(filters, wanted, terms, groups)
    ends: list[float] = []
    for facet, value, number in await hurried.fetch(statement, *filters.values):
        if facet == ENDS:
            ends.append(float(value))
        else:
            counts.add(facet, {value: number})
    if ends:
        counts.ends["price"] = (min(ends), max(ends))


async def count_specs(
    hurried: Hurried, wanted: Search, terms: Sequence[Term], keys: Sequence[str], counts: Counts
) -> None:
    """Adds the specifications of these keys to `counts`. Raises OutOfTime."""
    if not keys:
        return
    filters, chosen = Filters(), _chosen(wanted, [SPEC + key for key in keys])
    cases = (f"WHEN {filters.bind(group.removeprefix(SPEC), 'text')} THEN {1 << i}" for i, group in enumerate(chosen))
    statement = SPECS.format(
        own=f"CASE key {' '.join(cases)} END" if chosen else "0",
        where=filters.where(wanted, terms, without=chosen),
        missed=filters.missed(wanted, chosen),
        keys=filters.bind(list(keys), "text[]"),
        most=VALUES_MAX,
    )
    for facet, value, number in await hurried.fetch(statement, *filters.values):
        counts.add(facet, {value: number})
    ends = {f"{SPEC}{key}": ends_of(counts.values.get(SPEC + key, {})) for key in keys}
    counts.ends.update({group: found for group, found in ends.items() if found})


def columns_of(filters: Filters, wanted: Search, terms: Sequence[Term], groups: Sequence[str]) -> str:
    """SQL of (facet, value, products); where prices are counted, ENDS has the lowest and the highest."""
    chosen = _chosen(wanted, groups)
    where, missed = filters.where(wanted, terms, without=chosen), filters.missed(wanted, chosen)
    own = {group: f"missed IN (0, {1 << place})" for place, group in enumerate(chosen)}
    columns = ", ".join(
        f"CASE WHEN {own.get(group, 'missed = 0')} THEN {COLUMNS[group]} END AS {group}" for group in groups
    )
    every = (1 << len(groups)) - 1
    parts = []
    for place, group in enumerate(groups):
        mask = every ^ 1 << (len(groups) - 1 - place)
        source = "counted CROSS JOIN LATERAL unnest(category) AS item" if group == "category" else "counted"
        item, most = ("item", CATEGORIES_MAX) if group == "category" else (f"{group}::text", VALUES_MAX)
        parts.append(
            f"""(SELECT '{group}', {item}, sum(n)::bigint FROM {source} WHERE which = {mask} AND {item} <> ''
                  GROUP BY 2 ORDER BY 3 DESC, 2 LIMIT {most})"""
        )
    if "price" in groups:
        ends = "SELECT unnest(ARRAY[low, high])::text AS item, n FROM counted"
        parts.append(f"(SELECT '{ENDS}', item, n FROM ({ends} WHERE which = {every}) AS ends WHERE item <> '')")
    price = f"CASE WHEN {own.get('price', 'missed = 0')} THEN price_minor END"
    listed = ", ".join(groups)
    single = ", ".join(str(bit) for bit in (0, *(1 << place for place in range(len(chosen)))))
    return f"""WITH found AS (SELECT {NEEDED}, {missed} AS missed FROM product_search WHERE {where} OFFSET 0),
        counted AS MATERIALIZED (
            SELECT grouping({listed}) AS which, {listed}, count(*) AS n,
                   min(price_minor) AS low, max(price_minor) AS high
              FROM (SELECT {columns}, {price} AS price_minor FROM found WHERE missed IN ({single})) AS valued
             GROUP BY GROUPING SETS ({", ".join(f"({group})" for group in groups)}, ()))
        {" UNION ALL ".join(parts)}"""


def _chosen(wanted: Search, groups: Sequence[str]) -> list[str]:
    """Those of the groups in which something is chosen."""
    return [group for group in groups if group in wanted.chosen()]


def ends_of(values: Collection[str]) -> tuple[float, float] | None:
    """The lowest and the highest, where all are numbers."""
    try:
        numbers = [float(value) for value in values]
    except ValueError:
        return None
    return (min(numbers), max(numbers)) if numbers else None
