"""The smoke of a minute: search and checkout beside what this machine can do at best, judged as ratios."""

import random
import secrets
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Literal
from urllib.parse import urlencode

import aiohttp

from loadtests import people, processes
from loadtests.budgets import Budget, judge
from loadtests.catalogue import Catalogue, draw_catalogue
from loadtests.ceilings import ceiling_app
from loadtests.conduct import Shop, commit, machine
from loadtests.hammer import encode, spread
from loadtests.meilisearch import multi_search, parameters
from loadtests.quiet import until_quiet
from loadtests.ratios import CONNECTIONS, Probe, RatioError, Reading, measure
from loadtests.recording import Series
from loadtests.result import Ratio, Result, figures_of, row_of
from loadtests.till import Till, variants_of
from server.settings import Settings

SUITE: Literal["smoke"] = "smoke"
ROUNDS, TURN_S = 3, 0.8
CACHED = 40
SEARCHES = 3
"""Connections where each request is a search: so few that the engine answers within the shop's time-out."""
PRICE_MAX_MINOR = 900
ADDRESSES = 1_000
VARIANTS, UNITS = 300, 3

PAIRS = {
    "cached_search": ("redis_get", "a cached search beside one Redis GET"),
    "cached_product": ("redis_get", "a cached product beside one Redis GET"),
    "uncached_search": ("meilisearch", "a search beside the same question to Meilisearch"),
    "uncached_search_facets": ("meilisearch_facets", "the same with facet counts"),
    "checkout": ("commit", "a whole checkout beside one empty transaction"),
}
NO_CPU = frozenset({"uncached_search", "uncached_search_facets"})
"""Pairs whose ceiling is another program: its CPU time says nothing of ours."""


async def smoke(shop: Shop, budgets: Sequence[Budget], *, rounds: int = ROUNDS, turn_s: float = TURN_S) -> Result:
    """Needs the shop's processes and databases on this machine. Raises RatioError, Refused, CeilingError."""
    settings, web = shop.settings, processes.web_of(processes.running(shop.data)) if shop.data else []
    if settings is None or not settings.redis.url or not web:
        raise RatioError("Ratios want a stack on this machine: start one with `haat up`, and name its --data.")
    settle = partial(until_quiet, shop.host, settings.database.url)
    await settle()  # a fresh shop may still be filling its index
    catalogue = await draw_catalogue(shop.host, pages=5)
    size = await size_of(cached_searches(shop.host, catalogue)[0])
    started = datetime.now(UTC)
    async with ceiling_app(settings, count=len(web), size=size) as (url, pids):
        variants = await variants_of(shop.host, catalogue.products, units=UNITS, most=VARIANTS)
        till = Till(shop.host, settings.payments.base_url, variants)
        probes = [*_ceilings(url, pids, settings, catalogue), *_shop(shop.host, web, catalogue, till)]
        readings = await measure(probes, rounds=rounds, seconds=turn_s, settle=settle)
    result = Result(
        id=f"{SUITE}-{started:%Y%m%d-%H%M%S}-{secrets.token_hex(2)}",
        suite=SUITE,
        started_at=started.isoformat(timespec="seconds"),
        commit=commit(),
        machine=machine(),
        host=shop.host,
        shape=f"{len(web)} web processes, {rounds} turns of {turn_s:g} s each",
        duration_s=sum(reading.seconds for reading in readings.values()),
        warm_up_s=0.0,
        overall=row_of(Series(), seconds=1.0),
        requests={name: reading.row() for name, reading in readings.items()},
        journeys={},
        freshness={},
        ratios=ratios_of(readings),
    )
    result.verdicts = judge(budgets, SUITE, figures_of(result))
    return result


def ratios_of(readings: dict[str, Reading]) -> dict[str, Ratio]:
    found = {}
    for name, (ceiling, what) in PAIRS.items():
        if name in readings:
            mine, best = readings[name], readings[ceiling]
            found[name] = Ratio(what=f"{what}, in answers", measured=mine.rate, ceiling=best.rate)
            if name not in NO_CPU:
                found[f"{name}_cpu"] = Ratio(
                    what=f"{what}, in CPU of the web processes", measured=mine.cpu, ceiling=best.cpu, unit="µs"
                )
    return found


def cached_searches(host: str, catalogue: Catalogue) -> list[str]:
    return [f"{host}/api/v1/search?{urlencode({'q': q})}" for q in catalogue.queries[:CACHED]]


def _ceilings(url: str, pids: list[int], settings: Settings, catalogue: Catalogue) -> list[Probe]:
    search = f"{settings.search.url.rstrip('/')}/multi-search"
    return [
        Probe(name="redis_get", url=url, pids=pids, requests=[encode("GET", f"{url}/redis")]),
        Probe(name="commit", url=url, pids=pids, requests=[encode("GET", f"{url}/commit")]),
        *(
            Probe(
                name=name,
                url=search,
                pids=pids,
                requests=asked(search, settings, catalogue, facets=facets),
                connections=SEARCHES,
            )
            for name, facets in (("meilisearch", False), ("meilisearch_facets", True))
        ),
    ]


def _shop(host: str, web: list[int], catalogue: Catalogue, till: Till) -> list[Probe]:
    addresses = [people.address() for _ in range(ADDRESSES)]
    products = [f"{host}/api/v1/products/{slug}" for slug in catalogue.products[:CACHED]]
    urls = {
        "cached_search": (cached_searches(host, catalogue) * (ADDRESSES // CACHED), CACHED, CONNECTIONS),
        "cached_product": (products * (ADDRESSES // CACHED), CACHED, CONNECTIONS),
        "uncached_search": (searches(host, catalogue, facets=False), 0, SEARCHES),
        "uncached_search_facets": (searches(host, catalogue, facets=True), 0, SEARCHES),
    }
    probes = [
        Probe(name=name, url=host, pids=web, requests=spread(found, addresses), warm=warm, connections=connections)
        for name, (found, warm, connections) in urls.items()
    ]
    return [*probes, Probe(name="checkout", url=host, pids=web, till=till)]


def searches(host: str, catalogue: Catalogue, *, facets: bool) -> list[str]:
    """Each query once, with a least price that no earlier run asked for: none is in the cache."""
    price = random.randrange(1, PRICE_MAX_MINOR)
    wanted = (parameters(q, price, facets=facets) for q in _without_order(catalogue.queries))
    return [f"{host}/api/v1/search?{urlencode(found)}" for found in wanted]


def asked(url: str, settings: Settings, catalogue: Catalogue, *, facets: bool) -> list[bytes]:
    headers = {"Authorization": f"Bearer {settings.search.api_key}", "Content-Type": "application/json"}
    price = random.randrange(1, PRICE_MAX_MINOR)
    bodies = (multi_search(settings.search.index, q, price, facets=facets) for q in _without_order(catalogue.queries))
    return [encode("POST", url, headers, body) for body in bodies]


def _without_order(queries: Sequence[str]) -> list[str]:
    """The same for both: the commonest have the most hits, so whoever is ahead would be asked easier ones."""
    return random.Random(1).sample(queries, len(queries))


async def size_of(url: str) -> int:
    async with aiohttp.ClientSession() as client, client.get(url) as response:
        return len(await response.read())
