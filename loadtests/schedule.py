"""When shoppers arrive, whatever the shop does: Poisson arrivals at a rate that may change in stages.

An arrival keeps its planned time when nobody is free to serve it, so a stall of the shop is not hidden.
"""

import bisect
import random
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import TypeVar

import msgspec

T = TypeVar("T")


class Stage(msgspec.Struct, frozen=True):
    """From `at_s` seconds into the run, `per_s` arrivals each second."""

    at_s: float
    per_s: float


def spike(base_per_s: float, duration_s: float, *, times: float = 10.0, length_s: float = 30.0) -> tuple[Stage, ...]:
    """The base rate, `times` as many for `length_s` (at most half of the run) from its first third on, and back."""
    begin = duration_s / 3
    end = begin + min(length_s, duration_s / 2)
    return Stage(0, base_per_s), Stage(begin, base_per_s * times), Stage(end, base_per_s)


def shared(stages: Sequence[Stage], parts: int) -> tuple[Stage, ...]:
    """The part of the arrivals that one of `parts` processes makes."""
    return tuple(Stage(stage.at_s, stage.per_s / parts) for stage in stages)


def arrivals(stages: Sequence[Stage], duration_s: float, rng: random.Random) -> Iterator[float]:
    """Planned times in seconds, ascending. A stage's end cuts the gap off, which changes no exponential law."""
    bounds = [*(stage.at_s for stage in stages[1:]), duration_s]
    for stage, until_s in zip(stages, bounds, strict=True):
        at_s = stage.at_s
        while stage.per_s > 0:
            at_s += rng.expovariate(stage.per_s)
            if at_s >= min(until_s, duration_s):
                break
            yield at_s


class Zipf:
    """Draws items so that the k-th most popular comes up in proportion to 1 / k ** exponent."""

    def __init__(self, count: int, exponent: float = 1.0) -> None:
        self._sums = list(accumulate(rank**-exponent for rank in range(1, count + 1)))

    def draw(self, items: Sequence[T], rng: random.Random) -> T:
        """One of `items`, which stand in the order of their popularity; more than `count` are never drawn."""
        sums = self._sums[: len(items)] if len(items) < len(self._sums) else self._sums
        return items[bisect.bisect_left(sums, rng.random() * sums[-1])]
