"""A search's answer as its page shows it: cards, groups of filters, chips that take one filter away each."""

from typing import Any

from handlers.pages.pictures import picture_url
from models.money import MINOR_PER_MAJOR
from search.answer import Facet, FacetValue, Hit, SearchAnswer, Suggestions
from search.query import SearchQuery
from web.filters import grouped
from web.links import link, without

Pairs = list[tuple[str, str]]
SORTS = [
    ("relevance", "Best match"),
    ("best_selling", "Best selling"),
    ("price_asc", "Price, low first"),
    ("price_desc", "Price, high first"),
    ("rating", "Best rated"),
    ("newest", "Newest"),
    ("discount", "Biggest saving"),
]
PARAMETER = {"rating": "rating_min", "discount": "discount_min"}
OPEN = ("category", "brand", "price", "rating", "in_stock")
SPECS_OPEN = 2


def search_view(answer: SearchAnswer, query: SearchQuery, *, path: str, params: Pairs, heading: str) -> dict[str, Any]:
    """What shop/_results.html wants as `search`."""
    chips = _chips(answer, query, path, params)
    kept = [pair for pair in params if pair[0] in ("q", "sort")]
    return {
        "title": heading,
        "heading": f"Results for “{query.q.strip()}”" if query.q.strip() and path == "/search" else heading,
        "path": path,
        "params": params,
        "q": query.q.strip(),
        "total": answer.total,
        "page": answer.page,
        "pages": answer.pages,
        "hits": [card(hit) for hit in answer.hits],
        "facets": _facets(answer, query, path),
        "chips": chips,
        "clear_url": link(path, kept),
        "bare": not answer.hits and kept == params,
        "children": [],
        "sorts": SORTS if query.q.strip() else [("relevance", "Popular"), *SORTS[1:]],
        "sort": query.sort,
        "degraded": answer.degraded,
        "relaxed": answer.relaxed,
        "took_ms": answer.took_ms,
    }


def card(hit: Hit) -> dict[str, Any]:
    return {
        "slug": hit.slug,
        "name": hit.name,
        "brand": hit.brand,
        "price_minor": hit.price_minor,
        "list_price_minor": hit.list_price_minor,
        "currency": hit.currency,
        "rating": hit.rating,
        "rating_count": hit.rating_count,
        "in_stock": hit.in_stock,
        "seller_name": hit.seller_name,
        "picture": picture_url(hit.image),
        "highlighted": hit.highlight,
    }


def suggestion_view(found: Suggestions, q: str) -> dict[str, Any]:
    products = [
        {
            "slug": product.slug,
            "name": product.name,
            "highlighted": product.highlight,
            "picture": picture_url(product.image),
            "price_minor": product.price_minor,
            "currency": product.currency,
        }
        for product in found.products
    ]
    return {"q": q, "queries": found.queries, "categories": found.categories, "products": products}


def _facets(answer: SearchAnswer, query: SearchQuery, path: str) -> list[dict[str, Any]]:
    shown, specs = [], 0
    for facet in answer.facets:
        if facet.name == "category" and path != "/search":
            continue
        specs += facet.name.startswith("spec.")
        group = _facet(facet, query)
        chosen = any(option["selected"] for option in group.get("options", []))
        group["open"] = facet.name in OPEN or chosen or (facet.name.startswith("spec.") and specs <= SPECS_OPEN)
        if facet.kind == "range" or group["options"]:
            shown.append(group)
    return shown


def _facet(facet: Facet, query: SearchQuery) -> dict[str, Any]:
    name = PARAMETER.get(facet.name, facet.name)
    if facet.kind == "range":
        low, high = ((end or 0) / MINOR_PER_MAJOR for end in (facet.low, facet.high))
        return {
            "name": name,
            "label": "Price (₹)",
            "kind": "range",
            "from_name": "price_min",
            "to_name": "price_max",
            "from_value": query.price_min,
            "to_value": query.price_max,
            "low": int(low),
            "high": -int(-high // 1),
        }
    values = _near(facet.values) if facet.name == "category" else facet.values
    options = [_option(facet, value) for value in values if value.count or value.selected]
    single = facet.kind == "minimum" or facet.name == "category"
    if single and options:
        anything = {"value": "", "label": "Any", "count": None, "selected": not any(o["selected"] for o in options)}
        options.insert(0, anything)
    return {"name": name, "label": facet.label, "kind": "radio" if single else "check", "options": options}


def _near(values: tuple[FacetValue, ...]) -> list[FacetValue]:
    """Of the category tree: the top, or the chosen one and what is right below it."""
    chosen = next((value for value in values if value.selected), None)
    if chosen is None:
        return [value for value in values if value.parent is None]
    return [chosen, *(value for value in values if value.parent == chosen.value)]


def _option(facet: Facet, value: FacetValue) -> dict[str, Any]:
    label = value.label
    if facet.kind == "minimum":
        label = f"{value.value}{' ★' if facet.name == 'rating' else '%'} and up"
    elif facet.unit and facet.name.startswith("spec."):
        label = f"{value.label} {facet.unit}"
    return {"value": value.value, "label": label, "count": value.count, "selected": value.selected}


def _chips(answer: SearchAnswer, query: SearchQuery, path: str, params: Pairs) -> list[dict[str, str]]:
    chips = []
    for name, amount, words in (("price_min", query.price_min, "From"), ("price_max", query.price_max, "Up to")):
        if amount:
            whole, point, rest = amount.partition(".")
            chips.append(
                {"label": f"{words} ₹{grouped(int(whole))}{point}{rest}", "url": link(path, without(params, name))}
            )
    for facet in answer.facets:
        name = PARAMETER.get(facet.name, facet.name)
        for value in facet.values:
            if value.selected and (facet.name != "category" or path == "/search"):
                option = _option(facet, value)
                label = f"{facet.label}: {option['label']}" if name.startswith("spec.") else option["label"]
                chips.append({"label": label, "url": link(path, _less(params, name, value.value))})
    return chips


def _less(params: Pairs, name: str, value: str) -> Pairs:
    """`params` without this choice; a value may be written in another case in the address."""
    given = [given for key, given in params if key == name and given.casefold() == value.casefold()]
    return without(params, name, given[0]) if given else without(params, name)
