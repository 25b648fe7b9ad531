"""How PostgreSQL is asked for words: each by itself, its other meanings, its joined forms, or what it may have meant.

Pure: text for to_tsquery, whose values are bound.
"""

import unicodedata
from collections.abc import Mapping, Sequence
from typing import NamedTuple


class Term(NamedTuple):
    """A word of a query: `forms` mean the same, any of them will do; the last word of a query may be unfinished."""

    word: str
    forms: tuple[str, ...]
    last: bool

    @property
    def tsquery(self) -> str:
        """A form of several words is a phrase."""
        return " | ".join(f"'{form}'{':*' if self.last else ''}" for form in self.forms)


def terms_of(words: Sequence[str], synonyms: Mapping[str, Sequence[str]]) -> tuple[Term, ...]:
    """Each word with its synonyms and with what it is in one word with its neighbour."""
    found = []
    plain = [part for word in words for part in words_of(word)]
    for place, word in enumerate(plain):
        forms = [word, *synonyms.get(word, ())]
        for start in (place - 1, place):
            pair = plain[start : start + 2] if start >= 0 else []
            if len(pair) == 2:
                forms += ["".join(pair), *synonyms.get(" ".join(pair), ())]
        found.append(Term(word, tuple(dict.fromkeys(map(_plain, forms))), last=place == len(plain) - 1))
    return tuple(found)


def together(terms: Sequence[Term]) -> str:
    """One tsquery that demands every term."""
    return " & ".join(f"({term.tsquery})" for term in terms)


def words_of(q: str) -> list[str]:
    """Letters, digits and marks; what joins them inside a word (`-`, `.`, `/`) stays."""
    kept = "".join(c if c.isalnum() or c in "-./" or unicodedata.category(c)[0] == "M" else " " for c in q)
    return [word for word in kept.split() if any(c.isalnum() for c in word)]


def _plain(form: str) -> str:
    return " ".join(words_of(form))
