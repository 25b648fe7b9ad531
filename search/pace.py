"""How much the drainer takes at a time: as much as the engine digests in the target time, and single suspects apart."""

import time
from collections.abc import Callable
from uuid import UUID


class Pace:
    """A batch size that follows the measured time: an edit never waits much longer than `target_s` behind a batch.

    The engine spends most of a small batch on what does not depend on its size, hence the floor.
    """

    def __init__(self, *, start: int, floor: int, ceiling: int, target_s: float) -> None:
        self.size = start
        self._floor = floor
        self._ceiling = ceiling
        self._target_s = target_s

    def took(self, count: int, seconds: float) -> None:
        if self.size < self._floor:
            self.size = min(self._floor, self.size * 2)
        elif seconds > self._target_s * 1.25:
            self.size = max(self._floor, min(self.size, int(count * self._target_s / seconds)))
        elif seconds < self._target_s * 0.6 and count >= self.size:
            self.size = min(self._ceiling, self.size * 2)

    def failed(self, count: int) -> None:
        """Smaller and smaller, also below the floor, until a document that the engine refuses stands alone."""
        self.size = max(1, count // 8)


class Suspects:
    """Products whose document alone was refused: left aside, tried again after a pause that doubles."""

    def __init__(self, *, longest_s: float = 60.0, clock: Callable[[], float] = time.monotonic) -> None:
        self._longest_s = longest_s
        self._clock = clock
        self._held: dict[UUID, tuple[float, float]] = {}

    def hold(self, product_id: UUID) -> None:
        pause, _ = self._held.get(product_id, (0.5, 0.0))
        pause = min(pause * 2, self._longest_s)
        self._held[product_id] = (pause, self._clock() + pause)

    def held(self) -> list[UUID]:
        now = self._clock()
        return [product_id for product_id, (_, until) in self._held.items() if until > now]

    def release(self, product_id: UUID) -> None:
        self._held.pop(product_id, None)
