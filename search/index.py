"""The settings of the products' index, as data, and what tells an index whose settings have drifted."""

import hashlib
from collections.abc import Mapping
from typing import Any

import msgspec

from search.document import Document
from search.plan import RETRIEVED
from search.slots import CREATED, END_FIELDS, ENDS, NAMED, REST, SPEC
from search.vocabulary import BUILT_IN, NONE, SLIP_MIN, Vocabulary

COUNTED_MAX = 1_000_000  # totals are exact up to here; pages end at MAX_HITS of the query
MAX_FACET_VALUES = 200

FILTERABLE = (
    NAMED,
    "categories",
    "brand",
    "seller",
    "price_minor",
    "price_band",
    "discount",
    "in_stock",
    "rating",
    "spec_fields",
    f"{SPEC}.*",
)
SHARED = (f"{REST}.*", f"{ENDS}.*")
"""Where the values of one specification alone are found by their mark: see `search.complete`."""
FIELDS = (
    *(name for name in Document.__struct_fields__ if name not in {"spec", "created_at"}),
    *CREATED,
    SPEC,
    REST,
    ENDS,
    NAMED,
)
FORM = f"form_{hashlib.blake2b(' '.join(sorted(FIELDS)).encode(), digest_size=3).hexdigest()}"
"""No field: among those that may be shown it says which fields the documents hold."""
SORTABLE = ("price_minor", *CREATED, "rating", "rating_count", "sales_count", "discount", "popularity")

FIXED: dict[str, Any] = {
    "searchableAttributes": [
        "kind",
        "brand",
        "subject",
        "name",
        "skus",
        "measures",
        "category_names",
        "spec_text",
        "seller_name",
        "description",
    ],
    "displayedAttributes": [*RETRIEVED, FORM],  # the engine reads all of these for each hit, whichever are asked for
    "filterableAttributes": [
        {
            "attributePatterns": list(patterns),
            "features": {"facetSearch": searched, "filter": {"equality": True, "comparison": True}},
        }
        for patterns, searched in ((FILTERABLE, False), (SHARED, True))
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
    "separatorTokens": [],  # any at all costs 3.7 ms of each search: see `search.wording.unsigned`
    "typoTolerance": {
        "enabled": True,
        "minWordSizeForTypos": {"oneTypo": SLIP_MIN, "twoTypos": 9},
        "disableOnWords": [],
        "disableOnAttributes": ["description", "skus", "spec_text"],  # else `carpet` finds whatever needs a carpenter
        "disableOnNumbers": True,
    },
    "faceting": {
        "maxValuesPerFacet": MAX_FACET_VALUES,
        "sortFacetValuesBy": {"*": "count", **dict.fromkeys(("price_minor", *END_FIELDS), "alpha")},
    },
    "pagination": {"maxTotalHits": COUNTED_MAX},
    "facetSearch": True,
}
WORDS = ("stopWords", "synonyms")


def settings(managed: Vocabulary = NONE) -> dict[str, Any]:
    """All settings of an index; `managed` are the operator's own words, beside those built in."""
    vocabulary = BUILT_IN + managed
    typos = {**FIXED["typoTolerance"], "disableOnWords": vocabulary.right()}
    words = vocabulary.synonyms()
    for plural, singular in vocabulary.singulars().items():
        words[plural] = sorted({*words.get(plural, ()), *singular})
    synonyms = dict(sorted(words.items()))
    return {**FIXED, "typoTolerance": typos, "stopWords": vocabulary.unspoken(), "synonyms": synonyms}


def is_of_another_form(found: Mapping[str, Any]) -> bool:
    """Whether an index that has documents holds other fields than ours: it is to be made anew, not set right."""
    return FORM not in found.get("displayedAttributes", ())


def drift(found: Mapping[str, Any], managed: Vocabulary = NONE) -> list[str]:
    """The names of the settings of an index that are not as they should be."""
    wanted = settings(managed)
    return [name for name, value in wanted.items() if _canonical(found.get(name)) != _canonical(value)]


def _canonical(value: object) -> bytes:
    return msgspec.json.encode(value, order="deterministic")
