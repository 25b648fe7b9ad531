"""The settings of the products' index, as data, and what tells an index whose settings have drifted."""

from collections.abc import Mapping
from typing import Any

import msgspec

COUNTED_MAX = 1_000_000  # totals are exact up to here; pages end at MAX_HITS of the query
MAX_FACET_VALUES = 200

# Ways in which shoppers here say one thing. Both directions are listed: Meilisearch reads synonyms one way.
SAME = (
    ("tv", "television"),
    ("fridge", "refrigerator"),
    ("mobile", "phone", "smartphone", "cell phone", "mobile phone"),
    ("sofa", "couch"),
    ("earphones", "headphones", "earbuds"),
    ("fan", "pankha"),
    ("pram", "stroller"),
    ("trousers", "pants"),
    ("washing machine", "washer"),
    ("almirah", "wardrobe"),
    ("cooker", "stove"),
    ("inch", "inches"),
    ("litre", "liter", "litres", "liters", "ltr"),
    ("kilogram", "kg", "kilo"),
)
STOP_WORDS = ("a", "an", "and", "at", "by", "for", "from", "in", "is", "of", "on", "or", "the", "to", "with")
HINDI_STOP_WORDS = ("का", "की", "के", "में", "और", "से", "को")

FILTERABLE = (
    "categories",
    "brand",
    "seller",
    "price_minor",
    "discount",
    "in_stock",
    "rating",
    "spec_fields",
    "spec.*",
)
SORTABLE = ("price_minor", "created_at", "rating", "rating_count", "sales_count", "discount", "popularity")

SETTINGS: dict[str, Any] = {
    "searchableAttributes": [
        "name",
        "brand",
        "category_names",
        "skus",
        "spec_text",
        "seller_name",
        "description",
    ],
    "displayedAttributes": ["*"],
    "filterableAttributes": [
        {
            "attributePatterns": list(FILTERABLE),
            "features": {"facetSearch": False, "filter": {"equality": True, "comparison": True}},
        }
    ],
    "sortableAttributes": sorted(SORTABLE),
    "rankingRules": [
        "sort",  # first: who asks for the cheapest wants the cheapest of what matches, whatever its rank
        "words",
        "typo",
        "proximity",
        "attribute",
        "exactness",
        "popularity:desc",
    ],
    "stopWords": sorted((*STOP_WORDS, *HINDI_STOP_WORDS)),
    "synonyms": {word: [other for other in group if other != word] for group in SAME for word in group},
    "typoTolerance": {
        "enabled": True,
        "minWordSizeForTypos": {"oneTypo": 5, "twoTypos": 9},
        "disableOnWords": [],
        "disableOnAttributes": ["skus"],
        "disableOnNumbers": True,
    },
    "faceting": {"maxValuesPerFacet": MAX_FACET_VALUES, "sortFacetValuesBy": {"*": "count"}},
    "pagination": {"maxTotalHits": COUNTED_MAX},
    "facetSearch": False,
}


def drift(found: Mapping[str, Any]) -> list[str]:
    """The names of the settings of an index that are not as they should be."""
    return [name for name, wanted in SETTINGS.items() if _canonical(found.get(name)) != _canonical(wanted)]


def _canonical(value: object) -> bytes:
    return msgspec.json.encode(value, order="deterministic")
