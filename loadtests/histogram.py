"""Latencies in buckets 1 % apart: every percentile is right within 1 %, and histograms of many processes add up."""

import math

import msgspec

STEP = 1.01
_LOG_STEP = math.log(STEP)
SMALLEST_MS = 0.001


class Histogram(msgspec.Struct):
    """Bucket `i` holds values in (STEP**(i-1), STEP**i] ms."""

    counts: dict[int, int] = {}
    count: int = 0
    sum_ms: float = 0.0
    max_ms: float = 0.0

    def add(self, ms: float) -> None:
        index = math.ceil(math.log(max(ms, SMALLEST_MS)) / _LOG_STEP)
        self.counts[index] = self.counts.get(index, 0) + 1
        self.count += 1
        self.sum_ms += ms
        self.max_ms = max(self.max_ms, ms)

    def merge(self, other: "Histogram") -> None:
        for index, number in other.counts.items():
            self.counts[index] = self.counts.get(index, 0) + number
        self.count += other.count
        self.sum_ms += other.sum_ms
        self.max_ms = max(self.max_ms, other.max_ms)

    @property
    def mean_ms(self) -> float:
        return self.sum_ms / self.count if self.count else 0.0

    def quantile(self, share: float) -> float:
        """The value in ms that `share` of all values do not exceed; 0 when there are none."""
        left = math.ceil(share * self.count)
        for index in sorted(self.counts):
            left -= self.counts[index]
            if left <= 0:
                return min(STEP**index, self.max_ms)
        return self.max_ms
