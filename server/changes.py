"""What recent changes touched, as one process knows it: so an answer outlives every change that is none of its own.

An answer is stored with its tags, a change is told with the tags that it touched (both from `search/tags.py`). Redis
keeps the last changes in order, each with the generation before it; whoever finds a gap knows nothing from before it.
"""

from array import array
from collections.abc import Collection, Iterable, Sequence

STAMP = 16  # digits of a time in microseconds, until the year 2286
TAGS_MAX = 10_000
"""A change that touches more touches everything."""
HELD_MAX = 100_000
HELD_US = 300_000_000


def pack(tags: Iterable[int]) -> bytes:
    """4 bytes for each, in the order of this machine's bytes."""
    return array("I", sorted(tags)).tobytes()


def unpack(data: bytes) -> Sequence[int]:
    return array("I", data)


class Changes:
    """Of tags that were touched, when last; complete from the generation `since` to the generation `upto`.

    What is older than HELD_US, or more than HELD_MAX tags ago, is forgotten.
    """

    def __init__(self) -> None:
        self.since = self.upto = self._began = b""
        self._young: dict[int, bytes] = {}
        self._old: dict[int, bytes] = {}

    def follow(self, generation: bytes, news: Sequence[bytes]) -> None:
        """`news`: records of the log that were newer than `upto`, the newest first, when `generation` was current."""
        for record in reversed(news):
            at, before = record[:STAMP], record[STAMP : 2 * STAMP]
            if at > self.upto:
                if before > self.upto:
                    self._forget(before)
                self._add(at, unpack(record[2 * STAMP :]))
        if generation > self.upto:
            self._forget(generation)

    def touched(self, tags: Collection[int], generation: bytes) -> bool:
        """Whether a change after `generation` touched one of `tags`, or may have; no tags are all tags."""
        if not tags or generation < self.since:
            return generation < self.upto
        young, old = self._young, self._old
        return any(young.get(tag, b"") > generation or old.get(tag, b"") > generation for tag in tags)

    def _add(self, at: bytes, tags: Collection[int]) -> None:
        if not self._began or len(self._young) > HELD_MAX or int(at) - int(self._began) > HELD_US:
            self._old, self._young = self._young, {}
            self.since, self._began = max(self.since, self._began), self.upto
        self._young.update(dict.fromkeys(tags, at))
        self.upto = at

    def _forget(self, generation: bytes) -> None:
        self.since = self.upto = self._began = generation
        self._young, self._old = {}, {}
