"""Percentiles are right within 1 %, and the histograms of several processes add up to one."""

import random

import pytest

from loadtests.histogram import STEP, Histogram


def filled(values: list[float]) -> Histogram:
    histogram = Histogram()
    for value in values:
        histogram.add(value)
    return histogram


@pytest.mark.parametrize("share", [0.5, 0.95, 0.99, 1.0])
def test_a_percentile_is_the_sorted_value_within_one_percent(share: float) -> None:
    rng = random.Random(7)
    values = [rng.lognormvariate(2, 1) for _ in range(5_000)]
    exact = sorted(values)[int(share * len(values)) - 1]
    assert exact <= filled(values).quantile(share) * 1.000001 <= exact * STEP * 1.000002


def test_parts_add_up_to_the_whole() -> None:
    values = [float(n) for n in range(1, 1_001)]
    parts = filled(values[:300])
    parts.merge(filled(values[300:]))
    assert parts == filled(values)
    assert parts.mean_ms == pytest.approx(500.5)


def test_nothing_measured_is_zero_and_instant_answers_count() -> None:
    assert Histogram().quantile(0.99) == 0
    assert filled([0.0]).quantile(0.5) == 0
