"""Arrivals keep their rate in every stage, and the popular items come up by Zipf's law."""

import random

import pytest

from loadtests.schedule import Stage, Zipf, arrivals, shared, spike


def test_arrivals_come_at_the_planned_rate_in_order() -> None:
    times = list(arrivals([Stage(0, 50)], 100, random.Random(1)))
    assert times == sorted(times)
    assert len(times) == pytest.approx(5_000, rel=0.05)
    assert times[0] > 0
    assert times[-1] < 100


def test_a_spike_is_ten_times_the_base_and_goes_back() -> None:
    times = list(arrivals(spike(20, 180), 180, random.Random(2)))
    crowd = sum(60 <= t < 90 for t in times)
    assert crowd == pytest.approx(200 * 30, rel=0.05)
    assert sum(t >= 90 for t in times) == pytest.approx(20 * 90, rel=0.1)


def test_several_processes_share_the_arrivals() -> None:
    part = shared([Stage(0, 30), Stage(10, 60)], 3)
    assert part == (Stage(0, 10), Stage(10, 20))


def test_no_rate_means_no_arrival() -> None:
    assert list(arrivals([Stage(0, 0)], 10, random.Random(3))) == []


def test_the_second_item_is_drawn_half_as_often_as_the_first() -> None:
    rng, zipf = random.Random(4), Zipf(100)
    draws = [zipf.draw(range(100), rng) for _ in range(50_000)]
    assert draws.count(1) / draws.count(0) == pytest.approx(0.5, rel=0.1)
    assert max(draws) > 90


def test_a_shorter_list_than_the_law_is_drawn_whole() -> None:
    rng, zipf = random.Random(5), Zipf(1_000)
    assert {zipf.draw("abc", rng) for _ in range(200)} == set("abc")
