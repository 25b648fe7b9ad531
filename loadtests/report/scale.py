"""Axes of a plot: round ticks, linear or logarithmic, and numbers as people write them."""

import math
from typing import NamedTuple

SECONDS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600)
ROUND = (1.0, 2.0, 2.5, 5.0, 10.0)


class Scale(NamedTuple):
    """Maps values in [low, high] to pixels in [begin, end]; what lies outside is clamped."""

    low: float
    high: float
    begin: float
    end: float
    log: bool = False

    def __call__(self, value: float) -> float:
        low, high, at = (math.log10(max(v, 1e-9)) if self.log else v for v in (self.low, self.high, value))
        share = (at - low) / (high - low) if high > low else 0.0
        return self.begin + min(max(share, 0.0), 1.0) * (self.end - self.begin)


def ticks(high: float, *, count: int = 4) -> list[float]:
    """0 and round values up to the first that is not below `high`."""
    if high <= 0:
        return [0.0, 1.0]
    raw = high / count
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(power * factor for factor in ROUND if power * factor >= raw * 0.999)
    return [step * n for n in range(math.ceil(high / step - 1e-9) + 1)]


def time_ticks(high: float, *, count: int = 6) -> list[float]:
    """Round seconds, minutes or hours, none above `high`."""
    step = next((step for step in SECONDS if step * count >= high), SECONDS[-1])
    return [float(step * n) for n in range(int(high / step) + 1)]


def decades(low: float, high: float) -> list[float]:
    """Powers of ten that enclose both, at least one apart."""
    first = math.floor(math.log10(max(low, 1e-3)))
    last = max(first + 1, math.ceil(math.log10(max(high, 1e-3))))
    return [10.0**n for n in range(first, last + 1)]


def log_ticks(low: float, high: float) -> list[float]:
    """Powers of ten that enclose both; where that is little more than one, also twice and five times as many."""
    if high > 15 * low:
        return decades(low, high)
    fine = [base * factor for base in decades(low, high) for factor in (0.5, 1.0, 2.0, 5.0)]
    first = max(value for value in fine if value <= max(low, 1e-3) * (1 + 1e-9))
    last = min(value for value in fine if value >= high and value > first)
    return sorted({value for value in fine if first <= value <= last})


def short(value: float) -> str:
    """Three figures, with k and M."""
    for size, letter in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if abs(value) >= size * 0.9995:
            return f"{value / size:.3g}{letter}"
    if value == 0 or abs(value) >= 99.95:
        return f"{value:.0f}"
    return f"{value:.3g}"


def duration(seconds: float) -> str:
    """0:05, 12:30, 1:02:00."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
