"""The breaker: open after failures in a row, one probe at a time, closed by the first success."""

from search.breaker import Breaker


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_it_opens_after_failures_in_a_row_only():
    breaker = Breaker(failures=3)
    for _ in range(2):
        breaker.failed()
    breaker.succeeded()
    for _ in range(2):
        breaker.failed()
    assert breaker.admits()
    breaker.failed()
    assert not breaker.admits()


def test_it_opens_at_once_when_it_is_told_to():
    clock = Clock()
    breaker = Breaker(failures=3, pause_s=1, clock=clock)
    breaker.trip()
    assert breaker.open
    assert not breaker.admits()
    clock.now += 1
    assert breaker.admits()
    breaker.succeeded()
    assert not breaker.open


def test_after_a_pause_one_caller_probes_and_success_closes_it():
    clock = Clock()
    breaker = Breaker(failures=1, pause_s=1, probe_s=5, clock=clock)
    breaker.failed()
    clock.now += 1
    assert breaker.admits()
    assert not breaker.admits()
    breaker.succeeded()
    assert breaker.admits()
    assert breaker.admits()


def test_a_failed_probe_waits_again_and_a_lost_one_is_replaced():
    clock = Clock()
    breaker = Breaker(failures=1, pause_s=1, probe_s=5, clock=clock)
    breaker.failed()
    clock.now += 1
    assert breaker.admits()
    breaker.failed()
    assert not breaker.admits()
    clock.now += 1
    assert breaker.admits()
    clock.now += 5
    assert breaker.admits()
