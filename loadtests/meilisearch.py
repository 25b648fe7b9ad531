"""The very question that the shop asks Meilisearch for a search, so that its own cost can be told from the engine's.

A test holds it equal to what `search.plan` asks; load tools may not import that package.
"""

from typing import Any

import msgspec

PER_PAGE = 24
RETRIEVED = ("id", "slug", "name", "brand", "seller", "seller_name", "price_minor", "list_price_minor", "discount",
    "currency", "in_stock", "rating", "rating_count", "image", "image_alt", "category")  # fmt: skip
FACETS = ("category", "brand", "seller", "rating", "discount", "in_stock")
"""Those that one query counts while a price is chosen."""


def multi_search(index: str, q: str, price_min: int, *, facets: bool) -> bytes:
    """The body of `POST /multi-search` for words and a least price in minor units."""
    hits: dict[str, Any] = {
        "indexUid": index,
        "q": q,
        "matchingStrategy": "all",
        "filter": [f"price_minor >= {price_min}"],
        "sort": [],
        "page": 1,
        "hitsPerPage": PER_PAGE,
        "attributesToRetrieve": RETRIEVED,
        "attributesToHighlight": ["name"],
        "highlightPreTag": "<mark>",
        "highlightPostTag": "</mark>",
    }
    if facets:
        hits["facets"] = ["categories", *FACETS[1:]]
    return msgspec.json.encode({"queries": [hits]})


def parameters(q: str, price_min: int, *, facets: bool) -> dict[str, str]:
    """The same question to `GET /api/v1/search`."""
    return {
        "q": q,
        "price_min": f"{price_min // 100}.{price_min % 100:02}",
        "facets": ",".join(FACETS) if facets else "none",
    }
