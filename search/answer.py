"""What a search answers, whichever engine found it: the shape of the API and of the pages."""

from typing import Literal

import msgspec

Engine = Literal["meilisearch", "postgres"]


class Hit(msgspec.Struct, frozen=True, kw_only=True):
    """Prices in minor units. `highlight` is the name with matches between <mark> and </mark>: text, not HTML."""

    id: str
    slug: str
    name: str
    brand: str
    category: str
    seller: str
    seller_name: str
    price_minor: int
    list_price_minor: int | None
    discount: int
    currency: str
    in_stock: bool
    rating: float
    rating_count: int
    image: str
    image_alt: str
    highlight: str | None = None


class FacetValue(msgspec.Struct, frozen=True, kw_only=True):
    """`value` is what the parameter takes; `parent` is the slug of the category above."""

    value: str
    label: str
    count: int
    selected: bool = False
    parent: str | None = None


class Bar(msgspec.Struct, frozen=True, kw_only=True):
    """How many have `low` or more and less than `high`."""

    low: float
    high: float
    count: int


class Facet(msgspec.Struct, frozen=True, kw_only=True):
    """`values`: any of them; `minimum`: one of them; `toggle`: yes or no; `range`: between `low` and `high`, prices in
    minor units, with the bars of a histogram."""

    name: str
    label: str
    kind: Literal["values", "minimum", "range", "toggle"]
    unit: str = ""
    values: tuple[FacetValue, ...] = ()
    low: float | None = None
    high: float | None = None
    bars: tuple[Bar, ...] = ()


class Without(msgspec.Struct, frozen=True, kw_only=True):
    """How many would be found if nothing were chosen in the facet `filter`."""

    filter: str
    total: int


class Instead(msgspec.Struct, frozen=True, kw_only=True):
    """Where nothing was found: what would find something, and what sells in the category (everywhere where empty)."""

    without: tuple[Without, ...]
    category: str
    popular: tuple[Hit, ...]


class SearchAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """`id` stays first: it names the search, whichever page of it, and the query log reads it from the bytes.

    `relaxed`: nothing had all the words, so some were left out: `dropped`. `degraded`: PostgreSQL answered.
    `did_you_mean` is another spelling of the query that finds something; nobody searched for it yet.
    """

    id: str
    query: str
    total: int
    page: int
    pages: int
    per_page: int
    sort: str
    hits: tuple[Hit, ...]
    facets: tuple[Facet, ...]
    engine: Engine
    degraded: bool
    relaxed: bool
    dropped: tuple[str, ...] = ()
    took_ms: int
    did_you_mean: str | None = None
    instead: Instead | None = None


class Suggested(msgspec.Struct, frozen=True, kw_only=True):
    """A product to go to at once."""

    slug: str
    name: str
    highlight: str
    image: str
    price_minor: int
    currency: str


class SuggestedCategory(msgspec.Struct, frozen=True, kw_only=True):
    slug: str
    name: str


class Suggestions(msgspec.Struct, frozen=True, kw_only=True):
    query: str
    queries: tuple[str, ...]
    categories: tuple[SuggestedCategory, ...]
    products: tuple[Suggested, ...]
    engine: Engine
    degraded: bool
