"""Did you mean: the query with its strange words spelt as the catalogue spells them. A suggestion, never a replacement.

A word is strange where neither the names that were found nor any other text of a product has it, nor the vocabulary.
What PostgreSQL said of a word is remembered for a while: to look a common one up costs it tens of milliseconds.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from string import ascii_lowercase
from typing import NamedTuple

from models.database import Pool, pool
from search.answer import Hit
from search.kept import Kept
from search.match import words_of
from search.vocabulary import BUILT_IN

_BETWEEN = re.compile(r"[\W_]+")
LENGTH_MIN, LENGTH_MAX = 4, 30
LOOKED_UP = 3
"""Strange words of one query that are looked up; who mistypes more gets no suggestion."""
REMEMBERED_S, REMEMBERED_MAX = 300.0, 20_000

TAUGHT = frozenset(word for term in BUILT_IN.synonyms() for word in words_of(term))
# The operator's words, then whole words: all that begin with a common one are many times as many.
KNOWN = """
SELECT form FROM unnest($1::text[]) AS asked(form)
 WHERE EXISTS (SELECT FROM synonym, unnest(words || term) AS one
                WHERE trim(form, $$':*$$) = ANY(string_to_array(one, ' ')))
    OR haat_is_word(rtrim(form, ':*')) OR form LIKE '%:*' AND haat_is_word(form)
"""
# Every word one slip away is looked up by itself: to ask for products with any of them would read them all.
NEAR = """
SELECT word, (SELECT count(*) FROM product_search
               WHERE words @@ (plainto_tsquery('english', word) || plainto_tsquery('simple', word))) AS products
  FROM search_word WHERE word = ANY($1::text[])
"""


class Memory(NamedTuple):
    """By form whether any product has it; by word the nearest one, empty where there is none."""

    known: Kept[str, bool]
    nearest: Kept[str, str]


_memories: dict[Pool, Memory] = {}


async def respelt(q: str, hits: Sequence[Hit]) -> str | None:
    """The query as it may have been meant; whether anything has it is for the caller to ask.

    Without hits a strange word that is like no other is left out, as long as one more is put right.
    """
    strange = await _strange(q, hits)
    if not strange or len(strange) > LOOKED_UP:
        return None
    found = _from_names(strange, (hit.name for hit in hits)) if hits else None
    corrections = found or {word: near for word in strange if (near := await _nearest(word))}
    if not corrections:
        return None
    left_out = set() if hits else {word for word in strange if word not in corrections}
    return " ".join(_put_right(text, corrections) for text in q.split() if not left_out.intersection(words_of(text)))


def _put_right(text: str, corrections: Mapping[str, str]) -> str:
    """Words between spaces: `sofaa,chair!` has two."""
    for word in words_of(text):
        text = text.replace(word, corrections.get(word, word))
    return text


def unseen(q: str, hits: Iterable[Hit]) -> list[str]:
    """Words that none of the hits shows, as the start of one: the last may be unfinished. Nothing is asked for this."""
    asked = [word for word in dict.fromkeys(words_of(q)) if _may_be_misspelt(word)]
    for hit in hits:  # the first few have all words, mostly
        if not asked:
            break
        seen = " " + _BETWEEN.sub(" ", _plain(f"{hit.name} {hit.brand} {hit.seller_name} {hit.category}"))
        asked = [word for word in asked if f" {_plain(word)}" not in seen]
    return asked


async def _strange(q: str, hits: Iterable[Hit]) -> list[str]:
    """Words that may be misspelt."""
    words, asked = words_of(q), unseen(q, hits)
    if not asked:
        return []
    forms = {word: f"'{word}':*" if word == words[-1] else f"'{word}'" for word in asked}
    known = await _known(forms.values())
    return [word for word in asked if not known[forms[word]]]


async def _known(forms: Iterable[str]) -> dict[str, bool]:
    memory = _memory().known
    told = {form: memory.get(form) for form in forms}
    if unknown := [form for form, known in told.items() if known is None]:
        found = {row["form"] for row in await pool().fetch(KNOWN, unknown)}
        told |= {form: memory.put(form, form in found) for form in unknown}
    return {form: bool(known) for form, known in told.items()}


def _memory() -> Memory:
    """Of the present database, and of no other."""
    if pool() not in _memories:
        _memories.clear()
        _memories[pool()] = Memory(Kept(REMEMBERED_S, REMEMBERED_MAX), Kept(REMEMBERED_S, REMEMBERED_MAX))
    return _memories[pool()]


def _may_be_misspelt(word: str) -> bool:
    return LENGTH_MIN <= len(word) <= LENGTH_MAX and word.isalpha() and word not in TAUGHT


def _from_names(strange: Sequence[str], names: Iterable[str]) -> dict[str, str] | None:
    """What the engine itself took the words for: all of them in one name."""
    for name in names:
        words = _words_in([name])
        found = {word: near for word in strange if (near := closest(word, words))}
        if len(found) == len(strange):
            return found
    return None


async def _nearest(word: str) -> str | None:
    """Of the words that name products and are one slip away."""
    if not word.isascii():
        return None
    memory = _memory().nearest
    if (near := memory.get(word)) is None:
        rows = await pool().fetch(NEAR, list(set(_slips(word))))
        found = Counter({row["word"]: row["products"] for row in rows if row["products"]})
        near = memory.put(word, closest(word, found) or "")
    return near or None


def closest(word: str, words: Counter[str]) -> str | None:
    """The commonest of the nearest words; a plural is no slip."""
    limit = 1 if len(word) < 8 else 2
    plain = _plain(word)
    near = [
        (distance, -count, other)
        for other, count in words.items()
        if abs(len(other) - len(plain)) <= limit
        and other.rstrip("s") != plain.rstrip("s")
        and 0 < (distance := slips_between(plain, other)) <= limit
    ]
    return min(near)[2] if near else None


def slips_between(one: str, other: str) -> int:
    """How many letters to add, to drop, to change or to swap with their neighbour (optimal string alignment)."""
    before: list[int] = []
    last = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        row = [i]
        for j, b in enumerate(other, 1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and b == one[i - 2]:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        before, last = last, row
    return last[-1]


def _slips(word: str) -> Iterator[str]:
    """Every word one slip away."""
    for i in range(len(word) + 1):
        head, tail = word[:i], word[i:]
        yield from (head + letter + tail for letter in ascii_lowercase)
        if tail:
            yield head + tail[1:]
            yield from (head + letter + tail[1:] for letter in ascii_lowercase)
        if len(tail) > 1:
            yield head + tail[1] + tail[0] + tail[2:]


def _words_in(names: Iterable[str]) -> Counter[str]:
    return Counter(word for name in names for word in set(re.findall(r"[^\W\d_]{3,}", _plain(name))))


def _plain(text: str) -> str:
    """Lower case, without accents on Latin letters."""
    text = text.casefold()
    if text.isascii():
        return text
    split = unicodedata.normalize("NFD", text)
    return unicodedata.normalize("NFC", "".join(c for c in split if not "\u0300" <= c <= "\u036f"))
