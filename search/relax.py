"""Which words to leave out of a search that finds nothing: as few as can be, and not the one that says what is wanted.

Pure: the engine counts what the candidates find, this says which to try and which of them it is.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from search.vocabulary import BUILT_IN, asked
from search.wording import head

WORDS_MAX = 10
WEAK = frozenset(BUILT_IN.weak_words)

Counts = Mapping[str, int]


class Relaxed(NamedTuple):
    """What is searched for, and the words that were left out."""

    q: str
    dropped: tuple[str, ...]


def words_of(q: str, silent: Collection[str] = BUILT_IN.stop_words) -> tuple[str, ...]:
    """As engines read them: as `asked`, without words that say nothing, as many as an engine looks at."""
    return tuple(word for word in asked(q).split() if word not in silent)[:WORDS_MAX]


def first_tries(words: Sequence[str]) -> list[str]:
    """Each word alone, and all words but one."""
    return list(dict.fromkeys([*words, *(" ".join(_without(words, place)) for place in range(len(words)))]))


def choose(q: str, words: Sequence[str], counts: Counts) -> Relaxed | None:
    """The best that leaves out one word: one that nothing has, else a weak one, else the one that tells least. None:
    one is not enough.

    What tells least is what most products have, and so leaves the fewest when all others must match.
    """
    wanted = _wanted(q)
    found = [
        (counts.get(word, 0) > 0, word not in WEAK, word == wanted, counts[rest], place)
        for place, word in enumerate(words)
        if counts.get(rest := " ".join(_without(words, place)), 0)
    ]
    if not found:
        return None
    *_, place = min(found)
    return Relaxed(" ".join(_without(words, place)), (words[place],))


def second_tries(q: str, words: Sequence[str], counts: Counts) -> list[Relaxed]:
    """Fewer and fewer words: first those that nothing has go, then weak ones, then the commonest, at last what the
    shopper wants."""
    wanted = _wanted(q)
    known = [word for word in words if counts.get(word, 0)]
    order = sorted(set(known), key=lambda word: (word == wanted, word not in WEAK, -counts[word], word))
    tries = [_kept(words, {word for word in known if word not in order[:gone]}) for gone in range(len(order))]
    return [relaxed for relaxed in tries if relaxed.q]


def _wanted(q: str) -> str:
    """The word that says what: of "best phone under 20000" it is the phone."""
    words = asked(q)
    return head(" ".join(word for word in words.split() if word not in WEAK) or words)


def _kept(words: Sequence[str], kept: Iterable[str]) -> Relaxed:
    held = set(kept)
    left = [word for word in words if word in held]
    return Relaxed(" ".join(left), tuple(dict.fromkeys(word for word in words if word not in held)))


def _without(words: Sequence[str], place: int) -> tuple[str, ...]:
    return (*words[:place], *words[place + 1 :])
