"""Carriage: what a seller's parcel costs to a pin code and when it comes, by zone, weight and worth.

A zone is found by the longest prefix of the pin code; the seller's own postal district is `local`. A rate of the
seller's own wins over the shop's; where neither is set, the flat charge of the settings holds.
"""

import re

import msgspec

from models.errors import Invalid

PIN_CODE = re.compile(r"[1-9][0-9]{5}")


class ShippingRule(msgspec.Struct, frozen=True):
    """A charge for each seller's parcel, more for each started step beyond `base_grams`; nothing where the seller's
    goods come to `free_over_minor` or more. Days are from dispatch to door; 0 where nobody has said.
    """

    flat_minor: int
    free_over_minor: int | None
    base_grams: int = 0
    step_grams: int = 1_000
    step_minor: int = 0
    days_min: int = 0
    days_max: int = 0

    def charge(self, *, grams: int, worth_minor: int) -> int:
        if self.free_over_minor is not None and worth_minor >= self.free_over_minor:
            return 0
        beyond = max(0, grams - self.base_grams)
        return self.flat_minor + -(-beyond // self.step_grams) * self.step_minor


RULE = """
SELECT {carrier} AS seller_id, r.zone, r.flat_minor, r.free_over_minor, r.base_grams, r.step_grams, r.step_minor,
       r.days_min, r.days_max
  FROM shipping_rate r
 WHERE (r.seller_id = {carrier} OR r.seller_id IS NULL)
   AND r.zone IN (coalesce((SELECT zone FROM shipping_zone WHERE starts_with({pin}, prefix)
                             ORDER BY length(prefix) DESC LIMIT 1), 'national'),
                  CASE WHEN left({pin}, 3) = left({from_pin}, 3) THEN 'local' END)
 ORDER BY r.seller_id IS NULL, r.zone <> 'local' LIMIT 1
"""
"""The rate of a parcel from `carrier`, a seller at `from_pin`, to `pin`."""


def demand_pin_code(pin_code: str) -> str:
    """Raises Invalid."""
    tidy = pin_code.replace(" ", "")
    if not PIN_CODE.fullmatch(tidy):
        raise Invalid.field("pin_code", "wants six digits, the first not 0, such as 560001")
    return tidy
