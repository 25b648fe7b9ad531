"""What the log of searches says: how many, what for, what found nothing, what was clicked where, how long it took."""

from datetime import date, timedelta

import msgspec

from models.database import pool

TOP = 20
NUMBERS = """
SELECT coalesce(sum(weight), 0)::int AS searches,
       coalesce(sum(weight) FILTER (WHERE results = 0 AND NOT narrowed), 0)::int AS empty,
       coalesce(sum(weight) FILTER (WHERE cached), 0)::int AS cached,
       coalesce(sum(weight) FILTER (WHERE engine = 'postgres'), 0)::int AS degraded,
       percentile_cont(ARRAY[0.5, 0.95, 0.99]) WITHIN GROUP (ORDER BY took_ms) AS latency
  FROM search_query_log WHERE created_at > now() - $1::interval
"""
CLICKS = """
SELECT coalesce(sum(weight), 0)::int AS clicks, avg(position)::float8 AS position
  FROM search_click WHERE created_at > now() - $1::interval
"""
DAYS = """
SELECT d.day::date AS day, coalesce(sum(weight), 0)::int AS searches,
       coalesce(sum(weight) FILTER (WHERE results = 0 AND NOT narrowed), 0)::int AS empty
  FROM generate_series(date_trunc('day', now() AT TIME ZONE 'Asia/Kolkata') - ($1::int - 1) * interval '1 day',
                       now() AT TIME ZONE 'Asia/Kolkata', interval '1 day') AS d(day)
  LEFT JOIN search_query_log l ON l.created_at >= d.day AT TIME ZONE 'Asia/Kolkata'
        AND l.created_at < (d.day + interval '1 day') AT TIME ZONE 'Asia/Kolkata'
 GROUP BY 1 ORDER BY 1
"""
QUERIES = """
WITH clicked AS (
    SELECT query, sum(weight)::int AS clicks, avg(position)::float8 AS position
      FROM search_click WHERE created_at > now() - $1::interval GROUP BY query)
SELECT l.query, sum(l.weight)::int AS searches, max(l.results) AS results,
       coalesce(max(c.clicks), 0) AS clicks, max(c.position) AS position
  FROM search_query_log l LEFT JOIN clicked c ON c.query = l.query
 WHERE l.created_at > now() - $1::interval AND ($2 = 'any' OR l.results = 0 AND NOT l.narrowed)
 GROUP BY l.query ORDER BY 2 DESC, 1 LIMIT $3
"""


class QueryStats(msgspec.Struct, frozen=True, kw_only=True):
    """`position` is the mean one of the clicks, None without any."""

    query: str
    searches: int
    results: int
    clicks: int
    position: float | None


class SearchDay(msgspec.Struct, frozen=True, kw_only=True):
    day: date
    searches: int
    empty: int


class SearchStats(msgspec.Struct, frozen=True, kw_only=True):
    """Of the last days. `empty` and `without_results` found nothing though no filter narrowed them. `latency_ms` are
    the median, the 95th and the 99th percentile, None without searches."""

    searches: int
    empty: int
    cached: int
    degraded: int
    clicks: int
    position: float | None
    latency_ms: tuple[float, float, float] | None
    days: list[SearchDay]
    top: list[QueryStats]
    without_results: list[QueryStats]


async def get_search_stats(*, days: int) -> SearchStats:
    since = timedelta(days=days)
    numbers = dict(await pool().fetchrow(NUMBERS, since))
    clicks = await pool().fetchrow(CLICKS, since)
    latency = numbers.pop("latency")
    return SearchStats(
        **numbers,
        **clicks,
        latency_ms=(latency[0], latency[1], latency[2]) if latency else None,
        days=[SearchDay(**row) for row in await pool().fetch(DAYS, days)],
        top=[QueryStats(**row) for row in await pool().fetch(QUERIES, since, "any", TOP)],
        without_results=[QueryStats(**row) for row in await pool().fetch(QUERIES, since, "none", TOP)],
    )
