"""GST of one supply at an inclusive price: CGST and SGST within a State, IGST between States. Pure.

The place of supply of goods is where their movement ends for delivery (IGST Act 2017, section 10(1)(a)); carriage is
part of that composite supply (CGST Act 2017, section 8; for carriage by itself IGST Act, section 12(8)). Supplier and
place in one State: CGST and SGST, each at half the rate (IGST Act, section 8); in two: IGST (section 7).
"""

from collections.abc import Iterable
from typing import NamedTuple

from models.money import BPS, round_half_up


class Rate(NamedTuple):
    """What holds for goods that are dearer than `over_minor` a piece, tax included."""

    over_minor: int
    bps: int


class Tax(NamedTuple):
    """What a tax-inclusive amount is made of; the parts add up to it. `sgst_minor` is UTGST in a union territory."""

    taxable_minor: int
    cgst_minor: int
    sgst_minor: int
    igst_minor: int

    @property
    def total_minor(self) -> int:
        return self.cgst_minor + self.sgst_minor + self.igst_minor


def is_intra_state(supplier_region: str, place_of_supply: str) -> bool:
    """A supplier whose State is not known is taken to be elsewhere."""
    return bool(supplier_region) and supplier_region == place_of_supply


def rate_of(rates: Iterable[Rate], value_minor: int, *, pieces: int, otherwise: int) -> int:
    """The first of `rates` whose bound is below what each of the pieces is sold for.

    Where a rate hangs on the sale value of a piece, that is its transaction value (CGST Act 2017, section 15(1)): less
    what the seller takes off it (15(3)(a)), without carriage, and not the price on the label.
    """
    worth = max(value_minor, 1)
    return next((rate.bps for rate in rates if rate.over_minor * pieces < worth), otherwise)


def included(gross_minor: int, bps: int, *, intra_state: bool) -> Tax:
    """Take the tax out of an inclusive amount (CGST Rules 2017, rule 35), as an invoice states it (rule 46(k) to (m)).

    Each tax is rounded by itself to the paisa, half a paisa up (the manner of CGST Act, section 170, which rounds the
    sum that a taxpayer pays to the government to the rupee); the taxable value is what is left.
    """
    if intra_state:
        half = round_half_up(gross_minor * bps, 2 * (BPS + bps))
        return Tax(gross_minor - 2 * half, half, half, 0)
    whole = round_half_up(gross_minor * bps, BPS + bps)
    return Tax(gross_minor - whole, 0, 0, whole)
