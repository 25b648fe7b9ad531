"""Answers searches: Meilisearch while it is well, PostgreSQL the moment it is not, in one shape.

A time-out, a refusal or a missing index never reaches the shopper. Facet counts are kept up to 30 s in the process.
"""

import time
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import msgspec

from models.category_tree import Tree, read_tree
from search import arrange, fallback, metrics, plan, relax
from search.answer import SearchAnswer, Suggested, SuggestedCategory, Suggestions
from search.client import SearchClient
from search.complete import complete
from search.either import ENGINE_AT_ONCE, Either
from search.facets import SPECS_AT_HAND, Counts, Labels, SpecField, at_hand, commonest, describe
from search.found import Found
from search.kept import Kept, Renewed
from search.names import CategoryName, Names, deepest
from search.popular import KEPT_S as POPULAR_KEPT_S
from search.popular import Popular
from search.query import MAX_HITS, Search, clean
from search.results import FoundHit, Product, Result, Results, SuggestedResults, counts_of
from search.rules import Rules

FACETS_TTL_S = 30.0
KEPT_MAX = 500  # a search's counts take some 20 KB
FIELDS_TTL_S = 300.0
PATIENCE = 1 / 6
"""Of the engine's time-out, half a second of three, without a word from it: then PostgreSQL is asked as well."""
SUGGESTED = 6
CATEGORIES_SUGGESTED = 3
NO_COUNTS = Counts({}, {})

Matter = tuple[str, tuple[str, ...], tuple[str, ...]]
"""What a search is about: its words, brands and sellers."""


class Engine:
    def __init__(
        self, client: SearchClient, *, facets_ttl_s: float = FACETS_TTL_S, at_once: int = ENGINE_AT_ONCE
    ) -> None:
        """`at_once`: questions that the engine is asked at a time."""
        self.client = client
        self.names = Names()
        self.rules = Rules()
        self.popular = Popular(kept_s=POPULAR_KEPT_S if facets_ttl_s else 0)
        self._counts: Kept[tuple[Search, str], Counts] = Kept(facets_ttl_s, KEPT_MAX)
        self._tree = Renewed(read_tree, facets_ttl_s)
        self._either = Either(client.breaker, patience_s=client.timeout_s * PATIENCE, at_once=at_once)
        self._fields: Kept[str, list[SpecField]] = Kept(FIELDS_TTL_S if facets_ttl_s else 0, 2_000)
        self._at_hand: Kept[Matter, str] = Kept(FIELDS_TTL_S if facets_ttl_s else 0, 10_000)
        self._degraded = fallback.Memory(Kept(facets_ttl_s, KEPT_MAX), self._fields)

    async def close(self) -> None:
        await self.client.close()

    async def search(self, search: Search) -> SearchAnswer:
        """With what merchandising makes of it. Raises only what PostgreSQL raises when it is down as well."""
        return await self.answer(msgspec.structs.replace(search, curation=await self.rules.find(search)))

    async def answer(self, search: Search) -> SearchAnswer:
        """With the curation that it has."""
        started = time.perf_counter()
        (fields, found), degraded = await self._either.ask(
            partial(self._find, search), partial(fallback.search, search, self._degraded)
        )
        metrics.ANSWERS.labels("postgres" if degraded else "meilisearch").inc()
        facets = describe(search, found.counts, fields, await self._labels(found.counts))
        return SearchAnswer(
            id=search.name(),
            query=search.q,
            total=found.total,
            page=search.page,
            pages=min(-(-found.total // search.per_page), MAX_HITS // search.per_page),
            per_page=search.per_page,
            sort=search.sort,
            hits=found.hits,
            facets=facets,
            engine="postgres" if degraded else "meilisearch",
            degraded=degraded,
            relaxed=found.relaxed,
            dropped=found.dropped,
            took_ms=round((time.perf_counter() - started) * 1000),
        )

    async def several(self, searches: Sequence[Search]) -> list[Found]:
        """Hits and totals of searches for all words, one question for all of them: without facets, nothing pinned."""
        asked = [
            msgspec.structs.replace(search, facets=(), curation=(await self.rules.find(search)).only_hides())
            for search in searches
        ]
        found, _ = await self._either.ask(partial(self._several, asked), partial(fallback.several, asked))
        return found

    async def suggest(self, text: str) -> Suggestions:
        """What the rules hide from the results of these very words is not suggested for them."""
        q = clean(text)
        wanted = Search(q=q, per_page=SUGGESTED, facets=())
        wanted = msgspec.structs.replace(wanted, curation=(await self.rules.find(wanted)).only_hides())
        products, degraded = (
            await self._either.ask(partial(self._suggest, wanted), partial(fallback.suggest, wanted))
            if q
            else ([], False)
        )
        return Suggestions(
            query=q,
            queries=await self.popular.matching(q) if q else (),
            categories=await self._suggest_categories(q) if q else (),
            products=tuple(products),
            engine="postgres" if degraded else "meilisearch",
            degraded=degraded,
        )

    async def _suggest_categories(self, q: str) -> tuple[SuggestedCategory, ...]:
        """Those with something for sale, as the tree that was read last counts it: no key stroke waits for that."""
        tree, names = self._tree.latest(), await self.names.categories()
        full = {slug for slug, node in tree.nodes.items() if node.count} if tree else names.keys()
        return _matching(q, {slug: name for slug, name in names.items() if slug in full})

    async def category_tree(self) -> Tree:
        return await self._tree.get()

    async def _find(self, search: Search) -> tuple[list[SpecField], Found]:
        known = search.category or self._at_hand.get(_matter(search)) or ""
        fields = await self._spec_fields(search, known)
        asked, found = await self._ask(search, fields)
        if known or "spec" not in search.facets or not (held := at_hand(found.counts, found.total)):
            return fields, found
        category = self._at_hand.put(_matter(search), deepest(held, await self.names.categories()))
        return await self._specify(asked, found, await self._spec_fields(search, category))

    async def _specify(self, asked: Search, found: Found, fields: list[SpecField]) -> tuple[list[SpecField], Found]:
        """No category was chosen: the specifications of the one that most results are in, counted by a question more.

        The next search for the same words knows that category, and asks for everything at once.
        """
        counted = msgspec.structs.replace(asked, facets=("spec",), page=1, per_page=0)
        questions = plan.questions(
            self.client.index, counted, [field.key for field in fields], strategy="all", count=True
        )
        body = msgspec.json.encode({"queries": [facets.query for facets in questions]})
        results = (await self.client.multi_search(body, Results)).results
        more = counts_of(questions, results)
        await complete(self.client, questions, results, more)
        counts = Counts({**found.counts.values, **more.values}, {**found.counts.ends, **more.ends})
        self._counts.put((asked.without_page(), "all"), counts)
        return fields, found._replace(counts=counts)

    async def _ask(self, search: Search, fields: Sequence[SpecField]) -> tuple[Search, Found]:
        """All words first; where nothing has them all, as few as can be are left out. Says what found it."""
        found = await self._ask_with("all", search, fields)
        words = relax.words_of(search.q)
        if found.total or not words:
            return search, found
        if relaxed := await self._relax(search, words):
            asked = msgspec.structs.replace(search, q=relaxed.q)
            fewer = await self._ask_with("all", asked, fields)
            if fewer.total:
                return asked, fewer._replace(relaxed=True, dropped=relaxed.dropped)
        return search, found

    async def _relax(self, search: Search, words: Sequence[str]) -> relax.Relaxed | None:
        """Two questions at most. None: no word finds anything, or there is but one."""
        if len(words) < 2:
            return None
        counts = await self._totals(search, relax.first_tries(search.q, words))
        if chosen := relax.choose(search.q, words, counts):
            return chosen
        tries = relax.second_tries(search.q, words, counts)
        counts = await self._totals(search, [relaxed.q for relaxed in tries])
        return next((relaxed for relaxed in tries if counts[relaxed.q]), None)

    async def _totals(self, search: Search, texts: Sequence[str]) -> dict[str, int]:
        if not texts:
            return {}
        body = msgspec.json.encode({"queries": [plan.count_query(self.client.index, search, q) for q in texts]})
        results = (await self.client.multi_search(body, Results)).results
        return {q: result.total_hits for q, result in zip(texts, results, strict=True)}

    async def _ask_with(self, strategy: str, search: Search, fields: Sequence[SpecField]) -> Found:
        key = (search.without_page(), strategy)
        counts = self._counts.get(key) if search.facets else NO_COUNTS
        specs = [field.key for field in fields]
        known = self._known(search, strategy) if counts is None else {}
        asked = plan.questions(self.client.index, search, specs, strategy=strategy, count=counts is None, known=known)
        arranged = search.curation.arranges
        extra = plan.arranged_queries(self.client.index, search, strategy=strategy) if arranged else []
        body = msgspec.json.encode({"queries": [*(facets.query for facets in asked), *extra]})
        results = (await self.client.multi_search(body, Results)).results
        if counts is None:
            counts = counts_of(asked, results[: len(asked)])
            await complete(self.client, asked, results[: len(asked)], counts)
            for group, others in known.items():
                counts.take_over(group, others)
            self._counts.put(key, counts)
        hits, total = results[0].hits, results[0].total_hits
        if extra:
            hits, total = await self._arrange(search, extra[2], results[len(asked) :])
        return Found(tuple(hits), total, counts, relaxed=False)

    def _known(self, search: Search, strategy: str) -> dict[str, Counts]:
        """Of groups in which something is chosen what was counted without that choice, as most people saw it before."""
        found = {group: self._counts.get((search.without(group).without_page(), strategy)) for group in search.chosen()}
        return {group: counts for group, counts in found.items() if counts and counts.has(group)}

    async def _several(self, searches: Sequence[Search]) -> list[Found]:
        queries = [plan.hits_query(self.client.index, search, "all") for search in searches]
        results = (await self.client.multi_search(msgspec.json.encode({"queries": queries}), Results)).results
        return [Found(tuple(one.hits), one.total_hits, NO_COUNTS, relaxed=False) for one in results]

    async def _arrange(
        self, search: Search, asked: dict[str, Any], results: Sequence[Result]
    ) -> tuple[list[FoundHit], int]:
        """The page in its order, and how many there are. A later page behind boosted products asks once more."""
        found, boosted, rest, boosted_count, rest_count = results
        meant = {product for _, product in search.curation.pins}
        pins = [hit for hit in found.hits if hit.id in meant]  # an engine knows a product by a hash
        lanes = arrange.Lanes.of(search, pins, boosted_count.total_hits, rest_count.total_hits)
        offset, count = lanes.rest_window(search)
        start = offset - arrange.fetched_from(search)
        others = rest.hits[start : start + count] if start >= 0 else []
        if count and start < 0:
            body = msgspec.json.encode({"queries": [{**asked, "offset": offset, "limit": count}]})
            others = (await self.client.multi_search(body, Results)).results[0].hits
        return arrange.page_of(search, lanes, pins, boosted.hits, others), lanes.total

    async def _suggest(self, search: Search) -> list[Suggested]:
        """Products with all words; where nothing has all, those with the first of them: dearer, and rare."""
        products: list[Product] = []
        for strategy in ("all", "last"):
            body = msgspec.json.encode({"queries": [plan.suggest_query(self.client.index, search, strategy=strategy)]})
            (found,) = (await self.client.multi_search(body, SuggestedResults)).results
            if (products := found.hits) or " " not in search.q:
                break
        return [
            Suggested(
                slug=product.slug,
                name=product.name,
                highlight=product.formatted.name,
                image=product.image,
                price_minor=product.price_minor,
                currency=product.currency,
            )
            for product in products
        ]

    async def _spec_fields(self, search: Search, category: str) -> list[SpecField]:
        """Those of the category at hand, and those chosen."""
        if "spec" not in search.facets:
            return []
        found: list[SpecField] = []
        if category:
            found = self._fields.get(category) or await self._discover(category)
            found = found if search.category else found[:SPECS_AT_HAND]
        known = {field.key for field in found}
        return [*found, *(SpecField.of(spec.key) for spec in search.specs if spec.key not in known)]

    async def _discover(self, category: str) -> list[SpecField]:
        body = msgspec.json.encode({"queries": [plan.discover_query(self.client.index, category)]})
        (result,) = (await self.client.multi_search(body, Results)).results
        return self._fields.put(category, commonest(result.facet_distribution.get(plan.DISCOVER, {})))

    async def _labels(self, counts: Counts) -> Labels:
        values = counts.values
        categories = await self.names.categories() if "category" in values else {}
        return Labels(categories, await self.names.sellers(values.get("seller", {})))


def _matter(search: Search) -> Matter:
    return search.q, search.brands, search.sellers


def _matching(q: str, names: Mapping[str, CategoryName]) -> tuple[SuggestedCategory, ...]:
    """Categories with a word that begins with what was typed; those whose name begins so first, short ones first."""
    start = f" {q}"
    found = [
        (not name.words.startswith(start), len(name.name), slug) for slug, name in names.items() if start in name.words
    ]
    return tuple(
        SuggestedCategory(slug=slug, name=names[slug].name) for *_, slug in sorted(found)[:CATEGORIES_SUGGESTED]
    )
