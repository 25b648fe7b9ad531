"""A search's answer as its page shows it: cards, filters, chips that take one filter away each, and the suggestions."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from handlers.pages.facet_view import facet_groups, range_label, tree_view, value_label
from handlers.pages.pictures import picture_url
from models.category_tree import Tree
from search.answer import Facet, Hit, SearchAnswer, Suggestions
from search.query import SearchQuery, read_range
from web.filters import grouped
from web.links import Pairs, link, without

SORTS = [
    ("relevance", "Best match"),
    ("best_selling", "Best selling"),
    ("price_asc", "Price, low first"),
    ("price_desc", "Price, high first"),
    ("rating", "Best rated"),
    ("newest", "Newest"),
    ("discount", "Biggest saving"),
]

PARAMETERS = {"price": ("price_min", "price_max"), "rating": ("rating_min",), "discount": ("discount_min",)}


def search_view(answer: SearchAnswer, query: SearchQuery, *, tree: Tree, path: str, params: Pairs) -> dict[str, Any]:
    """What shop/_results.html wants as `search`. `query.category` is the one at hand, on its own page as well."""
    facets = {facet.name: facet for facet in answer.facets}
    q = query.q.strip()
    node = tree.nodes.get(query.category)
    chips = list(_chips(facets, tree, path, params))
    dropped = answer.dropped
    left = " ".join(word for word in answer.query.split() if word not in dropped)
    meant = answer.did_you_mean
    kept = [pair for pair in params if pair[0] in ("q", "sort")]
    return {
        **_headings(q, node.name if node else "", path),
        "id": answer.id,
        "engine": answer.engine,
        "path": path,
        "params": params,
        "q": q,
        "category": query.category if path == "/search" else "",
        "total": answer.total,
        "page": answer.page,
        "pages": answer.pages,
        "first": (answer.page - 1) * answer.per_page + 1,
        "hits": [card(hit) for hit in answer.hits],
        "tree": tree_view(facets.get("category"), tree, query.category, path, params),
        "facets": facet_groups(answer.facets, query, path, params),
        "children": [],
        "chips": chips,
        "clear_url": link(path, kept),
        "bare": not answer.hits and not chips,
        "sorts": SORTS if q else [("relevance", "Popular"), *SORTS[1:]],
        "sort": query.sort,
        "degraded": answer.degraded,
        "relaxed": answer.relaxed,
        "dropped": dropped,
        "searched": {"text": left, "url": link(path, params, q=left)} if dropped else None,
        "meant": {"text": meant, "url": link(path, params, q=meant)} if meant else None,
        "instead": _instead(answer, facets, tree, path, params) if answer.instead else None,
        "took_ms": answer.took_ms,
    }


def _headings(q: str, category: str, path: str) -> dict[str, str]:
    if q:
        place = f" in {category}" if category else ""
        return {"title": f"{q}{place}", "heading": f"Results for “{q}”{place}"}
    heading = category or ("All products" if path == "/search" else "")
    return {"title": heading, "heading": heading}


def _instead(answer: SearchAnswer, facets: dict[str, Facet], tree: Tree, path: str, params: Pairs) -> dict[str, Any]:
    """Ways out of a page without results."""
    if answer.instead is None:
        return {}
    node = tree.nodes.get(answer.instead.category)
    ways = []
    for way in answer.instead.without:
        names = PARAMETERS.get(way.filter, (way.filter,))
        kept = [pair for pair in params if pair[0] not in (*names, "page")]
        if path == "/search" or way.filter != "category":
            label = facets[way.filter].label.lower() if way.filter in facets else way.filter
            ways.append({"label": f"the {label} filter", "total": way.total, "url": link(path, kept)})
        else:
            ways.append({"label": "the category", "total": way.total, "url": link("/search", kept)})
    return {
        "without": ways,
        "category": {"name": node.name, "url": f"/c/{node.slug}"} if node else None,
        "popular": [card(hit) for hit in answer.instead.popular],
    }


class Card(NamedTuple):
    """A product on a shelf; pages remember its HTML by these values."""

    slug: str
    name: str
    brand: str
    price_minor: int
    list_price_minor: int | None
    currency: str
    rating: float
    rating_count: int
    in_stock: bool
    seller_name: str
    picture: str | None
    highlighted: str | None


def card(hit: Hit) -> Card:
    return Card(
        hit.slug, hit.name, hit.brand, hit.price_minor, hit.list_price_minor, hit.currency, hit.rating,
        hit.rating_count, hit.in_stock, hit.seller_name, picture_url(hit.image), hit.highlight,
    )  # fmt: skip


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


def _chips(facets: dict[str, Facet], tree: Tree, path: str, params: Pairs) -> Iterator[dict[str, str]]:
    """In the order in which they were chosen; each says what it stands for and where taking it away leads."""
    for name, value in params:
        if name in ("q", "sort"):
            continue
        if label := _chip(facets, tree, name, value):
            yield {"label": label, "url": link(path, without(params, name, value))}


def _chip(facets: dict[str, Facet], tree: Tree, name: str, value: str) -> str:
    match name:
        case "category":
            return tree.nodes[value].name if value in tree.nodes else value
        case "price_min" | "price_max":
            whole, point, rest = value.partition(".")
            return f"{'From' if name == 'price_min' else 'Up to'} ₹{grouped(int(whole))}{point}{rest}"
        case "in_stock":
            return "In stock" if value in ("1", "true") else ""
        case "rating_min":
            return f"{value} ★ and up"
        case "discount_min":
            return f"{value}% off and more"
    facet = facets.get(name)
    if facet is None:
        return value
    found = next((v for v in facet.values if v.value.casefold() == value.casefold()), None)
    ends = read_range(value) if name.startswith("spec.") else None
    text = range_label(ends, facet.unit) if ends else value_label(facet, found) if found else value
    return f"{facet.label}: {text}" if name.startswith("spec.") else text
