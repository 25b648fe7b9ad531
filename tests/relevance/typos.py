"""How shoppers get a product's own words wrong: seeded, so that every run asks the same."""

import re
from random import Random

LETTERS = "abcdefghijklmnopqrstuvwxyz"
MISSPELT_MIN = 5
WORDS_MAX = 10
_WORD = re.compile(r"[^\W_]+(?:['’&-][^\W_]+)*")


def words_of(name: str) -> list[str]:
    """The words of a name as a shopper types them, as many as an engine reads."""
    return _WORD.findall(name.casefold())[:WORDS_MAX]


def misspelt(word: str, rng: Random) -> str:
    """One letter left out, put in, changed or swapped with the next; never the first, and only in longer words."""
    if len(word) < MISSPELT_MIN or not word.isalpha():
        return word
    place = rng.randrange(1, len(word) - 1)
    letter = rng.choice([other for other in LETTERS if other not in word[place - 1 : place + 2]])
    return {
        "out": word[:place] + word[place + 1 :],
        "in": word[:place] + letter + word[place:],
        "changed": word[:place] + letter + word[place + 1 :],
        "swapped": word[:place] + word[place + 1] + word[place] + word[place + 2 :],
    }[rng.choice(("out", "in", "changed", "swapped"))]


def exact(words: list[str], _: Random) -> str:
    return " ".join(words)


def dropped(words: list[str], rng: Random) -> str:
    """Without one word."""
    place = rng.randrange(len(words)) if len(words) > 2 else len(words)
    return " ".join(words[:place] + words[place + 1 :])


def reordered(words: list[str], rng: Random) -> str:
    return " ".join(rng.sample(words, len(words)))


def joined(words: list[str], rng: Random) -> str:
    """Two neighbours in one word."""
    if len(words) < 2:
        return " ".join(words)
    place = rng.randrange(len(words) - 1)
    return " ".join([*words[:place], words[place] + words[place + 1], *words[place + 2 :]])


def typo(words: list[str], rng: Random) -> str:
    """Every longer word misspelt once."""
    return " ".join(misspelt(word, rng) for word in words)


WAYS = {"exact": exact, "dropped": dropped, "reordered": reordered, "joined": joined, "typo": typo}
