"""What an answer depends on and what a change touches, as tags: the cache keeps an answer that no change touched.

An answer has a tag for each product that it shows, each word and filter that was asked for or that matched, and each
number that it is ordered or narrowed by. A change touches its product, and what is true of the document before it or
after it, but not both. What tags do not see (the order of matches, counts of facets, a match by a typo to a word that
no match of the answer has) is as old as the answer may be.
"""

import re
import unicodedata
import zlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise

import msgspec

from search.answer import Hit, SearchAnswer, Suggested, Suggestions
from search.document import SpecValue
from search.plan import MARK, UNMARK
from search.query import Search
from search.vocabulary import BUILT_IN, asked
from search.wording import numbers

_WORD = re.compile(r"[^\W_]+")
_MARKED = re.compile(f"{MARK}(.*?){UNMARK}")
_SYNONYMS = BUILT_IN.synonyms()

Synonyms = Mapping[str, Sequence[str]]
Target = tuple[str, str]
"""What a rule of merchandising is for: `query` or `category`, and which."""


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """Of a document what membership and order depend on, and its version."""

    version: str = ""
    slug: str = ""
    name: str = ""
    brand: str = ""
    kind: tuple[str, ...] = ()
    measures: tuple[str, ...] = ()
    skus: tuple[str, ...] = ()
    category_names: tuple[str, ...] = ()
    seller: str = ""
    seller_name: str = ""
    description: str = ""
    spec: dict[str, SpecValue] = {}
    spec_text: str = ""
    categories: tuple[str, ...] = ()
    price_minor: int = 0
    discount: int = 0
    in_stock: bool = False


NOT_FOR_SALE = Told()
_told = msgspec.json.Decoder(Told)


def read(document: bytes | str) -> Told:
    """From a document as it is stored."""
    return _told.decode(document)


def of_product(slug: str) -> int:
    return _tag("product", slug)


def of_search(search: Search, answer: SearchAnswer) -> frozenset[int]:
    shown = [*answer.hits, *(answer.instead.popular if answer.instead else ())]
    return frozenset([*_shown(shown), *_words_asked(search.q), *_chosen(search), *_measured(search)])


def of_suggestions(suggestions: Suggestions) -> frozenset[int]:
    return frozenset([*_shown(suggestions.products), *_words_asked(suggestions.query)])


def touched(
    before: Told, after: Told, *, whole: bool, managed: Synonyms | None = None, pinned: Collection[Target] = ()
) -> frozenset[int]:
    """By a change of one product's document; NOT_FOR_SALE where it had or has none. `managed`: the operator's synonyms,
    which an answer does not know: a word that stands for a changed one is touched with it. `pinned`: where a product
    that begins to be for sale stands without having the words.

    A `whole` change that left the document as it was brings one that the index did not have: it touches all of it.
    """
    if whole and before == after:
        before = NOT_FOR_SALE
    words = _words_of(before) ^ _words_of(after)
    words |= _standing_for(words, managed or {})
    old, new = _facts(before), _facts(after)
    facts = {name for name in old.keys() | new.keys() if old.get(name) != new.get(name)}
    return frozenset(
        [
            *map(of_product, {before.slug, after.slug} - {""}),
            *(_tag("word", word) for word in words),
            *(_tag("start", word[:length]) for word in words for length in range(1, len(word) + 1)),
            *(_tag(*name) for name in facts),
            *(tag for target in pinned if not before.slug for tag in _asking(target)),
        ]
    )


def _shown(products: Sequence[Hit | Suggested]) -> list[int]:
    """Each product, and the words of the names that matched, however they were asked for: mostly the same ones."""
    names = "\n".join([product.highlight or "" for product in products])
    matched = {word for marked in set(_MARKED.findall(names)) for word in _split(marked)}
    return [*(of_product(product.slug) for product in products), *(_tag("start", word) for word in matched)]


@lru_cache(2_000)
def _words_asked(q: str) -> frozenset[int]:
    """The last word may be unfinished; two words may be one in a document, and one stand for others."""
    found: list[tuple[str, str]] = []
    for text in {q, asked(q)}:
        words = _split(text)
        pairs = _pairs(words)
        found += [("word", word) for word in (*words[:-1], *pairs[:-1])]
        found += [("start", word) for word in (*words[-1:], *pairs[-1:])]
        for word in (*words, *map(" ".join, pairwise(words))):
            found += [("word", part) for other in _SYNONYMS.get(word, ()) for part in _split(other)]
    return frozenset(_tag(*name) for name in found)


def _asking(target: Target) -> Collection[int]:
    """Tags of which each answer to what a rule is for has some."""
    kind, value = target
    return _words_asked(value) if kind == "query" else [_tag(kind, value.casefold())]


def _chosen(search: Search) -> Iterator[int]:
    for name, values in (("category", (search.category,)), ("brand", search.brands), ("seller", search.sellers)):
        yield from (_tag(name, value.casefold()) for value in values if value)
    yield from (_tag("spec", spec.key) for spec in search.specs)
    if not (_split(search.q) or search.category or search.brands or search.sellers or search.specs):
        yield _tag("all", "")


def _measured(search: Search) -> Iterator[int]:
    """Orders and limits that a change of price or stock moves a product across."""
    if search.sort in {"price_asc", "price_desc"} or (search.price_min, search.price_max) != (None, None):
        yield _tag("price_minor", search.category)
    if search.sort == "discount" or search.discount_min is not None:
        yield _tag("discount", search.category)
    if search.in_stock:
        yield _tag("in_stock", search.category)


def _facts(told: Told) -> dict[tuple[str, str], object]:
    """What holds of a product that is for sale, by the name and value of its tag."""
    if not told.slug:
        return {}
    facts: dict[tuple[str, str], object] = {("all", ""): True, ("seller", told.seller.casefold()): True}
    facts |= {("brand", told.brand.casefold()): True}
    facts |= {("spec", key): value for key, value in told.spec.items()}
    for category in ("", *told.categories):
        facts[("category", category.casefold())] = True
        facts |= {(name, category): getattr(told, name) for name in ("price_minor", "discount", "in_stock")}
    return facts


def _words_of(told: Told) -> set[str]:
    """In the singular and the plural, and each two that stand side by side as one."""
    texts = (told.name, told.brand, told.seller_name, told.spec_text, told.description)
    several = (*told.kind, *told.measures, *told.skus, *told.category_names)
    found = {word for text in (*texts, *several) for words in [_split(text)] for word in (*words, *_pairs(words))}
    return found.union(*map(numbers, found))


def _standing_for(words: set[str], managed: Synonyms) -> set[str]:
    """The words, by which one finds a product that has one of `words`."""
    terms = (term for term, others in managed.items() if any(part in words for one in others for part in _split(one)))
    return {part for term in terms for part in _split(term)}


def _pairs(words: Sequence[str]) -> list[str]:
    return [first + second for first, second in pairwise(words)]


def _split(text: str) -> list[str]:
    """Words without accents, in lower case."""
    plain = text.casefold()
    if not plain.isascii():
        plain = "".join(c for c in unicodedata.normalize("NFKD", plain) if unicodedata.category(c) != "Mn")
    return _WORD.findall(plain)


def _tag(name: str, value: str) -> int:
    """32 bits: two that fall together only make an answer be computed anew."""
    return zlib.crc32(value.encode(), _named(name))


@lru_cache
def _named(name: str) -> int:
    return zlib.crc32(f"{name} ".encode())
