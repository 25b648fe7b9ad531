"""Coupons as arithmetic: whether one holds for these goods, and what it takes off each line. Pure.

Stacking: a coupon that is not `stackable` goes with no other. Percent comes before amount before free shipping, each
on what the earlier ones left, so the order in which a shopper enters them changes nothing.
"""

from collections.abc import Sequence
from typing import Literal, NamedTuple
from uuid import UUID

import msgspec

from models.money import allocate, share_bps

Kind = Literal["percent", "amount", "free_shipping"]
Standing = Literal["", "not_yet", "ended", "used_up"]
Problem = Literal["", "not_yet", "ended", "used_up", "alone", "other_goods", "minimum"]
ORDER: tuple[Kind, ...] = ("percent", "amount", "free_shipping")


class Coupon(msgspec.Struct, frozen=True, kw_only=True):
    """`value`: basis points of a percent, else minor units. `seller_id` limits it to that seller's goods.

    Who bears it decides the tax: what a seller takes off lowers the value of the supply (CGST Act 2017, section
    15(3)(a)); what the platform adds for the buyer is consideration all the same (section 2(31)).
    """

    id: UUID
    code: str
    kind: Kind
    value: int
    borne_by: Literal["seller", "platform"]
    title: str = ""
    cap_minor: int | None = None
    minimum_minor: int = 0
    seller_id: UUID | None = None
    stackable: bool = False
    standing: Standing = ""

    def covers(self, seller_id: UUID) -> bool:
        return self.seller_id is None or self.seller_id == seller_id

    def off(self, worth_minor: int) -> int:
        """What it takes off goods, or carriage, of this worth: never more than they are worth."""
        if self.kind == "free_shipping":
            wanted = worth_minor
        elif self.kind == "percent":
            wanted = share_bps(worth_minor, self.value)
        else:
            wanted = self.value
        return min(wanted, worth_minor, worth_minor if self.cap_minor is None else self.cap_minor)


class Refusal(NamedTuple):
    """Why a coupon does not hold; for `minimum`, how much is missing."""

    problem: Problem
    missing_minor: int = 0


class Applied(NamedTuple):
    """What one coupon took off, line by line."""

    coupon: Coupon
    shares: tuple[int, ...]

    @property
    def amount_minor(self) -> int:
        return sum(self.shares)


def in_order(coupons: Sequence[Coupon]) -> list[Coupon]:
    return sorted(coupons, key=lambda coupon: (ORDER.index(coupon.kind), coupon.code))


def apply_all(coupons: Sequence[Coupon], sellers: Sequence[UUID], worth: Sequence[int]) -> list[Applied]:
    """Take each coupon in turn off what the earlier ones left of each line's worth."""
    left, applied = list(worth), []
    for coupon in in_order(coupons):
        eligible = [part if coupon.covers(seller) else 0 for seller, part in zip(sellers, left, strict=True)]
        amount = coupon.off(sum(eligible))
        shares = allocate(amount, eligible) if amount else [0] * len(left)
        left = [part - share for part, share in zip(left, shares, strict=True)]
        applied.append(Applied(coupon, tuple(shares)))
    return applied


def give_back(taken: Sequence[Applied], amount_minor: int) -> list[Applied]:
    """Take so much less off, or all that was taken: the last coupon gives first, each line its part of it."""
    found = []
    for applied in reversed(taken):
        less = min(amount_minor, applied.amount_minor)
        amount_minor -= less
        parts = allocate(less, applied.shares) if less else [0] * len(applied.shares)
        found.append(Applied(applied.coupon, tuple(s - part for s, part in zip(applied.shares, parts, strict=True))))
    return found[::-1]


def refusals(coupons: Sequence[Coupon], sellers: Sequence[UUID], goods: Sequence[int]) -> dict[UUID, Refusal]:
    """Why coupons do not hold for these goods."""
    found: dict[UUID, Refusal] = {}
    for coupon in coupons:
        covered = sum(part for seller, part in zip(sellers, goods, strict=True) if coupon.covers(seller))
        if coupon.standing:
            found[coupon.id] = Refusal(coupon.standing)
        elif len(coupons) > 1 and not coupon.stackable:
            found[coupon.id] = Refusal("alone")
        elif not covered:
            found[coupon.id] = Refusal("other_goods")
        elif covered < coupon.minimum_minor:
            found[coupon.id] = Refusal("minimum", coupon.minimum_minor - covered)
    return found
