"""Batch sizes follow the measured time; a suspect waits longer each time."""

from uuid import uuid4

from search.pace import Pace, Suspects
from search.writer import chunks


def test_the_size_grows_while_full_batches_are_quick_and_shrinks_when_they_are_slow():
    pace = Pace(start=100, floor=10, ceiling=300, target_s=1.0)
    pace.took(100, 0.1)
    pace.took(200, 0.1)
    assert pace.size == 300
    pace.took(300, 3.0)
    assert pace.size == 100
    pace.took(20, 0.1)
    assert pace.size == 100
    pace.took(100, 1_000.0)
    assert pace.size == 10


def test_a_slow_handful_says_nothing_about_big_batches():
    pace = Pace(start=100, floor=50, ceiling=300, target_s=1.0)
    pace.took(3, 2.0)
    assert pace.size == 50


def test_a_refused_batch_is_cut_until_one_stands_alone():
    pace = Pace(start=100, floor=10, ceiling=300, target_s=1.0)
    pace.failed(100)
    assert pace.size == 12
    pace.failed(12)
    assert pace.size == 1
    pace.took(1, 5.0)
    assert pace.size == 2


def test_a_suspect_is_held_for_a_pause_that_doubles():
    now = [0.0]
    suspects, product = Suspects(longest_s=3, clock=lambda: now[0]), uuid4()
    suspects.hold(product)
    assert suspects.held() == [product]
    now[0] = 1.1
    assert suspects.held() == []
    suspects.hold(product)
    now[0] = 3.0
    assert suspects.held() == [product]
    suspects.release(product)
    assert suspects.held() == []


def test_payloads_are_cut_between_documents():
    assert list(chunks([b"aaa", b"bb", b"cccc"], limit=6)) == [b"aaa\nbb", b"cccc"]
    assert list(chunks([])) == []
