"""The exposition format as Prometheus defines it, and quantiles of what came in between two readings."""

import pytest
from prometheus_client import CollectorRegistry, Histogram, generate_latest

from loadtests.prometheus import parse, quantile_between


def test_quantiles_are_of_what_came_in_between() -> None:
    registry = CollectorRegistry()
    lag = Histogram("lag_seconds", "Lag", ("lane",), buckets=(0.1, 0.2, 0.4), registry=registry)
    lag.labels("bulk").observe(0.35)
    before = parse(generate_latest(registry).decode())
    for _ in range(10):
        lag.labels("edit").observe(0.15)
    after = parse(generate_latest(registry).decode())
    assert quantile_between(before, after, "lag_seconds", 0.5) == pytest.approx(0.15)
    assert quantile_between(after, after, "lag_seconds", 0.5) is None
    assert quantile_between({}, {}, "lag_seconds", 0.5) is None


def test_beyond_the_last_bound_is_the_last_bound() -> None:
    registry = CollectorRegistry()
    lag = Histogram("lag_seconds", "Lag", buckets=(0.1,), registry=registry)
    lag.observe(7)
    assert quantile_between({}, parse(generate_latest(registry).decode()), "lag_seconds", 0.99) == 0.1


def test_labels_with_quotes_are_read() -> None:
    assert parse('a_total{route="say \\"x\\"",status="200"} 3.0\n# HELP a b\n')["a_total"] == {
        frozenset({("route", 'say \\"x\\"'), ("status", "200")}): 3.0
    }
