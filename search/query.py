"""What a shopper may ask, as strict parameters, and their one normal form, which the engines and the cache key share.

Clamped, not refused: `q` to 200 characters, `per_page` to 100, `page` to the last that 10,000 hits can fill; the API's
description of each parameter says so.
"""

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from decimal import Decimal
from typing import Annotated, Any, Literal, NamedTuple, get_args

import msgspec
from msgspec import Meta

from models.errors import Invalid
from models.money import MINOR_PER_MAJOR
from models.plain_text import INVISIBLE
from search.curation import NOTHING, Curation
from search.document import key_of

Q_MAX = 200
MAX_HITS = 10_000
PER_PAGE = 24
PER_PAGE_MAX = 100
VALUES_MAX = 50
SPECS_MAX = 20

Sort = Literal["relevance", "price_asc", "price_desc", "newest", "rating", "best_selling", "discount"]
FACETS = ("category", "brand", "seller", "price", "rating", "discount", "in_stock", "spec")

Amount = Annotated[
    str,
    Meta(pattern=r"^([0-9]{1,9}(\.[0-9]{1,2})?)?(?!\n)$", description="Rupees, such as 499 or 499.50; else refused."),
]
Stars = Annotated[
    str,
    Meta(
        pattern=r"^([0-4](\.[0-9])?|5(\.0)?)?(?!\n)$",
        description="At least so many stars, 0 to 5, such as 4 or 3.5; else refused.",
    ),
]
Percent = Annotated[
    str, Meta(pattern=r"^([0-9]{1,2})?(?!\n)$", description="At least so many percent off, such as 25; else refused.")
]
Flag = Literal["", "0", "1", "true", "false"]
Choice = Annotated[str, Meta(max_length=200)]
Choices = Annotated[tuple[Choice, ...], Meta(max_length=VALUES_MAX)]

CUT = (
    f"Longer than {Q_MAX} characters, it is cut between words, signs that engines read as operators say nothing, and "
    "an address longer than any header may be is refused with 413."
)
CHOICE = "More than 200 characters are refused; one that no product has finds nothing."
CHOICES = (
    f"More than {VALUES_MAX} values, or 200 characters of one, are refused; one that no product has finds nothing."
)

_RANGE = re.compile(r"^(?P<low>-?[0-9]{1,12}(\.[0-9]{1,6})?)?\.\.(?P<high>-?[0-9]{1,12}(\.[0-9]{1,6})?)?$")
_SPACE = re.compile(r"\s+")
_CONTROL = re.compile("[\x00-\x1f\x7f\ud800-\udfff]")
_ZERO_WIDTH_SPACE = "\u200b"


class SearchQuery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Parameters of `GET /api/v1/search`. An empty value is as good as none; an unknown parameter is refused."""

    q: Annotated[str, Meta(description=f"What to search for; everything where empty. {CUT}")] = ""
    category: Annotated[Choice, Meta(description=f"Slug of a category; what is below it counts. {CHOICE}")] = ""
    brand: Annotated[Choices, Meta(description=f"Any of these, whatever their case. {CHOICES}")] = ()
    seller: Annotated[Choices, Meta(description=f"Slugs of sellers, any of them. {CHOICES}")] = ()
    price_min: Amount = ""
    price_max: Amount = ""
    rating_min: Stars = ""
    discount_min: Percent = ""
    in_stock: Annotated[Flag, Meta(description="1 or true: only what can be bought now. Anything else is refused.")] = (
        ""
    )
    spec: Annotated[
        dict[str, Choices],
        Meta(
            description="spec.NAME=value, repeated for any of them; numbers also as 5..7, 5.. or ..7. More than "
            f"{SPECS_MAX} names, or {VALUES_MAX} values of one, are refused; one that no product has finds nothing."
        ),
    ] = {}
    sort: Annotated[Sort, Meta(description="Anything else is refused.")] = "relevance"
    page: Annotated[
        int,
        Meta(
            ge=1, description=f"From 1; one beyond the last that {MAX_HITS:,} results can fill is answered as that one."
        ),
    ] = 1
    per_page: Annotated[
        int, Meta(ge=1, description=f"From 1; more than {PER_PAGE_MAX} is answered as {PER_PAGE_MAX}.")
    ] = PER_PAGE
    facets: Annotated[
        Choices,
        Meta(
            description=f"Any of {', '.join(FACETS)}, or none, repeated or with commas; all where absent. Others, or "
            f"more than {VALUES_MAX}, are refused."
        ),
    ] = FACETS


class SuggestQuery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    q: Annotated[str, Meta(description=f"What was typed so far; nothing is suggested where empty. {CUT}")] = ""


class Range(NamedTuple):
    """Closed on both sides; None is open."""

    low: float | None
    high: float | None


class Spec(NamedTuple):
    """Any of `texts` or of `ranges`."""

    key: str
    texts: tuple[str, ...]
    ranges: tuple[Range, ...]


class Search(msgspec.Struct, frozen=True, kw_only=True):
    """The normal form: two queries that mean the same are equal. Prices in minor units.

    `curation` is not asked for: the engine fills in what merchandising does to this search.
    """

    q: str = ""
    category: str = ""
    brands: tuple[str, ...] = ()
    sellers: tuple[str, ...] = ()
    price_min: int | None = None
    price_max: int | None = None
    rating_min: float | None = None
    discount_min: int | None = None
    in_stock: bool = False
    specs: tuple[Spec, ...] = ()
    sort: Sort = "relevance"
    page: int = 1
    per_page: int = PER_PAGE
    facets: tuple[str, ...] = FACETS
    curation: Curation = NOTHING

    def key(self) -> str:
        """Names the answer in the cache."""
        return f"search:{hashlib.blake2b(msgspec.json.encode(self), digest_size=16).hexdigest()}"

    def name(self) -> str:
        """Names the search in the log, whichever page of it."""
        plain = msgspec.structs.replace(self, page=1, curation=NOTHING)
        return hashlib.blake2b(msgspec.json.encode(plain), digest_size=16).hexdigest()

    def chosen(self) -> frozenset[str]:
        """The groups in which something is chosen: `category`, `brand`, ..., `spec.KEY`."""
        groups = {
            "category": self.category,
            "brand": self.brands,
            "seller": self.sellers,
            "price": self.price_min is not None or self.price_max is not None,
            "rating": self.rating_min is not None,
            "discount": self.discount_min is not None,
            "in_stock": self.in_stock,
        }
        return frozenset([name for name, choice in groups.items() if choice] + [f"spec.{s.key}" for s in self.specs])

    def without_page(self) -> "Search":
        """What facets depend on."""
        return msgspec.structs.replace(self, page=1, per_page=1, sort="relevance")

    def without(self, group: str) -> "Search":
        """Less what is chosen in one group."""
        cleared: dict[str, Any] = {
            "category": {"category": ""},
            "brand": {"brands": ()},
            "seller": {"sellers": ()},
            "price": {"price_min": None, "price_max": None},
            "rating": {"rating_min": None},
            "discount": {"discount_min": None},
            "in_stock": {"in_stock": False},
        }
        specs = tuple(spec for spec in self.specs if f"spec.{spec.key}" != group)
        return msgspec.structs.replace(self, **cleared.get(group, {"specs": specs}))


def normalise(query: SearchQuery) -> Search:
    """Raises Invalid, naming the field, for facets and specifications that cannot be."""
    per_page = min(query.per_page, PER_PAGE_MAX)
    return Search(
        q=clean(query.q),
        category=_plain(query.category).casefold(),
        brands=_choices(query.brand),
        sellers=_choices(query.seller),
        price_min=_minor(query.price_min),
        price_max=_minor(query.price_max),
        rating_min=float(query.rating_min) if query.rating_min.strip() else None,
        discount_min=int(query.discount_min) if query.discount_min.strip() else None,
        in_stock=query.in_stock in {"1", "true"},
        specs=_specs(query.spec),
        sort=query.sort,
        page=min(query.page, MAX_HITS // per_page),
        per_page=per_page,
        facets=_facets(query.facets),
    )


def clean(q: str) -> str:
    """One line of what is seen, compatibility-folded, in lower case, at most Q_MAX characters, cut between words."""
    text = _CONTROL.sub(" ", INVISIBLE.sub("", q[: 4 * Q_MAX]).replace(_ZERO_WIDTH_SPACE, " "))
    text = _SPACE.sub(" ", unicodedata.normalize("NFKC", text).casefold()).strip()
    if len(text) > Q_MAX:
        text = text[: Q_MAX + 1].rpartition(" ")[0] or text[:Q_MAX]
    return text


def read_range(text: str) -> Range | None:
    """`5..7`, `5..` or `..7`; None where the text is a value."""
    match = _RANGE.match(text)
    if match is None or not (match["low"] or match["high"]):
        return None
    return Range(*(float(end) if end else None for end in (match["low"], match["high"])))


def _choices(values: Sequence[str]) -> tuple[str, ...]:
    return tuple(sorted({_plain(value) for value in values} - {""}))


def _plain(value: str) -> str:
    return _CONTROL.sub("", value).strip()


def _minor(amount: str) -> int | None:
    return int(Decimal(amount) * MINOR_PER_MAJOR) if amount.strip() else None  # `$` lets a line end pass


def _specs(given: dict[str, tuple[str, ...]]) -> tuple[Spec, ...]:
    if len(given) > SPECS_MAX:
        raise Invalid.field("spec", f"at most {SPECS_MAX} specifications can be chosen at once")
    found = []
    for name, values in given.items():
        key = key_of(name)
        if not key or len(key) > Q_MAX:
            raise Invalid.field(f"spec.{name[:40]}", "is not the name of a specification")
        texts, ranges = [], []
        for value in _choices(values):
            if ends := read_range(value):
                ranges.append(ends)
            else:
                texts.append(value)
        if texts or ranges:
            found.append(Spec(key, tuple(texts), tuple(ranges)))
    return tuple(sorted(found))


def _facets(given: Sequence[str]) -> tuple[str, ...]:
    names = {name for value in given for name in value.split(",") if name}
    names.discard("none")
    if unknown := sorted(names - set(FACETS)):
        raise Invalid.field("facets", f"{unknown[0][:40]!r} is not a facet; there are {', '.join(FACETS)}, or none")
    return tuple(name for name in FACETS if name in names)


SORTS: tuple[Sort, ...] = get_args(Sort)
