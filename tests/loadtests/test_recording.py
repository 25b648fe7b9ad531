"""The warm-up is drawn and not judged; the recordings of several processes are one."""

from loadtests.recording import Recording, merged


def test_the_warm_up_is_in_the_slices_but_not_in_the_whole() -> None:
    recording = Recording(slice_s=1, warm_up_s=2)
    recording.add("requests", "GET /", 900, at_s=0.5)
    recording.add("requests", "GET /", 10, at_s=2.5, ok=False)
    series = recording.series["requests"]["GET /"]
    assert series.whole.histogram.count == 1
    assert series.whole.errors == 1
    assert sorted(series.slices) == [0, 2]


def test_recordings_of_two_processes_add_up() -> None:
    parts = []
    for ms in (5.0, 7.0):
        part = Recording(slice_s=1)
        part.add("requests", "GET /", ms, at_s=1)
        part.cache("hit", at_s=1)
        part.fail("GET /: 500")
        part.count("sold", 2)
        parts.append(part)
    total = merged(parts, slice_s=1, warm_up_s=0)
    assert total.all_of("requests").whole.histogram.count == 2
    assert total.caches == {1: {"hit": 2}}
    assert total.failures == {"GET /: 500": 2}
    assert total.facts == {"sold": 4}
