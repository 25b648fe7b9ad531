"""Bars of a histogram with round ends: prices on steps that grow with them, other numbers on steps of one size.

The band of a price stands in its document, so that an engine counts a hundred values and never every price.
"""

from bisect import bisect_right
from collections.abc import Mapping
from math import floor, log10

from search.answer import Bar

BARS_MAX = 24
_STEPS = (10, 11, 12, 13, 14, 15, 16, 18, 20, 22, 25, 28, 30, 35, 40, 45, 50, 55, 60, 70, 80, 90)
PRICE_BOUNDS = tuple(step * 10**power * 100 for power in range(7) for step in _STEPS)
"""In minor units: from 10 rupees in steps of about a tenth. Changing them means indexing anew."""


def price_band(price_minor: int) -> int:
    """How many of the bounds are not above the price, as `width_bucket` of PostgreSQL counts."""
    return bisect_right(PRICE_BOUNDS, price_minor)


def price_bars(counts: Mapping[str, int]) -> tuple[Bar, ...]:
    """From counts by band: at most BARS_MAX bars that lie side by side, empty ones in between included."""
    if not counts:
        return ()
    bands = [(int(band), count) for band, count in counts.items()]
    first, last = min(bands)[0], max(bands)[0]
    width = -(-(last - first + 1) // BARS_MAX)
    starts = range(first, last + 1, width)
    heights = [0] * len(starts)
    for band, count in bands:
        heights[(band - first) // width] += count
    return tuple(
        Bar(low=_bound(band), high=_bound(band + width), count=height)
        for band, height in zip(starts, heights, strict=True)
    )


def number_bars(counts: Mapping[float, int]) -> tuple[Bar, ...]:
    """From counts by value: bars of one round width, the highest value in the last."""
    if not counts:
        return ()
    low, high = min(counts), max(counts)
    step = _round_step((high - low) / BARS_MAX)
    first, last = floor(low / step), floor(high / step)
    heights = dict.fromkeys(range(first, last + 1), 0)
    for value, count in counts.items():
        heights[floor(value / step)] += count
    return tuple(
        Bar(low=round(place * step, 6), high=round((place + 1) * step, 6), count=count)
        for place, count in heights.items()
    )


def _bound(band: int) -> float:
    return 0 if band == 0 else PRICE_BOUNDS[min(band, len(PRICE_BOUNDS)) - 1]


def _round_step(least: float) -> float:
    """The smallest of 1, 2, 2.5 and 5 times a power of ten that is not below `least`."""
    if least <= 0:
        return 1
    power = 10.0 ** floor(log10(least))
    return next(step * power for step in (1, 2, 2.5, 5, 10) if step * power >= least * (1 - 1e-9))
