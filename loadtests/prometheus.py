"""Reads what `/metrics` says, and what histograms say about the time between two readings."""

import math
import re
from collections import defaultdict
from collections.abc import Mapping

LINE = re.compile(r"^(?P<name>[a-zA-Z_:][\w:]*)(?:\{(?P<labels>.*)\})? (?P<value>\S+)")
LABEL = re.compile(r'(\w+)="((?:[^"\\]|\\.)*)"')

Labels = frozenset[tuple[str, str]]
Readings = dict[str, dict[Labels, float]]


def parse(text: str) -> Readings:
    """Name -> labels -> value, of every sample line."""
    found: Readings = defaultdict(dict)
    for line in text.splitlines():
        if match := LINE.match(line):
            found[match["name"]][frozenset(LABEL.findall(match["labels"] or ""))] = float(match["value"])
    return found


def quantile_between(before: Readings, after: Readings, name: str, share: float) -> float | None:
    """A quantile of what a histogram, its labels added up, took in between; None when that is nothing.

    Interpolates within the bucket; a value beyond the last bound is that bound.
    """
    buckets = _buckets(after, name)
    for bound, count in _buckets(before, name).items():
        buckets[bound] = buckets.get(bound, 0.0) - count
    bounds = sorted(buckets)
    wanted = share * buckets[bounds[-1]] if bounds else 0.0
    low, below = 0.0, 0.0
    for bound in bounds:
        if wanted and buckets[bound] >= wanted:
            inside = (wanted - below) / (buckets[bound] - below)
            return low if math.isinf(bound) else low + (bound - low) * inside
        low, below = bound, buckets[bound]
    return None


def _buckets(readings: Mapping[str, Mapping[Labels, float]], name: str) -> dict[float, float]:
    """Upper bound -> how many are not above it."""
    found: dict[float, float] = defaultdict(float)
    for labels, count in readings.get(f"{name}_bucket", {}).items():
        found[float(dict(labels)["le"])] += count
    return found
