"""What a process knows of changes is never less than what happened since an answer was made."""

from hypothesis import given, settings
from hypothesis import strategies as st

from server.changes import HELD_US, Changes, pack, unpack

NAMES = st.frozensets(st.integers(0, 6), max_size=3)
BUMP = st.tuples(st.one_of(st.none(), NAMES), st.integers(1, HELD_US), st.integers(0, 3))
"""What is touched (None: everything), the microseconds since the bump before, how many records a reader gets at most
(0: nobody reads now)."""


def stamp(at: int) -> bytes:
    return b"%016d" % at


def test_tags_are_packed_and_unpacked():
    assert list(unpack(pack({7, 2**32 - 1, 0}))) == [0, 7, 2**32 - 1]


@settings(max_examples=300)
@given(st.lists(BUMP, max_size=30), NAMES)
def test_what_was_touched_is_never_taken_for_untouched(bumps, tags):
    log, history, now, changes = [], [(10**15, None)], 10**15, Changes()
    for touched, gap, most in bumps:
        before, now = now, now + gap
        history.append((now, touched))
        if touched is not None:
            log.insert(0, stamp(now) + stamp(before) + pack(touched))
        if most:
            changes.follow(stamp(now), [record for record in log if record[:16] > changes.upto][:most])
            for made in range(len(history)):
                since = [what for _, what in history[made + 1 :]]
                if any(what is None or what & tags or not tags for what in since):
                    assert changes.touched(tags, stamp(history[made][0]))


def test_what_was_not_touched_is_known_to_be_untouched():
    changes, page = Changes(), stamp(1)
    changes.follow(stamp(1), [])
    changes.follow(stamp(3), [stamp(3) + stamp(2) + pack({5}), stamp(2) + stamp(1) + pack({4})])
    assert not changes.touched({1, 2}, page)
    assert changes.touched({1, 4}, page)
    assert not changes.touched({4}, stamp(2))
    assert changes.touched({5}, stamp(2))
    assert changes.touched((), page)
