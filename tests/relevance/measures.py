"""What a ranking is worth: success at k, reciprocal rank, NDCG over all judged documents of the query."""

import math
from collections.abc import Iterable, Mapping, Sequence
from statistics import mean
from typing import NamedTuple

RELEVANT = 2
DEPTH = 10


class Score(NamedTuple):
    """Of one query: whether something relevant is first, among the first five; 1 / its place; gain against the best."""

    first: float
    five: float
    reciprocal: float
    ndcg: float


def score(ranked: Sequence[str], grades: Mapping[str, int]) -> Score:
    """`grades` 0 to 3 by document, those that are not judged are 0; 2 and 3 are relevant."""
    places = [place for place, key in enumerate(ranked[:DEPTH], 1) if grades.get(key, 0) >= RELEVANT]
    best = places[0] if places else 0
    ideal = _gain(sorted(grades.values(), reverse=True))
    ndcg = _gain(grades.get(key, 0) for key in ranked) / ideal if ideal else 0.0
    return Score(float(best == 1), float(0 < best <= 5), 1 / best if best else 0.0, ndcg)


def average(scores: Iterable[Score]) -> Score:
    return Score(*(mean(column) for column in zip(*scores, strict=True)))


def _gain(grades: Iterable[int]) -> float:
    return sum((2**grade - 1) / math.log2(place + 1) for place, grade in zip(range(1, DEPTH + 1), grades, strict=False))
