"""Money is integer minor units of one currency; the one rounding and the one allocation live here."""

from collections.abc import Sequence

MINOR_PER_MAJOR = 100
BPS = 10_000
COLLECTED_LEAST_MINOR = 100
"""The gateway collects no less than one rupee: what is left to pay is nothing, or at least that."""


def round_half_up(numerator: int, denominator: int) -> int:
    """`numerator / denominator` to the nearest integer, halves away from zero; `denominator` > 0.

    CGST Act 2017, section 170: fifty paise or more rounds up.
    """
    quotient, rest = divmod(abs(numerator), denominator)
    rounded = quotient + (1 if rest * 2 >= denominator else 0)
    return rounded if numerator >= 0 else -rounded


def share_bps(amount_minor: int, bps: int) -> int:
    """`bps` basis points of an amount, rounded."""
    return round_half_up(amount_minor * bps, BPS)


def included_tax(amount_minor: int, bps: int) -> int:
    """The tax of rate `bps` that a tax-inclusive amount contains (CGST Rules 2017, rule 35)."""
    return round_half_up(amount_minor * bps, BPS + bps)


def allocate(amount_minor: int, weights: Sequence[int]) -> list[int]:
    """Split an amount in proportion to non-negative weights; the parts add up to it exactly.

    Largest remainder, ties to the earlier part. All weights zero counts as all equal.
    """
    if not weights:
        raise ValueError("allocate wants at least one weight")
    total = sum(weights)
    weights = weights if total else [1] * len(weights)
    total = total or len(weights)
    sign, amount = (1, amount_minor) if amount_minor >= 0 else (-1, -amount_minor)
    parts = [amount * weight // total for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda i: (-(amount * weights[i] % total), i))
    for i in by_remainder[: amount - sum(parts)]:
        parts[i] += 1
    return [sign * part for part in parts]
