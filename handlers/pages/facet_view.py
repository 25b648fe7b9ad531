"""The filters beside the results: a tree of categories as links, boxes, toggles, and ranges under their histogram."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from models.category_tree import Tree
from models.money import MINOR_PER_MAJOR
from search.answer import Bar, Facet, FacetValue
from search.query import Range, SearchQuery, read_range
from web.filters import grouped, number
from web.links import Pairs, link, without

PARAMETER = {"rating": "rating_min", "discount": "discount_min"}
ORDER = ("price", "brand", "rating", "discount", "in_stock", "spec", "seller")
OPEN = ("brand", "price", "rating", "in_stock")
SPECS_OPEN = 3
BOXES_MAX = 8
"""A number with so few values is chosen by boxes, one with more by a range."""
BAR_HEIGHT, BAR_LEAST = 36, 2


def tree_view(facet: Facet | None, tree: Tree, chosen: str, path: str, params: Pairs) -> list[dict[str, Any]]:
    """Rows of the tree: everything, what is above the chosen category, itself, and what is right below it."""
    counts = {value.value: value.count for value in facet.values} if facet else {}
    kept = [pair for pair in params if pair[0] not in ("category", "page")]

    def row(slug: str, depth: int) -> dict[str, Any]:
        url = link(f"/c/{slug}", kept) if path != "/search" else link(path, kept, category=slug)
        current = slug == chosen
        return {"name": tree.nodes[slug].name, "url": url, "count": counts.get(slug, 0), "depth": depth,
                "current": current, "above": depth < len(above)}  # fmt: skip

    above = [slug for slug in tree.nodes[chosen].path.split("/") if slug in tree.nodes] if chosen in tree.nodes else []
    below = _with_products(tree, above[-1] if above else "", counts)
    while not chosen and len(below) == 1 and (deeper := _with_products(tree, below[0], counts)):
        above, below = [*above, below[0]], deeper
    if chosen and not below and above:
        above, below = (
            above[:-1],
            _with_products(tree, above[-2] if len(above) > 1 else "", {**counts, chosen: counts.get(chosen) or 1}),
        )
    if not above and not below:
        return []
    rows = [row(slug, depth) for depth, slug in enumerate(above)]
    everything = {"name": "All categories", "url": link("/search", kept), "count": None, "depth": 0, "above": True,
                  "current": not chosen}  # fmt: skip
    return [everything, *rows, *(row(slug, len(above)) for slug in below)]


def facet_groups(facets: Iterable[Facet], query: SearchQuery, path: str, params: Pairs) -> list[dict[str, Any]]:
    """What components/facets.html wants, the categories left out."""
    shown, specs = [], 0
    listed = [facet for facet in facets if facet.name != "category"]
    for facet in sorted(listed, key=lambda facet: ORDER.index(facet.name.split(".")[0])):
        specs += facet.name.startswith("spec.")
        group = _group(facet, query, path, params)
        first = facet.name in OPEN or (facet.name.startswith("spec.") and specs <= SPECS_OPEN)
        group["open"] = first or group["chosen"]
        if group["options"] or group.get("high") is not None or group["chosen"]:
            shown.append(group)
    return shown


def value_label(facet: Facet, value: FacetValue) -> str:
    if facet.kind == "minimum":
        return f"{value.value}{' ★' if facet.name == 'rating' else '%'} and up"
    return f"{value.label} {facet.unit}" if facet.unit and facet.name.startswith("spec.") else value.label


def range_label(ends: Range, unit: str) -> str:
    """5 to 7 inch, from 5 inch, up to 7 inch."""
    low, high = (None if end is None else number(end) for end in ends)
    text = f"{low} to {high}" if low and high else f"from {low}" if low else f"up to {high}"
    return f"{text} {unit}".strip()


def _with_products(tree: Tree, slug: str, counts: Mapping[str, int]) -> list[str]:
    """The children that hold something, the fullest first."""
    children = dict.fromkeys(child for child in tree.children.get(slug, ()) if counts.get(child))
    return sorted(children, key=lambda child: -counts[child])


def _group(facet: Facet, query: SearchQuery, path: str, params: Pairs) -> dict[str, Any]:
    name = PARAMETER.get(facet.name, facet.name)
    group = {"name": name, "label": facet.label, "options": [], "chosen": facet.name in _chosen(query)}
    if facet.name == "price":
        return group | _price(facet, query, path, params)
    options = [_option(facet, value) for value in facet.values if value.count or value.selected]
    if facet.kind == "toggle":
        options = [option for option in options if option["value"] == "true" or option["selected"]]
    if facet.kind == "range":
        return group | _numbers(facet, query, path, params, options)
    if facet.kind == "minimum" and options:
        anything = {"value": "", "label": "Any", "count": None, "selected": not any(o["selected"] for o in options)}
        options.insert(0, anything)
    return group | {"kind": "radio" if facet.kind == "minimum" else "check", "options": options}


def _chosen(query: SearchQuery) -> set[str]:
    named = {"brand": query.brand, "seller": query.seller, "price": query.price_min or query.price_max,
             "rating": query.rating_min, "discount": query.discount_min, "in_stock": query.in_stock}  # fmt: skip
    return {name for name, value in named.items() if value} | {f"spec.{key}" for key in query.spec}


def _option(facet: Facet, value: FacetValue) -> dict[str, Any]:
    return {
        "value": value.value,
        "label": value_label(facet, value),
        "count": value.count,
        "selected": value.selected,
    }


def _price(facet: Facet, query: SearchQuery, path: str, params: Pairs) -> dict[str, Any]:
    low, high = ((end or 0) / MINOR_PER_MAJOR for end in (facet.low, facet.high))
    bars = [Bar(low=b.low / MINOR_PER_MAJOR, high=b.high / MINOR_PER_MAJOR, count=b.count) for b in facet.bars]
    ends = Range(*(float(end) if end else None for end in (query.price_min, query.price_max)))

    def address(bar: Bar) -> str:
        kept = without(without(params, "price_min"), "price_max")
        return link(path, kept, price_min=number(bar.low), price_max=number(bar.high))

    return {
        "label": "Price (₹)",
        "kind": "range",
        "spoken": "in rupees",
        "from_name": "price_min",
        "to_name": "price_max",
        "from_value": query.price_min,
        "to_value": query.price_max,
        "low": int(low),
        "high": -int(-high // 1) if facet.high is not None else None,
        "bars": list(_bars(bars, ends, address, "₹{} to ₹{}")),
    }


def _numbers(
    facet: Facet, query: SearchQuery, path: str, params: Pairs, options: list[dict[str, Any]]
) -> dict[str, Any]:
    key = facet.name.removeprefix("spec.")
    chosen = {text: ends for text in query.spec.get(key, ()) if (ends := read_range(text))}
    few = len(facet.values) <= BOXES_MAX and not chosen
    if few or not facet.bars or len(chosen) > 1 or any(option["selected"] for option in options):
        ranges = [
            {"value": text, "label": range_label(ends, facet.unit), "count": None, "selected": True}
            for text, ends in chosen.items()
        ]
        return {"kind": "check", "options": [*ranges, *options]}
    ends = next(iter(chosen.values()), Range(None, None))

    def address(bar: Bar) -> str:
        return link(path, [*without(params, facet.name), (facet.name, f"{number(bar.low)}..{number(bar.high)}")])

    unit = f" {facet.unit}" if facet.unit else ""
    return {
        "label": f"{facet.label} ({facet.unit})" if facet.unit else facet.label,
        "kind": "range",
        "spoken": f"in {facet.unit}" if facet.unit else "",
        "from_name": f"min.{key}",
        "to_name": f"max.{key}",
        "from_value": "" if ends.low is None else number(ends.low),
        "to_value": "" if ends.high is None else number(ends.high),
        "low": number(facet.low or 0),
        "high": number(facet.high or 0),
        "bars": list(_bars(facet.bars, ends, address, "{} to {}" + unit)),
    }


def _bars(bars: Iterable[Bar], chosen: Range, address: Any, words: str) -> Iterator[dict[str, Any]]:
    """Heights by the root, so that a bar of few stays in sight beside one of many."""
    drawn = list(bars)
    most = max((bar.count for bar in drawn), default=0) or 1
    for bar in drawn:
        height = max(round((bar.count / most) ** 0.5 * BAR_HEIGHT, 1), BAR_LEAST) if bar.count else 0
        within = (chosen.low is None or bar.high > chosen.low) and (chosen.high is None or bar.low < chosen.high)
        text = words.format(*(grouped(int(end)) if end == int(end) else number(end) for end in (bar.low, bar.high)))
        yield {"low": number(bar.low), "high": number(bar.high), "height": height, "top": BAR_HEIGHT - height,
               "within": within, "url": address(bar), "text": text, "count": bar.count}  # fmt: skip
