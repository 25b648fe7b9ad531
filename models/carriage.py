"""Shipping rates as the operator and the sellers set them: one for each zone, the seller's own before the shop's."""

from typing import Annotated, Literal
from uuid import UUID

import msgspec

from models.audit import NOBODY, record
from models.base import uuid7
from models.database import pool, transaction
from models.errors import Invalid, NotFound
from models.shipping import RULE, demand_pin_code

Zone = Literal["local", "metro", "national", "remote"]
ZONES: tuple[Zone, ...] = ("local", "metro", "national", "remote")
Amount = Annotated[int, msgspec.Meta(ge=0, le=100_000_000)]
Days = Annotated[int, msgspec.Meta(ge=0, le=60)]


class RateInput(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`flat_minor` up to `base_grams`, and `step_minor` more for each started `step_grams` beyond."""

    zone: Zone
    flat_minor: Amount
    base_grams: Annotated[int, msgspec.Meta(ge=0, le=1_000_000)] = 500
    step_grams: Annotated[int, msgspec.Meta(ge=1, le=1_000_000)] = 500
    step_minor: Amount = 0
    free_over_minor: Amount | None = None
    days_min: Days
    days_max: Days


class RateRow(RateInput, frozen=True, kw_only=True):
    id: UUID


class Estimate(msgspec.Struct, frozen=True, kw_only=True):
    """What a seller's parcel costs to a pin code and how many days it takes; `free_over_minor` null: never free."""

    pin_code: str
    zone: str
    days_min: int
    days_max: int
    flat_minor: int
    free_over_minor: int | None


SET = """
INSERT INTO shipping_rate (id, seller_id, zone, flat_minor, base_grams, step_grams, step_minor, free_over_minor,
                           days_min, days_max) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
ON CONFLICT (seller_id, zone) DO UPDATE SET flat_minor = EXCLUDED.flat_minor, base_grams = EXCLUDED.base_grams,
    step_grams = EXCLUDED.step_grams, step_minor = EXCLUDED.step_minor, free_over_minor = EXCLUDED.free_over_minor,
    days_min = EXCLUDED.days_min, days_max = EXCLUDED.days_max
"""
LIST = """
SELECT id, zone, flat_minor, base_grams, step_grams, step_minor, free_over_minor, days_min, days_max
  FROM shipping_rate WHERE seller_id IS NOT DISTINCT FROM $1
 ORDER BY array_position(ARRAY['local', 'metro', 'national', 'remote'], zone::text)
"""
OF_ZONE = "shipping_rate WHERE zone = $1 AND seller_id IS NOT DISTINCT FROM $2"
COLUMNS = "zone, flat_minor, base_grams, step_grams, step_minor, free_over_minor, days_min, days_max"
ESTIMATE = f"""
SELECT r.* FROM product p JOIN seller s ON s.id = p.seller_id
 CROSS JOIN LATERAL ({RULE.format(carrier="s.id", pin="$2::text", from_pin="s.pin_code")}) r
 WHERE p.slug = $1 AND p.state = 'active' AND s.state = 'approved'
"""


async def list_rates(seller_id: UUID | None) -> list[RateRow]:
    """The seller's own, or with None the shop's, nearest zone first."""
    return [RateRow(**row) for row in await pool().fetch(LIST, seller_id)]


async def set_rate(seller_id: UUID | None, rate: RateInput, *, actor_id: UUID = NOBODY) -> None:
    """Raises Invalid."""
    if rate.days_min > rate.days_max:
        raise Invalid.field("days_max", f"wants at least {rate.days_min}, the fewest days")
    values = (rate.flat_minor, rate.base_grams, rate.step_grams, rate.step_minor, rate.free_over_minor)
    async with transaction() as connection:
        old = await connection.fetchrow(f"SELECT {COLUMNS} FROM {OF_ZONE} FOR UPDATE", rate.zone, seller_id)
        await connection.execute(SET, uuid7(), seller_id, rate.zone, *values, rate.days_min, rate.days_max)
        await record(
            connection, actor_id=actor_id, action="rate.set", subject_id=seller_id or NOBODY, before=dict(old or {}),
            after=msgspec.to_builtins(rate),
        )  # fmt: skip


async def drop_rate(seller_id: UUID | None, zone: str, *, actor_id: UUID = NOBODY) -> None:
    """The shop's rate, or its flat charge, holds again. Raises NotFound."""
    async with transaction() as connection:
        old = await connection.fetchrow(f"DELETE FROM {OF_ZONE} RETURNING {COLUMNS}", zone, seller_id)
        if old is None:
            raise NotFound("No rate is set for this zone.")
        await record(
            connection,
            actor_id=actor_id,
            action="rate.dropped",
            subject_id=seller_id or NOBODY,
            before=dict(old),
            after={},
        )


async def estimate(slug: str, pin_code: str) -> Estimate | None:
    """For one product. None where nobody has said how long it takes. Raises Invalid."""
    return await _rate_to(demand_pin_code(pin_code), slug)


async def usual_rate(slug: str) -> Estimate | None:
    """What a cart with this product alone shows before anybody says where it goes. None where no rate is set."""
    return await _rate_to("", slug)


async def _rate_to(pin_code: str, slug: str) -> Estimate | None:
    row = await pool().fetchrow(ESTIMATE, slug, pin_code)
    if row is None:
        return None
    wanted = {name: row[name] for name in Estimate.__struct_fields__ if name != "pin_code"}
    return Estimate(pin_code=pin_code, **wanted)
