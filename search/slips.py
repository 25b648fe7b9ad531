"""What a word that no product has may have meant: a known word that is one slip away, or two known words in one.

Pure. As in Meilisearch, the first letter is right, words of up to seven letters have one slip and longer ones two.
"""

from collections.abc import Collection, Iterator, Sequence

LENGTH_MIN = 4
TWO_SLIPS_FROM = 8
NEAREST = 3


def slips_allowed(word: str) -> int:
    """0 where a number is in it: another number is another thing."""
    if len(word) < LENGTH_MIN or any(map(str.isdigit, word)):
        return 0
    return 2 if len(word) >= TWO_SLIPS_FROM else 1


def nearest(word: str, known: Collection[str]) -> list[str]:
    """The known words that are closest to it, a few at most, where any is close enough."""
    allowed = slips_allowed(word)
    near = sorted((slips(word, other), other) for other in known if other[:1] == word[:1] and other != word)
    return [other for count, other in near if count <= allowed and count == near[0][0]][:NEAREST]


def halves(word: str) -> Iterator[tuple[str, str]]:
    """Each way to read it as two words."""
    return ((word[:place], word[place:]) for place in range(2, len(word) - 1))


def slips(one: str, other: str) -> int:
    """Letters left out, put in, changed, or swapped with their neighbour."""
    before: Sequence[int] = ()
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        earlier, before, row = before, row, [i]
        for j, b in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, earlier[j - 2] + 1)
            row.append(cost)
    return row[-1]
