"""Which words to leave out of a search that finds nothing: as few as can be, and not the one that says what is wanted.

Pure: the engine counts what the candidates find, this says which to try and which of them it is.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from search.vocabulary import BUILT_IN, asked
from search.wording import head

WORDS_MAX = 10
WEAK = frozenset(BUILT_IN.weak_words)
LIMITS = frozenset(BUILT_IN.limit_words)

Counts = Mapping[str, int]


class Relaxed(NamedTuple):
    """What is searched for, and the words that were left out."""

    q: str
    dropped: tuple[str, ...]


def words_of(q: str, silent: Collection[str] = BUILT_IN.stop_words) -> tuple[str, ...]:
    """As engines read them: as `asked`, without words that say nothing, as many as an engine looks at."""
    return tuple(word for word in asked(q).split() if word not in silent)[:WORDS_MAX]


def first_tries(q: str, words: Sequence[str]) -> list[str]:
    """Each word alone, all words but one, and all but what says the price."""
    free = _kept(words, _no_price(q, words))
    fewer = [" ".join(_without(words, place)) for place in range(len(words))]
    return list(dict.fromkeys([*words, *fewer, *([free.q] if free.q and free.dropped else [])]))


def choose(q: str, words: Sequence[str], counts: Counts) -> Relaxed | None:
    """The price goes, else one word: one that nothing has, else a weak one, else the one that tells least. None: that
    is not enough.

    What tells least is what most products have, and so leaves the fewest when all others must match.
    """
    if counts.get((free := _kept(words, _no_price(q, words))).q, 0) and free.dropped:
        return free
    wanted, weight = _wanted(q), _weight(q, words)
    found = [
        (counts.get(word, 0) > 0, weight[word], word == wanted, counts[rest], place)
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
    wanted, weight = _wanted(q), _weight(q, words)
    known = [word for word in words if counts.get(word, 0)]
    order = sorted(set(known), key=lambda word: (word == wanted, weight[word], -counts[word], word))
    tries = [_kept(words, {word for word in known if word not in order[:gone]}) for gone in range(len(order))]
    return [relaxed for relaxed in tries if relaxed.q]


def _wanted(q: str) -> str:
    """The word that says what: of "best phone under 20000" it is the phone."""
    words = asked(q)
    return head(" ".join(word for word in words.split() if word not in WEAK) or words)


def _weight(q: str, words: Sequence[str]) -> dict[str, int]:
    """How much each word says: what says the price less than weak words, these less than others."""
    free = _no_price(q, words)
    return {word: (word in free) + (word in free and word not in WEAK) for word in words}


def _no_price(q: str, words: Sequence[str]) -> set[str]:
    """The words without those of a price: the 20000 of "under 20000" is no battery's."""
    price, before = set[str](), set[str]()
    for word in asked(q).split():
        if word in LIMITS:
            before.add(word)
            continue
        if word.isdigit() and before:
            price |= {word, *before}
        before.clear()
    return {word for word in words if word not in price}


def _kept(words: Sequence[str], kept: Iterable[str]) -> Relaxed:
    held = set(kept)
    left = [word for word in words if word in held]
    return Relaxed(" ".join(left), tuple(dict.fromkeys(word for word in words if word not in held)))


def _without(words: Sequence[str], place: int) -> tuple[str, ...]:
    return (*words[:place], *words[place + 1 :])
