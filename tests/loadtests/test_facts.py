"""Slopes see a leak and forgive an idle queue; per-request figures are of what was answered."""

import pytest

from loadtests.facts import facts_of, slopes_of
from loadtests.monitor import Sample
from tests.loadtests.results import recording, samples


def soaked(*, leak_mb_per_s: float = 0.0, jobs: float = 0.0) -> list[Sample]:
    return [
        Sample(
            at_s=float(second),
            memory={"web-1": int(1e6 * (200 + leak_mb_per_s * second)), "postgres": int(1e6 * second)},
            gauges={"connections": 20.0, "jobs_due": jobs * (second % 2)},
        )
        for second in range(0, 1_800, 10)
    ]


def test_a_leak_of_the_application_is_a_slope_and_a_growing_cache_of_the_database_is_none() -> None:
    assert slopes_of(soaked())["memory_slope"] == pytest.approx(0)
    assert slopes_of(soaked(leak_mb_per_s=0.01))["memory_slope"] == pytest.approx(6 / 212, rel=0.01)


def test_a_pool_that_shrinks_is_no_slope() -> None:
    samples = [Sample(at_s=float(second), gauges={"connections": 40.0 - second / 60}) for second in range(1_200)]
    assert slopes_of(samples)["connections_slope"] == 0
    samples = [Sample(at_s=float(second), gauges={"connections": 40.0 + second / 60}) for second in range(1_200)]
    assert slopes_of(samples)["connections_slope"] == pytest.approx(10 / 53, rel=0.05)


def test_a_job_now_and_then_is_no_slope() -> None:
    found = slopes_of(soaked(jobs=1))
    assert found["queue_slope"] < 0.01
    assert found["connections_slope"] == 0
    assert "lag_slope" not in found


def test_figures_a_request() -> None:
    facts = facts_of(recording(), samples(), {"statements": 1_000.0}, {"statements": 5_000.0})
    assert facts["statements_per_request"] == 2
    assert facts["hit_ratio"] == pytest.approx(0.7, abs=0.05)
    assert facts["web_cpu_ms_per_request"] == pytest.approx(0.9 * 39 * 1000 / 2000, rel=0.01)
    assert facts["application_memory_mb"] == pytest.approx(261)
    assert slopes_of([]) == {}
