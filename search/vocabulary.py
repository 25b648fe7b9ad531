"""What words mean here: sets that say one thing, wider words, words that say nothing. Built in, plus what is managed.

The built-in part is `data/vocabulary.toml`. Both engines read the sum, so that an outage changes no meaning.
"""

import tomllib
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path

import msgspec

from search.wording import numbers, spoken

SLIP_MIN = 5
"""Letters of the shortest word that is looked for with a slip."""
DATA = Path(__file__).parent / "data" / "vocabulary.toml"


class Vocabulary(msgspec.Struct, frozen=True, kw_only=True):
    """Words are in lower case, and may be of several parts: "cell phone".

    `same`: each word of a set stands for every other. `also`: who asks for the first is shown the others, too.
    `weak_words` say little, `stop_words` nothing, and `limit_words` that a number after them is a price.
    `one_word`: "night stand" is written in one word here; `two_words`: "door mat" in two. `things` are no slip of
    another word: a saree is no screen. In the singular and plural.
    """

    same: tuple[tuple[str, ...], ...] = ()
    also: tuple[tuple[str, tuple[str, ...]], ...] = ()
    one_word: tuple[str, ...] = ()
    two_words: tuple[str, ...] = ()
    things: tuple[str, ...] = ()
    weak_words: tuple[str, ...] = ()
    limit_words: tuple[str, ...] = ()
    stop_words: tuple[str, ...] = ()

    def __add__(self, other: "Vocabulary") -> "Vocabulary":
        return Vocabulary(
            same=self.same + other.same,
            also=self.also + other.also,
            one_word=self.one_word + other.one_word,
            two_words=self.two_words + other.two_words,
            things=self.things + other.things,
            weak_words=self.weak_words + other.weak_words,
            limit_words=self.limit_words + other.limit_words,
            stop_words=self.stop_words + other.stop_words,
        )

    def synonyms(self) -> dict[str, list[str]]:
        """What else each word stands for. Both directions are listed: Meilisearch reads synonyms one way."""
        found: dict[str, set[str]] = {}
        for word, others in self._pairs():
            found.setdefault(word, set()).update(other for other in others if other != word)
        return {word: sorted(found[word]) for word in sorted(found) if found[word]}

    def right(self) -> list[str]:
        """The things, each once, in order, without what is too short to be looked at for slips."""
        return sorted({form for thing in self.things for form in numbers(thing) if len(form) >= SLIP_MIN})

    def singulars(self) -> dict[str, list[str]]:
        """Of each thing in the plural: an engine that looks for no slip of it finds no singular by one."""
        return {forms[-1]: [forms[0]] for forms in map(numbers, self.things) if len(forms) > 1}

    def unspoken(self) -> list[str]:
        """The stop words, each once, in order."""
        return sorted(set(self.stop_words))

    def _pairs(self) -> Iterable[tuple[str, tuple[str, ...]]]:
        yield from ((word, group) for group in self.same for word in group)
        yield from self.also
        for compound in (*self.one_word, *self.two_words):
            apart = numbers(compound)
            joined = tuple(form.replace(" ", "") for form in apart)
            yield from ((form, apart) for form in joined)
            yield from ((form, joined) for form in apart)


NONE = Vocabulary()


def _read(path: Path) -> Vocabulary:
    data: Mapping[str, object] = tomllib.loads(path.read_text("utf-8"))
    return msgspec.convert(data, Vocabulary)


BUILT_IN = _read(DATA)

_STANDARD = {form: form.replace(" ", "") for compound in BUILT_IN.one_word for form in numbers(compound)} | {
    form.replace(" ", ""): form for compound in BUILT_IN.two_words for form in numbers(compound)
}


@lru_cache(2_000)
def asked(q: str) -> str:
    """A query as engines get it: `spoken`, and each compound in as many words as it has here."""
    words = spoken(q).split()
    found: list[str] = []
    while words:
        pair = " ".join(words[:2])
        taken = 2 if len(words) > 1 and pair in _STANDARD else 1
        text = pair if taken == 2 else words[0]
        found.append(_STANDARD.get(text.replace("-", " "), text))
        words = words[taken:]
    return " ".join(found)
