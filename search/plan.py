"""From a search to Meilisearch's multi-search: a typed filter builder, allowlisted sorts, disjunctive facet counts.

Only sellable products are in the index, so nothing that stands in a filter can reveal another one.
"""

from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from search import slots
from search.query import Search, Sort, Spec
from search.vocabulary import asked
from search.wording import exactly, is_finished

MARK, UNMARK = "<mark>", "</mark>"
RETRIEVED = ("id", "slug", "name", "brand", "seller", "seller_name", "price_minor", "list_price_minor", "discount",
    "currency", "in_stock", "rating", "rating_count", "image", "image_alt", "category")  # fmt: skip
SUGGESTED = ("slug", "name", "image", "price_minor", "currency")

SORT: dict[Sort, list[str]] = {
    "relevance": [],
    "price_asc": ["price_minor:asc"],
    "price_desc": ["price_minor:desc"],
    "newest": [f"{name}:desc" for name in slots.CREATED],
    "rating": ["rating:desc", "rating_count:desc"],
    "best_selling": ["sales_count:desc"],
    "discount": ["discount:desc"],
}

ATTRIBUTE = {"category": "categories", "price": "price_band"}
"""The attribute whose values a group counts, where it is not called like the group."""
ENDS = {"price": "price_minor"}
"""The attribute whose lowest and highest number a group shows, likewise."""

SPEC_GROUP = "spec."
DISCOVER = "spec_fields"
"""The facet whose values say which specifications the found products have."""


class Facets(NamedTuple):
    """One query of a multi-search and the facet groups that it counts: `spec.KEY` for a specification."""

    query: dict[str, Any]
    groups: tuple[str, ...]


def questions(
    index: str, search: Search, specs: Sequence[str], *, strategy: str, count: bool, known: Collection[str] = ()
) -> list[Facets]:
    """The hits, with the counts of all groups; and one query for each group in which something is chosen, without its
    own choice, unless what that counts is `known`.

    So the counts beside a chosen brand say what choosing another one as well would add. Where a group is counted twice
    the higher count is true: an engine tells the commonest values only, and what is chosen may be rare.
    """
    groups = [name for name in search.facets if name != "spec"] if count else []
    if count and "spec" in search.facets:
        groups += [f"spec.{key}" for key in specs]
    hits = hits_query(index, search, strategy)
    if not groups:
        return [Facets(hits, ())]
    chosen = dict(clauses(search))
    base = {**_base(index, search, strategy), "hitsPerPage": 0, "page": 1}
    found = [Facets({**hits, "facets": _attributes(groups)}, tuple(groups))]
    for name in groups:
        if name in chosen and name not in known:
            others = [clause for other, clause in chosen.items() if other != name]
            found.append(Facets({**base, "filter": others, "facets": _attributes([name])}, (name,)))
    return found


def hits_query(index: str, search: Search, strategy: str) -> dict[str, Any]:
    """A page of what is found, and how many there are."""
    return {
        **_base(index, search, strategy),
        "filter": [clause for _, clause in clauses(search)],
        "sort": SORT[search.sort],
        "page": search.page,
        "hitsPerPage": search.per_page,
        "attributesToRetrieve": RETRIEVED,
        "attributesToHighlight": ["name"] if search.q else [],
        "highlightPreTag": MARK,
        "highlightPostTag": UNMARK,
    }


def arranged_queries(index: str, search: Search, *, strategy: str) -> list[dict[str, Any]]:
    """Pins, boosted matches, other matches (each as wide as the page could need), and how many of the last two."""
    curation, pins = search.curation, [product for _, product in search.curation.pins]
    first, size = (search.page - 1) * search.per_page, search.per_page
    hits = hits_query(index, search, strategy)
    del hits["page"], hits["hitsPerPage"]
    chosen: list[str] = hits["filter"]
    free = [*chosen, f"NOT ({_products(pins)})"] if pins else chosen
    boosted = _named(curation.boosted, curation.boosted_brands) or f"{slots.NAMED} IS NULL"  # none
    window = {"offset": max(0, first - len(pins)), "limit": size + len(pins)}
    lanes = [[*free, boosted], [*free, f"NOT ({boosted})"]]
    return [
        {**hits, "q": "", "filter": [*chosen, _products(pins)], "limit": len(pins), "attributesToHighlight": []},
        *({**hits, "filter": lane, **window} for lane in lanes),
        *({**_base(index, search, strategy), "filter": lane, "page": 1, "hitsPerPage": 0} for lane in lanes),
    ]


def count_query(index: str, search: Search, q: str) -> dict[str, Any]:
    """How many products have all of these words, under the filters of the search; the last one is whole, too."""
    narrowed = [clause for _, clause in clauses(search)]
    whole = f"{exactly(q)} "  # the space after it says that nobody is still typing
    return {**_base(index, search, "all"), "q": whole, "filter": narrowed, "page": 1, "hitsPerPage": 0}


def discover_query(index: str, category: str) -> dict[str, Any]:
    """Which specifications the products of a category have."""
    return {
        "indexUid": index,
        "q": "",
        "filter": [_any("categories", [category])],
        "facets": [DISCOVER],
        "page": 1,
        "hitsPerPage": 0,
    }


def suggest_query(index: str, search: Search, *, strategy: str) -> dict[str, Any]:
    """As many as its page holds, without counting how many there are."""
    return {
        "indexUid": index,
        "q": typed(search.q),
        "limit": search.per_page,
        "filter": [clause for _, clause in clauses(search)],
        "attributesToRetrieve": SUGGESTED,
        "attributesToHighlight": ["name"],
        "highlightPreTag": MARK,
        "highlightPostTag": UNMARK,
        "matchingStrategy": strategy,
    }


def clauses(search: Search) -> Iterator[tuple[str, str]]:
    """Each chosen group with its clause."""
    if search.category:
        yield "category", _any("categories", [search.category])
    if search.brands:
        yield "brand", _any("brand", search.brands)
    if search.sellers:
        yield "seller", _any("seller", search.sellers)
    if search.price_min is not None or search.price_max is not None:
        yield "price", _between("price_minor", search.price_min, search.price_max)
    if search.rating_min is not None:
        yield "rating", f"rating >= {search.rating_min}"
    if search.discount_min is not None:
        yield "discount", f"discount >= {search.discount_min}"
    if search.in_stock:
        yield "in_stock", "in_stock = true"
    for spec in search.specs:
        yield f"spec.{spec.key}", _spec(spec)
    if hidden := _named(search.curation.hidden, search.curation.hidden_brands):
        yield "hidden", f"NOT ({hidden})"


def _named(products: Sequence[str], brands: Sequence[str]) -> str:
    """Products by id or by brand; empty where none is named."""
    parts = [_products(products)] if products else []
    parts += [_any("brand", brands)] if brands else []
    return " OR ".join(parts)


@lru_cache(2_000)
def attribute_of(group: str) -> str:
    """The attribute whose values a group counts."""
    key = spec_of(group)
    return slots.field_of(key) if key else ATTRIBUTE.get(group, group)


def spec_of(group: str) -> str:
    """The key of a specification's group; empty for another."""
    return group[len(SPEC_GROUP) :] if group.startswith(SPEC_GROUP) else ""


def quote(value: str) -> str:
    """A value of the filter language, whatever it holds."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


@lru_cache(2_000)
def typed(q: str) -> str:
    """The text of a query. The last word may be unfinished, but one digit stands for itself: "iphone 6" is no 64. So do
    letters with their last dot.
    """
    text = exactly(asked(q))
    is_whole = is_finished(q) or (text[-1:].isdigit() and not text[-2:-1].strip())
    return f"{text} " if is_whole else text


def _base(index: str, search: Search, strategy: str) -> dict[str, Any]:
    return {"indexUid": index, "q": typed(search.q), "matchingStrategy": strategy}


def _attributes(groups: Sequence[str]) -> list[str]:
    """Each once: specifications may share one."""
    ends = [ENDS[name] for name in groups if name in ENDS]
    return list(dict.fromkeys([attribute_of(name) for name in groups] + ends))


def _any(attribute: str, values: Sequence[str]) -> str:
    return f"{attribute} IN [{', '.join(quote(value) for value in values)}]"


def _products(ids: Sequence[str]) -> str:
    each = (" AND ".join(f"{slots.NAMED} = {part}" for part in slots.named(product)) for product in ids)
    return " OR ".join(f"({parts})" for parts in each)


def _between(attribute: str, low: float | None, high: float | None) -> str:
    ends = [f"{attribute} >= {low}" if low is not None else "", f"{attribute} <= {high}" if high is not None else ""]
    return " AND ".join(end for end in ends if end)


def _spec(spec: Spec) -> str:
    attribute = quote(slots.field_of(spec.key))
    if not slots.shares(spec.key):
        parts = [_any(attribute, spec.texts)] if spec.texts else []
        parts += [f"({_between(attribute, low, high)})" for low, high in spec.ranges]
    else:
        texts = [form for text in spec.texts for form in slots.forms(spec.key, text)]
        parts = [_any(attribute, texts)] if texts else []
        for ends in spec.ranges:
            first, last = slots.between(spec.key, *ends)
            parts.append(f"{attribute} {quote(first)} TO {quote(last)}")
    return f"({' OR '.join(parts)})"
